package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// binary binds x op y.
func (b *binder) binary(e *syntax.Binary) bound {
	switch e.Op {
	case "&&", "||":
		return b.logical(e)
	case "??":
		return b.coalesce(e)
	}
	return b.binaryOp(e, e.Op, b.value(e.X), b.value(e.Y))
}

func (b *binder) logical(e *syntax.Binary) bound {
	x, y := b.value(e.X), b.value(e.Y)
	if isBad(x) || isBad(y) {
		return bad(e)
	}
	for _, operand := range []bound{x, y} {
		if t := operand.typ(); t == nil || t.kind == Null || !b.implicit(operand, basic.bool).exists() {
			return b.noOperator(e, e.Op, x, y)
		}
	}
	x, y = b.convert(x, basic.bool, e.X), b.convert(y, basic.bool, e.Y)
	kx, okx := x.(*boundConst)
	ky, oky := y.(*boundConst)
	if okx && oky {
		v := kx.value.(bool) && ky.value.(bool)
		if e.Op == "||" {
			v = kx.value.(bool) || ky.value.(bool)
		}
		return &boundConst{node{basic.bool, e}, v}
	}
	return &boundLogical{node{basic.bool, e}, x, y, e.Op == "||"}
}

// coalesce binds x ?? y (C# 7.3 specification, 11.14).
func (b *binder) coalesce(e *syntax.Binary) bound {
	x, y := b.value(e.X), b.value(e.Y)
	if isBad(x) || isBad(y) {
		return bad(e)
	}
	a := x.typ()
	if a == nil || !a.hasNull() && (a.kind != TypeParam || isValueType(a)) || a.kind == Null {
		return b.noOperator(e, "??", x, y)
	}
	value := &boundPlaceholder{node{a.underlying(), nil}}
	made := func(t *Type, then bound) bound {
		return &boundCoalesce{node{t, e}, x, value, then, b.convert(y, t, e.Y)}
	}
	switch {
	case a.kind == Nullable && b.implicit(y, a.elem).exists():
		return made(a.elem, value)
	case b.implicit(y, a).exists():
		value.t = a
		return made(a, value)
	}
	if t := y.typ(); t != nil && t.kind != Null && t != basic.void {
		if c := b.implicit(value, t); c.exists() {
			return made(t, b.apply(value, c, t, nil))
		}
	}
	return b.noOperator(e, "??", x, y)
}

// conditional binds c ? x : y.
func (b *binder) conditional(e *syntax.Conditional) bound {
	cond, x, y := b.condition(e.Cond), b.value(e.Then), b.value(e.Else)
	if isBad(cond) || isBad(x) || isBad(y) {
		return bad(e)
	}
	t := b.conditionalType(x, y)
	if t == nil {
		return b.fail(e, "CS0173", "Type of conditional expression cannot be determined because there is no implicit conversion between '%s' and '%s'", displayOf(x), displayOf(y))
	}
	x, y = b.convert(x, t, e.Then), b.convert(y, t, e.Else)
	if isBad(x) || isBad(y) {
		return bad(e)
	}
	kc, okc := cond.(*boundConst)
	kx, okx := x.(*boundConst)
	ky, oky := y.(*boundConst)
	if okc && okx && oky {
		if kc.value.(bool) {
			return &boundConst{node{t, e}, kx.value}
		}
		return &boundConst{node{t, e}, ky.value}
	}
	return &boundConditional{node{t, e}, cond, x, y}
}

// conditionalType is the type that both branches convert to; nil if there is
// none.
func (b *binder) conditionalType(x, y bound) *Type {
	tx, ty := x.typ(), y.typ()
	if tx == basic.void || ty == basic.void {
		if tx == ty {
			return tx
		}
		return nil
	}
	var candidates bounds
	if tx != nil && tx.kind != Null && b.implicit(y, tx).exists() {
		candidates.lower = append(candidates.lower, tx)
	}
	if ty != nil && ty.kind != Null && b.implicit(x, ty).exists() {
		candidates.lower = append(candidates.lower, ty)
	}
	return fixedType(&candidates)
}

