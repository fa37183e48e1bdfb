package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// userBinary binds an operator that one of the operands' types declares; nil if
// none fits.
func (b *binder) userBinary(at syntax.Node, op string, x, y bound) bound {
	args := []argument{{x: x, at: at}, {x: y, at: at}}
	m, lifted, ambiguous := b.userOperator("operator "+op, args)
	if ambiguous {
		return b.fail(at, "CS0034", "Operator '%s' is ambiguous on operands of type '%s' and '%s'", op, displayOf(x), displayOf(y))
	}
	if m == nil {
		return nil
	}
	call := func(bool) binaryFunc { return callBinary(*m) }
	left, right := m.paramType(0), m.paramType(1)
	if !lifted {
		x, y = b.convert(x, left, at), b.convert(y, right, at)
		return &boundBinary{node: node{m.result(), at}, x: x, y: y, op: callBinary(*m), name: op, operand: left, user: m}
	}
	made := b.builtin(at, op, x, y, left, right, m.result(), call)
	if binary, ok := made.(*boundBinary); ok {
		binary.user = m
	}
	return made
}

// callBinary is the operator that a type declares.
func callBinary(m method) binaryFunc {
	types := staticTypes(m)
	return func(machine *Machine, x, y any) (any, error) {
		args := machine.push(2)
		args[0], args[1] = x, y
		v, err := m.call(machine, types, args)
		machine.pop(args)
		return v, err
	}
}

// userOperator chooses among the operators of that name of the operands' types.
// Lifted says that it has to be lifted to nullables.
func (b *binder) userOperator(name string, args []argument) (m *method, lifted, ambiguous bool) {
	var candidates []method
	for _, a := range args {
		for t := a.x.typ().underlying(); t != nil && t.def != nil; t = t.baseType() {
			for _, member := range t.def.MembersNamed(name) {
				candidate := method{member, t}
				if len(member.Params) == len(args) && !slices.Contains(candidates, candidate) {
					candidates = append(candidates, candidate)
				}
			}
		}
	}
	if len(candidates) == 0 {
		return nil, false, false
	}
	if r := b.resolve(candidates, args, nil); r.best != nil {
		return &r.best.m, false, false
	} else if r.ambiguous != nil {
		return nil, false, true
	}
	// Lifted: each operand is a nullable of the parameter's type, or converts to it.
	var fitting []method
	for _, c := range candidates {
		if slices.ContainsFunc(c.Params, func(p Param) bool { return !p.Type.IsValue() }) {
			continue
		}
		ok := true
		for i, a := range args {
			ok = ok && b.implicit(a.x, nullableOf(c.paramType(i))).exists()
		}
		if ok {
			fitting = append(fitting, c)
		}
	}
	if len(fitting) == 0 {
		return nil, false, false
	}
	for i := range fitting {
		if takesExactly(fitting[i], args) {
			return &fitting[i], true, false
		}
	}
	return &fitting[0], true, false
}

// takesExactly reports whether the parameters are of the operands' types, or of
// what those are nullables of.
func takesExactly(m method, args []argument) bool {
	for i, a := range args {
		if t := a.x.typ().underlying(); t.kind != Null && !identical(t, m.paramType(i)) {
			return false
		}
	}
	return true
}

// equality is == and != of texts and of references, and comparison with null.
func (b *binder) equality(at syntax.Node, op string, x, y bound) bound {
	if op != "==" && op != "!=" {
		return nil
	}
	tx, ty := x.typ(), y.typ()
	make := func(equal func(m *Machine, x, y any) bool) func(bool) binaryFunc {
		return func(bool) binaryFunc {
			return func(m *Machine, x, y any) (any, error) { return equal(m, x, y) == (op == "=="), nil }
		}
	}
	same := make(func(_ *Machine, x, y any) bool { return sameReference(x, y) })
	result := func(operand *Type, make func(bool) binaryFunc) bound {
		if folded := b.foldBinary(at, x, y, basic.bool, make); folded != nil {
			return folded
		}
		return &boundBinary{node: node{basic.bool, at}, x: x, y: y, op: make(false), name: op, operand: operand}
	}
	switch {
	case tx.kind == Null || ty.kind == Null:
		other := tx
		if tx.kind == Null {
			other = ty
		}
		if other.hasNull() || other.kind == TypeParam && !isValueType(other) {
			return result(basic.null, make(func(_ *Machine, x, y any) bool { return (x == nil) == (y == nil) }))
		}
		return nil
	case tx == basic.string && ty == basic.string:
		return result(basic.string, make(func(_ *Machine, x, y any) bool { return x == y }))
	case !tx.isReference() || !ty.isReference():
		return nil
	case tx.kind == Delegate && ty.kind == Delegate && identical(tx, ty):
		return result(tx, make(func(_ *Machine, x, y any) bool { return sameDelegate(x, y) }))
	case explicitReference(tx, ty) || explicitReference(ty, tx) || inherits(tx, ty) || inherits(ty, tx):
		return result(basic.object, same)
	}
	return nil
}

