package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var _ = declare("static class Newtonsoft.Json.JsonConvert",
	func() []memberDecl {
		return append(jsonToStrings("bool", "char", "int", "short", "ushort", "uint", "long", "ulong", "float", "double", "byte", "sbyte", "decimal",
			"DateTime", "DateTimeOffset", "Guid", "TimeSpan", "Uri", "string", "object"),
			constant("const string True", "true"), constant("const string False", "false"), constant("const string Null", "null"),
			constant("const string Undefined", "undefined"), constant("const string NaN", "NaN"),
			constant("const string PositiveInfinity", "Infinity"), constant("const string NegativeInfinity", "-Infinity"),
			member("static string SerializeObject(object value)", func(m *Machine, a []any) (any, error) { return m.JSON(a[0]) }),
			member("static string SerializeObject(object value, Formatting formatting)", func(m *Machine, a []any) (any, error) {
				return serializeObject(m, a[0], newtonsoft.Formatting(a[1].(EnumObject).Value), nil)
			}),
			member("static string SerializeObject(object value, params JsonConverter[] converters)", func(m *Machine, a []any) (any, error) { return m.JSON(a[0]) }),
			member("static string SerializeObject(object value, JsonSerializerSettings settings)", func(m *Machine, a []any) (any, error) {
				return serializeObject(m, a[0], formattingOf(a[1]), a[1])
			}),
			member("static string SerializeObject(object value, Formatting formatting, JsonSerializerSettings settings)", func(m *Machine, a []any) (any, error) {
				return serializeObject(m, a[0], newtonsoft.Formatting(a[1].(EnumObject).Value), a[2])
			}),
			member("static object DeserializeObject(string value)", func(m *Machine, a []any) (any, error) {
				return m.deserializeText(a[0], basic.object, nil)
			}),
			member("static object DeserializeObject(string value, JsonSerializerSettings settings)", func(m *Machine, a []any) (any, error) {
				return m.deserializeText(a[0], basic.object, a[1])
			}),
			member("static object DeserializeObject(string value, Type type)", func(m *Machine, a []any) (any, error) {
				if a[1] == nil {
					return m.deserializeText(a[0], basic.object, nil)
				}
				return m.deserializeText(a[0], a[1].(*typeObject).t, nil)
			}),
			member("static T DeserializeObject<T>(string value)", func(m *Machine, t []*Type, a []any) (any, error) {
				return m.deserializeText(a[0], t[0], nil)
			}),
			member("static T DeserializeObject<T>(string value, params JsonConverter[] converters)", func(m *Machine, t []*Type, a []any) (any, error) {
				return m.deserializeText(a[0], t[0], nil)
			}),
			member("static T DeserializeObject<T>(string value, JsonSerializerSettings settings)", func(m *Machine, t []*Type, a []any) (any, error) {
				return m.deserializeText(a[0], t[0], a[1])
			}),
			member("static T DeserializeAnonymousType<T>(string value, T anonymousTypeObject)", func(m *Machine, t []*Type, a []any) (any, error) {
				return m.deserializeText(a[0], t[0], nil)
			}),
		)
	})

// jsonToStrings are JsonConvert.ToString.
func jsonToStrings(types ...string) []memberDecl {
	members := []memberDecl{member("static string ToString(Enum value)", func(m *Machine, a []any) (any, error) {
		s, err := m.Text(a[0])
		return newtonsoft.Quote(s), err
	}), member("static string ToString(string value, char delimiter)", func(m *Machine, a []any) (any, error) {
		switch quote := a[1].(dotnet.Char); quote {
		case '"', '\'':
			return newtonsoft.QuoteWith(text(a[0]), byte(quote)), nil
		}
		return nil, dotnet.Argument("Delimiter must be a single or double quote.", "delimiter")
	})}
	for _, t := range types {
		members = append(members, member("static string ToString("+t+" value)", func(m *Machine, a []any) (any, error) {
			held, ok := heldValue(a[0])
			if !ok {
				return nil, dotnet.Argument("Unsupported type: "+reflectionName(DynamicType(a[0]), true)+". Use the JsonSerializer class to get the object's JSON representation.", "")
			}
			return newtonsoft.Write(newtonsoft.NewValue(held), newtonsoft.Compact), nil
		}))
	}
	return members
}

