package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Newtonsoft.Json.Linq. A token is the Go token of package newtonsoft; null is
// nil, never a nil token in an interface.

var (
	_ = declareEnum("enum Newtonsoft.Json.Formatting", EnumValue{"None", 0}, EnumValue{"Indented", 1})
	_ = declareEnum("enum Newtonsoft.Json.Linq.JTokenType", jsonTypes()...)
	_ = exception("Newtonsoft.Json.JsonException", "System.Exception", "")
	_ = exception("Newtonsoft.Json.JsonReaderException", "Newtonsoft.Json.JsonException", "")
	_ = exception("Newtonsoft.Json.JsonWriterException", "Newtonsoft.Json.JsonException", "")
	_ = exception("Newtonsoft.Json.JsonSerializationException", "Newtonsoft.Json.JsonException", "")
	_ = declare("abstract class Newtonsoft.Json.JsonConverter")
)

func jsonTypes() []EnumValue {
	var values []EnumValue
	for t := newtonsoft.None; t <= newtonsoft.TimeSpanType; t++ {
		values = append(values, EnumValue{t.String(), int64(t)})
	}
	return values
}

// token is a token argument; null is nil.
func token(v any) newtonsoft.Token {
	t, _ := v.(newtonsoft.Token)
	return t
}

// fromToken is a token as a value: nil is null.
func fromToken(t newtonsoft.Token) any {
	if t == nil {
		return nil
	}
	return t
}

// tokenMember is a member that a token answers by itself.
func tokenMember(signature string, get func(t newtonsoft.Token) any) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return get(token(a[0])), nil })
}

var _ = declare("abstract class Newtonsoft.Json.Linq.JToken : Newtonsoft.Json.Linq.IJEnumerable<Newtonsoft.Json.Linq.JToken>", func() []memberDecl {
	return []memberDecl{
		tokenMember("JTokenType Type { get; }", func(t newtonsoft.Token) any {
			return EnumObject{typeOf("Newtonsoft.Json.Linq.JTokenType"), int64(t.Type())}
		}),
		tokenMember("JContainer Parent { get; }", func(t newtonsoft.Token) any {
			if p := t.Parent(); p != nil {
				return p
			}
			return nil
		}),
		tokenMember("JToken Root { get; }", func(t newtonsoft.Token) any { return newtonsoft.Root(t) }),
		tokenMember("JToken Next { get; }", func(t newtonsoft.Token) any { return fromToken(newtonsoft.Next(t)) }),
		tokenMember("JToken Previous { get; }", func(t newtonsoft.Token) any { return fromToken(newtonsoft.Previous(t)) }),
		tokenMember("string Path { get; }", func(t newtonsoft.Token) any { return newtonsoft.Path(t) }),
		tokenMember("bool HasValues { get; }", func(t newtonsoft.Token) any { return len(childrenOf(t)) > 0 }),
		member("JToken First { get; }", func(_ *Machine, a []any) (any, error) { return edgeChild(token(a[0]), false) }),
		member("JToken Last { get; }", func(_ *Machine, a []any) (any, error) { return edgeChild(token(a[0]), true) }),
		member("JToken this[object key] { get; set; }", getJSON, setJSON),
		member("JEnumerable<JToken> Children()", func(_ *Machine, a []any) (any, error) {
			return jsonEnumerable(typeOf("Newtonsoft.Json.Linq.JToken"), a[0]), nil
		}),
		member("JEnumerable<T> Children<T>()", func(_ *Machine, t []*Type, a []any) (any, error) {
			var found []newtonsoft.Token
			for _, c := range childrenOf(token(a[0])) {
				if isInstance(c, t[0]) {
					found = append(found, c)
				}
			}
			return jsonEnumerable(t[0], tokenList(found)), nil
		}),
		member("IEnumerable<T> Values<T>()", func(m *Machine, t []*Type, a []any) (any, error) {
			if _, ok := a[0].(newtonsoft.Container); !ok {
				return nil, dotnet.InvalidOperation("Cannot access child value on " + token(a[0]).TypeName() + ".")
			}
			return tokensAs(t[0], tokenChildren(a[0])), nil
		}),
		member("T Value<T>(object key)", func(m *Machine, t []*Type, a []any) (any, error) {
			v, err := getJSON(m, a)
			if err != nil {
				return nil, err
			}
			return m.tokenTo(v, t[0])
		}),
		member("T ToObject<T>()", func(m *Machine, t []*Type, a []any) (any, error) { return m.toObject(token(a[0]), t[0]) }),
		member("object ToObject(Type objectType)", func(m *Machine, a []any) (any, error) {
			return m.toObject(token(a[0]), a[1].(*typeObject).t)
		}),
		member("JToken SelectToken(string path)", func(m *Machine, a []any) (any, error) { return selectOne(m, a, false) }),
		member("JToken SelectToken(string path, bool errorWhenNoMatch)", func(m *Machine, a []any) (any, error) { return selectOne(m, a, a[2].(bool)) }),
		member("IEnumerable<JToken> SelectTokens(string path)", func(_ *Machine, a []any) (any, error) { return selectMany(a, false) }),
		member("IEnumerable<JToken> SelectTokens(string path, bool errorWhenNoMatch)", func(_ *Machine, a []any) (any, error) { return selectMany(a, a[2].(bool)) }),
		member("JToken DeepClone()", func(m *Machine, a []any) (any, error) { return deepClone(m, token(a[0])) }),
		member("static bool DeepEquals(JToken t1, JToken t2)", func(_ *Machine, a []any) (any, error) {
			return newtonsoft.DeepEquals(token(a[0]), token(a[1])), nil
		}),
		member("static JToken Parse(string json)", func(m *Machine, a []any) (any, error) { return parseJSON(m, a[0]) }),
		member("static JToken FromObject(object o)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("o")
			}
			return m.serialize(a[0])
		}),
		member("string ToString()", func(m *Machine, a []any) (any, error) { return writeText(m, newtonsoft.Text(token(a[0]))) }),
		member("string ToString(Formatting formatting, params JsonConverter[] converters)", func(m *Machine, a []any) (any, error) {
			return writeText(m, newtonsoft.Write(token(a[0]), newtonsoft.Formatting(a[1].(EnumObject).Value)))
		}),
		member("void Remove()", func(_ *Machine, a []any) (any, error) {
			p, err := parentOf(a[0])
			if err != nil {
				return nil, err
			}
			return nil, p.RemoveAt(newtonsoft.Index(token(a[0])))
		}),
		member("void Replace(JToken value)", func(_ *Machine, a []any) (any, error) {
			p, err := parentOf(a[0])
			if err != nil {
				return nil, err
			}
			return nil, p.Replace(newtonsoft.Index(token(a[0])), token(a[1]))
		}),
		member("void AddAfterSelf(object content)", func(m *Machine, a []any) (any, error) { return addBeside(m, a, 1) }),
		member("void AddBeforeSelf(object content)", func(m *Machine, a []any) (any, error) { return addBeside(m, a, 0) }),
		tokenMember("IEnumerable<JToken> Ancestors()", func(t newtonsoft.Token) any { return tokenList(ancestors(t)[1:]) }),
		tokenMember("IEnumerable<JToken> AncestorsAndSelf()", func(t newtonsoft.Token) any { return tokenList(ancestors(t)) }),
		tokenMember("IEnumerable<JToken> AfterSelf()", func(t newtonsoft.Token) any { return tokenList(siblings(t, true)) }),
		tokenMember("IEnumerable<JToken> BeforeSelf()", func(t newtonsoft.Token) any { return tokenList(siblings(t, false)) }),
	}
})

