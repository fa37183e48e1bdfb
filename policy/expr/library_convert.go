package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var _ = declareEnum("enum System.TypeCode", EnumValue{"Empty", 0}, EnumValue{"Object", 1}, EnumValue{"DBNull", 2}, EnumValue{"Boolean", 3},
	EnumValue{"Char", 4}, EnumValue{"SByte", 5}, EnumValue{"Byte", 6}, EnumValue{"Int16", 7}, EnumValue{"UInt16", 8}, EnumValue{"Int32", 9},
	EnumValue{"UInt32", 10}, EnumValue{"Int64", 11}, EnumValue{"UInt64", 12}, EnumValue{"Single", 13}, EnumValue{"Double", 14},
	EnumValue{"Decimal", 15}, EnumValue{"DateTime", 16}, EnumValue{"String", 18})

// typeCodeMember is GetTypeCode.
func typeCodeMember(_ *Machine, a []any) (any, error) { return typeCode(a[0]), nil }

func typeCode(v any) EnumObject {
	switch held := v.(type) {
	case EnumObject:
		v = int32(held.Value) // the type beneath
	case newtonsoft.Token:
		if value := newtonsoft.ValueOf(held); value != nil {
			v = fromHeld(value.Value())
		}
	}
	return EnumObject{typeOf("System.TypeCode"), int64(dotnet.TypeCodeOf(v))}
}

// conversions are the types that Convert converts to.
var conversions = []conversionTarget{
	{"Boolean", "bool", dotnet.TypeCodeBoolean}, {"Char", "char", dotnet.TypeCodeChar},
	{"SByte", "sbyte", dotnet.TypeCodeSByte}, {"Byte", "byte", dotnet.TypeCodeByte}, {"Int16", "short", dotnet.TypeCodeInt16},
	{"UInt16", "ushort", dotnet.TypeCodeUInt16}, {"Int32", "int", dotnet.TypeCodeInt32}, {"UInt32", "uint", dotnet.TypeCodeUInt32},
	{"Int64", "long", dotnet.TypeCodeInt64}, {"UInt64", "ulong", dotnet.TypeCodeUInt64}, {"Single", "float", dotnet.TypeCodeSingle},
	{"Double", "double", dotnet.TypeCodeDouble}, {"Decimal", "decimal", dotnet.TypeCodeDecimal}, {"DateTime", "DateTime", dotnet.TypeCodeDateTime},
	{"String", "string", dotnet.TypeCodeString},
}

type conversionTarget struct {
	name, keyword string
	code          dotnet.TypeCode
}

// IConvertible's own members are what Convert calls.
var _ = declare("interface System.IConvertible", convertibleMembers)

func convertibleMembers() []memberDecl {
	members := []memberDecl{member("System.TypeCode GetTypeCode()", typeCodeMember), member("object ToType(Type conversionType, IFormatProvider provider)", changeType)}
	for _, c := range conversions {
		members = append(members, member(c.keyword+" To"+c.name+"(IFormatProvider provider)", convertTo(c.code)))
	}
	return members
}

var _ = declare("static class System.Convert", convertMembers, convertFromBase, convertBase64, func() []memberDecl {
	return []memberDecl{
		member("static object ChangeType(object value, Type conversionType)", changeType),
		member("static object ChangeType(object value, Type conversionType, IFormatProvider provider)", changeType),
		member("static object ChangeType(object value, System.TypeCode typeCode)", changeTypeByCode),
		member("static object ChangeType(object value, System.TypeCode typeCode, IFormatProvider provider)", changeTypeByCode),
		member("static System.TypeCode GetTypeCode(object value)", func(_ *Machine, a []any) (any, error) { return typeCode(a[0]), nil }),
		member("static bool IsDBNull(object value)", always(false)),
	}
})