func serializeObject(m *Machine, v any, f newtonsoft.Formatting, settings any) (any, error) {
	s := &serializer{m: m, written: true}
	if set, ok := settings.(*serializerSettings); ok {
		s.skipNulls = set.skipNulls
	}
	t, err := s.token(v)
	if err != nil {
		return nil, err
	}
	return writeText(m, newtonsoft.Write(t, f))
}

// deserializeText is JsonConvert.DeserializeObject.
func (m *Machine) deserializeText(json any, to *Type, settings any) (any, error) {
	if json == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	s, err := jsonText(m, json)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(s) == "" {
		if to.IsValue() && to.kind != Nullable {
			return nil, serializationError("No JSON content found and type '" + reflectionName(to, true) + "' is not nullable. Path '', line 0, position 0.")
		}
		return nil, nil
	}
	t, err := newtonsoft.Parse(s, newtonsoft.ParseOptions{KeepDates: true, Decimals: holdsDecimals(to)})
	if err != nil {
		return nil, err
	}
	set, _ := settings.(*serializerSettings)
	return m.deserialize(t, to, set == nil || set.dates != 0)
}

// serializerSettings is a JsonSerializerSettings.
type serializerSettings struct {
	skipNulls bool
	format    int64
	dates     int64 // DateParseHandling
}

const settingsType = "Newtonsoft.Json.JsonSerializerSettings"

// DotnetType is part of Object.
func (*serializerSettings) DotnetType() *Type { return typeOf(settingsType) }

func formattingOf(settings any) newtonsoft.Formatting {
	if s, ok := settings.(*serializerSettings); ok {
		return newtonsoft.Formatting(s.format)
	}
	return newtonsoft.Compact
}

var (
	_ = declareEnum("enum Newtonsoft.Json.NullValueHandling", EnumValue{"Include", 0}, EnumValue{"Ignore", 1})
	_ = declareEnum("enum Newtonsoft.Json.DateParseHandling", EnumValue{"None", 0}, EnumValue{"DateTime", 1})
	_ = declare("class "+settingsType, func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &serializerSettings{dates: 1}, nil }),
			member("NullValueHandling NullValueHandling { get; set; }", func(_ *Machine, a []any) (any, error) {
				n := int64(0)
				if a[0].(*serializerSettings).skipNulls {
					n = 1
				}
				return EnumObject{typeOf("Newtonsoft.Json.NullValueHandling"), n}, nil
			}, func(_ *Machine, a []any) (any, error) {
				a[0].(*serializerSettings).skipNulls = a[1].(EnumObject).Value == 1
				return nil, nil
			}),
			member("Formatting Formatting { get; set; }", func(_ *Machine, a []any) (any, error) {
				return EnumObject{typeOf("Newtonsoft.Json.Formatting"), a[0].(*serializerSettings).format}, nil
			}, func(_ *Machine, a []any) (any, error) {
				a[0].(*serializerSettings).format = a[1].(EnumObject).Value
				return nil, nil
			}),
			member("DateParseHandling DateParseHandling { get; set; }", func(_ *Machine, a []any) (any, error) {
				return EnumObject{typeOf("Newtonsoft.Json.DateParseHandling"), a[0].(*serializerSettings).dates}, nil
			}, func(_ *Machine, a []any) (any, error) {
				a[0].(*serializerSettings).dates = a[1].(EnumObject).Value
				return nil, nil
			}),
		}
	})
)

// holdsDecimals tells whether a decimal is wanted, alone or in a collection.
func holdsDecimals(t *Type) bool {
	if t == nil {
		return false
	}
	return t == basic.decimal || holdsDecimals(t.elem) || slices.ContainsFunc(t.args, holdsDecimals)
}
