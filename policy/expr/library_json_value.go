package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var _ = declare("class Newtonsoft.Json.Linq.JValue : Newtonsoft.Json.Linq.JToken, System.IFormattable, System.IComparable, IEquatable<Newtonsoft.Json.Linq.JValue>, IComparable<Newtonsoft.Json.Linq.JValue>",
	func() []memberDecl {
		return append(newValues("long", "decimal", "char", "ulong", "double", "float", "DateTime", "DateTimeOffset", "bool", "string", "Guid", "Uri", "TimeSpan", "object"),
			member("new(JValue other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
			member("object Value { get; set; }",
				func(_ *Machine, a []any) (any, error) { return fromHeld(jsonValue(a).Value()), nil },
				func(_ *Machine, a []any) (any, error) {
					v, err := objectValue(a[1])
					if err == nil {
						jsonValue(a).Set(v.Value())
					}
					return nil, err
				}),
			member("static JValue CreateComment(string value)", func(_ *Machine, a []any) (any, error) { return newtonsoft.NewComment(a[0]), nil }),
			member("static JValue CreateString(string value)", func(_ *Machine, a []any) (any, error) { return newtonsoft.NewString(a[0]), nil }),
			member("static JValue CreateNull()", func(*Machine, []any) (any, error) { return newtonsoft.Null(), nil }),
			member("static JValue CreateUndefined()", func(*Machine, []any) (any, error) { return newtonsoft.Undefined(), nil }),
			member("string ToString()", func(m *Machine, a []any) (any, error) { return writeText(m, newtonsoft.Text(token(a[0]))) }),
			member("string ToString(string format)", func(m *Machine, a []any) (any, error) { return m.formatToken(jsonValue(a), text(a[1])) }),
			member("string ToString(IFormatProvider formatProvider)", func(m *Machine, a []any) (any, error) { return m.formatToken(jsonValue(a), "") }),
			member("string ToString(string format, IFormatProvider formatProvider)", func(m *Machine, a []any) (any, error) {
				return m.formatToken(jsonValue(a), text(a[1]))
			}),
			member("bool Equals(JValue other)", func(_ *Machine, a []any) (any, error) { return equalTokens(a[0], a[1]), nil }),
			member("bool Equals(object obj)", func(_ *Machine, a []any) (any, error) { return equalTokens(a[0], a[1]), nil }),
			member("int CompareTo(JValue obj)", func(_ *Machine, a []any) (any, error) { return compareTokens(a[0], a[1]) }),
			member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return m.hashToken(token(a[0])) }),
		)
	})

var _ = declare("class Newtonsoft.Json.Linq.JRaw : Newtonsoft.Json.Linq.JValue", func() []memberDecl {
	return []memberDecl{
		member("new(JRaw other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
		member("new(object rawJson)", func(_ *Machine, a []any) (any, error) {
			held, ok := heldValue(a[0])
			if !ok {
				return nil, dotnet.Argument("Could not determine JSON object type for type "+reflectionName(DynamicType(a[0]), true)+".", "")
			}
			return newtonsoft.NewRaw(held), nil
		}),
	}
})

// newValues are the constructors of JValue; a null text makes a text, any other
// null a null.
func newValues(types ...string) []memberDecl {
	var members []memberDecl
	for _, t := range types {
		isText := t == "string"
		members = append(members, member("new("+t+" value)", func(_ *Machine, a []any) (any, error) {
			if isText && a[0] == nil {
				return newtonsoft.NewString(nil), nil
			}
			make := newJSONValue
			if t == "object" {
				make = objectValue
			}
			v, err := make(a[0])
			return orNothing(v, err)
		}))
	}
	return members
}

func jsonValue(a []any) *newtonsoft.Value { return newtonsoft.ValueOf(token(a[0])) }

// formatToken is ToString(format) of a JValue, which is its value's.
func (m *Machine) formatToken(v *newtonsoft.Value, format string) (string, error) {
	return m.Format(fromHeld(v.Value()), format)
}

// equalTokens is Equals: values by value, containers if they are the same.
func equalTokens(a, b any) bool {
	x, y := newtonsoft.ValueOf(token(a)), newtonsoft.ValueOf(token(b))
	if x == nil || y == nil {
		return a == b
	}
	return x.Equal(y)
}

// compareTokens is CompareTo of a JValue with another or with a plain value.
func compareTokens(a, b any) (any, error) {
	x := newtonsoft.ValueOf(token(a))
	if x == nil {
		return nil, dotnet.Argument("At least one object must implement IComparable.", "")
	}
	if b == nil {
		return int32(1), nil
	}
	var n int
	var err error
	if y := newtonsoft.ValueOf(token(b)); y != nil {
		n, err = x.CompareTo(y)
	} else {
		held, _ := heldValue(b)
		n, err = x.CompareWith(held)
	}
	return int32(n), err
}

// hashToken is GetHashCode: a value's is that of what it holds.
func (m *Machine) hashToken(t newtonsoft.Token) (int32, error) {
	if v := newtonsoft.ValueOf(t); v != nil {
		return m.Hash(fromHeld(v.Value()))
	}
	return m.Hash(newtonsoft.Path(t))
}
