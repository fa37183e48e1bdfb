package expr

import (
	"encoding/base64"
	"math/big"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// The conversions between JToken and plain values.

var _ = extend("Newtonsoft.Json.Linq.JToken", jsonImplicit, jsonExplicit)

// jsonIntegers convert to a token that holds a long, as JValue's constructors do.
var jsonIntegers = []string{"byte", "sbyte", "short", "ushort", "int", "uint", "long"}

func jsonImplicit() []memberDecl {
	plain := []string{"bool", "ulong", "float", "double", "decimal", "DateTime", "DateTimeOffset", "TimeSpan", "Guid"}
	asIs := []string{"string", "Uri", "byte[]"}
	for _, t := range append(slices.Clone(plain), jsonIntegers...) {
		asIs = append(asIs, t+"?")
	}
	var members []memberDecl
	for _, t := range append(asIs, plain...) {
		members = append(members, member("static implicit operator JToken("+t+" value)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil && t == "string" {
				return newtonsoft.NewString(nil), nil
			}
			v, err := newJSONValue(a[0])
			return orNothing(v, err)
		}))
	}
	for _, t := range jsonIntegers {
		members = append(members, member("static implicit operator JToken("+t+" value)", func(_ *Machine, a []any) (any, error) {
			n, err := dotnet.ConvertToInteger[int64](a[0])
			return newtonsoft.NewValue(n), err
		}))
	}
	return members
}

// jsonConversion is what a token may be, by C#'s keyword, to be converted.
type jsonConversion struct {
	keyword string
	to      string // in the message
	from    []newtonsoft.TokenType
	convert func(m *Machine, v any) (any, error)
	class   bool // it has no nullable
}

var (
	jsonTexts = []newtonsoft.TokenType{newtonsoft.StringType, newtonsoft.CommentType, newtonsoft.RawType}
	jsonChars = append([]newtonsoft.TokenType{newtonsoft.IntegerType, newtonsoft.FloatType}, jsonTexts...)
	jsonPlain = append([]newtonsoft.TokenType{newtonsoft.BooleanType}, jsonChars...)
	jsonAny   = append([]newtonsoft.TokenType{newtonsoft.DateType, newtonsoft.BytesType, newtonsoft.GuidType, newtonsoft.TimeSpanType, newtonsoft.URIType}, jsonPlain...)
)

func withTexts(t ...newtonsoft.TokenType) []newtonsoft.TokenType { return append(t, jsonTexts...) }

var jsonConversions = []jsonConversion{
	{"bool", "Boolean", jsonPlain, changed(dotnet.TypeCodeBoolean), false},
	{"sbyte", "SByte", jsonPlain, changed(dotnet.TypeCodeSByte), false},
	{"byte", "Byte", jsonPlain, changed(dotnet.TypeCodeByte), false},
	{"short", "Int16", jsonPlain, changed(dotnet.TypeCodeInt16), false},
	{"ushort", "UInt16", jsonPlain, changed(dotnet.TypeCodeUInt16), false},
	{"int", "Int32", jsonPlain, changed(dotnet.TypeCodeInt32), false},
	{"uint", "UInt32", jsonPlain, changed(dotnet.TypeCodeUInt32), false},
	{"long", "Int64", jsonPlain, changed(dotnet.TypeCodeInt64), false},
	{"ulong", "UInt64", jsonPlain, changed(dotnet.TypeCodeUInt64), false},
	{"float", "Single", jsonPlain, changed(dotnet.TypeCodeSingle), false},
	{"double", "Double", jsonPlain, changed(dotnet.TypeCodeDouble), false},
	{"decimal", "Decimal", jsonPlain, changed(dotnet.TypeCodeDecimal), false},
	{"char", "Char", jsonChars, changed(dotnet.TypeCodeChar), false},
	{"DateTime", "DateTime", withTexts(newtonsoft.DateType), jsonToDateTime, false},
	{"DateTimeOffset", "DateTimeOffset", withTexts(newtonsoft.DateType), jsonToDateTimeOffset, false},
	{"Guid", "Guid", withTexts(newtonsoft.GuidType, newtonsoft.BytesType), jsonToGuid, false},
	{"TimeSpan", "TimeSpan", withTexts(newtonsoft.TimeSpanType), jsonToTimeSpan, false},
	{"string", "String", jsonAny, jsonToString, true},
	{"Uri", "Uri", withTexts(newtonsoft.URIType), jsonToURI, true},
	{"byte[]", "byte array", withTexts(newtonsoft.BytesType, newtonsoft.IntegerType), jsonToBytes, true},
}

func jsonExplicit() []memberDecl {
	var members []memberDecl
	for _, c := range jsonConversions {
		members = append(members, member("static explicit operator "+c.keyword+"(JToken value)", func(m *Machine, a []any) (any, error) {
			return c.apply(m, token(a[0]), c.class)
		}))
		if !c.class {
			members = append(members, member("static explicit operator "+c.keyword+"?(JToken value)", func(m *Machine, a []any) (any, error) {
				return c.apply(m, token(a[0]), true)
			}))
		}
	}
	return members
}

