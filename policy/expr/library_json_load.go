package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// loadSettings is a JsonLoadSettings.
type loadSettings struct{ comments, lines, duplicates int64 }

const loadSettingsType = "Newtonsoft.Json.Linq.JsonLoadSettings"

// DotnetType is part of Object.
func (*loadSettings) DotnetType() *Type { return typeOf(loadSettingsType) }

// options are the settings as package newtonsoft takes them; null is the default.
func loadOptions(v any) newtonsoft.ParseOptions {
	s, ok := v.(*loadSettings)
	if !ok {
		return newtonsoft.ParseOptions{}
	}
	return newtonsoft.ParseOptions{KeepComments: s.comments == 1, Duplicates: [...]string{"Replace", "Ignore", "Error"}[s.duplicates]}
}

// enumSetting is a property of settings whose values are those of an enum, from 0
// to most.
func enumSetting[T any](enum, name string, most int64, field func(T) *int64) memberDecl {
	return member(enum[lastDot(enum)+1:]+" "+name+" { get; set; }", func(_ *Machine, a []any) (any, error) {
		return EnumObject{typeOf(enum), *field(a[0].(T))}, nil
	}, func(_ *Machine, a []any) (any, error) {
		n := a[1].(EnumObject).Value
		if n < 0 || n > most {
			return nil, dotnet.NewException("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values. (Parameter 'value')")
		}
		*field(a[0].(T)) = n
		return nil, nil
	})
}

func lastDot(name string) int {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return i
		}
	}
	return -1
}

var (
	_ = declareEnum("enum Newtonsoft.Json.Linq.CommentHandling", EnumValue{"Ignore", 0}, EnumValue{"Load", 1})
	_ = declareEnum("enum Newtonsoft.Json.Linq.LineInfoHandling", EnumValue{"Ignore", 0}, EnumValue{"Load", 1})
	_ = declareEnum("enum Newtonsoft.Json.Linq.DuplicatePropertyNameHandling", EnumValue{"Replace", 0}, EnumValue{"Ignore", 1}, EnumValue{"Error", 2})
	_ = declare("class "+loadSettingsType, func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &loadSettings{lines: 1}, nil }),
			enumSetting("Newtonsoft.Json.Linq.CommentHandling", "CommentHandling", 1, func(s *loadSettings) *int64 { return &s.comments }),
			enumSetting("Newtonsoft.Json.Linq.LineInfoHandling", "LineInfoHandling", 1, func(s *loadSettings) *int64 { return &s.lines }),
			enumSetting("Newtonsoft.Json.Linq.DuplicatePropertyNameHandling", "DuplicatePropertyNameHandling", 2, func(s *loadSettings) *int64 { return &s.duplicates }),
		}
	})
	_ = extend("Newtonsoft.Json.Linq.JToken", func() []memberDecl {
		return []memberDecl{
			member("static JToken Parse(string json, JsonLoadSettings settings)", parseWith(newtonsoft.Parse)),
		}
	})
	_ = extend("Newtonsoft.Json.Linq.JObject", func() []memberDecl {
		return []memberDecl{
			member("static JObject Parse(string json, JsonLoadSettings settings)", parseWith(newtonsoft.ParseObject)),
		}
	})
	_ = extend("Newtonsoft.Json.Linq.JArray", func() []memberDecl {
		return []memberDecl{
			member("static JArray Parse(string json, JsonLoadSettings settings)", parseWith(newtonsoft.ParseArray)),
		}
	})
)

func parseWith[T newtonsoft.Token](parse func(string, newtonsoft.ParseOptions) (T, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s, err := jsonText(m, a[0])
		if err != nil {
			return nil, err
		}
		return orNothing(parse(s, loadOptions(a[1])))
	}
}

// What JsonConvert takes beside a value: a type, which our values need not be
// told, converters, of which there are none, and settings.
var _ = extend("Newtonsoft.Json.JsonConvert", func() []memberDecl {
	return []memberDecl{
		member("static string SerializeObject(object value, Formatting formatting, params JsonConverter[] converters)", func(m *Machine, a []any) (any, error) {
			return serializeObject(m, a[0], newtonsoft.Formatting(a[1].(EnumObject).Value), nil)
		}),
		member("static string SerializeObject(object value, Type type, JsonSerializerSettings settings)", func(m *Machine, a []any) (any, error) {
			return serializeObject(m, a[0], formattingOf(a[2]), a[2])
		}),
		member("static string SerializeObject(object value, Type type, Formatting formatting, JsonSerializerSettings settings)", func(m *Machine, a []any) (any, error) {
			return serializeObject(m, a[0], newtonsoft.Formatting(a[2].(EnumObject).Value), a[3])
		}),
		member("static object DeserializeObject(string value, Type type, params JsonConverter[] converters)", deserializeAs(false)),
		member("static object DeserializeObject(string value, Type type, JsonSerializerSettings settings)", deserializeAs(true)),
		member("static T DeserializeAnonymousType<T>(string value, T anonymousTypeObject, JsonSerializerSettings settings)", func(m *Machine, t []*Type, a []any) (any, error) {
			return m.deserializeText(a[0], t[0], a[2])
		}),
	}
})

func deserializeAs(settings bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		to := basic.object
		if t, ok := a[1].(*typeObject); ok {
			to = t.t
		}
		if settings {
			return m.deserializeText(a[0], to, a[2])
		}
		return m.deserializeText(a[0], to, nil)
	}
}
