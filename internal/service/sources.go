package service

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Sources are the documents of a service's policies as they were read, for who wants to
// look at what its programs are made of.
type Sources struct {
	documents map[source]*policy.Document
	catalogue *policy.Catalogue
}

// source is what a policy.Compiled tells of its document.
type source struct {
	name  string
	scope exchange.Scope
}

// Inspect has a load with these options keep its documents here. What the load gives is
// then no service that runs; see Options.Inspect.
func (s *Sources) Inspect(o Options) Options {
	s.documents, s.catalogue = make(map[source]*policy.Document), o.Catalogue
	o.Inspect = func(d *policy.Document, scope exchange.Scope) { s.documents[source{d.Name, scope}] = d }
	return o
}

// Effective is what policies come to, narrow to wide, bound and checked: what a gateway
// would not load is no policy that applies, and the error says why. notRun is what it
// loads and does not run.
func (s *Sources) Effective(policies []*policy.Compiled, b policy.Bindings) (effective *policy.EffectivePolicy, notRun policy.Diagnostics, err error) {
	var levels []policy.Level
	var faults policy.Diagnostics
	for _, c := range policies {
		root, found := policy.Bind(s.documents[source{c.Name, c.Scope}], b)
		found = append(found, policy.Check(root, c.Scope, s.catalogue)...)
		faults = append(faults, found.Of(policy.Error)...)
		notRun = append(notRun, found.Of(policy.Unsupported)...)
		levels = append(levels, policy.Level{Scope: c.Scope, Root: root})
	}
	if len(faults) > 0 {
		faults.Sort()
		return nil, nil, faults.Unique()
	}
	effective, err = policy.Effective(levels...)
	return effective, notRun, err
}

// Names are what documents may refer to by name, as far as one can tell without
// running the service: a named value that was not read stays open.
func (s *Service) Names() policy.Bindings {
	return policy.Bindings{
		NamedValue: func(name string) (string, bool) { v, ok := s.NamedValues[name]; return v, ok },
		Unknown:    func(name string) bool { v, ok := s.NamedValues[name]; return ok && v == unknownValue },
		Fragment:   func(id string) (*policy.Document, bool) { d, ok := s.Fragments[id]; return d, ok },
	}
}
