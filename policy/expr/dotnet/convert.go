package dotnet

import "math"

// The functions of System.Convert take the values of the package's table. Null
// gives 0, false or the first DateTime, as for an argument of type object.

// invalidCast is the exception for two types that don't convert.
func invalidCast(v any, to TypeCode) *Exception {
	if from := TypeCodeOf(v); from != TypeCodeObject {
		return InvalidCast("Invalid cast from '" + from.String() + "' to '" + to.String() + "'.")
	}
	return InvalidCast("Unable to cast object of type '" + fullName(v) + "' to type 'System.IConvertible'.")
}

// ConvertToInteger is Convert.ToInt32, ToByte and so on, by T. Fractions are
// rounded to the nearest, ties to even. For char see [ConvertToChar].
func ConvertToInteger[T Integer](v any) (T, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case bool:
		return T(boolRank(v)), nil
	case string:
		return ParseInteger[T](v, NumberStylesInteger)
	case float32:
		return roundToInteger[T](float64(v))
	case float64:
		return roundToInteger[T](v)
	case Decimal:
		return DecimalToInteger[T](v.roundTo(0, ToEven))
	}
	negative, magnitude, ok := splitAny(v)
	if !ok {
		return 0, invalidCast(v, TypeCodeOf(T(0)))
	}
	return joinOrOverflow[T](negative, magnitude)
}

func joinOrOverflow[T Integer](negative bool, magnitude uint64) (T, error) {
	v, ok := join[T](negative, magnitude)
	if !ok {
		return 0, integerOverflow[T]()
	}
	return v, nil
}

// roundToInteger goes by way of int for the types of 8 and 16 bits, and by
// checked arithmetic for those of 64, which shows in the messages.
func roundToInteger[T Integer](v float64) (T, error) {
	if width[T]() < 32 {
		i, err := roundToInteger[int32](v)
		if err != nil {
			return 0, err
		}
		return joinOrOverflow[T](split(i))
	}
	i, err := FloatToIntegerChecked[T](math.RoundToEven(v))
	if err != nil && width[T]() == 32 {
		return 0, integerOverflow[T]()
	}
	return i, err
}

// splitAny takes an integer or char of any type apart.
func splitAny(v any) (negative bool, magnitude uint64, ok bool) {
	switch v := v.(type) {
	case int8:
		negative, magnitude = split(v)
	case uint8:
		negative, magnitude = split(v)
	case int16:
		negative, magnitude = split(v)
	case uint16:
		negative, magnitude = split(v)
	case Char:
		negative, magnitude = split(v)
	case int32:
		negative, magnitude = split(v)
	case uint32:
		negative, magnitude = split(v)
	case int64:
		negative, magnitude = split(v)
	case uint64:
		negative, magnitude = split(v)
	default:
		return false, 0, false
	}
	return negative, magnitude, true
}

// ConvertToChar is Convert.ToChar.
func ConvertToChar(v any) (Char, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case string:
		return ParseChar(v)
	}
	negative, magnitude, ok := splitAny(v)
	if !ok {
		return 0, invalidCast(v, TypeCodeChar)
	}
	return joinOrOverflow[Char](negative, magnitude)
}

// ConvertToBoolean is Convert.ToBoolean: numbers other than 0 are true.
func ConvertToBoolean(v any) (bool, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	case string:
		return ParseBoolean(v)
	case float32:
		return v != 0, nil
	case float64:
		return v != 0, nil
	case Decimal:
		return !v.IsZero(), nil
	case Char:
		return false, invalidCast(v, TypeCodeBoolean)
	}
	_, magnitude, ok := splitAny(v)
	if !ok {
		return false, invalidCast(v, TypeCodeBoolean)
	}
	return magnitude != 0, nil
}

// ConvertToDouble is Convert.ToDouble.
func ConvertToDouble(v any) (float64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case bool:
		return float64(boolRank(v)), nil
	case string:
		return ParseDouble(v, NumberStylesFloat|NumberStylesAllowThousands)
	case float32:
		return float64(v), nil
	case float64:
		return v, nil
	case Decimal:
		return v.Double(), nil
	case Char:
		return 0, invalidCast(v, TypeCodeDouble)
	}
	negative, magnitude, ok := splitAny(v)
	if !ok {
		return 0, invalidCast(v, TypeCodeDouble)
	}
	if negative {
		return -float64(magnitude), nil
	}
	return IntegerToDouble(magnitude), nil
}

