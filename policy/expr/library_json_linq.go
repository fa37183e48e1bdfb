package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var (
	_ = declare("interface Newtonsoft.Json.Linq.IJEnumerable<out T> : IEnumerable<T>", func() []memberDecl {
		return []memberDecl{
			member("IJEnumerable<JToken> this[object key] { get; }", valuesByKey),
		}
	})
	_ = declare("struct Newtonsoft.Json.Linq.JEnumerable<T> : Newtonsoft.Json.Linq.IJEnumerable<T>", func() []memberDecl {
		return []memberDecl{
			member("new()", func(_ *Machine, t []*Type, _ []any) (any, error) { return emptyJSON(t[0]), nil }),
			member("new(IEnumerable<T> enumerable)", func(_ *Machine, t []*Type, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("enumerable")
				}
				return jsonEnumerable(t[0], a[0]), nil
			}),
			member("IJEnumerable<JToken> this[object key] { get; }", valuesByKey),
			member("IEnumerator<T> GetEnumerator()", enumerate),
		}
	})
)

// jsonEnumerable is a JEnumerable<T> over a sequence or a token's children.
func jsonEnumerable(elem *Type, source any) any {
	return &sequence{typeOf("Newtonsoft.Json.Linq.JEnumerable", elem), tokensAs(elem, func(m *Machine) (Iterator, error) {
		return m.iterate(source, typeOf("Newtonsoft.Json.Linq.JToken"))
	}).start}
}

func emptyJSON(elem *Type) any {
	return &sequence{typeOf("Newtonsoft.Json.Linq.JEnumerable", elem), func(*Machine) (Iterator, error) { return &sliceIterator{}, nil }}
}

// tokenChildren goes through the children that a token has then.
func tokenChildren(t any) func(*Machine) (Iterator, error) {
	return func(*Machine) (Iterator, error) { return tokenIterator(childrenOf(token(t))), nil }
}

// tokensAs is a lazy sequence of tokens converted to elem.
func tokensAs(elem *Type, start func(*Machine) (Iterator, error)) *sequence {
	return newSequence(elem, func(m *Machine) (Iterator, error) {
		it, err := start(m)
		if err != nil {
			return nil, err
		}
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			v, more, err := it.Next(m)
			if err != nil || !more {
				return nil, false, err
			}
			converted, err := m.tokenTo(v, elem)
			return converted, err == nil, err
		}}, nil
	})
}

// valuesByKey is source[key]: what each token has under the key.
func valuesByKey(_ *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("source")
	}
	elem := typeOf("Newtonsoft.Json.Linq.JToken")
	return jsonEnumerable(elem, keyed(a[0], a[1], elem)), nil
}

// keyed is Values(key): of each token what it has under the key, or, without a
// key, its children or the value that it is.
func keyed(source, key any, elem *Type) *sequence {
	return expanded(source, elem, func(m *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
		if key == nil {
			if newtonsoft.ValueOf(t) != nil {
				return []newtonsoft.Token{t}, nil
			}
			return childrenOf(t), nil
		}
		v, err := getJSON(m, []any{t, key})
		if err != nil || v == nil {
			return nil, err
		}
		return []newtonsoft.Token{token(v)}, nil
	})
}

// expanded is a lazy sequence of what f makes of each token, converted to elem.
func expanded(source any, elem *Type, f func(*Machine, newtonsoft.Token) ([]newtonsoft.Token, error)) *sequence {
	return tokensAs(elem, func(m *Machine) (Iterator, error) {
		it, err := m.iterate(source, typeOf("Newtonsoft.Json.Linq.JToken"))
		if err != nil {
			return nil, err
		}
		var pending []newtonsoft.Token
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			for len(pending) == 0 {
				x, more, err := it.Next(m)
				if err != nil || !more {
					return nil, false, err
				}
				if x == nil {
					return nil, false, dotnet.NullReference()
				}
				if pending, err = f(m, token(x)); err != nil {
					return nil, false, err
				}
			}
			next := pending[0]
			pending = pending[1:]
			return next, true, nil
		}}, nil
	})
}

