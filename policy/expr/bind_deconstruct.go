package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// part is a target of a deconstruction: parts of its own, or what is assigned to.
type part struct {
	at     syntax.Node
	parts  []*part // of (a, b) and var (a, b)
	nested bool
	target bound // nil of a variable whose type is inferred
	v      *variable
}

// typ is the part's type as far as it is written; nil if it is inferred.
func (p *part) typ() *Type {
	if p.target == nil {
		return nil
	}
	return p.target.typ()
}

// deconstruction binds (a, b) = x.
func (b *binder) deconstruction(e *syntax.Assign) bound {
	p := b.part(e.X)
	x := b.value(e.Y)
	if record, ok := x.(*boundRecord); ok {
		x = b.suitLiteral(p, record)
	} else {
		x = b.asTyped(x, e.Y)
	}
	value := &boundPlaceholder{node{x.typ(), nil}}
	d := &boundDeconstruct{node: node{nil, e}, x: x, value: value}
	if isBad(x) || !b.takeApart(d, p, value) {
		p.spoil()
		return bad(e)
	}
	types := make([]*Type, len(d.targets))
	for i, t := range d.targets {
		types[i] = t.typ()
	}
	d.t = tupleOf(types, nil)
	return d
}

// part binds the left side of a deconstruction.
func (b *binder) part(e syntax.Expr) *part {
	p := &part{at: e}
	switch e := e.(type) {
	case *syntax.Declaration:
		if len(e.Nested) > 0 {
			p.nested = true
			for i := range e.Nested {
				p.parts = append(p.parts, b.part(&e.Nested[i]))
			}
			return p
		}
		var t *Type
		if e.Type != nil {
			t = b.typeRef(e.Type)
		}
		if e.Name == "_" {
			p.target = &boundDiscard{node{t, e}}
			return p
		}
		p.v = b.declare(e.Name, t, plainVariable, e.Span())
		if t != nil {
			p.target = &boundVariable{node{t, e}, p.v}
		}
		return p
	case *syntax.TupleExpr:
		p.nested = true
		for _, elem := range e.Elems {
			p.parts = append(p.parts, b.part(elem.Expr))
		}
		return p
	case *syntax.Name:
		if v, _ := b.scope.lookup("_"); e.Ident == "_" && v == nil {
			p.target = &boundDiscard{node{nil, e}}
			return p
		}
	}
	p.target = b.target(e)
	return p
}

// spoil gives the variables of a wrong deconstruction a type.
func (p *part) spoil() {
	for _, inner := range p.parts {
		inner.spoil()
	}
	if p.v != nil && p.v.t == nil {
		p.v.t = basic.bad
	}
}

// suitLiteral converts a tuple's expressions to the types of the targets, since
// they may have none of their own: (string a, int? b) = (null, null).
func (b *binder) suitLiteral(p *part, x *boundRecord) bound {
	if !p.nested || len(p.parts) != len(x.elems) || x.t != nil && x.t.kind != Tuple {
		return b.asTyped(x, x.src)
	}
	elems, types := make([]bound, len(x.elems)), make([]*Type, len(x.elems))
	for i, elem := range x.elems {
		inner := p.parts[i]
		switch record, isRecord := elem.(*boundRecord); {
		case inner.nested && isRecord:
			elem = b.suitLiteral(inner, record)
		case inner.typ() != nil:
			elem = b.convert(elem, inner.typ(), x.src)
		case elem.typ() == nil || elem.typ().kind == Null:
			elem = b.fail(x.src, "CS8130", "Cannot infer the type of member %d: write the variable's type", i+1)
		}
		if isBad(elem) {
			return elem
		}
		elems[i], types[i] = elem, elem.typ()
	}
	return &boundRecord{node{tupleOf(types, nil), x.src}, elems}
}

// takeApart assigns the members of value to the parts.
func (b *binder) takeApart(d *boundDeconstruct, p *part, value bound) bool {
	if !p.nested {
		t := p.typ()
		if t == nil {
			t = value.typ()
			if p.target == nil {
				p.v.t = t
				p.target = &boundVariable{node{t, p.at}, p.v}
			} else {
				p.target = &boundDiscard{node{t, p.at}}
			}
		}
		converted := b.convert(value, t, p.at)
		d.targets, d.parts = append(d.targets, p.target), append(d.parts, converted)
		return !isBad(converted) && !isBad(p.target)
	}
	members := b.membersToTake(d, p, value)
	if members == nil {
		return false
	}
	for i, inner := range p.parts {
		if !b.takeApart(d, inner, members[i]) {
			return false
		}
	}
	return true
}

// membersToTake are the members of a tuple, or what a Deconstruct method of the
// value's type gives; nil if they are not as many as the parts.
func (b *binder) membersToTake(d *boundDeconstruct, p *part, value bound) []bound {
	t := value.typ()
	if t.kind == Tuple {
		if len(t.args) != len(p.parts) {
			b.report(p.at.Span(), "CS8132", "Cannot deconstruct a tuple of '%d' elements into '%d' variables", len(t.args), len(p.parts))
			return nil
		}
		members := make([]bound, len(t.args))
		for i, m := range t.args {
			members[i] = &boundField{node{m, nil}, value, i}
		}
		return members
	}
	for _, m := range membersOf(t, "Deconstruct") {
		if m.Static || len(m.Params) != len(p.parts) || slices.ContainsFunc(m.Params, func(p Param) bool { return !p.Out }) {
			continue
		}
		call := &boundCall{node: node{basic.void, nil}, method: m, recv: value}
		members := make([]bound, len(m.Params))
		for i := range m.Params {
			v := b.temporary(m.paramType(i))
			v.cell = true
			members[i] = &boundVariable{node{v.t, nil}, v}
			call.args = append(call.args, &boundRef{node{v.t, nil}, members[i], true})
		}
		d.calls = append(d.calls, call)
		return members
	}
	b.report(p.at.Span(), "CS8129", "No suitable Deconstruct instance or extension method was found for type '%s', with %d out parameters and a void return type", t.display(), len(p.parts))
	return nil
}

// temporary is a variable of the binder's own in the current scope.
func (b *binder) temporary(t *Type) *variable {
	v := b.fn.newVariable("", t, temporary, syntax.Span{})
	b.scope.variables = append(b.scope.variables, v)
	return v
}
