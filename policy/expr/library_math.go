package expr

import (
	"math"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var _ = declareEnum("enum System.MidpointRounding", EnumValue{"ToEven", 0}, EnumValue{"AwayFromZero", 1}, EnumValue{"ToZero", 2},
	EnumValue{"ToNegativeInfinity", 3}, EnumValue{"ToPositiveInfinity", 4})

var _ = declare("static class System.Math", func() []memberDecl {
	return append(append(floatFunctions(), mathOfIntegers()...),
		constant("const double PI", math.Pi), constant("const double E", math.E),
		member("static double Pow(double x, double y)", pure2(dotnet.Pow)),
		member("static double Atan2(double y, double x)", pure2(dotnet.Atan2)),
		member("static double CopySign(double x, double y)", pure2(math.Copysign)), member("static double ScaleB(double x, int n)", pure2(dotnet.ScaleB)), member("static int ILogB(double x)", pure1(dotnet.ILogB)),
		member("static double MaxMagnitude(double x, double y)", pure2(dotnet.MaxMagnitude)), member("static double MinMagnitude(double x, double y)", pure2(dotnet.MinMagnitude)),
		member("static double FusedMultiplyAdd(double x, double y, double z)", func(_ *Machine, a []any) (any, error) {
			return math.FMA(a[0].(float64), a[1].(float64), a[2].(float64)), nil
		}),
		member("static float Clamp(float value, float min, float max)", failing3(dotnet.Clamp[float32])),
		member("static double IEEERemainder(double x, double y)", func(_ *Machine, a []any) (any, error) { return math.Remainder(a[0].(float64), a[1].(float64)), nil }),
		member("static double Log(double a, double newBase)", func(_ *Machine, a []any) (any, error) { return dotnet.LogBase(a[0].(float64), a[1].(float64)), nil }),
		member("static double Round(double a)", func(_ *Machine, a []any) (any, error) { return dotnet.RoundDouble(a[0].(float64), 0, dotnet.ToEven) }),
		member("static double Round(double value, int digits)", func(_ *Machine, a []any) (any, error) {
			return dotnet.RoundDouble(a[0].(float64), a[1].(int32), dotnet.ToEven)
		}),
		member("static double Round(double value, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) { return dotnet.RoundDouble(a[0].(float64), 0, roundingOf(a[1])) }),
		member("static double Round(double value, int digits, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) {
			return dotnet.RoundDouble(a[0].(float64), a[1].(int32), roundingOf(a[2]))
		}),
		member("static decimal Round(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(0, dotnet.ToEven) }),
		member("static decimal Round(decimal d, int decimals)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(a[1].(int32), dotnet.ToEven) }),
		member("static decimal Round(decimal d, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(0, roundingOf(a[1])) }),
		member("static decimal Round(decimal d, int decimals, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) {
			return decimalOf(a[0]).Round(a[1].(int32), roundingOf(a[2]))
		}),
		member("static decimal Floor(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Floor(), nil }),
		member("static decimal Ceiling(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Ceiling(), nil }),
		member("static decimal Truncate(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Truncate(), nil }),
		member("static decimal Abs(decimal value)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Abs(), nil }),
		member("static int Sign(decimal value)", func(_ *Machine, a []any) (any, error) { return int32(decimalOf(a[0]).Sign()), nil }),
		member("static int Sign(double value)", func(_ *Machine, a []any) (any, error) { return dotnet.SignDouble(a[0].(float64)) }),
		member("static double Abs(double value)", func(_ *Machine, a []any) (any, error) { return math.Abs(a[0].(float64)), nil }),
		member("static float Abs(float value)", func(_ *Machine, a []any) (any, error) { return float32(math.Abs(float64(a[0].(float32)))), nil }),
		member("static double Max(double val1, double val2)", func(_ *Machine, a []any) (any, error) { return math.Max(a[0].(float64), a[1].(float64)), nil }),
		member("static double Min(double val1, double val2)", func(_ *Machine, a []any) (any, error) { return math.Min(a[0].(float64), a[1].(float64)), nil }),
		member("static float Max(float val1, float val2)", func(_ *Machine, a []any) (any, error) {
			return float32(math.Max(float64(a[0].(float32)), float64(a[1].(float32)))), nil
		}),
		member("static float Min(float val1, float val2)", func(_ *Machine, a []any) (any, error) {
			return float32(math.Min(float64(a[0].(float32)), float64(a[1].(float32)))), nil
		}),
		member("static decimal Max(decimal val1, decimal val2)", func(_ *Machine, a []any) (any, error) {
			if decimalOf(a[0]).Compare(decimalOf(a[1])) >= 0 {
				return a[0], nil
			}
			return a[1], nil
		}),
		member("static decimal Min(decimal val1, decimal val2)", func(_ *Machine, a []any) (any, error) {
			if decimalOf(a[0]).Compare(decimalOf(a[1])) < 0 {
				return a[0], nil
			}
			return a[1], nil
		}),
		member("static double Clamp(double value, double min, double max)", func(_ *Machine, a []any) (any, error) {
			return dotnet.Clamp(a[0].(float64), a[1].(float64), a[2].(float64))
		}),
		member("static decimal Clamp(decimal value, decimal min, decimal max)", func(_ *Machine, a []any) (any, error) {
			return dotnet.ClampDecimal(decimalOf(a[0]), decimalOf(a[1]), decimalOf(a[2]))
		}),
		member("static long BigMul(int a, int b)", func(_ *Machine, a []any) (any, error) { return dotnet.BigMul(a[0].(int32), a[1].(int32)), nil }),
	)
})

// floatFunctions are the functions of one double.
func floatFunctions() []memberDecl {
	var members []memberDecl
	for name, f := range map[string]func(float64) float64{
		"Sqrt": math.Sqrt, "Cbrt": dotnet.Cbrt, "Exp": dotnet.Exp, "Log": dotnet.Log, "Log10": dotnet.Log10, "Log2": dotnet.Log2,
		"Sin": dotnet.Sin, "Cos": dotnet.Cos, "Tan": dotnet.Tan, "Asin": dotnet.Asin, "Acos": dotnet.Acos, "Atan": dotnet.Atan,
		"Sinh": dotnet.Sinh, "Cosh": dotnet.Cosh, "Tanh": dotnet.Tanh, "Asinh": dotnet.Asinh, "Acosh": dotnet.Acosh, "Atanh": dotnet.Atanh,
		"Floor": math.Floor, "Ceiling": math.Ceil, "Truncate": math.Trunc, "BitIncrement": dotnet.BitIncrement, "BitDecrement": dotnet.BitDecrement,
	} {
		members = append(members, member("static double "+name+"(double d)", func(m *Machine, a []any) (any, error) { return f(a[0].(float64)), m.Spend(50) }))
	}
	return members
}

func mathOfIntegers() []memberDecl {
	var members []memberDecl
	members = append(members, integerMath[int8]("sbyte", true)...)
	members = append(members, integerMath[int16]("short", true)...)
	members = append(members, integerMath[int32]("int", true)...)
	members = append(members, integerMath[int64]("long", true)...)
	members = append(members, integerMath[uint8]("byte", false)...)
	members = append(members, integerMath[uint16]("ushort", false)...)
	members = append(members, integerMath[uint32]("uint", false)...)
	return append(members, integerMath[uint64]("ulong", false)...)
}

func integerMath[T dotnet.Integer](name string, signed bool) []memberDecl {
	members := []memberDecl{
		member("static "+name+" Max("+name+" val1, "+name+" val2)", func(_ *Machine, a []any) (any, error) { return max(a[0].(T), a[1].(T)), nil }),
		member("static "+name+" Min("+name+" val1, "+name+" val2)", func(_ *Machine, a []any) (any, error) { return min(a[0].(T), a[1].(T)), nil }),
		member("static "+name+" Clamp("+name+" value, "+name+" min, "+name+" max)", func(_ *Machine, a []any) (any, error) {
			return dotnet.Clamp(a[0].(T), a[1].(T), a[2].(T))
		}),
	}
	if !signed {
		return members
	}
	members = append(members,
		member("static "+name+" Abs("+name+" value)", func(_ *Machine, a []any) (any, error) { return dotnet.AbsInteger(a[0].(T)) }),
		member("static int Sign("+name+" value)", func(_ *Machine, a []any) (any, error) { return dotnet.SignInteger(a[0].(T)), nil }))
	if name == "int" || name == "long" {
		members = append(members, member("static "+name+" DivRem("+name+" a, "+name+" b, out "+name+" result)", func(_ *Machine, a []any) (any, error) {
			quotient, remainder, err := dotnet.DivRem(a[0].(T), a[1].(T))
			a[2].(*Ref).Value = remainder
			return quotient, err
		}))
	}
	return members
}
