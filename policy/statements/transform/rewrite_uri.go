package transform

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// RewriteURI defines <rewrite-uri>.
func RewriteURI() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "rewrite-uri",
			Doc:  "Replaces path and query of the request to the backend.",
			Attributes: []policy.Attribute{
				{Name: "template", Doc: "New path and query, below the backend's address; {name} stands for a parameter of the operation's URL template.", Type: policy.String, Required: true, Expression: true},
				{Name: "copy-unmatched-params", Doc: "Keep query parameters that the operation's URL template does not name.", Type: policy.Bool, Default: "true", Expression: true},
			},
		},
		Category: "transform",
		Facts:    rewriteURIFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &rewriteURI{n.String("template"), n.Bool("copy-unmatched-params")}, nil
		},
	}
}

type rewriteURI struct {
	template policy.Operand[string]
	copy     policy.Operand[bool]
}

func (s *rewriteURI) Run(r *policy.Run) error {
	template, err := s.template.Get(r)
	if err != nil {
		return err
	}
	copyUnmatched, err := s.copy.Get(r)
	if err != nil {
		return err
	}
	pathTemplate, queryTemplate, _ := strings.Cut(template, "?")
	path, err := fill(r, pathTemplate, func(p exchange.Parameter) string { return p.Raw })
	if err != nil {
		return err
	}
	query, err := fill(r, queryTemplate, func(p exchange.Parameter) string { return exchange.QueryEscape(p.Value) })
	if err != nil {
		return err
	}
	if copyUnmatched {
		query = exchange.QueryJoin(query, s.unmatched(r, query))
	}
	r.Request.URL.Path, r.Request.URL.RawQuery = exchange.JoinPath("", exchange.Escaped(path)), exchange.Escaped(query)
	if r.Observed() {
		target := r.Request.Target()
		r.Note("rewrite-uri", "Updated request URL per specified rewrite template: "+target.Scheme+"://"+target.Authority()+target.Path)
	}
	return nil
}

// unmatched are the request's query parameters that neither the operation's URL
// template nor the rewritten query names.
func (s *rewriteURI) unmatched(r *policy.Run, rewritten string) string {
	return exchange.QueryFilter(r.Request.URL.RawQuery, func(name string) bool {
		if r.Operation != nil && slices.ContainsFunc(r.Operation.TemplateQuery, func(q string) bool { return strings.EqualFold(q, name) }) {
			return false
		}
		return !exchange.QueryHas(rewritten, name)
	})
}

// fill puts matched parameters into the holes of a template.
func fill(r *policy.Run, template string, spell func(exchange.Parameter) string) (string, error) {
	var b strings.Builder
	for {
		open := strings.IndexByte(template, '{')
		if open < 0 {
			b.WriteString(template)
			return b.String(), nil
		}
		length := strings.IndexByte(template[open:], '}')
		if length < 0 {
			b.WriteString(template)
			return b.String(), nil
		}
		name := strings.TrimPrefix(template[open+1:open+length], "*")
		i := slices.IndexFunc(r.Request.MatchedParameters, func(p exchange.Parameter) bool { return p.Name == name })
		if i < 0 {
			return "", &exchange.Failure{Status: 500, LastError: exchange.LastError{
				Reason:  exchange.ReasonInternal,
				Message: "Only parameters specified in the original URL template can be used in the rewrite template",
			}, Detail: "the operation's URL template has no parameter {" + name + "}"}
		}
		b.WriteString(template[:open])
		b.WriteString(spell(r.Request.MatchedParameters[i]))
		template = template[open+length+1:]
	}
}
