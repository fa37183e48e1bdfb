package graphql

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// resolverOnly is the scope of what stands in a resolver's document.
var resolverOnly = []exchange.Scope{policy.ScopeResolver}

// statement is a child that is the statement of its name.
func statement(name string) policy.Child {
	return policy.Child{Element: policy.Element{Name: name}, Max: 1, Statement: true}
}

// fragments are any number of include-fragment.
func fragments() policy.Child {
	c := statement("include-fragment")
	c.Max = 0
	return c
}

// once is a child that may be there.
func once(e policy.Element) policy.Child { return policy.Child{Element: e, Max: 1} }

// one is a child that has to be there.
func one(e policy.Element) policy.Child { return policy.Child{Element: e, Min: 1, Max: 1} }

func text(name, doc string, attributes ...policy.Attribute) policy.Element {
	return policy.Element{Name: name, Doc: doc, Attributes: attributes, Text: policy.TrimmedText}
}

// openText is a text of which no page says whether it may be an expression.
func openText(name, doc string, attributes ...policy.Attribute) policy.Element {
	e := text(name, doc, attributes...)
	e.TextOpen = true
	return e
}

// response is what makes a data source's result another.
func response(children ...policy.Child) policy.Element {
	return policy.Element{
		Name:     "response",
		Doc:      "Changes the result; without it, it is returned as JSON.",
		Children: append(children, once(part.SetBody()), statement("publish-event")),
	}
}

// parameters are those of a query.
func parameters(attributes ...policy.Attribute) policy.Element {
	name := policy.Attribute{Name: "name", Doc: "Its name, with an @ before it.", Type: policy.String, Required: true, ExpressionOpen: true}
	return policy.Element{Name: "parameters", Doc: "Parameters of the query.", Children: []policy.Child{
		{Min: 1, Element: text("parameter", "A parameter's value.", append([]policy.Attribute{name}, attributes...)...)}}}
}
