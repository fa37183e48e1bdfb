package expr

import (
	"math"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// operator compiles operators whose result may be a condition.
func (c *compiler) operator(x bound) eval {
	switch x := x.(type) {
	case *boundLogical:
		holds := c.test(x)
		return func(f *frame) (any, error) { return boxed(holds(f)) }
	case *boundIs:
		holds := c.test(x)
		return func(f *frame) (any, error) { return boxed(holds(f)) }
	case *boundUnary:
		return c.unary(x)
	case *boundBinary:
		if x.t == basic.bool && x.operand == basic.int && x.lifted == notLifted {
			holds := c.test(x)
			return func(f *frame) (any, error) { return boxed(holds(f)) }
		}
		if n := c.intOperator(x); n != nil {
			return func(f *frame) (any, error) {
				v, err := n(f)
				if err != nil {
					return nil, err
				}
				return v, nil
			}
		}
		return c.binary(x)
	}
	panic("expr: no operator")
}

func boxed(v bool, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// test is a condition; its value is not boxed.
type test func(f *frame) (bool, error)

// cond compiles a condition.
func (c *compiler) cond(x bound) test {
	if !c.observed {
		if t := c.test(x); t != nil {
			return t
		}
	}
	value := c.expr(x)
	return func(f *frame) (bool, error) {
		v, err := value(f)
		if err != nil {
			return false, err
		}
		return v.(bool), nil
	}
}

// test compiles a condition without looking at its value's type at run time; nil
// where that gains nothing.
func (c *compiler) test(x bound) test {
	switch x := x.(type) {
	case *boundLogical:
		return logical(c.cond(x.x), c.cond(x.y), x.or)
	case *boundIs:
		value, matches := c.expr(x.x), c.pattern(x.pattern)
		return func(f *frame) (bool, error) {
			v, err := value(f)
			if err != nil {
				return false, err
			}
			return matches(f, v)
		}
	case *boundCall:
		return c.directTest(x)
	case *boundUnary:
		if x.name == "!" && x.user == nil && !x.lifted {
			operand := c.cond(x.x)
			return func(f *frame) (bool, error) {
				holds, err := operand(f)
				return !holds, err
			}
		}
	case *boundBinary:
		switch {
		case x.lifted != notLifted || x.user != nil:
		case x.operand == basic.int:
			if k, ok := x.y.(*boundConst); ok {
				return comparedWith(c.int(x.x), k.value.(int32), x.name)
			}
			return compared(c.int(x.x), c.int(x.y), x.name)
		case x.operand == basic.string && (x.name == "==" || x.name == "!="):
			return c.sameText(x)
		}
	}
	return nil
}

func logical(x, y test, or bool) test {
	return func(f *frame) (bool, error) {
		holds, err := x(f)
		if err != nil || holds == or {
			return holds, err
		}
		return y(f)
	}
}

func (c *compiler) sameText(x *boundBinary) test {
	first, second, equal := c.text(x.x), c.text(x.y), x.name == "=="
	return func(f *frame) (bool, error) {
		a, noText, err := first(f)
		if err != nil {
			return false, err
		}
		b, noOther, err := second(f)
		return (noText == noOther && a == b) == equal, err
	}
}

// integer is an int; its value is not boxed.
type integer func(f *frame) (int32, error)

// int compiles an expression of the type int.
func (c *compiler) int(x bound) integer {
	if !c.observed {
		switch x := x.(type) {
		case *boundConst:
			v := x.value.(int32)
			return func(*frame) (int32, error) { return v, nil }
		case *boundVariable:
			if !x.v.cell {
				slot := c.fn.slotOf(x.v)
				return func(f *frame) (int32, error) { return f.vars[slot].(int32), nil }
			}
		case *boundBinary:
			if n := c.intOperator(x); n != nil {
				return n
			}
		case *boundConvert:
			if x.conv.kind == castConversion {
				return c.unboxInt(x)
			}
		}
	}
	value := c.expr(x)
	return func(f *frame) (int32, error) {
		v, err := value(f)
		if err != nil {
			return 0, err
		}
		return v.(int32), nil
	}
}

// unboxInt compiles (int)x of an object.
func (c *compiler) unboxInt(x *boundConvert) integer {
	value, general := c.expr(x.x), c.castTo(basic.int)
	return func(f *frame) (int32, error) {
		v, err := value(f)
		if err != nil {
			return 0, err
		}
		if n, ok := v.(int32); ok {
			return n, nil
		}
		if v, err = general(f, v); err != nil {
			return 0, err
		}
		return v.(int32), nil
	}
}

// intOperator compiles the unchecked operators of int that cannot fail; nil if x
// is none.
func (c *compiler) intOperator(x *boundBinary) integer {
	if x.t != basic.int || x.operand != basic.int || x.lifted != notLifted || x.user != nil || x.checked || x.y.typ() != basic.int {
		return nil
	}
	var op func(a, b int32) int32
	switch x.name {
	case "+":
		op = func(a, b int32) int32 { return a + b }
	case "-":
		op = func(a, b int32) int32 { return a - b }
	case "*":
		op = func(a, b int32) int32 { return a * b }
	default:
		return nil
	}
	first, second := c.int(x.x), c.int(x.y)
	return func(f *frame) (int32, error) {
		a, err := first(f)
		if err != nil {
			return 0, err
		}
		b, err := second(f)
		return op(a, b), err
	}
}

// comparedWith compiles a comparison of an int with a constant: whether it lies
// between two numbers, or does not.
func comparedWith(x integer, k int32, op string) test {
	least, greatest, inside := int64(math.MinInt32), int64(math.MaxInt32), true
	switch op {
	case "==":
		least, greatest = int64(k), int64(k)
	case "!=":
		least, greatest, inside = int64(k), int64(k), false
	case "<":
		greatest = int64(k) - 1
	case ">":
		least = int64(k) + 1
	case "<=":
		greatest = int64(k)
	case ">=":
		least = int64(k)
	default:
		return nil
	}
	return func(f *frame) (bool, error) {
		a, err := x(f)
		return (int64(a) >= least && int64(a) <= greatest) == inside, err
	}
}

// compared compiles a comparison of ints.
func compared(x, y integer, op string) test {
	switch op {
	case "==":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a == b, err
		}
	case "!=":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a != b, err
		}
	case "<":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a < b, err
		}
	case ">":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a > b, err
		}
	case "<=":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a <= b, err
		}
	case ">=":
		return func(f *frame) (bool, error) {
			a, err := x(f)
			if err != nil {
				return false, err
			}
			b, err := y(f)
			return a >= b, err
		}
	}
	return nil
}