// convertMembers are ToInt32 and its like, with an overload for each type that
// .NET has one for.
func convertMembers() []memberDecl {
	var members []memberDecl
	for _, to := range conversions {
		f := convertTo(to.code)
		for _, from := range conversions {
			of := f
			if from.keyword == "string" {
				of = nullable(to.code)
			}
			members = append(members, member("static "+to.keyword+" To"+to.name+"("+from.keyword+" value)", of))
		}
		members = append(members,
			member("static "+to.keyword+" To"+to.name+"(object value)", f),
			member("static "+to.keyword+" To"+to.name+"(object value, IFormatProvider provider)", f))
		if to.code != dotnet.TypeCodeString {
			members = append(members, member("static "+to.keyword+" To"+to.name+"(string value, IFormatProvider provider)", nullable(to.code)))
			continue
		}
		for _, from := range conversions {
			in := convertToTextIn
			if from.keyword == "string" {
				in = nullable(to.code)
			}
			members = append(members, member("static string ToString("+from.keyword+" value, IFormatProvider provider)", in))
		}
	}
	return members
}

// nullable is Convert.ToXxx of a text, where null is not what it is as an object.
func nullable(to dotnet.TypeCode) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		switch {
		case a[0] != nil:
		case to == dotnet.TypeCodeString:
			return nil, nil
		case to == dotnet.TypeCodeChar:
			return nil, dotnet.ArgumentNull("value")
		case to == dotnet.TypeCodeSByte && len(a) > 1:
			return nil, dotnet.ArgumentNull("s")
		}
		return m.convertValue(a[0], to)
	}
}

func convertToTextIn(m *Machine, a []any) (any, error) { return orNil(m.FormatIn(a[0], "", a[1])) }

// convertTo is Convert.ToXxx of its first argument.
func convertTo(to dotnet.TypeCode) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) { return m.convertValue(a[0], to) }
}

func (m *Machine) convertValue(v any, to dotnet.TypeCode) (any, error) {
	switch held := v.(type) {
	case EnumObject:
		switch to {
		case dotnet.TypeCodeString:
		case dotnet.TypeCodeDateTime:
			return nil, dotnet.InvalidCast("Invalid cast from 'Enum' to 'DateTime'.")
		default:
			v = int32(held.Value)
		}
	case newtonsoft.Token:
		return m.convertToken(held, to)
	}
	if to != dotnet.TypeCodeString && v != nil && dotnet.TypeCodeOf(v) == dotnet.TypeCodeObject {
		return nil, notConvertible(v)
	}
	switch to {
	case dotnet.TypeCodeString:
		return orNil(m.Text(v))
	case dotnet.TypeCodeBoolean:
		return orNil(dotnet.ConvertToBoolean(v))
	case dotnet.TypeCodeChar:
		return orNil(dotnet.ConvertToChar(v))
	case dotnet.TypeCodeSByte:
		return orNil(dotnet.ConvertToInteger[int8](v))
	case dotnet.TypeCodeByte:
		return orNil(dotnet.ConvertToInteger[uint8](v))
	case dotnet.TypeCodeInt16:
		return orNil(dotnet.ConvertToInteger[int16](v))
	case dotnet.TypeCodeUInt16:
		return orNil(dotnet.ConvertToInteger[uint16](v))
	case dotnet.TypeCodeInt32:
		return orNil(dotnet.ConvertToInteger[int32](v))
	case dotnet.TypeCodeUInt32:
		return orNil(dotnet.ConvertToInteger[uint32](v))
	case dotnet.TypeCodeInt64:
		return orNil(dotnet.ConvertToInteger[int64](v))
	case dotnet.TypeCodeUInt64:
		return orNil(dotnet.ConvertToInteger[uint64](v))
	case dotnet.TypeCodeSingle:
		return orNil(dotnet.ConvertToSingle(v))
	case dotnet.TypeCodeDouble:
		return orNil(dotnet.ConvertToDouble(v))
	case dotnet.TypeCodeDecimal:
		return orNil(dotnet.ConvertToDecimal(v))
	}
	return orNil(dotnet.ConvertToDateTime(v, m.now))
}

func notConvertible(v any) error {
	return dotnet.InvalidCast("Unable to cast object of type '" + reflectionName(DynamicType(v), true) + "' to type 'System.IConvertible'.")
}