// delegateBinary is + and - of delegates: what calls both, or leaves one out.
func (b *binder) delegateBinary(at syntax.Node, op string, x, y bound) bound {
	t := x.typ()
	if t == nil || t.kind != Delegate {
		t = y.typ()
	}
	if t == nil || t.kind != Delegate || op != "+" && op != "-" || !b.implicit(x, t).exists() || !b.implicit(y, t).exists() {
		return nil
	}
	combine := combineDelegates
	if op == "-" {
		combine = removeDelegate
	}
	x, y = b.convert(x, t, at), b.convert(y, t, at)
	return &boundBinary{node: node{t, at}, x: x, y: y, name: op, operand: t, op: func(_ *Machine, x, y any) (any, error) {
		return combine(x, y), nil
	}}
}

func isTuple(x bound) bool {
	if record, ok := x.(*boundRecord); ok {
		return record.t == nil || record.t.kind == Tuple
	}
	return x.typ() != nil && x.typ().kind == Tuple
}

// tupleEquality compares tuples member by member.
func (b *binder) tupleEquality(at syntax.Node, op string, x, y bound) bound {
	let := &boundLet{node: node{basic.bool, at}}
	xs, ys := let.tuple(x), let.tuple(y)
	if len(xs) != len(ys) {
		return b.fail(at, "CS8384", "Tuple types used as operands of an == or != operator must have matching cardinalities, but this operator has %d on the left and %d on the right", len(xs), len(ys))
	}
	for i := range xs {
		equal := b.binaryOp(at, op, xs[i], ys[i])
		if isBad(equal) {
			return bad(at)
		}
		unobserved(equal)
		equal = b.convert(equal, basic.bool, at)
		if let.body == nil {
			let.body = equal
		} else {
			let.body = &boundLogical{node{basic.bool, nil}, let.body, equal, op == "!="}
		}
	}
	return let
}

// tuple gives the members of a tuple, which is evaluated once: its fields, or
// the expressions of one that has no type.
func (let *boundLet) tuple(x bound) []bound {
	if x.typ() == nil {
		return x.(*boundRecord).elems
	}
	value := &boundPlaceholder{node{x.typ(), nil}}
	let.values, let.inits = append(let.values, value), append(let.inits, x)
	elems := make([]bound, len(x.typ().args))
	for i, t := range x.typ().args {
		elems[i] = &boundField{node{t, nil}, value, i}
	}
	return elems
}

// concatenation is + with a text.
func (b *binder) concatenation(at syntax.Node, op string, x, y bound) bound {
	if op != "+" || x.typ() != basic.string && y.typ() != basic.string {
		return nil
	}
	return b.joined(at, x, y)
}

// joined is the text of x and y together.
func (b *binder) joined(at syntax.Node, x, y bound) bound {
	kx, okx := x.(*boundConst)
	ky, oky := y.(*boundConst)
	if okx && oky && (kx.value == nil || kx.t == basic.string) && (ky.value == nil || ky.t == basic.string) {
		joined := text(kx.value) + text(ky.value)
		if len(joined) > maxConstantText {
			return b.fail(at, "CS8095", "Length of String constant resulting from concatenation exceeds the limit of %d", maxConstantText)
		}
		return &boundConst{node{basic.string, at}, joined}
	}
	return &boundConcat{node{basic.string, at}, []bound{x, y}}
}

const maxConstantText = 1 << 20

