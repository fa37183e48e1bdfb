package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetQueryParameter defines <set-query-parameter>.
func SetQueryParameter() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "set-query-parameter",
			Doc:  "Sets, adds to or removes a query parameter of the request to the backend.",
			Attributes: []policy.Attribute{
				{Name: "name", Doc: "Parameter name.", Type: policy.String, Required: true, Expression: true},
				existsActionAttribute(),
			},
			Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "A value; several give a repeated parameter.", Text: policy.TrimmedText}}},
		},
		Category: "transform",
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &setQueryParameter{name: n.String("name"), action: n.String("exists-action"), values: n.Contents("value")}
			if action, ok := s.action.Constant(); ok && action != "delete" && len(s.values) == 0 {
				return nil, n.Fault(policy.Error, nil, `<set-query-parameter> needs a <value> unless exists-action is "delete"`)
			}
			return s, nil
		},
	}
}

type setQueryParameter struct {
	name   policy.Operand[string]
	action policy.Operand[string]
	values []policy.Operand[string]
}

func (s *setQueryParameter) Run(r *policy.Run) error {
	name, err := s.name.Get(r)
	if err != nil {
		return err
	}
	action, err := s.action.Get(r)
	if err != nil {
		return err
	}
	query := r.Request.URL.RawQuery
	switch {
	case action == "skip" && exchange.QueryHas(query, name):
		return nil
	case action == "delete", action == "override":
		query = exchange.QueryDelete(query, name)
	}
	if action != "delete" {
		values, err := policy.All(r, s.values)
		if err != nil {
			return err
		}
		query = exchange.QueryAppend(query, name, values...)
	}
	r.Request.URL.RawQuery = query
	if r.Observed() {
		r.Note("set-query-parameter", "Query parameter '"+name+"': "+action+".")
	}
	return nil
}
