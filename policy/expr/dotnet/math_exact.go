package dotnet

import (
	"math"
	"math/bits"
)

// Exp, Log, Log10 and Pow are rounded correctly, or so nearly that the runtimes
// which .NET asks (glibc on Linux) give the same; package math can be a bit or
// two off, which shows in the last digit. They work in pairs of doubles.

// A pair is hi + lo, where lo is below the last bit of hi: about 106 bits.
type pair struct{ hi, lo float64 }

func sumPair(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

func productPair(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (a pair) add(b pair) pair {
	s, t := sumPair(a.hi, b.hi), sumPair(a.lo, b.lo)
	s = sumPair(s.hi, s.lo+t.hi)
	return sumPair(s.hi, s.lo+t.lo)
}

func (a pair) mul(b pair) pair {
	p := productPair(a.hi, b.hi)
	return sumPair(p.hi, p.lo+(a.hi*b.lo+a.lo*b.hi))
}

func (a pair) scale(f float64) pair { return a.mul(pair{hi: f}) }

func (a pair) div(b pair) pair {
	q := a.hi / b.hi
	rest := a.add(b.scale(-q))
	second := rest.hi / b.hi
	rest = rest.add(b.scale(-second))
	return sumPair(q, second).add(pair{hi: rest.hi / b.hi})
}

// Constants of which a pair holds more than a double.
const (
	ln2Hi    = 0x1.62e42fefa39efp-1
	log10EHi = 0x1.bcb7b1526e50ep-2
)

var (
	ln2Pair    = pair{ln2Hi, math.Ln2 - ln2Hi}
	log10EPair = pair{log10EHi, math.Log10E - log10EHi}
)

// expPair is e^x for an x whose result is finite: a mantissa and a power of two.
func expPair(x pair) (mantissa pair, exponent int) {
	const halvings = 8
	k := math.Round(x.hi / math.Ln2)
	r := x.add(ln2Pair.scale(-k)).scale(1.0 / (1 << halvings))
	term, sum := r, r // of e^r - 1
	for n := 2; n <= 11; n++ {
		term = term.mul(r).div(pair{hi: float64(n)})
		sum = sum.add(term)
	}
	for range halvings {
		sum = sum.scale(2).add(sum.mul(sum))
	}
	return sum.add(pair{hi: 1}), int(k)
}

// logPair is the natural logarithm of a positive finite number.
func logPair(x float64) pair {
	m, exponent := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		exponent--
	}
	// ln m is twice the inverse hyperbolic tangent of s.
	s := pair{hi: m - 1}.div(sumPair(m, 1))
	square := s.mul(s)
	power, sum := s, s
	for n := 3; n <= 47; n += 2 {
		power = power.mul(square)
		sum = sum.add(power.div(pair{hi: float64(n)}))
	}
	return ln2Pair.scale(float64(exponent)).add(sum.scale(2))
}

// isOrdinary tells whether x is a positive finite number.
func isOrdinary(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

// Exp is Math.Exp.
func Exp(x float64) float64 { return expOfPair(pair{hi: x}) }

func expOfPair(x pair) float64 {
	const limit = 800 // beyond it the result is 0 or infinite
	if !(math.Abs(x.hi) < limit) {
		return math.Exp(x.hi)
	}
	mantissa, exponent := expPair(x)
	return math.Ldexp(mantissa.hi, exponent)
}

// Log is Math.Log.
func Log(x float64) float64 {
	if !isOrdinary(x) {
		return math.Log(x)
	}
	return logPair(x).hi
}

// Log10 is Math.Log10.
func Log10(x float64) float64 {
	if !isOrdinary(x) {
		return math.Log10(x)
	}
	return logPair(x).mul(log10EPair).hi
}

// Pow is Math.Pow.
func Pow(x, y float64) float64 {
	whole := math.Trunc(y) == y
	switch {
	case !isOrdinary(math.Abs(x)), math.IsInf(y, 0), y != y, y == 0, x < 0 && !whole:
		return math.Pow(x, y)
	case math.Abs(y) > 1<<64:
		return math.Pow(x, y) // 0, 1 or infinite
	}
	result, ok := exactPower(math.Abs(x), y)
	if !ok {
		result = expOfPair(logPair(math.Abs(x)).scale(y))
	}
	if x < 0 && math.Mod(y, 2) != 0 {
		return -result
	}
	return result
}

// exactPower multiplies a positive x with itself where 64 bits hold the product
// but for a power of two. Only such a power can lie halfway between two doubles.
func exactPower(x, y float64) (power float64, ok bool) {
	if math.Trunc(y) != y || y < 2 || y > 64 {
		return 0, false
	}
	fraction, exponent := math.Frexp(x)
	m := uint64(math.Ldexp(fraction, 53))
	exponent += bits.TrailingZeros64(m) - 53
	m >>= bits.TrailingZeros64(m)
	n := int(y)
	if bits.Len64(m)*n > 64 {
		return 0, false
	}
	product := uint64(1)
	for range n {
		product *= m
	}
	return math.Ldexp(float64(product), exponent*n), true
}
