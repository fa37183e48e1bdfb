package dotnet

import (
	"math/big"
	"math/bits"
)

// Add is d + other, at the larger of both scales if the sum fits.
func (d Decimal) Add(other Decimal) (Decimal, error) {
	if d.hi|other.hi == 0 && d.scale == other.scale && d.negative == other.negative {
		if sum, carry := bits.Add64(d.lo, other.lo, 0); carry == 0 {
			d.lo = sum
			return d, nil
		}
	}
	scale := max(d.scale, other.scale)
	a, b := d.coefficientAt(scale), other.coefficientAt(scale)
	if d.negative == other.negative {
		return fitDecimal(d.negative, a.Add(a, b), int(scale))
	}
	negative := d.negative
	switch a.Cmp(b) {
	case 1:
		a.Sub(a, b)
	case -1:
		negative = other.negative
		a.Sub(b, a)
	default:
		// Of different scales a zero takes the sign of the shorter one, or of the
		// longer one if both operands are zero.
		longer := d.scale > other.scale
		if d.scale != other.scale && longer != d.IsZero() {
			negative = other.negative
		}
		a.SetUint64(0)
	}
	return fitDecimal(negative, a, int(scale))
}

// Subtract is d - other.
func (d Decimal) Subtract(other Decimal) (Decimal, error) { return d.Add(other.Negate()) }

// Negate is -d.
func (d Decimal) Negate() Decimal {
	d.negative = !d.negative
	return d
}

// Abs is Math.Abs.
func (d Decimal) Abs() Decimal {
	d.negative = false
	return d
}

// Multiply is d * other, at the sum of both scales if the product fits.
func (d Decimal) Multiply(other Decimal) (Decimal, error) {
	negative := d.negative != other.negative
	scale := int(d.scale) + int(other.scale)
	small := d.hi|other.hi == 0 && (d.lo|other.lo)>>32 == 0
	switch {
	case small && scale <= maxScale:
		return Decimal{lo: d.lo * other.lo, scale: uint8(scale), negative: negative}, nil
	case small && scale > maxScale+19: // 19 digits are what 64 bits hold
		return Decimal{}, nil
	case !small && (d.IsZero() || other.IsZero()):
		return Decimal{}, nil
	}
	return fitDecimal(negative, new(big.Int).Mul(d.coefficient(), other.coefficient()), scale)
}

// Divide is d / other. An exact quotient has the difference of the scales, or
// the fewest more digits; any other has as many as fit.
func (d Decimal) Divide(other Decimal) (Decimal, error) {
	if other.IsZero() {
		return Decimal{}, DivideByZero()
	}
	negative := d.negative != other.negative
	a, b := d.coefficient(), other.coefficient()
	scale := int(d.scale) - int(other.scale)
	q, rest := new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() == 0 && scale >= 0 {
		return Decimal{scale: uint8(scale), negative: negative}.withCoefficient(q), nil
	}
	extend := max(-scale, 0)
	if rest.Sign() != 0 {
		// As many digits as the bits leave room for, at most: 10 is 2^3.32.
		room := (coefficientBits + 2 - a.BitLen() + b.BitLen()) * 100 / 332
		extend = min(maxScale-scale, max(extend, room+1))
	}
	for {
		c := divideHalfEven(new(big.Int).Mul(a, powerOfTen(extend)), b)
		if c.BitLen() <= coefficientBits {
			quotient := Decimal{scale: uint8(scale + extend), negative: negative}.withCoefficient(c)
			if rest.Sign() != 0 {
				quotient = quotient.trimZeros(0)
			}
			return quotient, nil
		}
		extend--
		if scale+extend < 0 || extend < 0 {
			return Decimal{}, decimalOverflow()
		}
	}
}

// Remainder is d % other: what is left of d after subtracting a whole number of
// others, with the sign of d.
func (d Decimal) Remainder(other Decimal) (Decimal, error) {
	if other.IsZero() {
		return Decimal{}, DivideByZero()
	}
	if d.compareMagnitude(other) < 0 {
		return d, nil
	}
	scale := max(d.scale, other.scale)
	a, b := d.coefficientAt(scale), other.coefficientAt(scale)
	return Decimal{scale: scale, negative: d.negative}.withCoefficient(a.Rem(a, b)), nil
}

// Truncate cuts the fraction off.
func (d Decimal) Truncate() Decimal { return d.roundTo(0, ToZero) }

// Floor rounds down to a whole number.
func (d Decimal) Floor() Decimal { return d.roundTo(0, ToNegativeInfinity) }

// Ceiling rounds up to a whole number.
func (d Decimal) Ceiling() Decimal { return d.roundTo(0, ToPositiveInfinity) }

// Round rounds to 0 to 28 digits after the point. A shorter scale is kept.
func (d Decimal) Round(decimals int32, mode MidpointRounding) (Decimal, error) {
	if decimals < 0 || decimals > maxScale {
		return Decimal{}, ArgumentOutOfRange("decimals", "Decimal can only round to between 0 and 28 digits of precision.")
	}
	if err := mode.check(); err != nil {
		return Decimal{}, err
	}
	return d.roundTo(uint8(decimals), mode), nil
}

func (d Decimal) roundTo(scale uint8, mode MidpointRounding) Decimal {
	if d.scale <= scale {
		return d
	}
	unit := powerOfTen(int(d.scale - scale))
	q, rest := new(big.Int).QuoRem(d.coefficient(), unit, new(big.Int))
	half := new(big.Int).Lsh(rest, 1).Cmp(unit)
	var up bool
	switch mode {
	case ToEven:
		up = half > 0 || half == 0 && q.Bit(0) == 1
	case AwayFromZero:
		up = half >= 0
	case ToNegativeInfinity:
		up = d.negative && rest.Sign() != 0
	case ToPositiveInfinity:
		up = !d.negative && rest.Sign() != 0
	}
	if up {
		q.Add(q, bigOne)
	}
	d.scale = scale
	return d.withCoefficient(q)
}
