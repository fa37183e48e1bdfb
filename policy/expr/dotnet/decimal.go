package dotnet

import (
	"cmp"
	"math/big"
	"math/bits"
	"sync"
)

// A Decimal is System.Decimal: a sign, a coefficient of 96 bits and a scale of
// 0 to 28, standing for coefficient / 10^scale. It keeps the scale it was
// written with (1.10 is not stored as 1.1), so Go's == tells representations
// apart; [Decimal.Compare] compares values. The zero value is 0.
type Decimal struct {
	lo       uint64 // the low 64 bits of the coefficient
	hi       uint32 // the high 32
	scale    uint8
	negative bool
}

const (
	maxScale        = 28 // digits after the point
	coefficientBits = 96
)

// The limits and constants of System.Decimal.
var (
	DecimalMaxValue = Decimal{lo: 1<<64 - 1, hi: 1<<32 - 1}
	DecimalMinValue = Decimal{lo: 1<<64 - 1, hi: 1<<32 - 1, negative: true}
	DecimalZero     = Decimal{}
	DecimalOne      = Decimal{lo: 1}
	DecimalMinusOne = Decimal{lo: 1, negative: true}
)

func decimalOverflow() *Exception {
	return Overflow("Value was either too large or too small for a Decimal.")
}

// NewDecimal is new decimal(lo, mid, hi, isNegative, scale).
func NewDecimal(lo, mid, hi int32, negative bool, scale uint8) (Decimal, error) {
	if scale > maxScale {
		return Decimal{}, ArgumentOutOfRange("scale", "Decimal's scale value must be between 0 and 28, inclusive.")
	}
	return Decimal{uint64(uint32(mid))<<32 | uint64(uint32(lo)), uint32(hi), scale, negative}, nil
}

// NewDecimalBits is new decimal(int[]), the opposite of [Decimal.GetBits].
func NewDecimalBits(parts []int32) (Decimal, error) {
	invalid := Argument("Decimal byte array constructor requires an array of length four containing valid decimal bytes.", "")
	if len(parts) != 4 {
		return Decimal{}, invalid
	}
	flags := uint32(parts[3])
	scale := uint8(flags >> 16)
	if flags&^(1<<31|0xff<<16) != 0 || scale > maxScale {
		return Decimal{}, invalid
	}
	return NewDecimal(parts[0], parts[1], parts[2], flags>>31 != 0, scale)
}

// GetBits gives the coefficient's three words, lowest first, then the flags:
// the scale in bits 16 to 23, the sign in bit 31.
func (d Decimal) GetBits() []int32 {
	return []int32{int32(d.lo), int32(d.lo >> 32), int32(d.hi), int32(d.flags())}
}

func (d Decimal) flags() uint32 {
	f := uint32(d.scale) << 16
	if d.negative {
		f |= 1 << 31
	}
	return f
}

// DecimalFromInteger is the conversion from an integer type, which is exact.
func DecimalFromInteger[T Integer](v T) Decimal {
	negative, magnitude := split(v)
	return Decimal{lo: magnitude, negative: negative}
}

// IsZero tells zero, of any scale and sign.
func (d Decimal) IsZero() bool { return d.lo == 0 && d.hi == 0 }

// IsNegative tells whether the sign is set; a zero can have it.
func (d Decimal) IsNegative() bool { return d.negative }

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.IsZero():
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// Compare is decimal.Compare: -1, 0 or 1 by value, so 1.0 and 1.00 are equal.
func (d Decimal) Compare(other Decimal) int {
	if s, o := d.Sign(), other.Sign(); s != o || s == 0 {
		return cmp.Compare(s, o)
	}
	c := d.compareMagnitude(other)
	if d.negative {
		return -c
	}
	return c
}

func (d Decimal) compareMagnitude(other Decimal) int {
	if d.scale == other.scale {
		if d.hi != other.hi {
			return cmp.Compare(d.hi, other.hi)
		}
		return cmp.Compare(d.lo, other.lo)
	}
	scale := max(d.scale, other.scale)
	return d.coefficientAt(scale).Cmp(other.coefficientAt(scale))
}

// Equal tells whether two decimals have the same value.
func (d Decimal) Equal(other Decimal) bool { return d.Compare(other) == 0 }

// Max is Math.Max: d if both are equal.
func (d Decimal) Max(other Decimal) Decimal {
	if d.Compare(other) >= 0 {
		return d
	}
	return other
}

