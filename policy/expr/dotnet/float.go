package dotnet

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
)

// NaN is double.NaN, with .NET's bits.
var NaN = math.Float64frombits(0xFFF8000000000000)

// What the invariant culture calls the values that are no numbers.
const (
	nanSymbol              = "NaN"
	positiveInfinitySymbol = "Infinity"
	negativeInfinitySymbol = "-Infinity"
)

// FormatDouble is ToString(format) of a double. Without a format it is the
// shortest text that reads back as the same value.
func FormatDouble(v float64, format string) (string, error) { return doubleFormat.format(v, format) }

// FormatSingle is ToString(format) of a float.
func FormatSingle(v float32, format string) (string, error) {
	return singleFormat.format(float64(v), format)
}

// A floatFormat is what tells the two types apart.
type floatFormat struct {
	bits         int
	customDigits int     // significant digits that custom formats see
	maxDigits    int     // the fewest that tell any two values apart
	ties, noTies float64 // the range where a decimal can lie halfway between two values
}

// Below 2^53 (2^24 for float) a point halfway between two values has more than
// maxDigits digits. It is an odd number of 54 (25) bits times a power of two, so
// as digits × 10^k it has k of at most 23 (10).
var (
	doubleFormat = floatFormat{bits: 64, customDigits: 15, maxDigits: 17, ties: 1 << 53, noTies: 1e40}
	singleFormat = floatFormat{bits: 32, customDigits: 7, maxDigits: 9, ties: 1 << 24, noTies: 1e19}
)

func (f *floatFormat) format(v float64, format string) (string, error) {
	switch {
	case math.IsNaN(v):
		return nanSymbol, nil
	case math.IsInf(v, 1):
		return positiveInfinitySymbol, nil
	case math.IsInf(v, -1):
		return negativeInfinitySymbol, nil
	}
	verb, precision := parseFormat(format)
	switch verb {
	case 0:
		n := f.number(v, 'e', f.customDigits-1)
		return n.format(verb, precision, format)
	case 'R', 'r':
		verb -= 'R' - 'G'
		precision = -1
	}
	switch verb {
	case 'G', 'g':
		if precision <= 0 {
			n := f.shortest(v)
			return string(n.appendGeneral(nil, f.maxDigits, verb-('G'-'E'), false)), nil
		}
		n := f.number(v, 'e', precision-1)
		return n.standard(verb, precision)
	case 'E', 'e':
		if precision < 0 {
			precision = exponentDecimals
		}
		n := f.number(v, 'e', precision)
		return n.standard(verb, precision)
	case 'C', 'c', 'F', 'f', 'N', 'n', 'P', 'p':
		if precision < 0 {
			precision = cultureDecimals
		}
		decimals := precision
		if verb|0x20 == 'p' {
			decimals += 2
		}
		n := f.number(v, 'f', decimals)
		return n.standard(verb, precision)
	}
	return "", badFormat()
}

// number takes v apart, rounded half to even as strconv's verbs 'e' and 'f'
// with a precision round; precision -1 gives the fewest digits.
func (f *floatFormat) number(v float64, verb byte, precision int) number {
	var buffer [32]byte
	text := strconv.AppendFloat(buffer[:0], math.Abs(v), verb, precision, f.bits)
	mantissa, exponent, _ := bytes.Cut(text, []byte{'e'})
	whole, fraction, _ := bytes.Cut(mantissa, []byte{'.'})
	n := number{negative: math.Signbit(v), kind: floatNumber, scale: len(whole)}
	if len(exponent) > 0 {
		e, err := strconv.Atoi(string(exponent))
		if err != nil {
			panic("dotnet: strconv wrote " + string(text))
		}
		n.scale += e
	}
	digits := append(append(make([]byte, 0, len(mantissa)), whole...), fraction...)
	n.digits = bytes.TrimLeft(digits, "0")
	n.scale -= len(digits) - len(n.digits)
	n.round(len(n.digits)) // takes the zeros off the end
	return n
}

// shortest gives the fewest digits that read back as v. .NET rules out a
// decimal halfway between v and its neighbour, though it would read back as v
// where v is the even one: 1E+23 is 9.999999999999999E+22.
func (f *floatFormat) shortest(v float64) number {
	n := f.number(v, 'e', -1)
	if a := math.Abs(v); a >= f.ties && a < f.noTies {
		for digits := len(n.digits); f.isTie(a, &n); digits++ {
			n = f.number(v, 'e', digits)
		}
	}
	return n
}

// isTie tells whether a number lies halfway between v, which is at least 2^53
// (2^24 for float), and one of its neighbours. All of these are whole.
func (f *floatFormat) isTie(v float64, n *number) bool {
	var above, below float64
	if f.bits == 64 {
		above, below = math.Nextafter(v, math.Inf(1)), math.Nextafter(v, 0)
	} else {
		above, below = float64(math.Nextafter32(float32(v), float32(math.Inf(1)))), float64(math.Nextafter32(float32(v), 0))
	}
	twice, ok := new(big.Int).SetString(string(n.digits), 10)
	if !ok {
		panic("dotnet: not digits: " + string(n.digits))
	}
	twice.Mul(twice, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n.scale-len(n.digits))), nil))
	twice.Lsh(twice, 1)
	return twice.Cmp(sum(v, above)) == 0 || twice.Cmp(sum(v, below)) == 0
}

// sum is a + b of two whole numbers, exactly.
func sum(a, b float64) *big.Int {
	x, _ := big.NewFloat(a).Int(nil)
	y, _ := big.NewFloat(b).Int(nil)
	return x.Add(x, y)
}