// unary binds + - ! ~ ++ and --.
func (b *binder) unary(e *syntax.Unary) bound {
	if e.Op == "++" || e.Op == "--" {
		return b.increment(e, e.X, e.Op, false)
	}
	x := b.value(e.X)
	if isBad(x) {
		return bad(e)
	}
	if x.typ() == nil || x.typ() == basic.void {
		return b.noUnary(e, x)
	}
	if m, lifted, _ := b.userOperator("operator "+e.Op, []argument{{x: x, at: e}}); m != nil {
		t := m.result()
		if lifted {
			t = nullableOf(t)
		}
		return &boundUnary{node: node{t, e}, x: x, op: callUnary(*m), name: e.Op, lifted: lifted, user: m}
	}
	t, op := b.unaryOperator(e.Op, x)
	if op == nil {
		return b.noUnary(e, x)
	}
	lifted := x.typ().kind == Nullable
	if lifted {
		t = nullableOf(t)
	}
	x = b.convert(x, t, e)
	if k, ok := x.(*boundConst); ok && !lifted {
		v, err := op(b.overflow != overflowUnchecked)(nil, k.value)
		if err != nil {
			return b.fail(e, "CS0220", "The operation overflows at compile time in checked mode")
		}
		return &boundConst{node{t, e}, v}
	}
	return &boundUnary{node: node{t, e}, x: x, op: op(b.overflow == overflowChecked), name: e.Op, lifted: lifted}
}

func (b *binder) noUnary(e *syntax.Unary, x bound) bound {
	return b.fail(e, "CS0023", "Operator '%s' cannot be applied to operand of type '%s'", e.Op, displayOf(x))
}

// unaryOperator is the language's own operator for x, and the type it works on;
// nil if there is none.
func (b *binder) unaryOperator(op string, x bound) (*Type, func(checked bool) unaryFunc) {
	operand := func(t *Type) *Type {
		if x.typ().kind == Nullable {
			return nullableOf(t)
		}
		return t
	}
	if op == "!" {
		if b.implicit(x, operand(basic.bool)).exists() && x.typ().kind != Null {
			return basic.bool, func(bool) unaryFunc { return func(_ *Machine, x any) (any, error) { return !x.(bool), nil } }
		}
		return nil, nil
	}
	if t := x.typ().underlying(); op == "~" && t.kind == Enum {
		return t, func(bool) unaryFunc {
			return func(_ *Machine, x any) (any, error) { return EnumObject{t, ^x.(EnumObject).Value}, nil }
		}
	}
	for _, t := range numericTypes() {
		var fn func(bool) unaryFunc
		switch op {
		case "+":
			fn = func(bool) unaryFunc { return func(_ *Machine, x any) (any, error) { return x, nil } }
		case "-":
			fn = func(checked bool) unaryFunc { return negation(t.numeric(), checked) }
		case "~":
			fn = func(bool) unaryFunc { return complement(t.numeric()) }
		}
		if fn == nil || x.typ().kind == Null || !b.implicit(x, operand(t)).exists() {
			continue
		}
		if fn(false) == nil {
			if x.typ().underlying() == basic.ulong {
				return nil, nil // -ulong is ambiguous between float, double and decimal
			}
			continue
		}
		return t, fn
	}
	return nil, nil
}

func callUnary(m method) unaryFunc {
	types := staticTypes(m)
	return func(machine *Machine, x any) (any, error) {
		args := machine.push(1)
		args[0] = x
		v, err := m.call(machine, types, args)
		machine.pop(args)
		return v, err
	}
}

// increment is ++ and --: x becomes x + 1.
func (b *binder) increment(e syntax.Expr, operand syntax.Expr, op string, postfix bool) bound {
	target := b.target(operand)
	if isBad(target) {
		return bad(e)
	}
	t := target.typ()
	if u := t.underlying(); u.numeric() == notNumeric && u.kind != Enum {
		return b.fail(e, "CS0023", "Operator '%s' cannot be applied to operand of type '%s'", op, t.display())
	}
	old := &boundPlaceholder{node{t, nil}}
	next := b.binaryOp(e, op[:1], old, &boundConst{node{basic.int, nil}, int32(1)})
	if isBad(next) {
		return next
	}
	unobserved(next)
	if c := b.explicit(next, t); c.exists() {
		next = b.apply(next, c, t, nil)
	}
	return &boundCompound{node{t, e}, target, old, next, postfix}
}

// unobserved takes the source off a node that stands for no expression of its own.
func unobserved(x bound) {
	if binary, ok := x.(*boundBinary); ok {
		binary.src = nil
	}
}
