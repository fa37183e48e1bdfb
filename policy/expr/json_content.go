package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Content is what the constructors of JObject and JArray and Add take: a token, a
// value that becomes one, or a sequence of such.

// addContent inserts content from index i on; a sequence element by element.
func (m *Machine) addContent(to newtonsoft.Container, i int, content any) error {
	if !isSequence(content) {
		t, err := contentToken(content)
		if err != nil {
			return err
		}
		if err := m.Spend(1); err != nil {
			return err
		}
		if t != nil && t.Parent() != nil { // it is cloned
			if err := m.Spend(sizeOf(t)); err != nil {
				return err
			}
		}
		if err := m.Allocate(64); err != nil {
			return err
		}
		return to.Insert(i, t)
	}
	if err := m.enter(); err != nil {
		return err
	}
	defer m.leave()
	return m.each(content, basic.object, func(x any) (bool, error) {
		i++
		return false, m.addContent(to, i-1, x)
	})
}

// isSequence reports whether content is several.
func isSequence(content any) bool {
	switch v := content.(type) {
	case nil, string, newtonsoft.Token:
		return false
	case *ArrayObject:
		return v.typ != arrayOf(basic.byte, 1)
	}
	d := DynamicType(content)
	return inherits(d, typeOf("System.Collections.IEnumerable"))
}

// contentToken is one token: content itself, or a JValue of it.
func contentToken(content any) (newtonsoft.Token, error) {
	if t, ok := content.(newtonsoft.Token); ok {
		return t, nil
	}
	return objectValue(content)
}

// objectValue is new JValue(object), which takes no char: new JValue(char) does.
func objectValue(v any) (*newtonsoft.Value, error) {
	if _, ok := v.(dotnet.Char); ok {
		return nil, notJSON(v)
	}
	return newJSONValue(v)
}

func notJSON(v any) error {
	return dotnet.Argument("Could not determine JSON object type for type "+reflectionName(DynamicType(v), true)+".", "")
}

// newJSONValue is new JValue of any of the types that it has a constructor of.
func newJSONValue(v any) (*newtonsoft.Value, error) {
	held, ok := heldValue(v)
	if !ok {
		return nil, notJSON(v)
	}
	return newtonsoft.NewValue(held), nil
}

// heldValue is v as a JValue holds it; false if none can.
func heldValue(v any) (any, bool) {
	switch v := v.(type) {
	case *ArrayObject:
		return v.bytes, v.typ == arrayOf(basic.byte, 1)
	case EnumObject:
		return v.Value, true
	case bigInteger:
		return v.n, true
	case newtonsoft.Address:
		return v, true
	case *dotnet.Exception, Object, Named, *Closure:
		return nil, false
	}
	return v, true
}

// fromHeld is what a JValue holds as a value of expressions.
func fromHeld(v any) any {
	switch v := v.(type) {
	case []byte:
		return NewBytes(v)
	case bigInt:
		return bigInteger{v}
	}
	return v
}

// tokenTo is Extensions.Convert: a token as it is, where it is a T, else what it
// holds, converted as Convert.ChangeType does.
func (m *Machine) tokenTo(v any, to *Type) (any, error) {
	if v == nil {
		return zeroOf(to), nil
	}
	if isInstance(v, to) {
		return v, nil
	}
	held := newtonsoft.ValueOf(token(v))
	if held == nil {
		return nil, dotnet.InvalidCast("Cannot cast " + token(v).TypeName() + " to " + reflectionName(typeOf("Newtonsoft.Json.Linq.JToken"), true) + ".")
	}
	value := fromHeld(held.Value())
	if value == nil && (to.kind == Nullable || !to.IsValue()) {
		return nil, nil
	}
	if value != nil && isInstance(value, to) {
		return value, nil
	}
	return m.changeType(value, to.underlying())
}

// changeType is Convert.ChangeType.
func (m *Machine) changeType(v any, to *Type) (any, error) {
	code, known := jsonTypeCode(to)
	switch v.(type) {
	case nil, bigInteger, *ArrayObject, dotnet.Guid, dotnet.TimeSpan, dotnet.DateTimeOffset, newtonsoft.Address:
		if v == nil {
			return nil, dotnet.InvalidCast("Null object cannot be converted to a value type.")
		}
		return nil, dotnet.InvalidCast("Object must implement IConvertible.")
	}
	if !known {
		return nil, dotnet.InvalidCast("Invalid cast from '" + reflectionName(DynamicType(v), true) + "' to '" + reflectionName(to, true) + "'.")
	}
	return dotnet.ChangeType(v, code, m.now)
}
