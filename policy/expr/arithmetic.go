package expr

import (
	"math"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// arithmetic is a binary operator on operands of one promoted numeric type: + -
// * / % & | ^ == != < > <= >=, and << >> whose right operand is an int. It is nil
// where the type does not have the operator.
func arithmetic(op string, t numeric, checked bool) binaryFunc {
	switch t {
	case numInt:
		return integerOperator[int32](op, checked)
	case numUInt:
		return integerOperator[uint32](op, checked)
	case numLong:
		return integerOperator[int64](op, checked)
	case numULong:
		return integerOperator[uint64](op, checked)
	case numFloat:
		return floatOperator[float32](op)
	case numDouble:
		return floatOperator[float64](op)
	case numDecimal:
		return decimalOperator(op)
	}
	return nil
}

type ordered interface {
	int32 | uint32 | int64 | uint64 | float32 | float64
}

// comparisonOf is an operator that gives a bool; nil if op is none.
func comparisonOf[T ordered](op string) binaryFunc {
	switch op {
	case "==":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) == y.(T), nil }
	case "!=":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) != y.(T), nil }
	case "<":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) < y.(T), nil }
	case ">":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) > y.(T), nil }
	case "<=":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) <= y.(T), nil }
	case ">=":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) >= y.(T), nil }
	}
	return nil
}

func integerOperator[T int32 | uint32 | int64 | uint64](op string, checked bool) binaryFunc {
	if checked {
		switch op {
		case "+":
			return func(_ *Machine, x, y any) (any, error) { return dotnet.AddChecked(x.(T), y.(T)) }
		case "-":
			return func(_ *Machine, x, y any) (any, error) { return dotnet.SubtractChecked(x.(T), y.(T)) }
		case "*":
			return func(_ *Machine, x, y any) (any, error) { return dotnet.MultiplyChecked(x.(T), y.(T)) }
		}
	}
	switch op {
	case "+":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) + y.(T), nil }
	case "-":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) - y.(T), nil }
	case "*":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) * y.(T), nil }
	case "/":
		return func(_ *Machine, x, y any) (any, error) { return dotnet.Divide(x.(T), y.(T)) }
	case "%":
		return func(_ *Machine, x, y any) (any, error) { return dotnet.Remainder(x.(T), y.(T)) }
	case "&":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) & y.(T), nil }
	case "|":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) | y.(T), nil }
	case "^":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) ^ y.(T), nil }
	case "<<":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) << shift[T](y), nil }
	case ">>":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) >> shift[T](y), nil }
	}
	return comparisonOf[T](op)
}

// shift is a shift count: its low five bits, or six of a 64-bit type.
func shift[T int32 | uint32 | int64 | uint64](y any) uint {
	switch any(T(0)).(type) {
	case int64, uint64:
		return uint(y.(int32)) & 63
	}
	return uint(y.(int32)) & 31
}

func floatOperator[T float32 | float64](op string) binaryFunc {
	switch op {
	case "+":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) + y.(T), nil }
	case "-":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) - y.(T), nil }
	case "*":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) * y.(T), nil }
	case "/":
		return func(_ *Machine, x, y any) (any, error) { return x.(T) / y.(T), nil }
	case "%":
		return func(_ *Machine, x, y any) (any, error) {
			r := math.Mod(float64(x.(T)), float64(y.(T)))
			if math.IsNaN(r) {
				r = notANumber()
			}
			return T(r), nil
		}
	}
	return comparisonOf[T](op)
}

func decimalOperator(op string) binaryFunc {
	type decimal = dotnet.Decimal
	compared := func(holds func(order int) bool) binaryFunc {
		return func(_ *Machine, x, y any) (any, error) { return holds(x.(decimal).Compare(y.(decimal))), nil }
	}
	switch op {
	case "+":
		return func(_ *Machine, x, y any) (any, error) { return x.(decimal).Add(y.(decimal)) }
	case "-":
		return func(_ *Machine, x, y any) (any, error) { return x.(decimal).Subtract(y.(decimal)) }
	case "*":
		return func(_ *Machine, x, y any) (any, error) { return x.(decimal).Multiply(y.(decimal)) }
	case "/":
		return func(_ *Machine, x, y any) (any, error) { return x.(decimal).Divide(y.(decimal)) }
	case "%":
		return func(_ *Machine, x, y any) (any, error) { return x.(decimal).Remainder(y.(decimal)) }
	case "==":
		return compared(func(order int) bool { return order == 0 })
	case "!=":
		return compared(func(order int) bool { return order != 0 })
	case "<":
		return compared(func(order int) bool { return order < 0 })
	case ">":
		return compared(func(order int) bool { return order > 0 })
	case "<=":
		return compared(func(order int) bool { return order <= 0 })
	case ">=":
		return compared(func(order int) bool { return order >= 0 })
	}
	return nil
}

// negation is the unary minus of a promoted numeric type.
func negation(t numeric, checked bool) unaryFunc {
	switch t {
	case numInt:
		return negate[int32](checked)
	case numLong:
		return negate[int64](checked)
	case numFloat:
		return func(_ *Machine, x any) (any, error) { return -x.(float32), nil }
	case numDouble:
		return func(_ *Machine, x any) (any, error) { return -x.(float64), nil }
	case numDecimal:
		return func(_ *Machine, x any) (any, error) { return x.(dotnet.Decimal).Negate(), nil }
	}
	return nil
}

func negate[T int32 | int64](checked bool) unaryFunc {
	if checked {
		return func(_ *Machine, x any) (any, error) { return dotnet.NegateChecked(x.(T)) }
	}
	return func(_ *Machine, x any) (any, error) { return -x.(T), nil }
}

// complement is ~ of a promoted integer type.
func complement(t numeric) unaryFunc {
	switch t {
	case numInt:
		return func(_ *Machine, x any) (any, error) { return ^x.(int32), nil }
	case numUInt:
		return func(_ *Machine, x any) (any, error) { return ^x.(uint32), nil }
	case numLong:
		return func(_ *Machine, x any) (any, error) { return ^x.(int64), nil }
	case numULong:
		return func(_ *Machine, x any) (any, error) { return ^x.(uint64), nil }
	}
	return nil
}

// notANumber is the NaN that x86 computes, which .NET's constants are too: the
// bits of math.NaN are others, and BitConverter shows them.
func notANumber() float64 { return math.Float64frombits(0xFFF8 << 48) }
