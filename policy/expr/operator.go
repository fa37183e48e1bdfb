package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// liftKind says what an operator on nullables makes of null.
type liftKind uint8

const (
	notLifted  liftKind = iota
	nullIfNull          // the result is null
	falseIfNull
	equalNulls // == : null equals null
	unequalNulls
	threeValuedAnd // of bool?
	threeValuedOr
)

// liftOf is how an operator treats null operands.
func liftOf(op string, operand *Type) liftKind {
	switch op {
	case "==":
		return equalNulls
	case "!=":
		return unequalNulls
	case "<", ">", "<=", ">=":
		return falseIfNull
	case "&":
		if operand == basic.bool {
			return threeValuedAnd
		}
	case "|":
		if operand == basic.bool {
			return threeValuedOr
		}
	}
	return nullIfNull
}

func isComparison(op string) bool {
	switch op {
	case "==", "!=", "<", ">", "<=", ">=":
		return true
	}
	return false
}

// binaryOp binds x op y: by an operator that one of the types declares, or by one
// of the language's own.
func (b *binder) binaryOp(at syntax.Node, op string, x, y bound) bound {
	if isBad(x) || isBad(y) {
		return bad(at)
	}
	equality := op == "==" || op == "!="
	if _, ok := y.(*boundDefaultLiteral); ok && equality && x.typ() != nil {
		y = b.convert(y, x.typ(), at)
	} else if _, ok := x.(*boundDefaultLiteral); ok && equality && y.typ() != nil {
		x = b.convert(x, y.typ(), at)
	}
	if equality && isTuple(x) && isTuple(y) {
		return b.tupleEquality(at, op, x, y)
	}
	if r := b.delegateBinary(at, op, x, y); r != nil {
		return r
	}
	if x.typ() == nil || y.typ() == nil || x.typ() == basic.void || y.typ() == basic.void {
		return b.noOperator(at, op, x, y)
	}
	if r := b.userBinary(at, op, x, y); r != nil {
		return r
	}
	for _, try := range []func(syntax.Node, string, bound, bound) bound{
		b.concatenation, b.numericBinary, b.boolBinary, b.enumBinary, b.equality,
	} {
		if r := try(at, op, x, y); r != nil {
			return r
		}
	}
	if op == "+" && (x.typ().kind == Null) != (y.typ().kind == Null) {
		return b.joined(at, x, y) // of string + object only the null fits string
	}
	return b.noOperator(at, op, x, y)
}

func (b *binder) noOperator(at syntax.Node, op string, x, y bound) bound {
	hint := ""
	switch {
	case (op == "<" || op == ">" || op == "<=" || op == ">=") && x.typ() == basic.string && y.typ() == basic.string:
		hint = ": use string.Compare"
	case x.typ() == basic.object && y.typ() != basic.object:
		hint = ": cast the left operand to '" + displayOf(y) + "'"
	}
	return b.fail(at, "CS0019", "Operator '%s' cannot be applied to operands of type '%s' and '%s'%s", op, displayOf(x), displayOf(y), hint)
}

// numericTypes are what operands are promoted to, in order of preference.
func numericTypes() []*Type {
	return []*Type{basic.int, basic.uint, basic.long, basic.ulong, basic.float, basic.double, basic.decimal}
}

// numericBinary is arithmetic, comparison, bitwise operators and shifts of
// numbers; nil if the operands are none.
func (b *binder) numericBinary(at syntax.Node, op string, x, y bound) bound {
	if op == "<<" || op == ">>" {
		return b.shift(at, op, x, y)
	}
	t, ambiguous := b.promote(op, x, y)
	if ambiguous {
		return b.fail(at, "CS0034", "Operator '%s' is ambiguous on operands of type '%s' and '%s': cast one of them", op, displayOf(x), displayOf(y))
	}
	if t == nil {
		return nil
	}
	result := t
	if isComparison(op) {
		result = basic.bool
	}
	return b.builtin(at, op, x, y, t, t, result, func(checked bool) binaryFunc { return arithmetic(op, t.numeric(), checked) })
}