// convertToken converts a JValue by its operators; the other tokens are not
// convertible.
func (m *Machine) convertToken(t newtonsoft.Token, to dotnet.TypeCode) (any, error) {
	if to == dotnet.TypeCodeString {
		return orNil(m.Text(t))
	}
	if newtonsoft.ValueOf(t) == nil {
		return nil, notConvertible(t)
	}
	i := slices.IndexFunc(jsonConversions, func(c jsonConversion) bool { return c.to == to.String() })
	return orNil(jsonConversions[i].apply(m, t, false))
}

// convertFromBase are the overloads with a base.
func convertFromBase() []memberDecl {
	return []memberDecl{
		fromBase[int8]("sbyte", "SByte"), fromBase[uint8]("byte", "Byte"), fromBase[int16]("short", "Int16"), fromBase[uint16]("ushort", "UInt16"),
		fromBase[int32]("int", "Int32"), fromBase[uint32]("uint", "UInt32"), fromBase[int64]("long", "Int64"), fromBase[uint64]("ulong", "UInt64"),
		toBase[uint8]("byte"), toBase[int16]("short"), toBase[int32]("int"), toBase[int64]("long"),
	}
}

// fromBase is ToInt32(value, fromBase); null is 0.
func fromBase[T dotnet.Integer](keyword, name string) memberDecl {
	return member("static "+keyword+" To"+name+"(string value, int fromBase)", func(_ *Machine, a []any) (any, error) {
		base := a[1].(int32)
		if a[0] == nil && (base == 2 || base == 8 || base == 10 || base == 16) {
			return T(0), nil
		}
		return orNil(dotnet.IntegerFromBase[T](text(a[0]), base))
	})
}

func toBase[T uint8 | int16 | int32 | int64](keyword string) memberDecl {
	return member("static string ToString("+keyword+" value, int toBase)", func(_ *Machine, a []any) (any, error) {
		return orNil(dotnet.IntegerToBase(a[0].(T), a[1].(int32)))
	})
}

func changeTypeByCode(m *Machine, a []any) (any, error) {
	v, to := a[0], dotnet.TypeCode(a[1].(EnumObject).Value)
	switch {
	case v == nil:
		return dotnet.ChangeType(v, to, m.now)
	case !isConvertible(v):
		return nil, dotnet.InvalidCast("Object must implement IConvertible.")
	case to == dotnet.TypeCodeObject:
		return v, nil
	case to == dotnet.TypeCodeEmpty || to == dotnet.TypeCodeDBNull || !slices.ContainsFunc(conversions, func(c conversionTarget) bool { return c.code == to }):
		return dotnet.ChangeType(int32(0), to, m.now) // which refuses it
	}
	return m.convertValue(v, to)
}

// changeType is ChangeType to a type: one that has a code of its own, or the
// value's.
func changeType(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("conversionType")
	}
	v, to := a[0], a[1].(*typeObject).t
	if v == nil {
		if to.IsValue() {
			return nil, dotnet.InvalidCast("Null object cannot be converted to a value type.")
		}
		return nil, nil
	}
	if !isConvertible(v) {
		if DynamicType(v) == to {
			return v, nil
		}
		return nil, dotnet.InvalidCast("Object must implement IConvertible.")
	}
	for _, c := range conversions {
		if reflectionName(to, true) == "System."+c.name {
			return m.convertValue(v, c.code)
		}
	}
	if to == basic.object || DynamicType(v) == to {
		return v, nil
	}
	return nil, dotnet.InvalidCast("Invalid cast from '" + reflectionName(DynamicType(v), true) + "' to '" + reflectionName(to, true) + "'.")
}

func isConvertible(v any) bool {
	switch v := v.(type) {
	case EnumObject:
		return true
	case newtonsoft.Token:
		return newtonsoft.ValueOf(v) != nil
	}
	return dotnet.TypeCodeOf(v) != dotnet.TypeCodeObject
}

var _ = extend("System.Enum", func() []memberDecl {
	return []memberDecl{
		member("System.TypeCode GetTypeCode()", typeCodeMember),
	}
})