// ConvertToSingle is Convert.ToSingle.
func ConvertToSingle(v any) (float32, error) {
	switch v := v.(type) {
	case string:
		return ParseSingle(v, NumberStylesFloat|NumberStylesAllowThousands)
	case int64:
		return IntegerToSingle(v), nil
	}
	d, err := ConvertToDouble(v)
	if err != nil && TypeCodeOf(v) != TypeCodeString {
		return 0, invalidCast(v, TypeCodeSingle)
	}
	return float32(d), err
}

// ConvertToDecimal is Convert.ToDecimal.
func ConvertToDecimal(v any) (Decimal, error) {
	switch v := v.(type) {
	case nil:
		return Decimal{}, nil
	case bool:
		return DecimalFromInteger(int32(boolRank(v))), nil
	case string:
		return ParseDecimal(v, NumberStylesNumber)
	case float32:
		return DecimalFromSingle(v)
	case float64:
		return DecimalFromDouble(v)
	case Decimal:
		return v, nil
	case Char:
		return Decimal{}, invalidCast(v, TypeCodeDecimal)
	}
	negative, magnitude, ok := splitAny(v)
	if !ok {
		return Decimal{}, invalidCast(v, TypeCodeDecimal)
	}
	return Decimal{lo: magnitude, negative: negative}, nil
}

// ConvertToDateTime is Convert.ToDateTime. The clock completes a text without a
// date or a year.
func ConvertToDateTime(v any, clock Clock) (DateTime, error) {
	switch v := v.(type) {
	case nil:
		return DateTime{}, nil
	case DateTime:
		return v, nil
	case string:
		return ParseDateTime(v, DateTimeStylesNone, clock)
	}
	return DateTime{}, invalidCast(v, TypeCodeDateTime)
}

// ChangeType is Convert.ChangeType(value, typeCode). Null has no value types to
// become.
func ChangeType(v any, to TypeCode, clock Clock) (any, error) {
	from := TypeCodeOf(v)
	switch to {
	case TypeCodeEmpty, TypeCodeString, TypeCodeObject:
		if v == nil {
			return nil, nil
		}
	}
	if from == TypeCodeEmpty || from == TypeCodeObject {
		return nil, InvalidCast("Object must implement IConvertible.")
	}
	switch to {
	case TypeCodeObject:
		return v, nil
	case TypeCodeString:
		return ToString(v), nil
	case TypeCodeDBNull, TypeCodeEmpty:
		return nil, InvalidCast("Object cannot be cast to " + to.String() + ".")
	case TypeCodeBoolean:
		return boxed(ConvertToBoolean(v))
	case TypeCodeChar:
		return boxed(ConvertToChar(v))
	case TypeCodeSByte:
		return boxed(ConvertToInteger[int8](v))
	case TypeCodeByte:
		return boxed(ConvertToInteger[uint8](v))
	case TypeCodeInt16:
		return boxed(ConvertToInteger[int16](v))
	case TypeCodeUInt16:
		return boxed(ConvertToInteger[uint16](v))
	case TypeCodeInt32:
		return boxed(ConvertToInteger[int32](v))
	case TypeCodeUInt32:
		return boxed(ConvertToInteger[uint32](v))
	case TypeCodeInt64:
		return boxed(ConvertToInteger[int64](v))
	case TypeCodeUInt64:
		return boxed(ConvertToInteger[uint64](v))
	case TypeCodeSingle:
		return boxed(ConvertToSingle(v))
	case TypeCodeDouble:
		return boxed(ConvertToDouble(v))
	case TypeCodeDecimal:
		return boxed(ConvertToDecimal(v))
	case TypeCodeDateTime:
		return boxed(ConvertToDateTime(v, clock))
	}
	return nil, Argument("Unknown TypeCode value.", "")
}

// boxed makes a result one of type any, nil if there is an error.
func boxed[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}