func (c *compiler) unary(x *boundUnary) eval {
	operand, op, lifted := c.expr(x.x), x.op, x.lifted
	return func(f *frame) (any, error) {
		v, err := operand(f)
		if err != nil || v == nil && lifted {
			return nil, err
		}
		return op(f.m, v)
	}
}

func (c *compiler) binary(x *boundBinary) eval {
	first, second, op, lifted := c.expr(x.x), c.expr(x.y), x.op, x.lifted
	return func(f *frame) (any, error) {
		a, err := first(f)
		if err != nil {
			return nil, err
		}
		b, err := second(f)
		if err != nil {
			return nil, err
		}
		if lifted != notLifted && (a == nil || b == nil) {
			return ofNull(lifted, a, b), nil
		}
		return op(f.m, a, b)
	}
}

// ofNull is what an operator gives when an operand is null.
func ofNull(lifted liftKind, a, b any) any {
	switch lifted {
	case falseIfNull:
		return false
	case equalNulls:
		return a == nil && b == nil
	case unequalNulls:
		return a != nil || b != nil
	case threeValuedAnd:
		if a == false || b == false {
			return false
		}
	case threeValuedOr:
		if a == true || b == true {
			return true
		}
	}
	return nil
}

// pattern compiles a pattern.
func (c *compiler) pattern(p boundPattern) func(f *frame, v any) (bool, error) {
	switch p := p.(type) {
	case *constPattern:
		want := p.value.value
		if want == nil {
			return func(_ *frame, v any) (bool, error) { return v == nil, nil }
		}
		switch want.(type) {
		case string, int32, bool, dotnet.Char, EnumObject:
			return func(_ *frame, v any) (bool, error) { return v == want, nil }
		}
		return func(f *frame, v any) (bool, error) {
			if v == nil {
				return false, nil
			}
			return f.m.Equal(want, v)
		}
	case *typePattern:
		is, set := c.instance(p.t.underlying()), c.setter(p.v)
		return func(f *frame, v any) (bool, error) {
			if v == nil || !is(f, v) {
				return false, nil
			}
			if set != nil {
				set(f, v)
			}
			return true, nil
		}
	case *varPattern:
		set := c.setter(p.v)
		return func(f *frame, v any) (bool, error) {
			if set != nil {
				set(f, v)
			}
			return true, nil
		}
	}
	panic("expr: no pattern")
}
