package explain

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// source is a service with the documents of its policies.
type source struct {
	service   *service.Service
	documents map[attachment]*policy.Document
	bindings  policy.Bindings
	catalogue *policy.Catalogue
}

// attachment is what a policy.Compiled tells of its document.
type attachment struct {
	name  string
	scope exchange.Scope
}

// isDocument reports whether a file is a policy document, and not an apim.yaml.
func isDocument(file string) bool { return strings.EqualFold(filepath.Ext(file), ".xml") }

// load reads an apim.yaml, or one document as the policy of an API at the root.
func load(file string, catalogue *policy.Catalogue) (*source, error) {
	s := &source{documents: make(map[attachment]*policy.Document), catalogue: catalogue}
	o := service.Options{
		Catalogue: catalogue,
		// Keys only lead to their subscriptions here.
		Key:     func(subscription, slot string) string { return fmt.Sprintf("%s key of %q", slot, subscription) },
		Inspect: func(d *policy.Document, scope exchange.Scope) { s.documents[attachment{d.Name, scope}] = d },
	}
	var err error
	if isDocument(file) {
		s.service, err = service.Single(file, exchange.URL{Scheme: "http", Host: "localhost", Port: 80}, o)
		return s, err // what the document refers to stays open
	}
	if s.service, err = service.Load(file, o); err != nil {
		return nil, err
	}
	s.bindings = policy.Bindings{
		NamedValue: func(name string) (string, bool) { v, ok := s.service.NamedValues[name]; return v, ok },
		// An empty value is one that was not read.
		Unknown:  func(name string) bool { v, ok := s.service.NamedValues[name]; return ok && v == "" },
		Fragment: func(id string) (*policy.Document, bool) { d, ok := s.service.Fragments[id]; return d, ok },
	}
	return s, nil
}

// levels are the documents of policies, bound and checked: what a gateway would not
// load is no policy that applies. notRun is what it loads and does not run.
func (s *source) levels(policies []*policy.Compiled) (levels []policy.Level, notRun policy.Diagnostics, err error) {
	var faults policy.Diagnostics
	for _, c := range policies {
		root, found := policy.Bind(s.documents[attachment{c.Name, c.Scope}], s.bindings)
		found = append(found, policy.Check(root, c.Scope, s.catalogue)...)
		faults = append(faults, found.Of(policy.Error)...)
		notRun = append(notRun, found.Of(policy.Unsupported)...)
		levels = append(levels, policy.Level{Scope: c.Scope, Root: root})
	}
	if len(faults) > 0 {
		faults.Sort()
		return nil, nil, faults.Unique()
	}
	return levels, notRun, nil
}
