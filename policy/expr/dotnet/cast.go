package dotnet

// Cast is an explicit C# conversion between numeric types, char included, in
// checked or unchecked code. Conversions from decimal check either way.
func Cast(v any, to TypeCode, checked bool) (any, error) {
	switch to {
	case TypeCodeSByte:
		return boxed(castInteger[int8](v, checked))
	case TypeCodeByte:
		return boxed(castInteger[uint8](v, checked))
	case TypeCodeInt16:
		return boxed(castInteger[int16](v, checked))
	case TypeCodeUInt16:
		return boxed(castInteger[uint16](v, checked))
	case TypeCodeChar:
		return boxed(castInteger[Char](v, checked))
	case TypeCodeInt32:
		return boxed(castInteger[int32](v, checked))
	case TypeCodeUInt32:
		return boxed(castInteger[uint32](v, checked))
	case TypeCodeInt64:
		return boxed(castInteger[int64](v, checked))
	case TypeCodeUInt64:
		return boxed(castInteger[uint64](v, checked))
	case TypeCodeSingle:
		return boxed(ConvertToSingle(charAsInteger(v)))
	case TypeCodeDouble:
		return boxed(ConvertToDouble(charAsInteger(v)))
	case TypeCodeDecimal:
		return boxed(ConvertToDecimal(charAsInteger(v)))
	}
	return nil, invalidCast(v, to)
}

// charAsInteger widens a char, which Convert does not.
func charAsInteger(v any) any {
	if c, ok := v.(Char); ok {
		return uint16(c)
	}
	return v
}

func castInteger[T Integer](v any, checked bool) (T, error) {
	var float float64
	switch v := v.(type) {
	case Decimal:
		return DecimalToInteger[T](v)
	case float32:
		float = float64(v)
	case float64:
		float = v
	default:
		negative, magnitude, ok := splitAny(v)
		if !ok {
			return 0, invalidCast(v, TypeCodeOf(T(0)))
		}
		to, fits := join[T](negative, magnitude)
		if !fits && checked {
			return 0, ArithmeticOverflow()
		}
		return to, nil
	}
	if checked {
		return FloatToIntegerChecked[T](float)
	}
	return FloatToInteger[T](float), nil
}
