package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var _ = declare("class Newtonsoft.Json.Linq.JObject : Newtonsoft.Json.Linq.JContainer, IDictionary<string, Newtonsoft.Json.Linq.JToken>", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return newtonsoft.NewObject(), nil }),
		member("new(JObject other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
		member("new(params object[] content)", func(m *Machine, a []any) (any, error) { return newJObject(m, a[0]) }),
		member("new(object content)", func(m *Machine, a []any) (any, error) { return newJObject(m, a[0]) }),
		member("JToken this[string propertyName] { get; set; }", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("propertyName")
			}
			return fromToken(object(a).Get(a[1].(string))), nil
		}, func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("propertyName")
			}
			return nil, object(a).Set(a[1].(string), token(a[2]))
		}),
		member("JToken this[object key] { get; set; }", getJSON, setJSON),
		member("void Add(string propertyName, JToken value)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("name")
			}
			return nil, object(a).Add(a[1].(string), token(a[2]))
		}),
		member("IEnumerable<JProperty> Properties()", func(_ *Machine, a []any) (any, error) {
			return tokensAs(typeOf("Newtonsoft.Json.Linq.JProperty"), tokenChildren(a[0])), nil
		}),
		member("JProperty Property(string name)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, nil
			}
			if p := object(a).Property(a[1].(string)); p != nil {
				return p, nil
			}
			return nil, nil
		}),
		member("JProperty Property(string name, StringComparison comparison)", func(_ *Machine, a []any) (any, error) {
			p, err := matchProperty(a)
			if p == nil {
				return nil, err
			}
			return p, err
		}),
		member("JEnumerable<JToken> PropertyValues()", func(_ *Machine, a []any) (any, error) {
			o := object(a)
			return &sequence{typeOf("Newtonsoft.Json.Linq.JEnumerable", typeOf("Newtonsoft.Json.Linq.JToken")), func(*Machine) (Iterator, error) {
				return tokenIterator(propertyValues(o)), nil
			}}, nil
		}),
		member("JToken GetValue(string propertyName)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, nil
			}
			return fromToken(object(a).Get(a[1].(string))), nil
		}),
		member("JToken GetValue(string propertyName, StringComparison comparison)", func(_ *Machine, a []any) (any, error) {
			return matchValue(a)
		}),
		member("bool TryGetValue(string propertyName, StringComparison comparison, out JToken value)", func(_ *Machine, a []any) (any, error) {
			v, err := matchValue(a)
			a[3].(*Ref).Value = v
			return v != nil, err
		}),
		member("bool TryGetValue(string propertyName, out JToken value)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				a[2].(*Ref).Value = nil
				return false, nil
			}
			v := fromToken(object(a).Get(a[1].(string)))
			a[2].(*Ref).Value = v
			return v != nil, nil
		}),
		member("bool ContainsKey(string propertyName)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("propertyName")
			}
			return object(a).Property(a[1].(string)) != nil, nil
		}),
		member("bool Remove(string propertyName)", func(_ *Machine, a []any) (any, error) {
			return a[1] != nil && object(a).Remove(text(a[1])), nil
		}),
		member("IEnumerator<System.Collections.Generic.KeyValuePair<string, JToken>> GetEnumerator()", func(m *Machine, a []any) (any, error) {
			return newEnumerator(m, a[0], tokenPair())
		}),
		member("static JObject Parse(string json)", func(m *Machine, a []any) (any, error) {
			s, err := jsonText(m, a[0])
			if err != nil {
				return nil, err
			}
			t, err := newtonsoft.ParseObject(s, newtonsoft.ParseOptions{})
			return orNothing(t, err)
		}),
		member("static JObject FromObject(object o)", func(m *Machine, a []any) (any, error) { return fromObject(m, a[0], newtonsoft.ObjectType) }),
	}
})

func object(a []any) *newtonsoft.Object { return a[0].(*newtonsoft.Object) }

func newJObject(m *Machine, content any) (any, error) {
	o := newtonsoft.NewObject()
	return o, m.addContent(o, 0, content)
}

// tokenPair is KeyValuePair<string, JToken>.
func tokenPair() *Type { return typeOf(pairType, basic.string, typeOf("Newtonsoft.Json.Linq.JToken")) }

// matchProperty finds a property by a StringComparison.
func matchProperty(a []any) (*newtonsoft.Property, error) {
	if a[1] == nil {
		return nil, nil
	}
	var failure error
	how := dotnet.StringComparison(a[2].(EnumObject).Value)
	p := object(a).Match(a[1].(string), func(x, y string) bool {
		equal, err := dotnet.EqualText(x, y, how)
		if err != nil {
			failure = err
		}
		return equal
	})
	return p, failure
}

func matchValue(a []any) (any, error) {
	p, err := matchProperty(a)
	if p == nil {
		return nil, err
	}
	return p.Value(), err
}

func propertyValues(o *newtonsoft.Object) []newtonsoft.Token {
	values := make([]newtonsoft.Token, 0, o.Len())
	for _, p := range o.Children() {
		values = append(values, p.(*newtonsoft.Property).Value())
	}
	return values
}

// The face of JObject as IDictionary<string, JToken>, where it differs from its
// own members.
func init() {
	explicit["Newtonsoft.Json.Linq.JObject"] = map[string]Func{
		"IDictionary.Keys": func(_ *Machine, a []any) (any, error) {
			var names []any
			for _, p := range object(a).Children() {
				names = append(names, p.(*newtonsoft.Property).Name())
			}
			return NewList(basic.string, names), nil
		},
		"IDictionary.Values": func(_ *Machine, a []any) (any, error) {
			var values []any
			for _, v := range propertyValues(object(a)) {
				values = append(values, v)
			}
			return NewList(typeOf("Newtonsoft.Json.Linq.JToken"), values), nil
		},
		"ICollection.Add": func(_ *Machine, a []any) (any, error) {
			p := a[1].(*PairObject)
			return nil, object(a).Add(p.key.(string), token(p.value))
		},
		"ICollection.Contains": func(_ *Machine, a []any) (any, error) {
			p := a[1].(*PairObject)
			found := object(a).Property(text(p.key))
			return found != nil && fromToken(found.Value()) == p.value, nil
		},
		"ICollection.Remove": func(_ *Machine, a []any) (any, error) {
			p := a[1].(*PairObject)
			found := object(a).Property(text(p.key))
			return found != nil && fromToken(found.Value()) == p.value && object(a).Remove(text(p.key)), nil
		},
		"ICollection.Clear":      func(_ *Machine, a []any) (any, error) { return nil, object(a).Clear() },
		"ICollection.IsReadOnly": func(*Machine, []any) (any, error) { return false, nil },
	}
}
