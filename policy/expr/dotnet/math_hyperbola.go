package dotnet

import (
	"math"
	"math/big"
)

// hyperbolic are sinh and cosh of a value whose result is finite. The argument is
// halved until the series is short, and the results doubled again.
func hyperbolic(x *big.Float) (sine, cosine *big.Float) {
	halvings := max(x.MantExp(nil), 0)
	small := newBig().SetMantExp(x, -halvings)
	s, c := series(small, small, 2, 1), series(bigOf(1), small, 1, 1)
	for range halvings {
		// sinh 2x = 2 sinh x cosh x, cosh 2x = 1 + 2 sinh² x
		s, c = bigMul(bigOf(2), bigMul(s, c)), bigAdd(bigOf(1), bigMul(bigOf(2), bigMul(s, s)))
	}
	return s, c
}

const (
	hyperbolicLimit = 711 // beyond it sinh and cosh are infinite
	linearBelow     = 0x1p-30
)

// Sinh is Math.Sinh.
func Sinh(x float64) float64 {
	if !ordinary(x) || math.Abs(x) > hyperbolicLimit {
		return math.Sinh(x)
	}
	s, _ := hyperbolic(bigOf(x))
	return rounded(s)
}

// Cosh is Math.Cosh.
func Cosh(x float64) float64 {
	if !ordinary(x) || math.Abs(x) > hyperbolicLimit {
		return math.Cosh(x)
	}
	_, c := hyperbolic(bigOf(x))
	return rounded(c)
}

// Tanh is Math.Tanh.
func Tanh(x float64) float64 {
	if !ordinary(x) || math.Abs(x) > hyperbolicLimit {
		return math.Tanh(x)
	}
	s, c := hyperbolic(bigOf(x))
	return rounded(bigDiv(s, c))
}

// Asinh is Math.Asinh.
func Asinh(x float64) float64 {
	guess := math.Asinh(x)
	if !ordinary(x) || math.Abs(x) < linearBelow {
		return guess
	}
	s, c := hyperbolic(bigOf(guess))
	return rounded(bigAdd(bigOf(guess), bigDiv(bigSub(bigOf(x), s), c)))
}

// Acosh is Math.Acosh.
func Acosh(x float64) float64 {
	guess := math.Acosh(x)
	if !ordinary(guess) {
		return guess
	}
	s, c := hyperbolic(bigOf(guess))
	return rounded(bigAdd(bigOf(guess), bigDiv(bigSub(bigOf(x), c), s)))
}

// Atanh is Math.Atanh.
func Atanh(x float64) float64 {
	guess := math.Atanh(x)
	if !ordinary(guess) || math.Abs(x) < linearBelow {
		return guess
	}
	s, c := hyperbolic(bigOf(guess))
	// (x - tanh g) cosh² g
	return rounded(bigAdd(bigOf(guess), bigMul(c, bigSub(bigMul(bigOf(x), c), s))))
}

// Cbrt is Math.Cbrt.
func Cbrt(x float64) float64 {
	guess := math.Cbrt(x)
	if !ordinary(x) {
		return guess
	}
	g := bigOf(guess)
	square := bigMul(g, g)
	return rounded(bigSub(g, bigDiv(bigSub(bigMul(square, g), bigOf(x)), bigMul(bigOf(3), square))))
}

// Log2 is Math.Log2.
func Log2(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log2(x)
	}
	fraction, exponent := math.Frexp(x)
	if fraction == 0.5 {
		return float64(exponent - 1)
	}
	return rounded(bigAdd(bigOf(float64(exponent)), bigDiv(bigLog(fraction), bigLog(2))))
}

// bigLog is the natural logarithm.
func bigLog(x float64) *big.Float {
	guess := math.Log(x)
	s, c := hyperbolic(bigOf(guess))
	exp := bigAdd(s, c)
	// Of the rest's logarithm two terms are enough: it is below 2^-50.
	rest := bigSub(bigDiv(bigOf(x), exp), bigOf(1))
	return bigAdd(bigOf(guess), bigSub(rest, bigDiv(bigMul(rest, rest), bigOf(2))))
}

// BitIncrement is Math.BitIncrement: the next larger double.
func BitIncrement(x float64) float64 { return math.Nextafter(x, math.Inf(1)) }

// BitDecrement is Math.BitDecrement.
func BitDecrement(x float64) float64 { return math.Nextafter(x, math.Inf(-1)) }

// ILogB is Math.ILogB: the exponent by base 2.
func ILogB(x float64) int32 {
	switch {
	case x == 0:
		return math.MinInt32
	case x-x != 0:
		return math.MaxInt32
	}
	return int32(math.Ilogb(x))
}

// ScaleB is Math.ScaleB: x times 2 to the n.
func ScaleB(x float64, n int32) float64 { return math.Ldexp(x, int(n)) }

// MaxMagnitude is Math.MaxMagnitude: of two equal ones the positive.
func MaxMagnitude(x, y float64) float64 {
	switch a, b := math.Abs(x), math.Abs(y); {
	case a > b || x != x:
		return x
	case a == b:
		return max(x, y)
	}
	return y
}

// MinMagnitude is Math.MinMagnitude: of two equal ones the negative.
func MinMagnitude(x, y float64) float64 {
	switch a, b := math.Abs(x), math.Abs(y); {
	case a < b || x != x:
		return x
	case a == b:
		return min(x, y)
	}
	return y
}
