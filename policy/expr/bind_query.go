package expr

import (
	"strconv"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// Queries are translated to calls of Where, Select and so on, whose arguments
// are lambdas (C# 7.3 specification, 11.17.3), and those are bound. Where several
// range variables are about, the lambdas' parameter is an object whose members
// they are: a transparent identifier.

// rangeVariables are the range variables that a lambda's parameter stands for:
// one, or those among the members of a transparent identifier.
type rangeVariables struct {
	name    string // of the parameter, or of a member
	members []rangeVariables
}

// rangeParameter declares the parameter of a query's lambda.
func (b *binder) rangeParameter(r rangeVariables, t *Type) *variable {
	v := b.declare(r.name, t, rangeVariable, syntax.Span{})
	if r.members != nil {
		b.scope.transparent = make(map[string]func() bound)
		b.addTransparent(r, func() bound { return &boundVariable{node{t, nil}, v} })
	}
	return v
}

func (b *binder) addTransparent(r rangeVariables, of func() bound) {
	for i, m := range r.members {
		member := func() bound {
			record := of()
			if t := record.typ(); t.kind == Anonymous {
				return &boundField{node{t.args[i], nil}, record, i}
			}
			return bad(nil)
		}
		if m.members != nil {
			b.addTransparent(m, member)
		} else {
			b.scope.transparent[m.name] = member
		}
	}
}

// queryTranslation is a query on the way to calls.
type queryTranslation struct {
	b      *binder
	at     syntax.At
	e      syntax.Expr // what is translated so far
	ranges rangeVariables
}

// bindQuery binds from ... select ...
func (b *binder) bindQuery(q *syntax.Query) bound {
	t := &queryTranslation{b: b, at: q.At}
	t.e = t.source(q.From.In, q.From.Type)
	t.ranges = rangeVariables{name: q.From.Name}
	t.body(q)
	x := b.value(t.e)
	if isBad(x) || x.typ() == nil {
		return x
	}
	return &boundConvert{node{x.typ(), q}, x, asItIs, false}
}

// body translates the clauses of q and what ends them.
func (t *queryTranslation) body(q *syntax.Query) {
	done := false
	for i := range q.Clauses {
		last := i == len(q.Clauses)-1
		done = t.clause(&q.Clauses[i], q, last)
	}
	switch {
	case done:
	case q.GroupBy != nil:
		args := []syntax.Expr{t.lambda(q.GroupBy, t.ranges)}
		if !t.isRange(q.Group) {
			args = append(args, t.lambda(q.Group, t.ranges))
		}
		t.call("GroupBy", args...)
	case len(q.Clauses) > 0 && t.isRange(q.Select):
	default:
		t.call("Select", t.lambda(q.Select, t.ranges))
	}
	if q.Continuation != nil {
		t.ranges = rangeVariables{name: q.Into}
		t.body(q.Continuation)
	}
}

// isRange reports whether e is just the range variable.
func (t *queryTranslation) isRange(e syntax.Expr) bool {
	name, ok := e.(*syntax.Name)
	return ok && t.ranges.members == nil && name.Ident == t.ranges.name
}

// clause translates one clause; it reports whether the select was part of it.
func (t *queryTranslation) clause(c *syntax.QueryClause, q *syntax.Query, last bool) bool {
	last = last && q.Select != nil
	switch {
	case c.Where != nil:
		t.call("Where", t.lambda(c.Where, t.ranges))
	case c.Let != nil:
		t.call("Select", t.lambda(t.pair(c.Let.Name, c.Let.Expr), t.ranges))
		t.hide(c.Let.Name)
	case c.From != nil:
		in := t.lambda(t.source(c.From.In, c.From.Type), t.ranges)
		return t.combine("SelectMany", c.From.Name, q.Select, last, in)
	case c.Join != nil:
		j := c.Join
		name, method := j.Name, "Join"
		if j.Into != "" {
			name, method = j.Into, "GroupJoin"
		}
		return t.combine(method, name, q.Select, last,
			t.source(j.In, j.Type), t.lambda(j.Left, t.ranges), t.lambda(j.Right, rangeVariables{name: j.Name}))
	default:
		for i, o := range c.OrderBy {
			method := "OrderBy"
			if i > 0 {
				method = "ThenBy"
			}
			if o.Descending {
				method += "Descending"
			}
			t.call(method, t.lambda(o.Expr, t.ranges))
		}
	}
	return false
}

// combine is a call whose last lambda puts the range variables and a new one
// together, or computes the select where that follows at once.
func (t *queryTranslation) combine(method, name string, result syntax.Expr, last bool, args ...syntax.Expr) bool {
	if last {
		t.call(method, append(args, t.lambda(result, t.ranges, rangeVariables{name: name}))...)
		return true
	}
	pair := t.pair(name, t.make(&syntax.Name{At: t.at, Ident: name}))
	t.call(method, append(args, t.lambda(pair, t.ranges, rangeVariables{name: name}))...)
	t.hide(name)
	return false
}

// pair is new { ranges, name = e }.
func (t *queryTranslation) pair(name string, e syntax.Expr) syntax.Expr {
	ranges := t.make(&syntax.Name{At: t.at, Ident: t.ranges.name})
	return t.make(&syntax.NewAnonymous{At: t.at, Members: []syntax.AnonymousMember{{Name: t.ranges.name, Expr: ranges}, {Name: name, Expr: e}}})
}

// hide makes the range variables members of a transparent identifier.
func (t *queryTranslation) hide(name string) {
	t.ranges = rangeVariables{name: "<>h" + strconv.Itoa(len(t.b.made)), members: []rangeVariables{t.ranges, {name: name}}}
}

// source is where a range variable comes from, cast to its type if it has one.
func (t *queryTranslation) source(e syntax.Expr, ref syntax.TypeRef) syntax.Expr {
	if ref == nil {
		return e
	}
	return t.make(&syntax.Call{At: t.at, Target: t.make(&syntax.Member{At: t.at, Target: e, Name: "Cast", Args: []syntax.TypeRef{ref}, NameSpan: e.Span()})})
}

// call makes e.method(args) of what is translated so far.
func (t *queryTranslation) call(method string, args ...syntax.Expr) {
	call := &syntax.Call{At: t.at, Target: t.make(&syntax.Member{At: t.at, Target: t.e, Name: method, NameSpan: t.at.Span()})}
	for _, a := range args {
		call.Args = append(call.Args, syntax.Arg{Expr: a, Span: a.Span()})
	}
	t.e = t.make(call)
}

// lambda is (ranges...) => e.
func (t *queryTranslation) lambda(e syntax.Expr, ranges ...rangeVariables) syntax.Expr {
	l := &syntax.Lambda{At: t.at, Expr: e}
	for _, r := range ranges {
		l.Params = append(l.Params, syntax.Param{Name: r.name})
	}
	t.b.query[l] = ranges
	return t.make(l)
}

// make notes that a node is not written.
func (t *queryTranslation) make(e syntax.Expr) syntax.Expr {
	t.b.made[e] = true
	return e
}