func writeText(m *Machine, s string) (any, error) { return s, m.Allocate(len(s)) }

// deepClone copies a token and counts what it holds.
func deepClone(m *Machine, t newtonsoft.Token) (any, error) {
	n := sizeOf(t)
	if err := m.Spend(n); err != nil {
		return nil, err
	}
	return newtonsoft.DeepClone(t), m.Allocate(64 * n)
}

// sizeOf is how many tokens t is made of.
func sizeOf(t newtonsoft.Token) int {
	n := 1
	for _, c := range childrenOf(t) {
		n += sizeOf(c)
	}
	return n
}

func childrenOf(t newtonsoft.Token) []newtonsoft.Token {
	if c, ok := t.(newtonsoft.Container); ok {
		return c.Children()
	}
	return nil
}

// ancestors are t and the tokens around it, the nearest first.
func ancestors(t newtonsoft.Token) []newtonsoft.Token {
	all := []newtonsoft.Token{t}
	for t.Parent() != nil {
		t = t.Parent()
		all = append(all, t)
	}
	return all
}

func siblings(t newtonsoft.Token, after bool) []newtonsoft.Token {
	i := newtonsoft.Index(t)
	switch {
	case i < 0:
		return nil
	case after:
		return t.Parent().Children()[i+1:]
	}
	return t.Parent().Children()[:i]
}

func parentOf(t any) (newtonsoft.Container, error) {
	if p := token(t).Parent(); p != nil {
		return p, nil
	}
	return nil, dotnet.InvalidOperation("The parent is missing.")
}