// linq declares an extension of sequences of tokens. .NET's are generic with a
// constraint; IEnumerable's covariance makes the parameter take the same.
func linq(signature string, f func(*Machine, newtonsoft.Token) ([]newtonsoft.Token, error)) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull("source")
		}
		elem := typeOf("Newtonsoft.Json.Linq.JToken")
		return jsonEnumerable(elem, expanded(a[0], elem, f)), nil
	})
}

func allBelow(m *Machine, t newtonsoft.Token, self bool) ([]newtonsoft.Token, error) {
	all, err := descendants(m, t, self)
	if err != nil {
		return nil, err
	}
	elems, err := m.elements(all, nil)
	tokens := make([]newtonsoft.Token, len(elems))
	for i, e := range elems {
		tokens[i] = token(e)
	}
	return tokens, err
}

var _ = declare("static class Newtonsoft.Json.Linq.Extensions", func() []memberDecl {
	return []memberDecl{
		linq("static IJEnumerable<JToken> Ancestors(this IEnumerable<JToken> source)", func(_ *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
			return ancestors(t)[1:], nil
		}),
		linq("static IJEnumerable<JToken> AncestorsAndSelf(this IEnumerable<JToken> source)", func(_ *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
			return ancestors(t), nil
		}),
		linq("static IJEnumerable<JToken> Descendants(this IEnumerable<JContainer> source)", func(m *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
			return allBelow(m, t, false)
		}),
		linq("static IJEnumerable<JToken> DescendantsAndSelf(this IEnumerable<JContainer> source)", func(m *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
			return allBelow(m, t, true)
		}),
		linq("static IJEnumerable<JToken> Children(this IEnumerable<JToken> source)", func(_ *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) {
			return childrenOf(t), nil
		}),
		member("static IEnumerable<U> Children<T, U>(this IEnumerable<T> source)", func(_ *Machine, t []*Type, a []any) (any, error) {
			return expanded(a[0], t[1], func(_ *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) { return childrenOf(t), nil }), nil
		}),
		member("static IJEnumerable<JProperty> Properties(this IEnumerable<JObject> source)", func(_ *Machine, a []any) (any, error) {
			elem := typeOf("Newtonsoft.Json.Linq.JProperty")
			return jsonEnumerable(elem, expanded(a[0], elem, func(_ *Machine, t newtonsoft.Token) ([]newtonsoft.Token, error) { return childrenOf(t), nil })), nil
		}),
		member("static IJEnumerable<JToken> Values(this IEnumerable<JToken> source, object key)", valuesByKey),
		member("static IJEnumerable<JToken> Values(this IEnumerable<JToken> source)", func(m *Machine, a []any) (any, error) {
			return valuesByKey(m, []any{a[0], nil})
		}),
		member("static IEnumerable<U> Values<U>(this IEnumerable<JToken> source, object key)", func(_ *Machine, t []*Type, a []any) (any, error) {
			return keyed(a[0], a[1], t[0]), nil
		}),
		member("static IEnumerable<U> Values<U>(this IEnumerable<JToken> source)", func(_ *Machine, t []*Type, a []any) (any, error) {
			return keyed(a[0], nil, t[0]), nil
		}),
		member("static U Value<U>(this IEnumerable<JToken> value)", func(m *Machine, t []*Type, a []any) (any, error) { return tokenValue(m, a[0], t[0]) }),
		member("static U Value<T, U>(this IEnumerable<T> value)", func(m *Machine, t []*Type, a []any) (any, error) { return tokenValue(m, a[0], t[1]) }),
		member("static IJEnumerable<JToken> AsJEnumerable(this IEnumerable<JToken> source)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, nil
			}
			return jsonEnumerable(typeOf("Newtonsoft.Json.Linq.JToken"), a[0]), nil
		}),
		member("static IJEnumerable<T> AsJEnumerable<T>(this IEnumerable<T> source)", func(_ *Machine, t []*Type, a []any) (any, error) {
			if a[0] == nil {
				return nil, nil
			}
			return jsonEnumerable(t[0], a[0]), nil
		}),
	}
})

// tokenValue is token.Value<U>(): the receiver is a sequence only by its type.
func tokenValue(m *Machine, v any, to *Type) (any, error) {
	if v == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	if token(v) == nil {
		return nil, dotnet.Argument("Source value must be a JToken.", "")
	}
	return m.tokenTo(v, to)
}
