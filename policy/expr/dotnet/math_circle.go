package dotnet

import (
	"math"
	"math/big"
)

// The functions of circle and hyperbola, and roots and logarithms by other bases,
// rounded correctly, or nearly so: package math can be off in the last digit,
// which the distance of two places on the globe then shows. They take the result
// of package math and improve it once by Newton's method, in numbers of
// circlePrecision bits. Values that need no improvement (infinities, NaN, zeros)
// are package math's.

const circlePrecision = 160

func bigOf(v float64) *big.Float { return new(big.Float).SetPrec(circlePrecision).SetFloat64(v) }

func newBig() *big.Float { return new(big.Float).SetPrec(circlePrecision) }

func bigAdd(a, b *big.Float) *big.Float { return newBig().Add(a, b) }
func bigSub(a, b *big.Float) *big.Float { return newBig().Sub(a, b) }
func bigMul(a, b *big.Float) *big.Float { return newBig().Mul(a, b) }
func bigDiv(a, b *big.Float) *big.Float { return newBig().Quo(a, b) }

func rounded(v *big.Float) float64 {
	f, _ := v.Float64()
	return f
}

// ordinary reports whether a value is finite and not 0.
func ordinary(v float64) bool { return v != 0 && v-v == 0 }

// piDigits are enough for the largest double: its 1024 bits, and circlePrecision
// behind them (OEIS A000796).
var piDigits = "3." +
	"1415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679" +
	"8214808651328230664709384460955058223172535940812848111745028410270193852110555964462294895493038196" +
	"4428810975665933446128475648233786783165271201909145648566923460348610454326648213393607260249141273" +
	"7245870066063155881748815209209628292540917153643678925903600113305305488204665213841469519415116094"

// reduced is x less a multiple of a quarter turn: the rest lies within an eighth
// of a turn of 0.
func reduced(x float64) (rest *big.Float, quarters int) {
	precision := uint(circlePrecision + max(math.Ilogb(x), 0))
	pi, _, err := big.ParseFloat(piDigits, 10, precision, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	quarter := new(big.Float).SetPrec(precision).Quo(pi, big.NewFloat(2))
	v := new(big.Float).SetPrec(precision).SetFloat64(x)
	turns := new(big.Float).SetPrec(precision).Quo(v, quarter)
	half := big.NewFloat(math.Copysign(0.5, x))
	n, _ := turns.Add(turns, half).Int(nil)
	whole := new(big.Float).SetPrec(precision).SetInt(n)
	v.Sub(v, whole.Mul(whole, quarter))
	n.And(n, big.NewInt(3)) // as two's complement, so of negative ones, too
	return newBig().Set(v), int(n.Int64())
}

// series is the sum of the terms first, first*x²/(k(k+1)), ... of sine and cosine
// (sign -1) or their hyperbolic kin (sign 1).
func series(first, x *big.Float, k int64, sign float64) *big.Float {
	sum, term := newBig().Set(first), first
	square := bigMul(bigMul(x, x), bigOf(sign))
	for ; term.Sign() != 0 && term.MantExp(nil) > sum.MantExp(nil)-circlePrecision; k += 2 {
		term = bigDiv(bigMul(term, square), bigOf(float64(k*(k+1))))
		sum.Add(sum, term)
	}
	return sum
}

// sineCosine are both of an angle.
func sineCosine(x float64) (sine, cosine *big.Float) {
	rest, quarters := reduced(x)
	s, c := series(rest, rest, 2, -1), series(bigOf(1), rest, 1, -1)
	switch quarters {
	case 1:
		return c, s.Neg(s)
	case 2:
		return s.Neg(s), c.Neg(c)
	case 3:
		return c.Neg(c), s
	}
	return s, c
}

// Sin is Math.Sin.
func Sin(x float64) float64 {
	if !ordinary(x) {
		return math.Sin(x)
	}
	s, _ := sineCosine(x)
	return rounded(s)
}

// Cos is Math.Cos.
func Cos(x float64) float64 {
	if !ordinary(x) {
		return math.Cos(x)
	}
	_, c := sineCosine(x)
	return rounded(c)
}

// Tan is Math.Tan.
func Tan(x float64) float64 {
	if !ordinary(x) {
		return math.Tan(x)
	}
	s, c := sineCosine(x)
	return rounded(bigDiv(s, c))
}

// arc is the angle in an eighth of the plane's half whose tangent is y/x.
func arc(y, x *big.Float) *big.Float {
	guess := math.Atan2(rounded(y), rounded(x))
	s, c := sineCosine(guess)
	// The rest is an angle so small that it equals its tangent.
	return bigAdd(bigOf(guess), bigDiv(bigSub(bigMul(y, c), bigMul(x, s)), bigAdd(bigMul(x, c), bigMul(y, s))))
}

// Atan is Math.Atan.
func Atan(x float64) float64 {
	if !ordinary(x) || math.Abs(x) < 0x1p-500 {
		return math.Atan(x)
	}
	return rounded(arc(bigOf(x), bigOf(1)))
}

// Atan2 is Math.Atan2.
func Atan2(y, x float64) float64 {
	if guess := math.Atan2(y, x); !ordinary(x) || !ordinary(y) || math.Abs(guess) < 0x1p-500 {
		return guess
	}
	return rounded(arc(bigOf(y), bigOf(x)))
}

// leg is the other leg of a triangle with the hypotenuse 1.
func leg(x *big.Float) *big.Float {
	return newBig().Sqrt(bigMul(bigSub(bigOf(1), x), bigAdd(bigOf(1), x)))
}

// Asin is Math.Asin.
func Asin(x float64) float64 {
	if !ordinary(x) || math.Abs(x) >= 1 || math.Abs(x) < 0x1p-500 {
		return math.Asin(x)
	}
	return rounded(arc(bigOf(x), leg(bigOf(x))))
}

// Acos is Math.Acos.
func Acos(x float64) float64 {
	if !ordinary(x) || math.Abs(x) >= 1 || math.Abs(x) < 0x1p-500 {
		return math.Acos(x)
	}
	return rounded(arc(leg(bigOf(x)), bigOf(x)))
}
