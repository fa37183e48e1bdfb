package part

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetQueryParameter is the element set-query-parameter.
func SetQueryParameter() policy.Element {
	return policy.Element{
		Name: "set-query-parameter",
		Doc:  "Sets, adds to or removes a query parameter of the request to the backend.",
		Attributes: []policy.Attribute{
			{Name: "name", Doc: "Parameter name.", Type: policy.String, Required: true, Expression: true},
			existsAction(),
		},
		Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "A value; several give a repeated parameter.", Text: policy.TrimmedText}}},
		Check:    needsValue,
	}
}

// QueryEdit is what a set-query-parameter does to a query.
type QueryEdit struct {
	name   policy.Operand[string]
	action policy.Operand[string]
	values []policy.Operand[string]
}

// CompileSetQueryParameter makes the edit of a set-query-parameter that was
// checked.
func CompileSetQueryParameter(n *policy.Node) *QueryEdit {
	return &QueryEdit{name: n.String("name"), action: n.String("exists-action"), values: n.Contents("value")}
}

// Apply sets the parameter in the query of u.
func (e *QueryEdit) Apply(r *policy.Run, u *exchange.URL) error {
	name, err := e.name.Get(r)
	if err != nil {
		return err
	}
	action, err := e.action.Get(r)
	if err != nil {
		return err
	}
	query := u.RawQuery
	switch {
	case action == "skip" && exchange.QueryHas(query, name):
		return nil
	case action == "delete", action == "override":
		query = exchange.QueryDelete(query, name)
	}
	if action != "delete" {
		values, err := policy.All(r, e.values)
		if err != nil {
			return err
		}
		query = exchange.QueryAppend(query, name, values...)
	}
	u.RawQuery = query
	if r.Observed() {
		r.Note("set-query-parameter", "Query parameter '"+name+"': "+action+".")
	}
	return nil
}
