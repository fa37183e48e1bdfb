package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// is binds x is pattern.
func (b *binder) is(e *syntax.Is) bound {
	x := b.value(e.X)
	if isBad(x) {
		b.pattern(e.Pattern, basic.bad)
		return bad(e)
	}
	if x.typ() == nil || x.typ() == basic.void {
		if _, ok := x.(*boundGroup); ok {
			return b.fail(e, "CS0837", "The first operand of an 'is' operator may not be a lambda expression or method group")
		}
		return b.asTyped(x, e)
	}
	p := b.pattern(e.Pattern, x.typ())
	if p == nil {
		return bad(e)
	}
	return &boundIs{node{basic.bool, e}, x, p}
}

// pattern binds what follows is or case, for a value of type t; nil after a
// mistake.
func (b *binder) pattern(p syntax.Pattern, t *Type) boundPattern {
	switch p := p.(type) {
	case *syntax.ConstantPattern:
		return b.constantPattern(p.X, t)
	case *syntax.TypePattern:
		if p.Expr != nil && !b.namesType(p.Expr) {
			return b.constantPattern(p.Expr, t)
		}
		target := b.typeRef(p.Type)
		if t == basic.bad || target == basic.bad {
			return nil
		}
		return &typePattern{t: target}
	case *syntax.DeclarationPattern:
		if p.Type == nil {
			return &varPattern{b.patternVariable(p, t)}
		}
		target := b.typeRef(p.Type)
		v := b.patternVariable(p, target)
		if target.kind == Nullable {
			b.report(p.Type.Span(), "CS8116", "It is not legal to use nullable type '%s' in a pattern; use the underlying type '%s' instead", target.display(), target.elem.display())
			return nil
		}
		if !b.canBe(t, target, p) {
			return nil
		}
		return &typePattern{target, v}
	}
	b.report(p.Span(), "CS8370", "this pattern is not part of C# 7.3")
	return nil
}

func (b *binder) patternVariable(p *syntax.DeclarationPattern, t *Type) *variable {
	if p.Name == "_" {
		return nil
	}
	return b.declare(p.Name, t, plainVariable, p.Span())
}

// canBe checks that a value of t may be one of target.
func (b *binder) canBe(t, target *Type, at syntax.Node) bool {
	if t == basic.bad || target == basic.bad {
		return false
	}
	if t.kind != Null && !mayBe(t, target) {
		b.report(at.Span(), "CS8121", "An expression of type '%s' cannot be handled by a pattern of type '%s'", t.display(), target.display())
		return false
	}
	return true
}

// namesType reports whether a name that may be a type or a constant is a type.
func (b *binder) namesType(e syntax.Expr) bool {
	quiet := *b
	quiet.diags = nil
	_, isType := quiet.expr(e).(*boundType)
	return isType && len(quiet.diags) == 0
}

// constantPattern binds a constant that a value of type t is compared with.
func (b *binder) constantPattern(e syntax.Expr, t *Type) boundPattern {
	x := b.value(e)
	if isBad(x) || t == basic.bad {
		return nil
	}
	target := t
	if t.underlying() == basic.object || t.kind == Interface || t.kind == TypeParam || x.typ() != nil && x.typ().kind == Null {
		if x.typ() != nil && x.typ().kind == Null && !t.hasNull() && t.kind != TypeParam {
			b.cannotConvert(x, t, e)
			return nil
		}
		target = x.typ()
	} else {
		target = t.underlying()
		x = b.convert(x, target, e)
	}
	if isBad(x) {
		return nil
	}
	k, ok := x.(*boundConst)
	if !ok {
		b.report(e.Span(), "CS0150", "A constant value is expected")
		return nil
	}
	return &constPattern{k, target}
}
