package console

import (
	"net/http"
	"net/url"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
)

type effectivePage struct {
	base
	API, Operation, Method, Template string
	Product                          string
	// Choices are the products in whose context the operation may run.
	Choices []choice
	Lines   []effectiveLine
	Try     string
}

type choice struct {
	Label, Address string
	Chosen         bool
}

// effectiveLine is a line of an effective policy with where it was written.
type effectiveLine struct {
	Text, File string
	Number     int
	// Turn says that the line comes from another file than the one before.
	Turn bool
}

// effective shows the policy that applies to an operation, with the file and line of each
// line.
func (p *Page) effective(w http.ResponseWriter, r *http.Request) {
	s, q := p.Service(), r.URL.Query()
	a, o := operationNamed(s, q)
	if o == nil {
		p.fail(w, r, http.StatusNotFound, "The service has no such operation (any more).")
		return
	}
	page := effectivePage{
		base: p.base(r, "service", "Policy of "+o.View.ID), API: a.View.Name, Operation: o.View.ID, Method: o.View.Method, Template: o.View.URLTemplate,
		Product: q.Get("product"), Try: "/playground?" + names(q, "").Encode(),
	}
	var product *service.Product
	page.Choices = append(page.Choices, choice{"no product", "/service/policy?" + names(q, "").Encode(), page.Product == ""})
	for _, one := range a.Products {
		chosen := one.View.ID == page.Product
		if chosen {
			product = one
		}
		page.Choices = append(page.Choices, choice{"product " + one.View.ID, "/service/policy?" + names(q, one.View.ID).Encode(), chosen})
	}
	var err error
	if page.Lines, err = effectiveLines(s, s.Policies(a, o, product)); err != nil {
		p.fail(w, r, http.StatusInternalServerError, "The effective policy can't be made: %s.", err)
		return
	}
	show(w, http.StatusOK, "effective", page)
}

// names are the parameters that name an operation, with a product.
func names(q url.Values, product string) url.Values {
	n := url.Values{}
	for _, name := range []string{"api", "revision", "operation"} {
		if v := q.Get(name); v != "" {
			n.Set(name, v)
		}
	}
	if product != "" {
		n.Set("product", product)
	}
	return n
}

// effectiveLines are the lines of the policies together, narrow to wide. Named values stay
// {{name}}, and what else is secret in the files is masked.
func effectiveLines(s *service.Service, policies []*policy.Compiled) ([]effectiveLine, error) {
	bindings := policy.Bindings{
		NamedValue: func(name string) (string, bool) { v, ok := s.NamedValues[name]; return v, ok },
		Fragment:   func(id string) (*policy.Document, bool) { d, ok := s.Fragments[id]; return d, ok },
	}
	var levels []policy.Level
	for _, c := range policies {
		if d := s.Documents[c.Name]; d != nil {
			root, _ := policy.Bind(d, bindings) // it is in use, so it has no faults
			levels = append(levels, policy.Level{Scope: c.Scope, Root: root})
		}
	}
	e, err := policy.Effective(levels...)
	if err != nil {
		return nil, err
	}
	secrets := trace.NewSecrets(s.Secrets())
	var lines []effectiveLine
	last := ""
	for _, l := range e.Lines() {
		line := effectiveLine{Text: secrets.Text(l.Indented()), File: l.Document, Number: l.Number, Turn: l.Document != "" && l.Document != last}
		if l.Document != "" {
			last = l.Document
		}
		lines = append(lines, line)
	}
	return lines, nil
}
