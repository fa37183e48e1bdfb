package dotnet

import (
	"strconv"
	"strings"
)

func init() {
	arithmeticCalls[int32]("Int32")
	arithmeticCalls[uint32]("UInt32")
	arithmeticCalls[int64]("Int64")
	arithmeticCalls[uint64]("UInt64")
	register("Math.Abs/SByte", func(a []string) (any, error) { return boxed(AbsInteger(integer[int8](a[0]))) })
	register("Math.Abs/Int16", func(a []string) (any, error) { return boxed(AbsInteger(integer[int16](a[0]))) })
	register("Math.Abs/Int32", func(a []string) (any, error) { return boxed(AbsInteger(integer[int32](a[0]))) })
	register("Math.Abs/Int64", func(a []string) (any, error) { return boxed(AbsInteger(integer[int64](a[0]))) })
	register("Math.DivRem", func(a []string) (any, error) {
		quotient, remainder, err := DivRem(integer[int64](a[0]), integer[int64](a[1]))
		if err != nil {
			return nil, err
		}
		return strconv.FormatInt(quotient, 10) + " " + strconv.FormatInt(remainder, 10), nil
	})
	register("Math.BigMul", func(a []string) (any, error) { return BigMul(integer[int32](a[0]), integer[int32](a[1])), nil })
	register("Math.Sign/Int32", func(a []string) (any, error) { return SignInteger(integer[int32](a[0])), nil })
	register("Math.Clamp/Int32", func(a []string) (any, error) {
		return boxed(Clamp(integer[int32](a[0]), integer[int32](a[1]), integer[int32](a[2])))
	})
	register("Math.Clamp/Double", func(a []string) (any, error) { return boxed(Clamp(double(a[0]), double(a[1]), double(a[2]))) })
	register("Math.Clamp/Decimal", func(a []string) (any, error) {
		return boxed(ClampDecimal(decimal(a[0]), decimal(a[1]), decimal(a[2])))
	})
	register("Math.Sign", func(a []string) (any, error) { return boxed(SignDouble(double(a[0]))) })
	register("Math.Round", func(a []string) (any, error) {
		return boxed(RoundDouble(double(a[0]), integer[int32](a[1]), MidpointRounding(integer[int32](a[2]))))
	})
	for name, function := range map[string]func(float64) float64{"Exp": Exp, "Log": Log, "Log10": Log10} {
		register("Math."+name, func(a []string) (any, error) { return function(double(a[0])), nil })
	}
	register("Math.Pow", func(a []string) (any, error) { return Pow(double(a[0]), double(a[1])), nil })
	register("Math.Log/2", func(a []string) (any, error) { return LogBase(double(a[0]), double(a[1])), nil })
	// Go's built-in functions treat NaN and the zeros as Math.Max and Min do.
	register("Math.MaxMin", func(a []string) (any, error) {
		x, y := double(a[0]), double(a[1])
		return ToString(max(x, y)) + " " + ToString(min(x, y)), nil
	})
}

func arithmeticCalls[T Integer](name string) {
	operators := map[string]func(a, b T) (T, error){
		"Divide": Divide[T], "Remainder": Remainder[T],
		"AddChecked": AddChecked[T], "SubtractChecked": SubtractChecked[T], "MultiplyChecked": MultiplyChecked[T],
	}
	register(name+".NegateChecked", func(a []string) (any, error) { return boxed(NegateChecked(integer[T](a[0]))) })
	register(name+".CastChecked", func(a []string) (any, error) {
		v := integer[T](a[0])
		var parts []string
		parts = append(parts, castResult(CastChecked[int8](v)), castResult(CastChecked[uint8](v)), castResult(CastChecked[int16](v)),
			castResult(CastChecked[uint16](v)), castResult(CastChecked[int32](v)), castResult(CastChecked[uint32](v)),
			castResult(CastChecked[int64](v)), castResult(CastChecked[uint64](v)))
		parts = append(parts, ToString(IntegerToDouble(v)), ToString(IntegerToSingle(v)))
		return strings.Join(parts, " "), nil
	})
	for operator, apply := range operators {
		register(name+"."+operator, func(a []string) (any, error) { return boxed(apply(integer[T](a[0]), integer[T](a[1]))) })
	}
}

// castResult is a value or, as in the vectors, an x for an overflow.
func castResult[T Integer](v T, err error) string {
	if err != nil {
		return "x"
	}
	return ToString(v)
}
