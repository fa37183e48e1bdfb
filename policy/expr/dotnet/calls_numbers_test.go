package dotnet

import (
	"fmt"
	"strconv"
	"strings"
)

func init() {
	integerCalls[int8]("SByte")
	integerCalls[uint8]("Byte")
	integerCalls[int16]("Int16")
	integerCalls[uint16]("UInt16")
	integerCalls[int32]("Int32")
	integerCalls[uint32]("UInt32")
	integerCalls[int64]("Int64")
	integerCalls[uint64]("UInt64")
	register("Boolean.Parse", func(a []string) (any, error) { return boxed(ParseBoolean(a[0])) })
	register("Char.Parse", func(a []string) (any, error) { return boxed(ParseChar(a[0])) })
	register("Double.Parse", func(a []string) (any, error) { return boxed(ParseDouble(a[0], numberStyles(a[1]))) })
	register("Single.Parse", func(a []string) (any, error) { return boxed(ParseSingle(a[0], numberStyles(a[1]))) })
	register("Double.ToString", func(a []string) (any, error) { return boxed(FormatDouble(double(a[0]), a[1])) })
	register("Single.ToString", func(a []string) (any, error) { return boxed(FormatSingle(single(a[0]), a[1])) })
	decimalCalls()
}

func integerCalls[T Integer](name string) {
	register(name+".Parse", func(a []string) (any, error) { return boxed(ParseInteger[T](a[0], numberStyles(a[1]))) })
	register(name+".ToString", func(a []string) (any, error) { return boxed(FormatInteger(integer[T](a[0]), a[1])) })
}

func decimalCalls() {
	register("Decimal.Parse", func(a []string) (any, error) { return decimalResult(ParseDecimal(a[0], numberStyles(a[1]))) })
	register("Decimal.ToString", func(a []string) (any, error) { return boxed(decimal(a[0]).ToString(a[1])) })
	operators := map[string]func(a, b Decimal) (Decimal, error){
		"Add": Decimal.Add, "Subtract": Decimal.Subtract, "Multiply": Decimal.Multiply,
		"Divide": Decimal.Divide, "Remainder": Decimal.Remainder,
	}
	for name, operator := range operators {
		register("Decimal."+name, func(a []string) (any, error) { return decimalResult(operator(decimal(a[0]), decimal(a[1]))) })
	}
	register("Decimal.Round", func(a []string) (any, error) {
		return decimalResult(decimal(a[0]).Round(integer[int32](a[1]), MidpointRounding(integer[int32](a[2]))))
	})
	register("Decimal.Whole", func(a []string) (any, error) {
		d := decimal(a[0])
		parts := []string{decimalText(d.Truncate()), decimalText(d.Floor()), decimalText(d.Ceiling()), decimalText(d.Negate()), decimalText(d.Abs()), strconv.Itoa(d.Sign())}
		return strings.Join(append(parts, strconv.Itoa(int(d.HashCode()))), "|"), nil
	})
	register("Decimal.Compare", func(a []string) (any, error) {
		d, e := decimal(a[0]), decimal(a[1])
		return strconv.Itoa(d.Compare(e)) + " " + ToString(d.Equal(e)), nil
	})
	register("Decimal.MaxMin", func(a []string) (any, error) {
		d, e := decimal(a[0]), decimal(a[1])
		return d.Max(e).String() + " " + d.Min(e).String(), nil
	})
	register("Decimal.FromDouble", func(a []string) (any, error) { return decimalResult(DecimalFromDouble(double(a[0]))) })
	register("Decimal.FromSingle", func(a []string) (any, error) { return decimalResult(DecimalFromSingle(single(a[0]))) })
	register("Decimal.ToFloats", func(a []string) (any, error) {
		d := decimal(a[0])
		return ToString(d.Double()) + " " + ToString(d.Single()), nil
	})
	register("Decimal.New", func(a []string) (any, error) {
		scale, err := strconv.ParseUint(a[4], 10, 8)
		if err != nil {
			return nil, err
		}
		return decimalResult(NewDecimal(integer[int32](a[0]), integer[int32](a[1]), integer[int32](a[2]), a[3] == "true", uint8(scale)))
	})
	register("Decimal.NewBits", func(a []string) (any, error) {
		var parts []int32
		for _, part := range a {
			parts = append(parts, integer[int32](part))
		}
		return decimalResult(NewDecimalBits(parts))
	})
}

// decimalText is how the vectors write a decimal: its text and GetBits.
func decimalText(d Decimal) string {
	b := d.GetBits()
	return fmt.Sprintf("%s %d,%d,%d,%d", d, b[0], b[1], b[2], b[3])
}

func decimalResult(d Decimal, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return decimalText(d), nil
}

// The arguments of vectors are texts; these read them without this package's
// parsers where Go has its own.

func numberStyles(s string) NumberStyles { return NumberStyles(integer[int32](s)) }

func integer[T Integer](s string) T {
	if strings.HasPrefix(s, "-") {
		v, err := strconv.ParseInt(s, 10, width[T]())
		return T(parsed(v, err))
	}
	v, err := strconv.ParseUint(s, 10, 64)
	return T(parsed(v, err))
}

func double(s string) float64 {
	if s == "NaN" {
		return NaN
	}
	return parsed(strconv.ParseFloat(s, 64))
}

func single(s string) float32 {
	if s == "NaN" {
		return float32(NaN)
	}
	return float32(parsed(strconv.ParseFloat(s, 32)))
}

func decimal(s string) Decimal { return parsed(ParseDecimal(s, NumberStylesAny)) }

func parsed[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
