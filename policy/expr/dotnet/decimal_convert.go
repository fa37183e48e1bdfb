package dotnet

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// DecimalFromDouble is the conversion (decimal)double, which keeps 15
// significant digits.
func DecimalFromDouble(v float64) (Decimal, error) { return decimalFromFloat(v, 15) }

// DecimalFromSingle is the conversion (decimal)float, which keeps 7.
func DecimalFromSingle(v float32) (Decimal, error) { return decimalFromFloat(float64(v), 7) }

// decimalFromFloat scales v to an integer of so many digits in floating point,
// as .NET does: the last digit can differ from exact rounding.
func decimalFromFloat(v float64, digits int) (Decimal, error) {
	if v == 0 {
		return Decimal{}, nil
	}
	_, exponent := math.Frexp(v)
	if math.IsNaN(v) || math.IsInf(v, 0) || exponent > coefficientBits {
		return Decimal{}, decimalOverflow()
	}
	if exponent < -94 { // less than half of 10^-28
		return Decimal{}, nil
	}
	whole, tenth := math.Pow10(digits), math.Pow10(digits-1)
	scaled := math.Abs(v)
	scale := digits - 1 - (exponent*19728)>>16 // 19728/2^16 is log10 of 2
	switch {
	case scale >= 0:
		scale = min(scale, maxScale)
		scaled *= math.Pow10(scale)
	case scale != -1 || scaled >= whole:
		scaled /= math.Pow10(-scale)
	default:
		scale = 0
	}
	if scaled < tenth && scale < maxScale {
		scaled *= 10
		scale++
	}
	coefficient := uint64(math.RoundToEven(scaled))
	if coefficient == 0 {
		return Decimal{}, nil
	}
	if scale < 0 {
		c := new(big.Int).SetUint64(coefficient)
		return fitDecimal(v < 0, c.Mul(c, powerOfTen(-scale)), 0)
	}
	d := Decimal{lo: coefficient, scale: uint8(scale), negative: v < 0}
	return d.trimZeros(uint8(max(scale-(digits-1), 0))), nil
}

// Double is the conversion (double)decimal. Like .NET's it works in floating
// point and can miss the nearest double by a bit.
func (d Decimal) Double() float64 {
	const twoTo64 = 1 << 64
	v := float64(IntegerToDouble(d.lo)+float64(float64(d.hi)*twoTo64)) / math.Pow10(int(d.scale))
	if d.negative {
		v = -v
	}
	return v
}

// Single is the conversion (float)decimal.
func (d Decimal) Single() float32 { return float32(d.Double()) }

// DecimalToInteger is the conversion of a decimal to an integer type: the
// fraction is cut off; what does not fit is an OverflowException, also in
// unchecked code.
func DecimalToInteger[T Integer](d Decimal) (T, error) {
	d = d.Truncate()
	if d.hi == 0 {
		if v, ok := join[T](d.negative, d.lo); ok {
			return v, nil
		}
	}
	return 0, integerOverflow[T]()
}

// decimal is what Decimal.Parse makes of a number: as many digits as fit, the
// last one rounded half to even.
func (n *number) decimal() (Decimal, bool) {
	switch {
	case len(n.digits) == 0:
		return Decimal{scale: uint8(min(max(-n.scale, 0), maxScale)), negative: n.negative}, true
	case n.scale > maxScale+1:
		return Decimal{}, false
	case n.scale < -maxScale:
		return Decimal{scale: maxScale, negative: n.negative}, true
	}
	// 29 digits decide; of the others only whether they are all zero.
	digits := n.digits
	if len(digits) > maxScale+2 {
		digits = append([]byte(nil), digits[:maxScale+2]...)
		if strings.Trim(string(n.digits[maxScale+2:]), "0") != "" {
			digits = append(digits, '1')
		}
	}
	c, ok := new(big.Int).SetString(string(digits), 10)
	if !ok {
		panic("dotnet: not digits: " + strconv.Quote(string(digits)))
	}
	scale := len(digits) - n.scale
	if scale < 0 {
		c.Mul(c, powerOfTen(-scale))
		scale = 0
	}
	d, err := fitDecimal(n.negative, c, scale)
	return d, err == nil
}
