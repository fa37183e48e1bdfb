package lint

import (
	"errors"
	"os"
	"slices"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// service takes an apim.yaml with all that it names. No environment variable, key or
// certificate is read.
func (c *collector) service(file string) error {
	off, err := c.configurationOf(file)
	if err != nil {
		return err
	}
	documents := make(map[string]bool)
	var order []*target
	key := func(subscription, slot string) string { return subscription + " " + slot } // as good as any
	o := service.Options{Catalogue: c.catalogue, Key: key, Inspect: func(d *policy.Document, scope exchange.Scope) {
		documents[d.Name] = true
		order = append(order, &target{path: d.Name, scope: scope})
	}}
	s, err := service.Load(file, o)
	r := result{path: file}
	var faults policy.Diagnostics
	switch {
	case errors.As(err, &faults):
		r.findings = faultsOf(faults)
	case err != nil:
		return err
	}
	r.findings = off.keep(r.findings)
	c.results = append(c.results, r)
	if s == nil {
		return c.loneDocuments(order)
	}
	w := worldOf(s)
	w.readFacts(c, pathsOf(order))
	for _, t := range order {
		if _, err := os.Stat(t.path); err != nil {
			continue // the policy of all APIs that a new instance has
		}
		t.world, t.off = w, off
		t.around, t.wider = surroundings(s, t)
		c.targets = append(c.targets, t)
	}
	for _, d := range s.Fragments {
		if err := c.document(&target{path: d.Name, world: w}); err != nil {
			return err
		}
	}
	return nil
}

// loneDocuments takes the documents of a service that can't be read.
func (c *collector) loneDocuments(order []*target) error {
	for _, t := range order {
		if _, err := os.Stat(t.path); err != nil {
			continue
		}
		if err := c.document(t); err != nil {
			return err
		}
	}
	return nil
}

// faultsOf are what loading an apim.yaml tells.
func faultsOf(found policy.Diagnostics) []Finding {
	o := &outcome{lines: make(map[*policy.Document][]string)}
	for _, d := range found {
		if d.Rule == "" {
			d.Rule = ruleConfiguration
		}
		o.addDiagnostic(d, nil)
	}
	return o.found
}

func pathsOf(targets []*target) []string {
	var paths []string
	for _, t := range targets {
		if !slices.Contains(paths, t.path) {
			paths = append(paths, t.path)
		}
	}
	return paths
}

// worldOf is what the documents of a service may refer to.
func worldOf(s *service.Service) *world {
	w := &world{name: "the service", namedValues: make(map[string]string), unknown: make(map[string]bool), fragments: make(map[string]string), certificates: make(map[string]bool)}
	for name, value := range s.NamedValues {
		if value == "" {
			w.unknown[name] = true
		} else {
			w.namedValues[name] = value
		}
	}
	for id, d := range s.Fragments {
		w.fragments[id] = d.Name
	}
	for id := range s.Certificates {
		w.certificates[id] = true
	}
	w.backends = make(map[string]bool)
	for id := range s.Deployment.Backends {
		w.backends[id] = true
	}
	return w
}

// surroundings are the documents that run around a target, and those of them whose
// scope is wider.
func surroundings(s *service.Service, t *target) (around, wider []string) {
	add := func(list *[]string, c *policy.Compiled) {
		if c != nil && c.Name != t.path && !slices.Contains(*list, c.Name) {
			*list = append(*list, c.Name)
		}
	}
	is := func(c *policy.Compiled) bool { return c != nil && c.Name == t.path && c.Scope == t.scope }
	for _, a := range s.APIs {
		own := is(a.Policy)
		for _, op := range a.Operations {
			switch {
			case is(op.Policy):
				add(&wider, a.Policy)
				own = true
			case is(a.Policy), t.scope == exchange.ScopeGlobal:
				add(&around, op.Policy)
			}
		}
		for _, p := range a.Products {
			switch {
			case is(p.Policy):
				add(&around, a.Policy)
				for _, op := range a.Operations {
					add(&around, op.Policy)
				}
			case own:
				add(&wider, p.Policy)
			}
		}
		if t.scope == exchange.ScopeGlobal {
			add(&around, a.Policy)
		}
	}
	if t.scope == exchange.ScopeGlobal {
		for _, p := range s.Products {
			add(&around, p.Policy)
		}
	} else {
		add(&wider, s.Global)
	}
	for _, path := range wider {
		if !slices.Contains(around, path) {
			around = append(around, path)
		}
	}
	return around, wider
}
