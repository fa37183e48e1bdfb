package expr

import "slices"

// better compares two methods that the arguments fit: 1 if x is better, -1 if y
// is, 0 if neither (C# 7.3 specification, 11.6.4.3).
func (b *binder) better(x, y *application, args []argument) int {
	order, same := 0, true
	for i, arg := range args {
		if identical(x.params[i], y.params[i]) {
			continue
		}
		same = false
		switch c := b.betterConversion(arg.x, x.params[i], y.params[i]); {
		case c == 0:
		case order == 0:
			order = c
		case order != c:
			return fewerParams(x, y, len(args))
		}
	}
	switch {
	case order != 0:
		return order
	case !same:
		return fewerParams(x, y, len(args))
	}
	return moreSpecific(x, y)
}

// fewerParams breaks the tie between methods whose parameters have different
// types. Beyond the specification, the compiler prefers the normal form there,
// too, and the method that needs no defaults (Split(null)).
func fewerParams(x, y *application, args int) int {
	nx, ny := len(x.m.Params), len(y.m.Params)
	if x.expanded {
		nx = args
	}
	if y.expanded {
		ny = args
	}
	switch {
	case nx == ny:
		return 0
	case x.expanded != y.expanded:
		return map[bool]int{true: -1, false: 1}[x.expanded]
	case nx == args:
		return 1
	case ny == args:
		return -1
	}
	return 0
}

// moreSpecific breaks the tie between methods whose parameters have the same
// types.
func moreSpecific(x, y *application) int {
	prefer := func(x, y bool) int {
		switch {
		case x && !y:
			return 1
		case y && !x:
			return -1
		}
		return 0
	}
	for _, order := range []int{
		prefer(len(x.m.TypeParams) == 0, len(y.m.TypeParams) == 0),
		prefer(!x.expanded, !y.expanded),
		prefer(x.expanded && y.expanded && len(x.m.Params) > len(y.m.Params), x.expanded && y.expanded && len(y.m.Params) > len(x.m.Params)),
		prefer(!x.defaults, !y.defaults),
	} {
		if order != 0 {
			return order
		}
	}
	order := 0
	for i := range x.slots {
		switch c := specific(x.m.Params[x.slots[i]].Type, y.m.Params[y.slots[i]].Type); {
		case c == 0:
		case order == 0:
			order = c
		case order != c:
			return 0
		}
	}
	return order
}

// specific compares two types as they were declared: a type parameter is less
// specific than anything else.
func specific(x, y *Type) int {
	switch {
	case x.kind == TypeParam && y.kind != TypeParam:
		return -1
	case x.kind != TypeParam && y.kind == TypeParam:
		return 1
	case x.kind == Array && y.kind == Array && x.rank == y.rank, x.kind == Nullable && y.kind == Nullable:
		return specific(x.elem, y.elem)
	case x.def != nil && x.def == y.def && len(x.args) == len(y.args), x.kind == Tuple && y.kind == Tuple && len(x.args) == len(y.args):
		order := 0
		for i := range x.args {
			switch c := specific(x.args[i], y.args[i]); {
			case c == 0:
			case order == 0:
				order = c
			case order != c:
				return 0
			}
		}
		return order
	}
	return 0
}

// betterConversion compares the conversions of x to two types.
func (b *binder) betterConversion(x bound, t1, t2 *Type) int {
	if identical(t1, t2) {
		return 0
	}
	switch exact1, exact2 := b.exactly(x, t1), b.exactly(x, t2); {
	case exact1 && !exact2:
		return 1
	case exact2 && !exact1:
		return -1
	}
	if lambda, ok := x.(*unboundLambda); ok {
		return b.betterLambda(lambda, t1, t2)
	}
	return b.betterTarget(t1, t2)
}

// exactly reports whether x is of the type t, not only convertible to it.
func (b *binder) exactly(x bound, t *Type) bool {
	if record, ok := x.(*boundRecord); ok && t.kind == Tuple && len(t.args) == len(record.elems) {
		for i, a := range t.args {
			if !b.exactly(record.elems[i], a) {
				return false
			}
		}
		return true
	}
	if x.typ() != nil {
		return identical(x.typ(), t)
	}
	lambda, ok := x.(*unboundLambda)
	if !ok {
		return false
	}
	invoke, ok := delegateInvoke(t)
	if !ok || invoke.result() == basic.void {
		return false
	}
	inferred := b.inferredResult(lambda, invoke)
	return inferred != nil && identical(inferred, invoke.result())
}

// betterLambda compares delegates that a lambda fits by what they return.
func (b *binder) betterLambda(x *unboundLambda, t1, t2 *Type) int {
	d1, ok1 := delegateInvoke(t1)
	d2, ok2 := delegateInvoke(t2)
	if !ok1 || !ok2 || !sameParams(d1, d2) {
		return b.betterTarget(t1, t2)
	}
	r1, r2 := d1.result(), d2.result()
	switch {
	case r1 == basic.void && r2 == basic.void:
		return 0
	case r2 == basic.void:
		return 1
	case r1 == basic.void:
		return -1
	}
	if b.inferredResult(x, d1) == nil {
		return 0
	}
	// (x) => value: what is returned counts as the argument.
	if body := b.lambdaBody(x, d1); body != nil && body.expr != nil {
		return b.betterConversion(body.expr, r1, r2)
	}
	return b.betterTarget(r1, r2)
}

// betterTarget compares two types as targets of a conversion.
func (b *binder) betterTarget(t1, t2 *Type) int {
	to2, to1 := standardImplicitOrUser(t1, t2), standardImplicitOrUser(t2, t1)
	switch {
	case to2 && !to1:
		return 1
	case to1 && !to2:
		return -1
	}
	if d1, ok := delegateInvoke(t1); ok {
		if d2, ok := delegateInvoke(t2); ok && sameParams(d1, d2) {
			switch r1, r2 := d1.result(), d2.result(); {
			case identical(r1, r2):
				return 0
			case r2 == basic.void:
				return 1
			case r1 == basic.void:
				return -1
			default:
				return b.betterTarget(r1, r2)
			}
		}
	}
	n1, n2 := t1.underlying().numeric(), t2.underlying().numeric()
	switch {
	case slices.Contains(unsignedAfter[n1], n2):
		return 1
	case slices.Contains(unsignedAfter[n2], n1):
		return -1
	}
	return 0
}

// unsignedAfter are the unsigned types that a signed one is preferred to.
var unsignedAfter = map[numeric][]numeric{
	numSByte: {numByte, numUShort, numUInt, numULong},
	numShort: {numUShort, numUInt, numULong},
	numInt:   {numUInt, numULong},
	numLong:  {numULong},
}

// standardImplicitOrUser reports whether there is any implicit conversion between
// the types.
func standardImplicitOrUser(from, to *Type) bool {
	return standardImplicit(from, to).exists() || userDefined(&boundPlaceholder{node{from, nil}}, to, false).exists()
}

// delegateInvoke is the signature of a delegate type.
func delegateInvoke(t *Type) (method, bool) {
	if t == nil || t.kind != Delegate {
		return method{}, false
	}
	return method{t.def.MembersNamed("Invoke")[0], t}, true
}
