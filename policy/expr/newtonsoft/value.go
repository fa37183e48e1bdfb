package newtonsoft

import (
	"math/big"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Value is a JValue.
type Value struct {
	node
	kind  TokenType
	value any
}

// Address is a System.Uri as a Value holds it. Its text is a fmt.Stringer's.
type Address interface {
	OriginalString() string
	String() string
}

// NewValue is a JValue of a .NET value of package dotnet's kinds, a *big.Int, a
// []byte or an Address; its type follows from the value's.
func NewValue(v any) *Value { return &Value{kind: typeOfValue(v), value: v} }

// Null is a JValue of null.
func Null() *Value { return &Value{kind: NullType} }

// Undefined is a JValue of undefined.
func Undefined() *Value { return &Value{kind: UndefinedType} }

// NewComment is a comment; nil is one without a text.
func NewComment(text any) *Value { return &Value{kind: CommentType, value: text} }

// NewString is JValue.CreateString: nil makes a string without a value.
func NewString(v any) *Value { return &Value{kind: StringType, value: v} }

func typeOfValue(v any) TokenType {
	switch v.(type) {
	case nil:
		return NullType
	case string, dotnet.Char:
		return StringType
	case bool:
		return BooleanType
	case float32, float64, dotnet.Decimal:
		return FloatType
	case dotnet.DateTime, dotnet.DateTimeOffset:
		return DateType
	case dotnet.Guid:
		return GuidType
	case dotnet.TimeSpan:
		return TimeSpanType
	case []byte:
		return BytesType
	case Address:
		return URIType
	}
	return IntegerType
}

// Type is part of Token.
func (v *Value) Type() TokenType { return v.kind }

// TypeName is part of Token.
func (v *Value) TypeName() string { return "Newtonsoft.Json.Linq.JValue" }

// Value is what it holds.
func (v *Value) Value() any { return v.value }

// Set changes what it holds; the type follows the value's unless a text stays one.
func (v *Value) Set(value any) {
	kind := typeOfValue(value)
	if kind == StringType && (v.kind == CommentType || v.kind == RawType) {
		kind = v.kind
	}
	v.kind, v.value = kind, value
}

func (v *Value) clone() Token { return &Value{kind: v.kind, value: v.value} }

// Raw is a JRaw: JSON that is written as it is.
type Raw struct{ Value }

// NewRaw is a JRaw of a value, whose text it is.
func NewRaw(json any) *Raw { return &Raw{Value{kind: RawType, value: json}} }

// TypeName is part of Token.
func (r *Raw) TypeName() string { return "Newtonsoft.Json.Linq.JRaw" }

func (r *Raw) clone() Token { return NewRaw(r.value) }

// ValueOf is the JValue that t is, a JRaw's too; nil if t is a container.
func ValueOf(t Token) *Value { return valueOf(t) }

func valueOf(t Token) *Value {
	switch v := t.(type) {
	case *Value:
		return v
	case *Raw:
		return &v.Value
	}
	return nil
}

// plainText is Convert.ToString of what a Value holds.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case *big.Int:
		return v.String()
	case []byte:
		return "System.Byte[]"
	case Address:
		return v.String()
	}
	return dotnet.ToString(v)
}
