package dotnet

import (
	"cmp"
	"math"
)

// Of System.Math this file and math_exact.go have what Go does otherwise. For
// double the rest is Go's: Floor, Ceil, Trunc, RoundToEven (Math.Round), Abs,
// Sqrt, Cbrt, Remainder (IEEERemainder), Mod (the operator %), the built-in max
// and min, and the trigonometric and hyperbolic functions, whose last digit can
// differ. Those of decimal are methods of [Decimal].

// MidpointRounding is System.MidpointRounding.
type MidpointRounding int32

// The ways to round: the first two to the nearest, the others in a direction.
const (
	ToEven MidpointRounding = iota
	AwayFromZero
	ToZero
	ToNegativeInfinity
	ToPositiveInfinity
)

var midpointRoundingNames = []string{"ToEven", "AwayFromZero", "ToZero", "ToNegativeInfinity", "ToPositiveInfinity"}

// String is the mode's name.
func (m MidpointRounding) String() string { return enumName(int64(m), midpointRoundingNames) }

func (m MidpointRounding) check() error {
	if m < ToEven || m > ToPositiveInfinity {
		return Argument("The value '"+m.String()+"' is not valid for this usage of the type MidpointRounding.", "mode")
	}
	return nil
}

// maxRoundDigits is how many digits after the point Math.Round takes for double.
const maxRoundDigits = 15

// RoundDouble is Math.Round(value, digits, mode). Like .NET's it multiplies,
// rounds and divides in floating point; from 10^16 on there is no fraction.
func RoundDouble(value float64, digits int32, mode MidpointRounding) (float64, error) {
	if digits < 0 || digits > maxRoundDigits {
		return 0, ArgumentOutOfRange("digits", "Rounding digits must be between 0 and 15, inclusive.")
	}
	if err := mode.check(); err != nil {
		return 0, err
	}
	if !(math.Abs(value) < 1e16) {
		return value, nil
	}
	power := math.Pow10(int(digits))
	return float64(roundWhole(float64(value*power), mode)) / power, nil
}

func roundWhole(v float64, mode MidpointRounding) float64 {
	switch mode {
	case ToEven:
		return math.RoundToEven(v)
	case AwayFromZero:
		return math.Round(v)
	case ToNegativeInfinity:
		return math.Floor(v)
	case ToPositiveInfinity:
		return math.Ceil(v)
	}
	return math.Trunc(v)
}

// AbsInteger is Math.Abs of a signed integer type; MinValue overflows.
func AbsInteger[T Integer](v T) (T, error) {
	if v >= 0 {
		return v, nil
	}
	if v = -v; v < 0 {
		return 0, Overflow("Negating the minimum value of a twos complement number is invalid.")
	}
	return v, nil
}

// SignInteger is Math.Sign of an integer: -1, 0 or 1.
func SignInteger[T Integer](v T) int32 { return int32(cmp.Compare(v, 0)) }

// SignDouble is Math.Sign of a double; NaN is an ArithmeticException.
func SignDouble(v float64) (int32, error) {
	if math.IsNaN(v) {
		return 0, NewException("System.ArithmeticException", "Function does not accept floating point Not-a-Number values.")
	}
	return int32(cmp.Compare(v, 0)), nil
}

// DivRem is Math.DivRem.
func DivRem[T Integer](a, b T) (quotient, remainder T, err error) {
	if quotient, err = Divide(a, b); err != nil {
		return 0, 0, err
	}
	return quotient, a - quotient*b, nil
}

// BigMul is Math.BigMul, a product that cannot overflow.
func BigMul(a, b int32) int64 { return int64(a) * int64(b) }

// Clamp is Math.Clamp of any numeric type; a NaN stays.
func Clamp[T Integer | ~float32 | ~float64](v, low, high T) (T, error) {
	switch {
	case low > high:
		return 0, badClamp(low, high)
	case v < low:
		return low, nil
	case v > high:
		return high, nil
	}
	return v, nil
}

// ClampDecimal is Math.Clamp of decimals.
func ClampDecimal(v, low, high Decimal) (Decimal, error) {
	switch {
	case low.Compare(high) > 0:
		return Decimal{}, badClamp(low, high)
	case v.Compare(low) < 0:
		return low, nil
	case v.Compare(high) > 0:
		return high, nil
	}
	return v, nil
}

func badClamp(low, high any) *Exception {
	return Argument("'"+ToString(low)+"' cannot be greater than "+ToString(high)+".", "")
}

// LogBase is Math.Log(a, newBase).
func LogBase(a, newBase float64) float64 {
	switch {
	case math.IsNaN(a):
		return a
	case math.IsNaN(newBase):
		return newBase
	case newBase == 1, a != 1 && (newBase == 0 || math.IsInf(newBase, 1)):
		return NaN
	}
	return Log(a) / Log(newBase)
}
