package dotnet

import (
	"fmt"
	"strings"
	"time"
)

// testClock stands on the day that the vectors were asked on, but of 2037: it has
// the same calendar, and no vector names it.
func testClock() time.Time { return time.Date(2037, 11, 23, 21, 30, 15, 0, time.UTC) }

func init() {
	converterCalls[int8]("SByte")
	converterCalls[uint8]("Byte")
	converterCalls[int16]("Int16")
	converterCalls[uint16]("UInt16")
	converterCalls[int32]("Int32")
	converterCalls[uint32]("UInt32")
	converterCalls[int64]("Int64")
	converterCalls[uint64]("UInt64")
	register("Convert.ToBoolean", func(a []string) (any, error) { return boxed(ConvertToBoolean(value(a[0]))) })
	register("Convert.ToChar", func(a []string) (any, error) { return boxed(ConvertToChar(value(a[0]))) })
	register("Convert.ToSingle", func(a []string) (any, error) { return boxed(ConvertToSingle(value(a[0]))) })
	register("Convert.ToDouble", func(a []string) (any, error) { return boxed(ConvertToDouble(value(a[0]))) })
	register("Convert.ToDecimal", func(a []string) (any, error) { return boxed(ConvertToDecimal(value(a[0]))) })
	register("Convert.ToDateTime", func(a []string) (any, error) { return dateResult(ConvertToDateTime(value(a[0]), testClock)) })
	register("Convert.ToString", func(a []string) (any, error) { return ToString(value(a[0])), nil })
	register("Convert.ChangeType", func(a []string) (any, error) {
		return ChangeType(value(a[0]), TypeCode(integer[int32](a[1])), testClock)
	})
	register("Cast", func(a []string) (any, error) {
		return Cast(value(a[0]), typeCodeByKeyword[a[1]], a[2] == "checked")
	})
	byteCalls()
	valueCalls()
}

// typeCodeByKeyword maps what C# calls a type.
var typeCodeByKeyword = map[string]TypeCode{
	"char": TypeCodeChar, "sbyte": TypeCodeSByte, "byte": TypeCodeByte, "short": TypeCodeInt16, "ushort": TypeCodeUInt16,
	"int": TypeCodeInt32, "uint": TypeCodeUInt32, "long": TypeCodeInt64, "ulong": TypeCodeUInt64,
	"float": TypeCodeSingle, "double": TypeCodeDouble, "decimal": TypeCodeDecimal,
}

func converterCalls[T Integer](name string) {
	register("Convert.To"+name, func(a []string) (any, error) { return boxed(ConvertToInteger[T](value(a[0]))) })
	register("Convert.To"+name+"/base", func(a []string) (any, error) {
		return boxed(IntegerFromBase[T](a[0], integer[int32](a[1])))
	})
}

func toBaseCall[T uint8 | int16 | int32 | int64](name string) {
	register("Convert.ToString/"+name, func(a []string) (any, error) {
		return boxed(IntegerToBase(integer[T](a[0]), integer[int32](a[1])))
	})
}

func fromBytesCall[T bitConvertible](name string, show func(T) any) {
	register("BitConverter.To"+name, func(a []string) (any, error) {
		v, err := FromBytes[T]([]byte{1, 0, 255, 127, 66, 200, 3, 64, 9}, integer[int32](a[0]))
		if err != nil {
			return nil, err
		}
		return show(v), nil
	})
}

func shown[T any](v T) any { return v }

