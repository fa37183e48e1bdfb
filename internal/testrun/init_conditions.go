package testrun

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// A condition is what an expression that decides on a branch reads of a request: a header
// or query parameter, and the texts that it may be compared with.
type condition struct {
	query  bool
	name   string
	values []string
}

// conditionsOf are those of the statements' branches, in the order of the documents.
func conditionsOf(statements []*policy.Part) []condition {
	var all []condition
	var visit func(parts []*policy.Part)
	visit = func(parts []*policy.Part) {
		for _, p := range parts {
			for _, v := range p.Node.Attrs {
				if p.Node.Name == "when" && v.Compiled() != nil {
					all = appendConditions(all, v.Compiled().Tree())
				}
			}
			visit(p.Parts)
		}
	}
	visit(statements)
	return all
}

// appendConditions adds what an expression reads of headers and of the query. Which of
// its texts is compared with which of them is not looked at: trying tells.
func appendConditions(all []condition, tree *syntax.Tree) []condition {
	var root syntax.Node = tree.Block
	if tree.Expr != nil {
		root = tree.Expr
	}
	var found []condition
	var values []string
	syntax.Walk(root, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Index:
			found = appendRead(found, n.Target, n.Args)
		case *syntax.Call:
			if m, ok := n.Target.(*syntax.Member); ok {
				found = appendRead(found, m.Target, n.Args)
			}
		case *syntax.Literal:
			if text, ok := n.Value.(string); ok && n.Kind == syntax.StringLiteral && text != "" {
				values = append(values, text)
			}
		}
		return true
	})
	for _, c := range found {
		isName := func(value string) bool {
			return slices.ContainsFunc(found, func(c condition) bool { return c.name == value })
		}
		c.values = slices.DeleteFunc(slices.Clone(values), isName)
		same := func(other condition) bool {
			return other.query == c.query && strings.EqualFold(other.name, c.name)
		}
		if i := slices.IndexFunc(all, same); i >= 0 {
			all[i].values = append(all[i].values, c.values...)
			continue
		}
		all = append(all, c)
	}
	return all
}

// appendRead adds Headers["name"], Headers.GetValueOrDefault("name", ...) and the like,
// of the query as well.
func appendRead(all []condition, target syntax.Expr, args []syntax.Arg) []condition {
	m, ok := target.(*syntax.Member)
	if !ok || m.Name != "Headers" && m.Name != "Query" || len(args) == 0 {
		return all
	}
	name, ok := args[0].Expr.(*syntax.Literal)
	if !ok || name.Kind != syntax.StringLiteral {
		return all
	}
	return append(all, condition{query: m.Name == "Query", name: name.Value.(string)})
}

// variant is a request that differs in what one condition reads.
type variant struct {
	what    string
	request request
}

// variants are the requests that differ from one in what the condition reads: it is not
// there, has one of the values, or another.
func (c *condition) variants(r request) []variant {
	kind := "header"
	if c.query {
		kind = "query parameter"
	}
	all := []variant{{"no " + kind + " " + c.name, c.put(r, "")}}
	for _, value := range append(c.values, "something-else") {
		all = append(all, variant{kind + " " + c.name + " is " + value, c.put(r, value)})
	}
	return all
}

func (c *condition) put(r request, value string) request {
	if c.query {
		r.query = with(r.query, c.name, value)
	} else {
		r.headers = with(r.headers, c.name, value)
	}
	return r
}

// openDoor tries a request that ought to get through, and if it is refused those that
// differ in what the branches' conditions read, until one is let through. Of those that
// are refused further on, the last is the least special.
func (d *drafter) openDoor(good *draft, conditions []condition) error {
	if err := d.try(good); err != nil || good.status < 400 {
		return err
	}
	refused := *good
	for _, c := range conditions {
		further := *good
		for _, v := range c.variants(good.request) {
			t := &draft{name: good.name, request: v.request, good: true}
			if err := d.try(t); err != nil {
				return err
			}
			switch {
			case t.status < 400:
				*good = *t
				return nil
			case t.deciding != good.deciding:
				further = *t
			}
		}
		*good = further
	}
	*good = refused
	return nil
}

// ofConditions are the requests that a branch refuses, by a statement that has refused
// none of the others.
func (r *refusals) ofConditions(conditions []condition) {
	for _, c := range conditions {
		for _, v := range c.variants(r.good.request) {
			t := &draft{name: r.prefix + v.what, request: v.request}
			if r.err != nil {
				return
			}
			if r.err = r.drafter.try(t); r.err == nil && t.status >= 400 && !r.seen[t.deciding] && t.deciding != r.good.deciding {
				r.keep(t)
			}
		}
	}
}
