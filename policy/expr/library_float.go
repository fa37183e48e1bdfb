package expr

import (
	"math"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const floatStyles = dotnet.NumberStyles(167 | 64) // Float and AllowThousands

// isFloat are the tests of a floating point type, by the value as double.
func isFloat[T float32 | float64](name string, normal T) []memberDecl {
	test := func(method string, f func(v T) bool) memberDecl {
		return member("static bool "+method+"("+name+" d)", pure1(f))
	}
	infinite := func(v T, sign int) bool { return math.IsInf(float64(v), sign) }
	negative := func(v T) bool { return math.Signbit(float64(v)) || v != v }
	magnitude := func(v T) T { return T(math.Abs(float64(v))) }
	return []memberDecl{
		test("IsNaN", func(v T) bool { return v != v }), test("IsInfinity", func(v T) bool { return infinite(v, 0) }),
		test("IsPositiveInfinity", func(v T) bool { return infinite(v, 1) }), test("IsNegativeInfinity", func(v T) bool { return infinite(v, -1) }),
		test("IsFinite", func(v T) bool { return v-v == 0 }), test("IsNegative", negative),
		test("IsNormal", func(v T) bool { return v-v == 0 && magnitude(v) >= normal }),
		test("IsSubnormal", func(v T) bool { return v != 0 && magnitude(v) < normal }),
	}
}

var _ = numericType("System.Double", "double", floatStyles, dotnet.ParseDouble, func() []memberDecl {
	return append(isFloat("double", 0x1p-1022),
		constant("const double MinValue", -math.MaxFloat64), constant("const double MaxValue", math.MaxFloat64), constant("const double Epsilon", math.SmallestNonzeroFloat64),
		constant("const double NaN", notANumber()), constant("const double PositiveInfinity", math.Inf(1)), constant("const double NegativeInfinity", math.Inf(-1)),
	)
})

var _ = numericType("System.Single", "float", floatStyles, dotnet.ParseSingle, func() []memberDecl {
	return append(isFloat("float", float32(0x1p-126)),
		constant("const float MinValue", float32(-math.MaxFloat32)), constant("const float MaxValue", float32(math.MaxFloat32)),
		constant("const float Epsilon", float32(math.SmallestNonzeroFloat32)), constant("const float NaN", float32(notANumber())),
		constant("const float PositiveInfinity", float32(math.Inf(1))), constant("const float NegativeInfinity", float32(math.Inf(-1))),
	)
})

func decimalOf(v any) dotnet.Decimal { return v.(dotnet.Decimal) }

func decimalFunc(f func(a, b dotnet.Decimal) (dotnet.Decimal, error)) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(decimalOf(a[0]), decimalOf(a[1])) }
}

