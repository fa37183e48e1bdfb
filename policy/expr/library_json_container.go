package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var _ = declare("abstract class Newtonsoft.Json.Linq.JContainer : Newtonsoft.Json.Linq.JToken, IList<Newtonsoft.Json.Linq.JToken>", func() []memberDecl {
	return []memberDecl{
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(len(childrenOf(token(a[0])))), nil }),
		member("void Add(object content)", func(m *Machine, a []any) (any, error) {
			c := container(a[0])
			return nil, m.addContent(c, len(c.Children()), a[1])
		}),
		member("void AddFirst(object content)", func(m *Machine, a []any) (any, error) { return nil, m.addContent(container(a[0]), 0, a[1]) }),
		member("void RemoveAll()", func(_ *Machine, a []any) (any, error) { return nil, container(a[0]).Clear() }),
		member("void ReplaceAll(object content)", func(m *Machine, a []any) (any, error) {
			if err := container(a[0]).Clear(); err != nil {
				return nil, err
			}
			return nil, m.addContent(container(a[0]), 0, a[1])
		}),
		member("IEnumerable<JToken> Descendants()", func(m *Machine, a []any) (any, error) { return descendants(m, a[0], false) }),
		member("IEnumerable<JToken> DescendantsAndSelf()", func(m *Machine, a []any) (any, error) { return descendants(m, a[0], true) }),
		member("void Merge(object content)", func(m *Machine, a []any) (any, error) {
			return nil, m.mergeJSON(container(a[0]), a[1], newtonsoft.MergeSettings{})
		}),
		member("void Merge(object content, JsonMergeSettings settings)", func(m *Machine, a []any) (any, error) {
			settings := newtonsoft.MergeSettings{}
			if s, ok := a[2].(*mergeSettings); ok {
				settings = s.settings
			}
			return nil, m.mergeJSON(container(a[0]), a[1], settings)
		}),
	}
})

func container(v any) newtonsoft.Container { return v.(newtonsoft.Container) }

func descendants(m *Machine, v any, self bool) (any, error) {
	var all []newtonsoft.Token
	if self {
		all = append(all, token(v))
	}
	var walk func(t newtonsoft.Token) error
	walk = func(t newtonsoft.Token) error {
		for _, c := range childrenOf(t) {
			all = append(all, c)
			if err := m.Spend(1); err != nil {
				return err
			}
			if err := walk(c); err != nil {
				return err
			}
		}
		return nil
	}
	return tokenListOf(&all), walk(token(v))
}

func tokenListOf(all *[]newtonsoft.Token) any {
	return newSequence(typeOf("Newtonsoft.Json.Linq.JToken"), func(*Machine) (Iterator, error) { return tokenIterator(*all), nil })
}

// mergeJSON is Merge; what is no token is serialised only where it is in a token.
func (m *Machine) mergeJSON(c newtonsoft.Container, content any, s newtonsoft.MergeSettings) error {
	t, ok := content.(newtonsoft.Token)
	if !ok {
		return nil
	}
	if err := m.Spend(sizeOf(t)); err != nil {
		return err
	}
	return newtonsoft.Merge(c, t, s)
}

var _ = declare("class Newtonsoft.Json.Linq.JArray : Newtonsoft.Json.Linq.JContainer, IList<Newtonsoft.Json.Linq.JToken>", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return newtonsoft.NewArray(), nil }),
		member("new(JArray other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
		member("new(params object[] content)", func(m *Machine, a []any) (any, error) { return newJArray(m, a[0]) }),
		member("new(object content)", func(m *Machine, a []any) (any, error) { return newJArray(m, a[0]) }),
		member("JToken this[int index] { get; set; }", getJSON, setJSON),
		member("JToken this[object key] { get; set; }", getJSON, setJSON),
		member("bool IsReadOnly { get; }", func(*Machine, []any) (any, error) { return false, nil }),
		member("void Add(JToken item)", func(m *Machine, a []any) (any, error) {
			return nil, m.addContent(container(a[0]), len(childrenOf(token(a[0]))), a[1])
		}),
		member("void Insert(int index, JToken item)", func(m *Machine, a []any) (any, error) {
			return nil, container(a[0]).Insert(int(a[1].(int32)), token(a[2]))
		}),
		member("void RemoveAt(int index)", func(_ *Machine, a []any) (any, error) { return nil, container(a[0]).RemoveAt(int(a[1].(int32))) }),
		member("bool Remove(JToken item)", func(m *Machine, a []any) (any, error) {
			i := childIndex(a[0], a[1])
			if i < 0 {
				return false, nil
			}
			return true, container(a[0]).RemoveAt(i)
		}),
		member("void Clear()", func(_ *Machine, a []any) (any, error) { return nil, container(a[0]).Clear() }),
		member("bool Contains(JToken item)", func(_ *Machine, a []any) (any, error) { return childIndex(a[0], a[1]) >= 0, nil }),
		member("int IndexOf(JToken item)", func(_ *Machine, a []any) (any, error) { return int32(childIndex(a[0], a[1])), nil }),
		member("void CopyTo(JToken[] array, int arrayIndex)", copyTokens),
		member("IEnumerator<JToken> GetEnumerator()", func(m *Machine, a []any) (any, error) {
			return newEnumerator(m, a[0], typeOf("Newtonsoft.Json.Linq.JToken"))
		}),
		member("static JArray Parse(string json)", func(m *Machine, a []any) (any, error) {
			s, err := jsonText(m, a[0])
			if err != nil {
				return nil, err
			}
			t, err := newtonsoft.ParseArray(s, newtonsoft.ParseOptions{})
			return orNothing(t, err)
		}),
		member("static JArray FromObject(object o)", func(m *Machine, a []any) (any, error) { return fromObject(m, a[0], newtonsoft.ArrayType) }),
	}
})