// promote finds the numeric type that both operands convert to best; nil if
// there is none, or several that are equally good.
func (b *binder) promote(op string, x, y bound) (best *Type, ambiguous bool) {
	lifted := x.typ().kind == Nullable || y.typ().kind == Nullable || x.typ().kind == Null || y.typ().kind == Null
	if x.typ().kind == Null && y.typ().kind == Null {
		return nil, !isComparison(op)
	}
	operand := func(t *Type) *Type {
		if lifted {
			return nullableOf(t)
		}
		return t
	}
	var fitting []*Type
	for _, t := range numericTypes() {
		if arithmetic(op, t.numeric(), false) != nil && b.implicit(x, operand(t)).exists() && b.implicit(y, operand(t)).exists() {
			fitting = append(fitting, t)
		}
	}
	for _, t := range fitting {
		if !slices.ContainsFunc(fitting, func(o *Type) bool { return o != t && !b.betterOperand(x, y, operand(t), operand(o)) }) {
			best = t
		}
	}
	return best, best == nil && len(fitting) > 0
}

// betterOperand reports whether an operator on t1 is better than one on t2.
func (b *binder) betterOperand(x, y bound, t1, t2 *Type) bool {
	cx, cy := b.betterConversion(x, t1, t2), b.betterConversion(y, t1, t2)
	return cx >= 0 && cy >= 0 && cx+cy > 0
}

func (b *binder) shift(at syntax.Node, op string, x, y bound) bound {
	lifted := x.typ().kind == Nullable || y.typ().kind == Nullable
	operand := func(t *Type) *Type {
		if lifted {
			return nullableOf(t)
		}
		return t
	}
	if !b.implicit(y, operand(basic.int)).exists() {
		return nil
	}
	for _, t := range numericTypes()[:4] {
		if b.implicit(x, operand(t)).exists() {
			return b.builtin(at, op, x, y, t, basic.int, t, func(bool) binaryFunc { return arithmetic(op, t.numeric(), false) })
		}
	}
	return nil
}

// builtin makes an operator of the language on operands of the types left and
// right, lifted if an operand is nullable, and folds it if they are constants.
func (b *binder) builtin(at syntax.Node, op string, x, y bound, left, right, result *Type, make func(checked bool) binaryFunc) bound {
	lift := notLifted
	if isNullable(x) || isNullable(y) {
		lift = liftOf(op, left)
		left, right = nullableOf(left), nullableOf(right)
		if lift == nullIfNull || lift == threeValuedAnd || lift == threeValuedOr {
			result = nullableOf(result)
		}
	}
	x, y = b.convert(x, left, at), b.convert(y, right, at)
	if isBad(x) || isBad(y) {
		return bad(at)
	}
	if lift == notLifted {
		if folded := b.foldBinary(at, x, y, result, make); folded != nil {
			return folded
		}
	}
	return &boundBinary{node: node{result, at}, x: x, y: y, op: make(b.overflow == overflowChecked), name: op, operand: left.underlying(), lifted: lift, checked: b.overflow == overflowChecked}
}

func isNullable(x bound) bool { return x.typ().kind == Nullable || x.typ().kind == Null }

func isZero(v any) bool {
	switch v := v.(type) {
	case int32:
		return v == 0
	case uint32:
		return v == 0
	case int64:
		return v == 0
	case uint64:
		return v == 0
	case dotnet.Decimal:
		return v.IsZero()
	case int8:
		return v == 0
	case uint8:
		return v == 0
	case int16:
		return v == 0
	case uint16:
		return v == 0
	case float64:
		return v == 0
	case float32:
		return v == 0
	}
	return false
}