var _ = numericType("System.Decimal", "decimal", dotnet.NumberStylesNumber, dotnet.ParseDecimal, func() []memberDecl {
	return []memberDecl{
		constant("const decimal Zero", dotnet.DecimalFromInteger(int32(0))), constant("const decimal One", dotnet.DecimalFromInteger(int32(1))),
		constant("const decimal MinusOne", dotnet.DecimalFromInteger(int32(-1))),
		constant("const decimal MaxValue", bigDecimal(false)), constant("const decimal MinValue", bigDecimal(true)),
		member("static decimal Add(decimal d1, decimal d2)", decimalFunc(dotnet.Decimal.Add)),
		member("static decimal Subtract(decimal d1, decimal d2)", decimalFunc(dotnet.Decimal.Subtract)),
		member("static decimal Multiply(decimal d1, decimal d2)", decimalFunc(dotnet.Decimal.Multiply)),
		member("static decimal Divide(decimal d1, decimal d2)", decimalFunc(dotnet.Decimal.Divide)),
		member("static decimal Remainder(decimal d1, decimal d2)", decimalFunc(dotnet.Decimal.Remainder)),
		member("static decimal Negate(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Negate(), nil }),
		member("static decimal Truncate(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Truncate(), nil }),
		member("static decimal Floor(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Floor(), nil }),
		member("static decimal Ceiling(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Ceiling(), nil }),
		member("static decimal Round(decimal d)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(0, dotnet.ToEven) }),
		member("static decimal Round(decimal d, int decimals)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(a[1].(int32), dotnet.ToEven) }),
		member("static decimal Round(decimal d, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) { return decimalOf(a[0]).Round(0, roundingOf(a[1])) }),
		member("static decimal Round(decimal d, int decimals, MidpointRounding mode)", func(_ *Machine, a []any) (any, error) {
			return decimalOf(a[0]).Round(a[1].(int32), roundingOf(a[2]))
		}),
		member("static int Compare(decimal d1, decimal d2)", func(_ *Machine, a []any) (any, error) { return int32(decimalOf(a[0]).Compare(decimalOf(a[1]))), nil }),
		member("static bool Equals(decimal d1, decimal d2)", equalTo),
		member("static byte ToByte(decimal value)", decimalTo[uint8]("an unsigned byte")), member("static sbyte ToSByte(decimal value)", decimalTo[int8]("a signed byte")),
		member("static short ToInt16(decimal value)", decimalTo[int16]("an Int16")), member("static ushort ToUInt16(decimal value)", decimalTo[uint16]("a UInt16")),
		member("static int ToInt32(decimal d)", failing1(dotnet.DecimalToInteger[int32])), member("static uint ToUInt32(decimal d)", failing1(dotnet.DecimalToInteger[uint32])),
		member("static long ToInt64(decimal d)", failing1(dotnet.DecimalToInteger[int64])), member("static ulong ToUInt64(decimal d)", failing1(dotnet.DecimalToInteger[uint64])),
		member("static double ToDouble(decimal d)", pure1(dotnet.Decimal.Double)), member("static float ToSingle(decimal d)", pure1(dotnet.Decimal.Single)),
		member("static long ToOACurrency(decimal value)", decimalToCurrency),
		member("static decimal FromOACurrency(long cy)", func(_ *Machine, a []any) (any, error) {
			return dotnet.DecimalFromInteger(a[0].(int64)).Divide(dotnet.DecimalFromInteger(int32(10000)))
		}),
		member("new(int value)", newDecimalOf[int32]), member("new(uint value)", newDecimalOf[uint32]), member("new(long value)", newDecimalOf[int64]), member("new(ulong value)", newDecimalOf[uint64]),
		member("new(double value)", failing1(dotnet.DecimalFromDouble)), member("new(float value)", failing1(dotnet.DecimalFromSingle)),
		member("new(int lo, int mid, int hi, bool isNegative, byte scale)", func(_ *Machine, a []any) (any, error) {
			return dotnet.NewDecimal(a[0].(int32), a[1].(int32), a[2].(int32), a[3].(bool), a[4].(uint8))
		}),
		member("new(int[] bits)", func(_ *Machine, a []any) (any, error) {
			bits, ok := a[0].(*ArrayObject)
			if !ok {
				return nil, dotnet.ArgumentNull("bits")
			}
			if bits.Len() != 4 {
				return nil, dotnet.Argument("Decimal byte array constructor requires an array of length four containing valid decimal bytes.", "")
			}
			parts := make([]int32, 4)
			for i := range parts {
				parts[i] = bits.At(i).(int32)
			}
			return dotnet.NewDecimalBits(parts)
		}),
		member("static int[] GetBits(decimal d)", func(_ *Machine, a []any) (any, error) {
			var bits []any
			for _, b := range decimalOf(a[0]).GetBits() {
				bits = append(bits, b)
			}
			return NewArray(basic.int, bits), nil
		}),
	}
})

func newDecimalOf[T dotnet.Integer](_ *Machine, a []any) (any, error) {
	return dotnet.DecimalFromInteger(a[0].(T)), nil
}

// decimalTo is a conversion to a small integer, whose message names it.
func decimalTo[T dotnet.Integer](name string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		v, err := dotnet.DecimalToInteger[T](decimalOf(a[0]))
		if err != nil {
			return nil, dotnet.Overflow("Value was either too large or too small for " + name + ".")
		}
		return v, nil
	}
}

// decimalToCurrency is the value in ten thousandths.
func decimalToCurrency(_ *Machine, a []any) (any, error) {
	scaled, err := decimalOf(a[0]).Multiply(dotnet.DecimalFromInteger(int32(10000)))
	if err == nil {
		scaled, err = scaled.Round(0, dotnet.ToEven)
	}
	if err != nil {
		return nil, dotnet.Overflow("Value was either too large or too small for a Currency.")
	}
	return dotnet.DecimalToInteger[int64](scaled)
}

func bigDecimal(negative bool) dotnet.Decimal {
	d, err := dotnet.NewDecimal(-1, -1, -1, negative, 0)
	if err != nil {
		panic(err)
	}
	return d
}

func roundingOf(v any) dotnet.MidpointRounding { return dotnet.MidpointRounding(v.(EnumObject).Value) }

var _ = declare("struct System.Boolean : System.IComparable, System.IComparable<bool>, System.IEquatable<bool>, System.IConvertible", func() []memberDecl {
	return append(comparisonMembers("bool", "value"),
		constant("const string TrueString", "True"), constant("const string FalseString", "False"),
		member("static bool Parse(string value)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			return dotnet.ParseBoolean(a[0].(string))
		}),
		member("static bool TryParse(string value, out bool result)", func(_ *Machine, a []any) (any, error) {
			b, err := dotnet.ParseBoolean(text(a[0]))
			a[1].(*Ref).Value = err == nil && b
			return err == nil && a[0] != nil, nil
		}),
		member("string ToString()", toText), member("string ToString(IFormatProvider provider)", toText),
		member("System.TypeCode GetTypeCode()", typeCodeMember),
	)
})
