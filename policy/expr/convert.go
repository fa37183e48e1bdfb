package expr

import "slices"

// convKind is what a conversion does to a value.
type convKind uint8

const (
	noConversion       convKind = iota
	identityConversion          // nothing: identity, reference conversion, boxing, null
	numericConversion
	enumConversion     // between enums and numbers
	nullableConversion // of what is not null: inner[0]
	castConversion     // looks at the value's type: unboxing, downcast
	tupleConversion    // member by member: inner
	userConversion     // inner[0], the operator, inner[1]
	lambdaConversion
	groupConversion
	defaultConversion // the literal default
	throwConversion   // of a throw expression
	outConversion     // of out var
)

// conversion is how a value of one type becomes one of another.
type conversion struct {
	kind  convKind
	inner []conversion
	user  method
	// from and to are the operator's, as it was lifted.
	from, to *Type
	lifted   bool
}

func (c conversion) exists() bool { return c.kind != noConversion }

var (
	none     = conversion{}
	asItIs   = conversion{kind: identityConversion}
	numerics = conversion{kind: numericConversion}
	checked  = conversion{kind: castConversion}
)

// standardImplicit is the implicit conversion between two types that the
// language has by itself.
func standardImplicit(from, to *Type) conversion {
	switch {
	case from == basic.bad || to == basic.bad || identical(from, to):
		return asItIs
	case from == basic.void || to == basic.void:
		return none
	case from.kind == Null:
		if to.hasNull() {
			return asItIs
		}
		return none
	case slices.Contains(wider[from.numeric()], to.numeric()):
		return numerics
	case to.kind == Nullable:
		if inner := standardImplicit(from.underlying(), to.elem); inner.exists() && from.underlying().IsValue() {
			return conversion{kind: nullableConversion, inner: []conversion{inner}}
		}
		return none
	case from.kind == Tuple && to.kind == Tuple:
		return tupleStandard(from, to, standardImplicit)
	case inherits(from, to):
		return asItIs
	}
	return none
}

func tupleStandard(from, to *Type, convert func(from, to *Type) conversion) conversion {
	if len(from.args) != len(to.args) {
		return none
	}
	c := conversion{kind: tupleConversion}
	for i, f := range from.args {
		inner := convert(f, to.args[i])
		if !inner.exists() {
			return none
		}
		c.inner = append(c.inner, inner)
	}
	return c
}

// implicit is the implicit conversion of an expression to a type.
func (b *binder) implicit(x bound, to *Type) conversion {
	if c := b.standardImplicitOf(x, to); c.exists() {
		return c
	}
	if from := x.typ(); from != nil && from.kind != Null {
		return userDefined(x, to, false)
	}
	return none
}

// standardImplicitOf is implicit without the conversions that types define.
func (b *binder) standardImplicitOf(x bound, to *Type) conversion {
	if to == basic.bad {
		return asItIs
	}
	switch x := x.(type) {
	case *boundBad:
		return asItIs
	case *boundConst:
		if c := constantConversion(x, to); c.exists() {
			return c
		}
	case *unboundLambda:
		if b.lambdaFits(x, to) {
			return conversion{kind: lambdaConversion}
		}
		return none
	case *boundGroup:
		if b.groupFits(x, to) {
			return conversion{kind: groupConversion}
		}
		return none
	case *boundDefaultLiteral:
		return conversion{kind: defaultConversion}
	case *boundThrow:
		return conversion{kind: throwConversion}
	case *boundOut:
		return conversion{kind: outConversion}
	case *boundRecord:
		if c := b.tupleLiteral(x, to, b.implicit); c.exists() {
			return c
		}
	}
	if x.typ() == nil {
		return none
	}
	return standardImplicit(x.typ(), to)
}

// tupleLiteral converts (a, b) member by member.
func (b *binder) tupleLiteral(x *boundRecord, to *Type, convert func(bound, *Type) conversion) conversion {
	target := to.underlying()
	if x.t != nil && x.t.kind != Tuple || target.kind != Tuple || len(target.args) != len(x.elems) {
		return none
	}
	c := conversion{kind: tupleConversion}
	for i, e := range x.elems {
		inner := convert(e, target.args[i])
		if !inner.exists() {
			return none
		}
		c.inner = append(c.inner, inner)
	}
	return c
}

