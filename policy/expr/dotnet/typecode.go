package dotnet

// TypeCode is System.TypeCode.
type TypeCode int32

// The type codes. 17 is not used.
const (
	TypeCodeEmpty    TypeCode = 0 // null
	TypeCodeObject   TypeCode = 1 // anything without a code of its own
	TypeCodeDBNull   TypeCode = 2
	TypeCodeBoolean  TypeCode = 3
	TypeCodeChar     TypeCode = 4
	TypeCodeSByte    TypeCode = 5
	TypeCodeByte     TypeCode = 6
	TypeCodeInt16    TypeCode = 7
	TypeCodeUInt16   TypeCode = 8
	TypeCodeInt32    TypeCode = 9
	TypeCodeUInt32   TypeCode = 10
	TypeCodeInt64    TypeCode = 11
	TypeCodeUInt64   TypeCode = 12
	TypeCodeSingle   TypeCode = 13
	TypeCodeDouble   TypeCode = 14
	TypeCodeDecimal  TypeCode = 15
	TypeCodeDateTime TypeCode = 16
	TypeCodeString   TypeCode = 18
)

var typeCodeNames = [...]string{
	"Empty", "Object", "DBNull", "Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32",
	"Int64", "UInt64", "Single", "Double", "Decimal", "DateTime", 18: "String",
}

// String is the code's name, which for the codes of types is the type's.
func (c TypeCode) String() string { return enumName(int64(c), typeCodeNames[:]) }

// TypeCodeOf is Convert.GetTypeCode.
func TypeCodeOf(v any) TypeCode {
	switch v.(type) {
	case nil:
		return TypeCodeEmpty
	case bool:
		return TypeCodeBoolean
	case Char:
		return TypeCodeChar
	case int8:
		return TypeCodeSByte
	case uint8:
		return TypeCodeByte
	case int16:
		return TypeCodeInt16
	case uint16:
		return TypeCodeUInt16
	case int32:
		return TypeCodeInt32
	case uint32:
		return TypeCodeUInt32
	case int64:
		return TypeCodeInt64
	case uint64:
		return TypeCodeUInt64
	case float32:
		return TypeCodeSingle
	case float64:
		return TypeCodeDouble
	case Decimal:
		return TypeCodeDecimal
	case DateTime:
		return TypeCodeDateTime
	case string:
		return TypeCodeString
	}
	return TypeCodeObject
}