// foldBinary computes an operator on constants; nil if an operand is none.
func (b *binder) foldBinary(at syntax.Node, x, y bound, result *Type, make func(checked bool) binaryFunc) bound {
	kx, okx := x.(*boundConst)
	ky, oky := y.(*boundConst)
	if !okx || !oky {
		return nil
	}
	v, err := make(b.overflow != overflowUnchecked)(nil, kx.value, ky.value)
	switch thrown, ok := Thrown(err); {
	case ok && thrown.Type == "System.DivideByZeroException":
		return b.fail(at, "CS0020", "Division by constant zero")
	case err != nil:
		return b.fail(at, "CS0220", "The operation overflows at compile time in checked mode")
	}
	return &boundConst{node{result, at}, v}
}

// boolBinary is & | ^ == != of bools.
func (b *binder) boolBinary(at syntax.Node, op string, x, y bound) bound {
	fn := boolOperator(op)
	if fn == nil || x.typ().kind == Null && y.typ().kind == Null {
		return nil
	}
	t := basic.bool
	if isNullable(x) || isNullable(y) {
		t = nullableOf(t)
	}
	if !b.implicit(x, t).exists() || !b.implicit(y, t).exists() {
		return nil
	}
	return b.builtin(at, op, x, y, basic.bool, basic.bool, basic.bool, func(bool) binaryFunc { return fn })
}

func boolOperator(op string) binaryFunc {
	switch op {
	case "&":
		return func(_ *Machine, x, y any) (any, error) { return x.(bool) && y.(bool), nil }
	case "|":
		return func(_ *Machine, x, y any) (any, error) { return x.(bool) || y.(bool), nil }
	case "^", "!=":
		return func(_ *Machine, x, y any) (any, error) { return x.(bool) != y.(bool), nil }
	case "==":
		return func(_ *Machine, x, y any) (any, error) { return x.(bool) == y.(bool), nil }
	}
	return nil
}

// enumBinary is the operators of enums: arithmetic with their numbers, bitwise
// operators, comparison.
func (b *binder) enumBinary(at syntax.Node, op string, x, y bound) bound {
	tx, ty := x.typ().underlying(), y.typ().underlying()
	e := tx
	if tx.kind != Enum {
		e = ty
	}
	if e.kind != Enum {
		return nil
	}
	nullable := isNullable(x) || isNullable(y)
	operand := func(t *Type) *Type {
		if nullable {
			return nullableOf(t)
		}
		return t
	}
	both := b.implicit(x, operand(e)).exists() && b.implicit(y, operand(e)).exists()
	make := func(bool) binaryFunc { return enumOperator(op, e) }
	switch op {
	case "==", "!=", "<", ">", "<=", ">=":
		if both {
			return b.builtin(at, op, x, y, e, e, basic.bool, make)
		}
	case "&", "|", "^":
		if both {
			return b.builtin(at, op, x, y, e, e, e, make)
		}
	case "-":
		if both && tx.kind == Enum && ty.kind == Enum {
			return b.builtin(at, op, x, y, e, e, basic.int, make)
		}
		fallthrough
	case "+":
		if tx.kind == Enum && b.implicit(y, operand(basic.int)).exists() {
			return b.builtin(at, op, x, y, e, basic.int, e, make)
		}
		if op == "+" && ty.kind == Enum && b.implicit(x, operand(basic.int)).exists() {
			return b.builtin(at, op, x, y, basic.int, e, e, make)
		}
	}
	return nil
}

// enumOperator works on the numbers of enum values and ints.
func enumOperator(op string, e *Type) binaryFunc {
	number := func(v any) int64 {
		if e, ok := v.(EnumObject); ok {
			return e.Value
		}
		return int64(v.(int32))
	}
	compute := arithmetic(op, numLong, false)
	return func(m *Machine, x, y any) (any, error) {
		v, err := compute(m, number(x), number(y))
		if err != nil {
			return nil, err
		}
		n, isNumber := v.(int64)
		switch _, xEnum := x.(EnumObject); {
		case !isNumber:
			return v, nil
		case op == "-" && xEnum && isEnum(y):
			return int32(n), nil
		}
		return EnumObject{e, n}, nil
	}
}

func isEnum(v any) bool {
	_, ok := v.(EnumObject)
	return ok
}