// constantConversion is what a constant's value allows: an int that fits in a
// smaller type, 0 as an enum.
func constantConversion(x *boundConst, to *Type) conversion {
	target := to.underlying()
	wrap := func(c conversion) conversion {
		if to.kind == Nullable {
			return conversion{kind: nullableConversion, inner: []conversion{c}}
		}
		return c
	}
	n, isInt := x.value.(int32)
	if long, isLong := x.value.(int64); isLong && target.numeric() == numULong && long >= 0 {
		return wrap(numerics)
	}
	if target.kind == Enum && isZero(x.value) && x.t.numeric() != notNumeric && x.t.numeric() != numChar {
		return wrap(conversion{kind: enumConversion})
	}
	if !isInt {
		return none
	}
	fits := false
	switch target.numeric() {
	case numSByte:
		fits = n >= -128 && n <= 127
	case numByte:
		fits = n >= 0 && n <= 255
	case numShort:
		fits = n >= -32768 && n <= 32767
	case numUShort:
		fits = n >= 0 && n <= 65535
	case numUInt, numULong:
		fits = n >= 0
	}
	if fits {
		return wrap(numerics)
	}
	return none
}

// explicit is the conversion of a cast.
func (b *binder) explicit(x bound, to *Type) conversion {
	if c := b.standardImplicitOf(x, to); c.exists() {
		return c
	}
	if record, ok := x.(*boundRecord); ok {
		if c := b.tupleLiteral(record, to, b.explicit); c.exists() {
			return c
		}
	}
	from := x.typ()
	if from == nil {
		return none
	}
	if c := standardExplicit(from, to); c.exists() {
		return c
	}
	if from.kind == Null {
		return none
	}
	return userDefined(x, to, true)
}

// standardExplicit is the explicit conversion between two types that the
// language has by itself; the implicit one if there is one.
func standardExplicit(from, to *Type) conversion {
	if c := standardImplicit(from, to); c.exists() {
		return c
	}
	enumOrNumber := func(t *Type) bool { return t.kind == Enum || t.numeric() != notNumeric }
	switch {
	case from == basic.void || to == basic.void || from.kind == Null:
		return none
	case from.kind == Nullable && to.IsValue() || to.kind == Nullable && from.IsValue():
		if inner := standardExplicit(from.underlying(), to.underlying()); inner.exists() {
			return conversion{kind: nullableConversion, inner: []conversion{inner}}
		}
		return none
	case from.numeric() != notNumeric && to.numeric() != notNumeric:
		return numerics
	case enumOrNumber(from) && enumOrNumber(to):
		return conversion{kind: enumConversion}
	case from.kind == Tuple && to.kind == Tuple:
		return tupleStandard(from, to, standardExplicit)
	case explicitReference(from, to):
		return checked
	}
	return none
}

// explicitReference reports whether a value of from can turn out to be one of to.
func explicitReference(from, to *Type) bool {
	switch {
	case inherits(to, from) || to.kind == Nullable && inherits(to.elem, from):
		return from.isReference()
	case from.kind == TypeParam:
		return to.kind == Interface
	case to.kind == TypeParam:
		return from.kind == Interface || slices.ContainsFunc(boundsOf(to), func(t *Type) bool { return inherits(t, from) })
	case from.kind == Array && to.kind == Array:
		return from.rank == to.rank && from.elem.isReference() && to.elem.isReference() && explicitReference(from.elem, to.elem)
	case from.kind == Array && to.kind == Interface:
		return len(to.args) == 1 && from.elem.isReference() && explicitReference(from.elem, to.args[0]) && slices.ContainsFunc(from.allInterfaces(), func(i *Type) bool { return i.def == to.def })
	case from.kind == Interface && to.kind == Array:
		return explicitReference(to, from)
	case from.kind == Delegate && to.kind == Delegate:
		return from.def == to.def && slices.EqualFunc(from.args, to.args, func(a, b *Type) bool {
			return identical(a, b) || a.isReference() && b.isReference()
		})
	case from.kind == Interface:
		return to.kind == Interface || to.isReference() && !to.sealed()
	case to.kind == Interface:
		return from.isReference() && !from.sealed()
	}
	return false
}

func boundsOf(t *Type) []*Type {
	if c := t.limits.Load(); c != nil {
		return c.bounds
	}
	return nil
}

// sealed reports whether nothing can derive from t, so that it has no interfaces
// but its own.
func (t *Type) sealed() bool {
	switch t.kind {
	case Class:
		return t == basic.string || t.def.Static
	case Interface, TypeParam:
		return false
	}
	return true
}