// orNothing is a result, or nothing beside an error.
func orNothing[T any](t T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

func copyToken(m *Machine, v any) (any, error) {
	if v == nil {
		return nil, dotnet.ArgumentNull("other")
	}
	return deepClone(m, token(v))
}

func newJArray(m *Machine, content any) (any, error) {
	a := newtonsoft.NewArray()
	return a, m.addContent(a, 0, content)
}

// childIndex is where a container holds item itself; an equal one does not count.
func childIndex(c, item any) int {
	for i, t := range childrenOf(token(c)) {
		if t == item {
			return i
		}
	}
	return -1
}

func copyTokens(_ *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("array")
	}
	to, at, children := a[1].(*ArrayObject), int(a[2].(int32)), childrenOf(token(a[0]))
	switch {
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("arrayIndex", "arrayIndex is less than 0.")
	case at >= to.Len() && at != 0:
		return nil, dotnet.Argument("arrayIndex is equal to or greater than the length of array.", "")
	case len(children) > to.Len()-at:
		return nil, dotnet.Argument("The number of elements in the source JObject is greater than the available space from arrayIndex to the end of the destination array.", "")
	}
	for i, t := range children {
		to.Set(at+i, t)
	}
	return nil, nil
}

// fromObject is FromObject of a class that is one type of token.
func fromObject(m *Machine, v any, want newtonsoft.TokenType) (any, error) {
	if v == nil {
		return nil, dotnet.ArgumentNull("o")
	}
	t, err := m.serialize(v)
	if err != nil {
		return nil, err
	}
	if t.Type() != want {
		return nil, dotnet.Argument("Object serialized to "+t.Type().String()+". J"+want.String()+" instance expected.", "")
	}
	return t, nil
}

var _ = declare("class Newtonsoft.Json.Linq.JProperty : Newtonsoft.Json.Linq.JContainer", func() []memberDecl {
	return []memberDecl{
		member("new(JProperty other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
		member("new(string name, params object[] content)", newJProperty),
		member("new(string name, object content)", newJProperty),
		member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*newtonsoft.Property).Name(), nil }),
		member("JToken Value { get; set; }",
			func(_ *Machine, a []any) (any, error) { return a[0].(*newtonsoft.Property).Value(), nil },
			func(_ *Machine, a []any) (any, error) { return nil, a[0].(*newtonsoft.Property).SetValue(token(a[1])) }),
	}
})

func newJProperty(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("name")
	}
	var value newtonsoft.Token
	if isSequence(a[1]) {
		array := newtonsoft.NewArray()
		if err := m.addContent(array, 0, a[1]); err != nil {
			return nil, err
		}
		value = array
	} else {
		t, err := contentToken(a[1])
		if err != nil {
			return nil, err
		}
		value = t
	}
	p, err := newtonsoft.NewProperty(a[0].(string), value)
	return orNothing(p, err)
}

var _ = declare("class Newtonsoft.Json.Linq.JConstructor : Newtonsoft.Json.Linq.JContainer", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &newtonsoft.Constructor{}, nil }),
		member("new(JConstructor other)", func(m *Machine, a []any) (any, error) { return copyToken(m, a[0]) }),
		member("new(string name, params object[] content)", newJConstructor),
		member("new(string name, object content)", newJConstructor),
		member("new(string name)", func(_ *Machine, a []any) (any, error) {
			switch {
			case a[0] == nil:
				return nil, dotnet.ArgumentNull("name")
			case a[0] == "":
				return nil, dotnet.Argument("Constructor name cannot be empty.", "name")
			}
			return &newtonsoft.Constructor{Name: a[0].(string)}, nil
		}),
		member("string Name { get; set; }",
			func(_ *Machine, a []any) (any, error) { return a[0].(*newtonsoft.Constructor).Name, nil },
			func(_ *Machine, a []any) (any, error) {
				a[0].(*newtonsoft.Constructor).Name = text(a[1])
				return nil, nil
			}),
		member("JToken this[object key] { get; set; }", getJSON, setJSON),
	}
})

func newJConstructor(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("name")
	}
	c := &newtonsoft.Constructor{Name: a[0].(string)}
	return c, m.addContent(c, 0, a[1])
}
