package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

const mappingType = "ContextDictionary"

// ContextDictionary stands for the private classes behind what context keeps by
// key. Its names are text.
var _ = declare("class "+mappingType+"<TValue> : System.Collections.Generic.IReadOnlyDictionary<string, TValue>", func() []memberDecl {
	return []memberDecl{
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(Mapping).Len()), nil }),
		member("TValue this[string key] { get; }", func(m *Machine, a []any) (any, error) {
			value, found, err := lookUp(m, a)
			if err == nil && !found {
				err = dotnet.KeyNotFound(text(a[1]))
			}
			return value, err
		}),
		member("bool ContainsKey(string key)", func(m *Machine, a []any) (any, error) {
			_, found, err := lookUp(m, a)
			return found, err
		}),
		member("bool TryGetValue(string key, out TValue value)", func(m *Machine, a []any) (any, error) {
			value, found, err := lookUp(m, a)
			if !found {
				value = zeroOf(DynamicType(a[0]).args[0])
			}
			a[2].(*Ref).Value = value
			return found, err
		}),
		member("IEnumerable<string> Keys { get; }", func(_ *Machine, a []any) (any, error) {
			return pairsOf(a[0].(Mapping), basic.string, func(key, _ any) any { return key }), nil
		}),
		member("IEnumerable<TValue> Values { get; }", func(_ *Machine, a []any) (any, error) {
			return pairsOf(a[0].(Mapping), DynamicType(a[0]).args[0], func(_, value any) any { return value }), nil
		}),
		member("IEnumerator<System.Collections.Generic.KeyValuePair<string, TValue>> GetEnumerator()", enumerate),
	}
})

func lookUp(m *Machine, a []any) (any, bool, error) {
	if a[1] == nil {
		return nil, false, dotnet.ArgumentNull("key")
	}
	return a[0].(Mapping).Lookup(m, a[1])
}

func pairsOf(mapping Mapping, elem *Type, pick func(key, value any) any) *sequence {
	return newSequence(elem, func(m *Machine) (Iterator, error) {
		elems := make([]any, mapping.Len())
		for i := range elems {
			elems[i] = pick(mapping.Pair(i))
		}
		return &sliceIterator{elems: elems}, m.Spend(len(elems))
	})
}

// enumerateMapping gives a mapping's pairs.
func enumerateMapping(m *Machine, mapping Mapping) (Iterator, error) {
	value := mapping.DotnetType().args[0]
	return pairsOf(mapping, basic.object, func(k, v any) any { return NewPair(basic.string, value, k, v) }).Enumerate(m)
}

// Enumerate is part of Enumerable.
func (l *listed) Enumerate(m *Machine) (Iterator, error) { return enumerateMapping(m, l) }

// Enumerate is part of Enumerable.
func (h *headerMapping) Enumerate(m *Machine) (Iterator, error) { return enumerateMapping(m, h) }

// Enumerate is part of Enumerable.
func (v *variableMapping) Enumerate(m *Machine) (Iterator, error) { return enumerateMapping(m, v) }