func (c *jsonConversion) apply(m *Machine, t newtonsoft.Token, nullable bool) (any, error) {
	if t == nil {
		if nullable {
			return nil, nil
		}
		return nil, dotnet.ArgumentNull("value")
	}
	if p, ok := t.(*newtonsoft.Property); ok {
		t = p.Value()
	}
	v := newtonsoft.ValueOf(t)
	isNull := t.Type() == newtonsoft.NullType || t.Type() == newtonsoft.UndefinedType
	if v == nil || !slices.Contains(c.from, t.Type()) && !(nullable && isNull && c.keyword != "byte[]") {
		return nil, dotnet.Argument("Can not convert "+t.Type().String()+" to "+c.to+".", "")
	}
	if v.Value() == nil && nullable {
		return nil, nil
	}
	return c.convert(m, v.Value())
}

// changed is Convert.ToXxx; of a BigInteger its own conversion.
func changed(to dotnet.TypeCode) func(m *Machine, v any) (any, error) {
	return func(m *Machine, v any) (any, error) {
		if n, ok := v.(*big.Int); ok {
			return bigTo(m, n, to)
		}
		if v == nil { // a text without a value
			if to == dotnet.TypeCodeBoolean {
				return false, nil
			}
			return dotnet.ChangeType(int32(0), to, m.now)
		}
		return dotnet.ChangeType(v, to, m.now)
	}
}

func bigTo(m *Machine, n *big.Int, to dotnet.TypeCode) (any, error) {
	f, _ := new(big.Float).SetInt(n).Float64()
	switch {
	case to == dotnet.TypeCodeDouble:
		return f, nil
	case to == dotnet.TypeCodeSingle:
		return float32(f), nil
	case to == dotnet.TypeCodeDecimal:
		if d, err := dotnet.ParseDecimal(n.String(), 7); err == nil {
			return d, nil
		}
		return nil, dotnet.Overflow("Value was either too large or too small for a Decimal.")
	case to == dotnet.TypeCodeUInt64 && n.IsUint64():
		return n.Uint64(), nil
	}
	name := to.String()
	switch to {
	case dotnet.TypeCodeBoolean, dotnet.TypeCodeSByte, dotnet.TypeCodeByte, dotnet.TypeCodeInt16, dotnet.TypeCodeUInt16, dotnet.TypeCodeChar:
		name = "Int32" // these go by way of int
	}
	article := "a "
	if strings.IndexByte("IU", name[0]) >= 0 && name[:2] != "UI" {
		article = "an "
	}
	return nil, dotnet.Overflow("Value was either too large or too small for " + article + name + ".")
}

func jsonToString(m *Machine, v any) (any, error) {
	switch v := v.(type) {
	case []byte:
		return base64.StdEncoding.EncodeToString(v), nil
	case *big.Int:
		return v.String(), nil
	}
	return m.Text(v)
}

func jsonToDateTime(m *Machine, v any) (any, error) {
	if o, ok := v.(dotnet.DateTimeOffset); ok {
		return o.DateTime(), nil
	}
	d, err := dotnet.ConvertToDateTime(v, m.now)
	return d, err
}

func jsonToDateTimeOffset(m *Machine, v any) (any, error) {
	switch v := v.(type) {
	case dotnet.DateTimeOffset:
		return v, nil
	case string:
		o, err := dotnet.ParseDateTimeOffset(v, 0, m.now)
		return o, err
	}
	d, err := dotnet.ConvertToDateTime(v, m.now)
	return dotnet.DateTimeOffsetFrom(d), err
}

func jsonToGuid(m *Machine, v any) (any, error) {
	var g dotnet.Guid
	var err error
	switch v := v.(type) {
	case dotnet.Guid:
		g = v
	case []byte:
		g, err = dotnet.GuidFromBytes(v)
	case nil:
		return nil, dotnet.ArgumentNull("g")
	default:
		var s string
		if s, err = m.Text(v); err == nil {
			g, err = dotnet.ParseGuid(s)
		}
	}
	return g, err
}

func jsonToTimeSpan(m *Machine, v any) (any, error) {
	if span, ok := v.(dotnet.TimeSpan); ok {
		return span, nil
	}
	s, err := m.Text(v)
	if err != nil {
		return nil, err
	}
	span, err := dotnet.ParseTimeSpan(s)
	return span, err
}

func jsonToURI(m *Machine, v any) (any, error) {
	if u, ok := v.(newtonsoft.Address); ok {
		return u, nil
	}
	s, err := m.Text(v)
	if err != nil {
		return nil, err
	}
	u, err := dotnet.NewURI(s, dotnet.AbsoluteKind, false)
	return u, err
}

func jsonToBytes(_ *Machine, v any) (any, error) {
	switch v := v.(type) {
	case []byte:
		return NewBytes(v), nil
	case string:
		b, err := dotnet.FromBase64String(v)
		return NewBytes(b), err
	case *big.Int:
		return NewBytes(littleEndian(v)), nil
	}
	return nil, dotnet.Argument("Can not convert Integer to byte array.", "")
}

// littleEndian is BigInteger.ToByteArray: two's complement, least byte first.
func littleEndian(n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(size*8)))
	}
	b := n.FillBytes(make([]byte, size))
	slices.Reverse(b)
	return b
}