func edgeChild(t newtonsoft.Token, last bool) (any, error) {
	c, ok := t.(newtonsoft.Container)
	children := childrenOf(t)
	switch {
	case !ok:
		return nil, dotnet.InvalidOperation("Cannot access child value on " + t.TypeName() + ".")
	case len(children) == 0:
		return nil, nil
	case last:
		return children[len(children)-1], nil
	}
	return c.Children()[0], nil
}

// getJSON is token[key]: by name of an object, by number of an array.
func getJSON(m *Machine, a []any) (any, error) {
	switch t := a[0].(type) {
	case *newtonsoft.Object:
		name, err := propertyKey(m, "Accessed", a[1])
		if err != nil {
			return nil, err
		}
		return fromToken(t.Get(name)), nil
	case *newtonsoft.Array, *newtonsoft.Constructor:
		i, err := arrayKey(m, "Accessed", token(t), a[1])
		if err != nil {
			return nil, err
		}
		children := childrenOf(token(t))
		if i < 0 || i >= len(children) {
			return nil, indexOutOfRange("index")
		}
		return children[i], nil
	}
	return nil, dotnet.InvalidOperation("Cannot access child value on " + token(a[0]).TypeName() + ".")
}

func setJSON(m *Machine, a []any) (any, error) {
	switch t := a[0].(type) {
	case *newtonsoft.Object:
		name, err := propertyKey(m, "Set", a[1])
		if err != nil {
			return nil, err
		}
		return nil, t.Set(name, token(a[2]))
	case *newtonsoft.Array, *newtonsoft.Constructor:
		i, err := arrayKey(m, "Set", token(t), a[1])
		if err != nil {
			return nil, err
		}
		return nil, t.(newtonsoft.Container).Replace(i, token(a[2]))
	}
	return nil, dotnet.InvalidOperation("Cannot set child value on " + token(a[0]).TypeName() + ".")
}

func propertyKey(m *Machine, did string, key any) (string, error) {
	if key == nil {
		return "", dotnet.ArgumentNull("key")
	}
	if name, ok := key.(string); ok {
		return name, nil
	}
	s, err := m.Text(key)
	if err != nil {
		return "", err
	}
	return "", dotnet.Argument(did+" JObject values with invalid key value: "+s+". Object property name expected.", "")
}

func arrayKey(m *Machine, did string, t newtonsoft.Token, key any) (int, error) {
	if key == nil {
		return 0, dotnet.ArgumentNull("key")
	}
	if i, ok := key.(int32); ok {
		return int(i), nil
	}
	s, err := m.Text(key)
	if err != nil {
		return 0, err
	}
	if _, ok := key.(string); ok {
		s = `"` + s + `"`
	}
	expected := "Int32 array index expected."
	if t.Type() == newtonsoft.ConstructorType {
		expected = "Argument position index expected."
	}
	return 0, dotnet.Argument(did+" "+newtonsoft.ShortName(t)+" values with invalid key value: "+s+". "+expected, "")
}

func selectOne(m *Machine, a []any, strict bool) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("expression")
	}
	q, err := newtonsoft.ParseQuery(a[1].(string))
	if err != nil {
		return nil, err
	}
	t, err := q.One(token(a[0]), strict, m.Spend)
	return fromToken(t), err
}

func selectMany(a []any, strict bool) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("expression")
	}
	q, err := newtonsoft.ParseQuery(a[1].(string))
	if err != nil {
		return nil, err
	}
	from := token(a[0])
	return newSequence(typeOf("Newtonsoft.Json.Linq.JToken"), func(m *Machine) (Iterator, error) {
		found, err := q.Select(from, strict, m.Spend)
		if err != nil {
			return nil, err
		}
		return tokenIterator(found), nil
	}), nil
}

func parseJSON(m *Machine, json any) (newtonsoft.Token, error) {
	s, err := jsonText(m, json)
	if err != nil {
		return nil, err
	}
	return newtonsoft.Parse(s, newtonsoft.ParseOptions{})
}

// jsonText is a text that is to be parsed; its tokens are counted as it is read.
func jsonText(m *Machine, json any) (string, error) {
	if json == nil {
		return "", dotnet.ArgumentNull("s")
	}
	s := json.(string)
	if err := m.Spend(len(s) / 16); err != nil {
		return "", err
	}
	return s, m.Allocate(8 * len(s))
}

func addBeside(m *Machine, a []any, after int) (any, error) {
	p, err := parentOf(a[0])
	if err != nil {
		return nil, err
	}
	return nil, m.addContent(p, newtonsoft.Index(token(a[0]))+after, a[1])
}

// tokenList is a sequence of tokens that are known.
func tokenList(tokens []newtonsoft.Token) any {
	tokens = slices.Clone(tokens)
	return newSequence(typeOf("Newtonsoft.Json.Linq.JToken"), func(*Machine) (Iterator, error) { return tokenIterator(tokens), nil })
}
