package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// assign binds = and compound assignments.
func (b *binder) assign(e *syntax.Assign) bound {
	if e.Op != "=" {
		return b.compound(e)
	}
	switch target := e.X.(type) {
	case *syntax.Declaration, *syntax.TupleExpr:
		return b.deconstruction(e)
	case *syntax.Name:
		if v, _ := b.scope.lookup("_"); target.Ident == "_" && v == nil {
			x := b.typed(e.Y)
			return &boundAssign{node{x.typ(), e}, &boundDiscard{node{x.typ(), target}}, x}
		}
	}
	target := b.target(e.X)
	if isBad(target) {
		b.value(e.Y) // for the mistakes in it
		return bad(e)
	}
	value := b.converted(e.Y, target.typ())
	if isBad(value) {
		return bad(e)
	}
	return &boundAssign{node{target.typ(), e}, target, value}
}

// target binds what is assigned to.
func (b *binder) target(e syntax.Expr) bound {
	x := b.value(e)
	switch x := x.(type) {
	case *boundBad, *boundElement, *boundDiscard:
		return x
	case *boundVariable:
		if why := x.v.readOnly(); why != "" {
			return b.fail(e, "CS1656", "Cannot assign to '%s' because it is %s", x.v.name, why)
		}
		return x
	case *boundCall:
		if x.method.Kind == Property || x.method.Kind == Indexer {
			if x.method.set == nil {
				return b.fail(e, "CS0200", "Property or indexer '%s' cannot be assigned to -- it is read only", x.method.display())
			}
			return x
		}
	case *boundField:
		if t := x.record.typ(); t.kind == Anonymous {
			return b.fail(e, "CS0200", "Property or indexer '%s.%s' cannot be assigned to -- it is read only", t.display(), t.meta[x.i])
		}
		if record := b.targetOf(x.record); record != nil {
			return &boundField{x.node, record, x.i}
		}
		return b.fail(e, "CS1612", "Cannot modify this member because the tuple is not a variable")
	case *boundPlaceholder:
		return x
	case *boundGroup:
		return b.fail(e, "CS1656", "Cannot assign to '%s' because it is a method", x.name)
	}
	return b.fail(e, "CS0131", "The left-hand side of an assignment must be a variable, property or indexer")
}

// targetOf is a tuple whose field is assigned to; nil if it is no variable.
func (b *binder) targetOf(x bound) bound {
	switch x := x.(type) {
	case *boundVariable:
		if x.v.readOnly() == "" {
			return x
		}
	case *boundElement:
		return x
	case *boundField:
		if record := b.targetOf(x.record); record != nil && x.record.typ().kind == Tuple {
			return &boundField{x.node, record, x.i}
		}
	}
	return nil
}

// compound binds target op= y.
func (b *binder) compound(e *syntax.Assign) bound {
	target, y := b.target(e.X), b.value(e.Y)
	if isBad(target) || isBad(y) {
		return bad(e)
	}
	t := target.typ()
	op := e.Op[:len(e.Op)-1]
	old := &boundPlaceholder{node{t, nil}}
	next := b.binaryOp(e, op, old, y)
	if isBad(next) {
		return next
	}
	c := b.implicit(next, t)
	if !c.exists() {
		// byte b; b += 1 is fine: the operator is the language's, and 1 converts to
		// byte.
		shift := op == "<<" || op == ">>"
		if user, ok := next.(*boundBinary); (!ok || user.user == nil) && (shift || b.implicit(y, t).exists()) {
			c = b.explicit(next, t)
		}
	}
	if !c.exists() {
		return b.cannotConvert(next, t, e)
	}
	unobserved(next)
	return &boundCompound{node{t, e}, target, old, b.apply(next, c, t, nil), false}
}