func byteCalls() {
	toBaseCall[uint8]("Byte")
	toBaseCall[int16]("Int16")
	toBaseCall[int32]("Int32")
	toBaseCall[int64]("Int64")
	fromBytesCall("Boolean", shown[bool])
	fromBytesCall("Char", func(c Char) any { return int32(c) })
	fromBytesCall("Int16", shown[int16])
	fromBytesCall("UInt16", shown[uint16])
	fromBytesCall("Int32", shown[int32])
	fromBytesCall("UInt32", shown[uint32])
	fromBytesCall("Int64", shown[int64])
	fromBytesCall("UInt64", shown[uint64])
	fromBytesCall("Single", shown[float32])
	fromBytesCall("Double", shown[float64])
	register("BitConverter.GetBytes", func(a []string) (any, error) {
		switch v := value(a[0]).(type) {
		case bool:
			return BytesToString(GetBytes(v)), nil
		case Char:
			return BytesToString(GetBytes(v)), nil
		case int16:
			return BytesToString(GetBytes(v)), nil
		case int32:
			return BytesToString(GetBytes(v)), nil
		case uint64:
			return BytesToString(GetBytes(v)), nil
		case float32:
			return BytesToString(GetBytes(v)), nil
		case float64:
			return BytesToString(GetBytes(v)), nil
		}
		return nil, fmt.Errorf("no GetBytes of %s", a[0])
	})
	register("BitConverter.ToString/range", func(a []string) (any, error) {
		return boxed(BytesToStringRange([]byte{1, 171, 255}, integer[int32](a[0]), integer[int32](a[1])))
	})
	register("Convert.ToBase64String/range", func(a []string) (any, error) {
		return boxed(ToBase64StringRange([]byte{1, 2, 3}, integer[int32](a[0]), integer[int32](a[1]), Base64FormattingNone))
	})
	register("Convert.ToBase64String", func(a []string) (any, error) {
		data := make([]byte, integer[int32](a[0]))
		for i := range data {
			data[i] = byte(i)
		}
		return boxed(ToBase64String(data, Base64FormattingOptions(integer[int32](a[1]))))
	})
	register("Convert.FromBase64String", func(a []string) (any, error) {
		data, err := FromBase64String(a[0])
		if err != nil {
			return nil, err
		}
		return BytesToString(data), nil
	})
}

func valueCalls() {
	register("FormatValue", func(a []string) (any, error) { return boxed(FormatValue(value(a[0]), a[1])) })
	register("String.Format", func(a []string) (any, error) {
		var args []any
		for _, arg := range a[1:] {
			args = append(args, value(arg))
		}
		return boxed(CompositeFormat(a[0], args, FormatValue))
	})
	register("Equals", func(a []string) (any, error) { return Equals(value(a[0]), value(a[1])), nil })
	register("CompareTo", func(a []string) (any, error) {
		return boxed(Compare(value(a[0]), value(a[1]), strings.Compare))
	})
	register("GetHashCode", func(a []string) (any, error) {
		code, ok := HashCode(value(a[0]))
		if !ok {
			return nil, fmt.Errorf("no hash code of %s", a[0])
		}
		return code, nil
	})
}

// value reads an argument that says its type: "int:5", "string:x", "null".
func value(s string) any {
	keyword, text, _ := strings.Cut(s, ":")
	switch keyword {
	case "null":
		return nil
	case "bool":
		return text == "True"
	case "char":
		return parsed(ParseChar(text))
	case "sbyte":
		return integer[int8](text)
	case "byte":
		return integer[uint8](text)
	case "short":
		return integer[int16](text)
	case "ushort":
		return integer[uint16](text)
	case "int":
		return integer[int32](text)
	case "uint":
		return integer[uint32](text)
	case "long":
		return integer[int64](text)
	case "ulong":
		return integer[uint64](text)
	case "float":
		return single(text)
	case "double":
		return double(text)
	case "decimal":
		return decimal(text)
	case "string":
		return text
	case "DateTime":
		return parsed(NewDateTime(integer[int64](text), KindUnspecified))
	case "DateTimeOffset":
		return parsed(NewDateTimeOffset(parsed(NewDateTime(integer[int64](text), KindUnspecified)), 2*TicksPerHour))
	case "TimeSpan":
		return TimeSpan(integer[int64](text))
	case "Guid":
		return parsed(ParseGuid(text))
	}
	panic("no type of " + s)
}