// Min is Math.Min: other if both are equal.
func (d Decimal) Min(other Decimal) Decimal {
	if d.Compare(other) < 0 {
		return d
	}
	return other
}

// HashCode is GetHashCode, the same for all scales of a value.
func (d Decimal) HashCode() int32 {
	if d.IsZero() {
		return 0
	}
	if d.scale > 0 {
		d = d.trimZeros(0)
	}
	return int32(d.flags() ^ d.hi ^ uint32(d.lo>>32) ^ uint32(d.lo))
}

// String is ToString(): all digits that the scale says.
func (d Decimal) String() string {
	n := d.number()
	return string(n.appendGeneral(nil, 0, 'E', true))
}

// ToString formats by a standard or custom numeric format string.
func (d Decimal) ToString(format string) (string, error) {
	verb, precision := parseFormat(format)
	n := d.number()
	if verb == 'G' || verb == 'g' {
		switch precision {
		case -1:
			return string(n.appendGeneral(nil, 0, 'E', true)), nil
		case 0:
			precision = maxScale + 1
		}
	}
	return n.format(verb, precision, format)
}

func (d Decimal) number() number {
	n := number{negative: d.negative && !d.IsZero(), kind: decimalNumber}
	if !d.IsZero() {
		n.digits = d.coefficient().Append(nil, 10)
	}
	n.scale = len(n.digits) - int(d.scale)
	return n
}

func (d Decimal) coefficient() *big.Int {
	c := new(big.Int).SetUint64(uint64(d.hi))
	c.Lsh(c, 64)
	return c.Or(c, new(big.Int).SetUint64(d.lo))
}

// coefficientAt is the coefficient brought to a larger scale.
func (d Decimal) coefficientAt(scale uint8) *big.Int {
	c := d.coefficient()
	return c.Mul(c, powerOfTen(int(scale-d.scale)))
}

// withCoefficient takes c, which must fit, over a decimal's sign and scale.
func (d Decimal) withCoefficient(c *big.Int) Decimal {
	var low, high big.Int
	low.And(c, mask64)
	high.Rsh(c, 64)
	d.lo, d.hi = low.Uint64(), uint32(high.Uint64())
	return d
}

// fitDecimal makes a decimal of coefficient / 10^scale. A coefficient of more
// than 96 bits and a scale over 28 are reduced, rounding half to even once.
func fitDecimal(negative bool, coefficient *big.Int, scale int) (Decimal, error) {
	drop := max(scale-maxScale, 0)
	if excess := coefficient.BitLen() - coefficientBits; excess > 0 {
		// One digit is 3.3 bits: a lower bound, so that nothing is lost.
		drop = max(drop, excess*3/10)
	}
	for {
		if drop > scale {
			return Decimal{}, decimalOverflow()
		}
		c := divideHalfEven(coefficient, powerOfTen(drop))
		if c.BitLen() <= coefficientBits {
			return Decimal{scale: uint8(scale - drop), negative: negative}.withCoefficient(c), nil
		}
		drop++
	}
}

// divideHalfEven is a / b, both positive, rounded to the nearest, ties to even.
func divideHalfEven(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	r.Lsh(r, 1)
	if c := r.Cmp(b); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, bigOne)
	}
	return q
}

// trimZeros takes zeros off the end of the fraction, down to a scale.
func (d Decimal) trimZeros(scale uint8) Decimal {
	for d.scale > scale {
		// The 96 bits divided as two words: the high quotient is below 2^32.
		h, r := d.hi/10, d.hi%10
		l, rest := bits.Div64(uint64(r), d.lo, 10)
		if rest != 0 {
			break
		}
		d.hi, d.lo = h, l
		d.scale--
	}
	return d
}

var (
	bigOne = big.NewInt(1)
	mask64 = new(big.Int).SetUint64(1<<64 - 1)
)

// powersOfTen holds 10^0 to 10^84: what scales and digits can differ by.
var powersOfTen = sync.OnceValue(func() *[3*maxScale + 1]*big.Int {
	table := [3*maxScale + 1]*big.Int{big.NewInt(1)}
	for i := 1; i < len(table); i++ {
		table[i] = new(big.Int).Mul(table[i-1], big.NewInt(10))
	}
	return &table
})

func powerOfTen(n int) *big.Int { return powersOfTen()[n] }