// conditionalAccess binds x?.access.
func (b *binder) conditionalAccess(e *syntax.ConditionalAccess) bound {
	x := b.typed(e.Target)
	if isBad(x) {
		return bad(e)
	}
	t := x.typ()
	if !t.hasNull() && (t.kind != TypeParam || isValueType(t)) || t.kind == Null {
		return b.fail(e, "CS0023", "Operator '?' cannot be applied to operand of type '%s'", t.display())
	}
	value := &boundPlaceholder{node{t.underlying(), nil}}
	outer := b.access
	b.access = value
	access := b.value(e.Access)
	b.access = outer
	if isBad(access) {
		return bad(e)
	}
	result := access.typ()
	switch {
	case result == nil:
		return b.asTyped(access, e)
	case result == basic.void:
	case result.kind == TypeParam && !result.isReference() && !isValueType(result):
		return b.fail(e, "CS0023", "Operator '?' cannot be applied to operand of type '%s'", result.display())
	case isValueType(result):
		result = nullableOf(result)
	}
	return &boundAccess{node{result, e}, x, value, access}
}

// interpolated binds $"...".
func (b *binder) interpolated(e *syntax.Interpolated) bound {
	x := &boundInterpolated{node: node{basic.string, e}}
	failed := false
	for _, part := range e.Parts {
		if part.Expr == nil {
			x.parts = append(x.parts, interpolatedPart{text: part.Text})
			continue
		}
		hole := interpolatedPart{x: b.asObject(part.Expr), format: part.Format}
		if part.Alignment != nil {
			width := b.converted(part.Alignment, basic.int)
			k, ok := width.(*boundConst)
			switch {
			case isBad(width):
				failed = true
			case !ok:
				b.report(part.Alignment.Span(), "CS0150", "A constant value is expected")
				failed = true
			default:
				hole.alignment = int(k.value.(int32))
			}
		}
		failed = failed || isBad(hole.x)
		x.parts = append(x.parts, hole)
	}
	if failed {
		return bad(e)
	}
	return x
}

// asObject binds a value whose type does not matter.
func (b *binder) asObject(e syntax.Expr) bound {
	x := b.value(e)
	if x.typ() == nil || x.typ() == basic.void {
		return b.convert(x, basic.object, e)
	}
	return x
}

// as binds x as T.
func (b *binder) as(e *syntax.As) bound {
	x, t := b.value(e.X), b.typeRef(e.Type)
	if isBad(x) || t == basic.bad {
		return bad(e)
	}
	if !t.hasNull() {
		if t.kind == TypeParam {
			return b.fail(e, "CS0413", "The type parameter '%s' cannot be used with the 'as' operator because it does not have a class type constraint", t.display())
		}
		return b.fail(e, "CS0077", "The as operator must be used with a reference type or nullable type ('%s' is a non-nullable value type)", t.display())
	}
	if x.typ() == nil || x.typ() == basic.void {
		return b.asTyped(x, e)
	}
	if x.typ().kind == Null {
		return b.convert(x, t, e)
	}
	if !mayBe(x.typ(), t) {
		return b.fail(e, "CS0039", "Cannot convert type '%s' to '%s' via a reference conversion, boxing conversion, unboxing conversion, wrapping conversion, or null type conversion", x.typ().display(), t.display())
	}
	return &boundAs{node{t, e}, x, t}
}

// mayBe reports whether a value of from can be an instance of t as it stands.
func mayBe(from, t *Type) bool {
	switch {
	case from == t.underlying() || from.underlying() == t || from.underlying() == t.underlying():
		return true
	case from.kind == TypeParam || t.kind == TypeParam:
		return true
	}
	return inherits(from, t) || explicitReference(from, t)
}

// exceptionOf binds what is thrown.
func (b *binder) exceptionOf(e syntax.Expr) bound {
	x := b.value(e)
	exception := typeOf("System.Exception")
	if t := x.typ(); t != nil && !isBad(x) && !b.implicit(x, exception).exists() {
		return b.fail(e, "CS0155", "The type caught or thrown must be derived from System.Exception")
	}
	return b.convert(x, exception, e)
}
