package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// numeric says which of C#'s numeric types a type is.
type numeric uint8

const (
	notNumeric numeric = iota
	numChar
	numSByte
	numByte
	numShort
	numUShort
	numInt
	numUInt
	numLong
	numULong
	numFloat
	numDouble
	numDecimal
)

var numericNames = map[string]numeric{
	"System.Char": numChar, "System.SByte": numSByte, "System.Byte": numByte, "System.Int16": numShort, "System.UInt16": numUShort,
	"System.Int32": numInt, "System.UInt32": numUInt, "System.Int64": numLong, "System.UInt64": numULong, "System.Single": numFloat,
	"System.Double": numDouble, "System.Decimal": numDecimal,
}

// numeric is t as a numeric type, or notNumeric.
func (t *Type) numeric() numeric {
	if t.kind != Struct {
		return notNumeric
	}
	return numericNames[t.full]
}

func (n numeric) integral() bool { return n >= numChar && n <= numULong }

// wider are the implicit numeric conversions (C# 7.3 specification, 10.2.3).
var wider = map[numeric][]numeric{
	numSByte:  {numShort, numInt, numLong, numFloat, numDouble, numDecimal},
	numByte:   {numShort, numUShort, numInt, numUInt, numLong, numULong, numFloat, numDouble, numDecimal},
	numShort:  {numInt, numLong, numFloat, numDouble, numDecimal},
	numUShort: {numInt, numUInt, numLong, numULong, numFloat, numDouble, numDecimal},
	numInt:    {numLong, numFloat, numDouble, numDecimal},
	numUInt:   {numLong, numULong, numFloat, numDouble, numDecimal},
	numLong:   {numFloat, numDouble, numDecimal},
	numULong:  {numFloat, numDouble, numDecimal},
	numChar:   {numUShort, numInt, numUInt, numLong, numULong, numFloat, numDouble, numDecimal},
	numFloat:  {numDouble},
}

// unaryFunc and binaryFunc are operators on values that are not null.
type (
	unaryFunc  func(m *Machine, x any) (any, error)
	binaryFunc func(m *Machine, x, y any) (any, error)
)

// toNumeric converts any numeric value. Checked says that what does not fit is an
// exception.
func toNumeric(to numeric, checked bool) unaryFunc {
	switch to {
	case numChar:
		return toInteger[dotnet.Char](checked)
	case numSByte:
		return toInteger[int8](checked)
	case numByte:
		return toInteger[uint8](checked)
	case numShort:
		return toInteger[int16](checked)
	case numUShort:
		return toInteger[uint16](checked)
	case numInt:
		return toInteger[int32](checked)
	case numUInt:
		return toInteger[uint32](checked)
	case numLong:
		return toInteger[int64](checked)
	case numULong:
		return toInteger[uint64](checked)
	case numFloat:
		return func(_ *Machine, x any) (any, error) {
			if d, ok := x.(dotnet.Decimal); ok {
				return d.Single(), nil
			}
			return toFloat[float32](x), nil
		}
	case numDouble:
		return func(_ *Machine, x any) (any, error) {
			if d, ok := x.(dotnet.Decimal); ok {
				return d.Double(), nil
			}
			return toFloat[float64](x), nil
		}
	}
	return toDecimal
}

func toInteger[T dotnet.Integer](checked bool) unaryFunc {
	if checked {
		return func(_ *Machine, x any) (any, error) { return checkedInteger[T](x) }
	}
	return func(_ *Machine, x any) (any, error) {
		switch x := x.(type) {
		case int32:
			return T(x), nil
		case int64:
			return T(x), nil
		case float64:
			return dotnet.FloatToInteger[T](x), nil
		case float32:
			return dotnet.FloatToInteger[T](float64(x)), nil
		case dotnet.Decimal:
			return dotnet.DecimalToInteger[T](x)
		case int8:
			return T(x), nil
		case uint8:
			return T(x), nil
		case int16:
			return T(x), nil
		case uint16:
			return T(x), nil
		case uint32:
			return T(x), nil
		case uint64:
			return T(x), nil
		}
		return T(x.(dotnet.Char)), nil
	}
}

func checkedInteger[T dotnet.Integer](x any) (any, error) {
	switch x := x.(type) {
	case int32:
		return dotnet.CastChecked[T](x)
	case int64:
		return dotnet.CastChecked[T](x)
	case float64:
		return dotnet.FloatToIntegerChecked[T](x)
	case float32:
		return dotnet.FloatToIntegerChecked[T](float64(x))
	case dotnet.Decimal:
		return dotnet.DecimalToInteger[T](x)
	case int8:
		return dotnet.CastChecked[T](x)
	case uint8:
		return dotnet.CastChecked[T](x)
	case int16:
		return dotnet.CastChecked[T](x)
	case uint16:
		return dotnet.CastChecked[T](x)
	case uint32:
		return dotnet.CastChecked[T](x)
	case uint64:
		return dotnet.CastChecked[T](x)
	}
	return dotnet.CastChecked[T](x.(dotnet.Char))
}

func toFloat[T float32 | float64](x any) T {
	switch x := x.(type) {
	case int32:
		return T(x)
	case float64:
		return T(x)
	case float32:
		return T(x)
	case int64:
		return T(x)
	case int8:
		return T(x)
	case uint8:
		return T(x)
	case int16:
		return T(x)
	case uint16:
		return T(x)
	case uint32:
		return T(x)
	case uint64:
		return T(x)
	}
	return T(x.(dotnet.Char))
}

func toDecimal(_ *Machine, x any) (any, error) {
	switch x := x.(type) {
	case dotnet.Decimal:
		return x, nil
	case int32:
		return dotnet.DecimalFromInteger(x), nil
	case float64:
		return dotnet.DecimalFromDouble(x)
	case float32:
		return dotnet.DecimalFromSingle(x)
	case int64:
		return dotnet.DecimalFromInteger(x), nil
	case int8:
		return dotnet.DecimalFromInteger(x), nil
	case uint8:
		return dotnet.DecimalFromInteger(x), nil
	case int16:
		return dotnet.DecimalFromInteger(x), nil
	case uint16:
		return dotnet.DecimalFromInteger(x), nil
	case uint32:
		return dotnet.DecimalFromInteger(x), nil
	case uint64:
		return dotnet.DecimalFromInteger(x), nil
	}
	return dotnet.DecimalFromInteger(x.(dotnet.Char)), nil
}
