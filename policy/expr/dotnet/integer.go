package dotnet

import (
	"math"
	"reflect"
)

// Integer is any of C#'s integer types, char included.
type Integer interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}

// isSigned tells whether T has negative values.
func isSigned[T Integer]() bool { return ^T(0) < 0 }

// width is the number of T's bits.
func width[T Integer]() int { return reflect.TypeFor[T]().Bits() }

// split takes the sign off.
func split[T Integer](v T) (negative bool, magnitude uint64) {
	if v < 0 {
		return true, -uint64(v)
	}
	return false, uint64(v)
}

// join puts a sign back and reports whether the value fits.
func join[T Integer](negative bool, magnitude uint64) (T, bool) {
	v := T(magnitude)
	if negative {
		v = -v
		return v, magnitude == 0 || v < 0 && -uint64(v) == magnitude
	}
	return v, v >= 0 && uint64(v) == magnitude
}

// ArithmeticOverflow is what checked arithmetic and checked conversions throw.
func ArithmeticOverflow() *Exception {
	return Overflow("Arithmetic operation resulted in an overflow.")
}

// integerOverflow is what parsing and System.Convert throw.
func integerOverflow[T Integer]() *Exception {
	return Overflow("Value was either too large or too small for " + rangeName[T]() + ".")
}

// rangeName is how the messages of OverflowException call a type.
func rangeName[T Integer]() string {
	switch any(T(0)).(type) {
	case int8:
		return "a signed byte"
	case uint8:
		return "an unsigned byte"
	case Char:
		return "a character"
	}
	name := TypeCodeOf(T(0)).String()
	if name[0] == 'I' {
		return "an " + name
	}
	return "a " + name
}

// AddChecked is checked(a + b).
func AddChecked[T Integer](a, b T) (T, error) {
	sum := a + b
	if (sum < a) != (b < 0) {
		return 0, ArithmeticOverflow()
	}
	return sum, nil
}

// SubtractChecked is checked(a - b).
func SubtractChecked[T Integer](a, b T) (T, error) {
	difference := a - b
	if (difference > a) != (b < 0) {
		return 0, ArithmeticOverflow()
	}
	return difference, nil
}

// MultiplyChecked is checked(a * b).
func MultiplyChecked[T Integer](a, b T) (T, error) {
	product := a * b
	// The division undoes the product unless it overflowed; MinValue * -1 is
	// the one overflow that it undoes too.
	if b != 0 && (product/b != a || isSigned[T]() && b == ^T(0) && a != 0 && a == -a) {
		return 0, ArithmeticOverflow()
	}
	return product, nil
}

// NegateChecked is checked(-v).
func NegateChecked[T Integer](v T) (T, error) { return SubtractChecked(0, v) }

// Divide is a / b, cut off towards zero. A zero b is a DivideByZeroException;
// MinValue / -1 overflows, in unchecked code too.
func Divide[T Integer](a, b T) (T, error) {
	if err := divisible(a, b); err != nil {
		return 0, err
	}
	return a / b, nil
}

// Remainder is a % b, with the sign of a and the exceptions of [Divide].
func Remainder[T Integer](a, b T) (T, error) {
	if err := divisible(a, b); err != nil {
		return 0, err
	}
	return a % b, nil
}

func divisible[T Integer](a, b T) error {
	if b == 0 {
		return DivideByZero()
	}
	if isSigned[T]() && b == ^T(0) && a != 0 && a == -a {
		return ArithmeticOverflow()
	}
	return nil
}

// CastChecked is a checked conversion between integer types.
func CastChecked[To, From Integer](v From) (To, error) {
	to := To(v)
	if From(to) != v || (to < 0) != (v < 0) {
		return 0, ArithmeticOverflow()
	}
	return to, nil
}

// IntegerToDouble is the conversion to double. A ulong from 2^63 on is rounded
// twice, as .NET Core 3.1 on x64 does.
func IntegerToDouble[T Integer](v T) float64 {
	if isSigned[T]() || uint64(v) < 1<<63 {
		return float64(v)
	}
	return float64(int64(v)) + 1<<64
}

// IntegerToSingle is the conversion to float; that of a ulong goes by way of
// double.
func IntegerToSingle[T Integer](v T) float32 {
	if !isSigned[T]() && width[T]() == 64 {
		return float32(IntegerToDouble(v))
	}
	return float32(v)
}

// FloatToInteger is an unchecked conversion of a double (or a float, which is
// exact as a double). What does not fit gives what .NET on x64 gives: the
// instruction's "indefinite" value, narrowed.
func FloatToInteger[T Integer](v float64) T {
	if !isSigned[T]() && width[T]() == 64 {
		return T(floatToUint64(v))
	}
	if width[T]() == 64 || !isSigned[T]() && width[T]() == 32 {
		return T(floatToInt64(v))
	}
	if v > math.MinInt32-1 && v < math.MaxInt32+1 {
		return T(int32(v))
	}
	indefinite := int32(math.MinInt32)
	return T(indefinite)
}

func floatToInt64(v float64) int64 {
	if v >= math.MinInt64 && v < 1<<63 {
		return int64(v)
	}
	return math.MinInt64
}

func floatToUint64(v float64) uint64 {
	if v < 1<<63 {
		return uint64(floatToInt64(v))
	}
	return uint64(floatToInt64(v-1<<63)) ^ 1<<63 // of NaN: 0
}

// FloatToIntegerChecked is a checked conversion of a double or a float.
func FloatToIntegerChecked[T Integer](v float64) (T, error) {
	t := math.Trunc(v)
	if t >= 0 && t < 1<<64 {
		if to, ok := join[T](false, uint64(t)); ok {
			return to, nil
		}
	} else if t < 0 && t >= math.MinInt64 {
		if to, ok := join[T](true, uint64(-t)); ok {
			return to, nil
		}
	}
	return 0, ArithmeticOverflow()
}
