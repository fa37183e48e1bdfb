package lint

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// openFacts tells where a document relies on what no source settles.
func (o *outcome) openFacts() { o.openIn(o.root) }

func (o *outcome) open(n *policy.Node, v *policy.Value, format string, args ...any) {
	severity := Note
	if o.l.Strict {
		severity = Error
	}
	o.at(severity, ruleOpenFact, n, v, format, args...)
}

func (o *outcome) openIn(n *policy.Node) {
	if e := n.Element(); e != nil && !e.Foreign {
		for i := range e.Attributes {
			a := &e.Attributes[i]
			v := n.Attr(a.Name)
			switch {
			case v == nil && a.RequiredOpen:
				o.open(n, nil, "no source tells whether <%s> may do without %s", n.Name, a.Name)
			case v != nil && v.Expression && a.ExpressionOpen:
				o.open(n, v, "no source tells whether %s of <%s> takes an expression", a.Name, n.Name)
			}
		}
		if v := n.Body(); v != nil && v.Expression && e.TextOpen {
			o.open(n, v, "no source tells whether the text of <%s> takes an expression", n.Name)
		}
		o.openChildren(n, e)
	}
	for _, c := range n.Children {
		o.openIn(c)
	}
}

func (o *outcome) openChildren(n *policy.Node, e *policy.Element) {
	for _, child := range e.Children {
		if child.MinOpen && n.Child(child.Name) == nil {
			o.open(n, nil, "no source tells whether <%s> may do without <%s>", n.Name, child.Name)
		}
	}
	if !e.OrderOpen {
		return
	}
	furthest := 0
	for _, c := range n.Children {
		i := slices.IndexFunc(e.Children, func(d policy.Child) bool { return d.Name == c.Name })
		if i < furthest && i >= 0 {
			o.open(c, nil, "no source tells whether <%s> may stand after <%s>; the reference has it before", c.Name, e.Children[furthest].Name)
			return
		}
		furthest = max(furthest, i)
	}
}
