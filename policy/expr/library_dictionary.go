package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("class "+dictionaryType+"<TKey, TValue> : System.Collections.Generic.IDictionary<TKey, TValue>, System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>, System.Collections.IDictionary", func() []memberDecl {
	return []memberDecl{
		member("new()", dictionaryWith(-1)),
		member("new(int capacity)", dictionaryWithCapacity),
		member("new(IEqualityComparer<TKey> comparer)", dictionaryWith(0)),
		member("new(int capacity, IEqualityComparer<TKey> comparer)", dictionaryWithCapacity),
		member("new(IDictionary<TKey, TValue> dictionary)", dictionaryCopy("dictionary")),
		member("new(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey> comparer)", dictionaryCopy("dictionary")),
		member("new(IEnumerable<System.Collections.Generic.KeyValuePair<TKey, TValue>> collection)", dictionaryCopy("collection")),
		member("new(IEnumerable<System.Collections.Generic.KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey> comparer)", dictionaryCopy("collection")),
		member("IEqualityComparer<TKey> Comparer { get; }", func(_ *Machine, a []any) (any, error) {
			if d := dictionary(a); d.comparer == nil {
				return &equalityObject{typ: typeOf("System.Collections.Generic.EqualityComparer", d.typ.args[0])}, nil
			}
			return dictionary(a).comparer, nil
		}),
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(dictionary(a).Len()), nil }),
		member("TValue this[TKey key] { get; set; }", dictionaryGet, func(m *Machine, a []any) (any, error) {
			return nil, dictionary(a).Set(m, a[1], a[2])
		}),
		member("System.Collections.Generic.Dictionary.KeyCollection<TKey, TValue> Keys { get; }", dictionaryKeys),
		member("System.Collections.Generic.Dictionary.ValueCollection<TKey, TValue> Values { get; }", dictionaryValues),
		member("void Add(TKey key, TValue value)", func(m *Machine, a []any) (any, error) { return nil, dictionary(a).Add(m, a[1], a[2]) }),
		member("bool TryAdd(TKey key, TValue value)", func(m *Machine, a []any) (any, error) { return dictionary(a).TryAdd(m, a[1], a[2]) }),
		member("void Clear()", func(_ *Machine, a []any) (any, error) { dictionary(a).table.clear(); return nil, nil }),
		member("bool ContainsKey(TKey key)", func(m *Machine, a []any) (any, error) {
			_, found, err := dictionary(a).Get(m, a[1])
			return found, err
		}),
		member("bool ContainsValue(TValue value)", func(m *Machine, a []any) (any, error) { return dictionary(a).containsValue(m, a[1]) }),
		member("bool Remove(TKey key)", func(m *Machine, a []any) (any, error) {
			_, found, err := dictionary(a).remove(m, a[1])
			return found, err
		}),
		member("bool Remove(TKey key, out TValue value)", func(m *Machine, a []any) (any, error) {
			v, found, err := dictionary(a).remove(m, a[1])
			return found, dictionary(a).out(a[2], v, found, err)
		}),
		member("bool TryGetValue(TKey key, out TValue value)", func(m *Machine, a []any) (any, error) {
			v, found, err := dictionary(a).Get(m, a[1])
			return found, dictionary(a).out(a[2], v, found, err)
		}),
		member("int EnsureCapacity(int capacity)", func(_ *Machine, a []any) (any, error) {
			if intArg(a[1]) < 0 {
				return nil, dotnet.ArgumentOutOfRange("capacity", outOfRange)
			}
			return int32(max(intArg(a[1]), dictionary(a).Len())), nil
		}),
		member("void TrimExcess()", always(nil)),
		member("void TrimExcess(int capacity)", func(_ *Machine, a []any) (any, error) {
			if intArg(a[1]) < dictionary(a).Len() {
				return nil, dotnet.ArgumentOutOfRange("capacity", outOfRange)
			}
			return nil, nil
		}),
		member("IEnumerator<System.Collections.Generic.KeyValuePair<TKey, TValue>> GetEnumerator()", func(m *Machine, a []any) (any, error) {
			return newEnumerator(m, a[0], dictionary(a).pair())
		}),
	}
})

const outOfRange = "Specified argument was out of the range of valid values."

func dictionary(a []any) *DictionaryObject { return a[0].(*DictionaryObject) }

// dictionaryWith is the constructor whose argument i is the comparer; -1 if none
// is.
func dictionaryWith(i int) func(*Machine, []*Type, []any) (any, error) {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if i < 0 {
			return newDictionary(t, nil), nil
		}
		return newDictionary(t, a[i]), nil
	}
}

func dictionaryWithCapacity(_ *Machine, t []*Type, a []any) (any, error) {
	if intArg(a[0]) < 0 {
		return nil, dotnet.ArgumentOutOfRange("capacity", outOfRange)
	}
	var comparer any
	if len(a) > 1 {
		comparer = a[1]
	}
	return newDictionary(t, comparer), nil
}

func dictionaryCopy(param string) func(*Machine, []*Type, []any) (any, error) {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull(param)
		}
		var comparer any
		if len(a) > 1 {
			comparer = a[1]
		}
		d := newDictionary(t, comparer)
		return d, m.each(a[0], d.pair(), func(x any) (bool, error) {
			p := x.(*PairObject)
			return false, d.Add(m, p.key, p.value)
		})
	}
}

func dictionaryGet(m *Machine, a []any) (any, error) {
	v, found, err := dictionary(a).Get(m, a[1])
	if err != nil || found {
		return v, err
	}
	text, err := m.Text(a[1])
	if err != nil {
		return nil, err
	}
	return nil, dotnet.KeyNotFound(text)
}

// out gives an out parameter a value, the default where none was found.
func (d *DictionaryObject) out(ref, v any, found bool, err error) error {
	if !found {
		v = zeroOf(d.typ.args[1])
	}
	ref.(*Ref).Value = v
	return err
}

func (d *DictionaryObject) containsValue(m *Machine, v any) (bool, error) {
	for i := range d.table.entries {
		if err := m.Spend(1); err != nil {
			return false, err
		}
		if e := &d.table.entries[i]; e.used {
			if equal, err := m.Equal(e.value, v); err != nil || equal {
				return equal, err
			}
		}
	}
	return false, nil
}

func dictionaryKeys(_ *Machine, a []any) (any, error) {
	d := dictionary(a)
	return &entriesObject{typeOf(keysType, d.typ.args...), d, false, d.Len, func(m *Machine, key any) (bool, error) {
		_, found, err := d.Get(m, key)
		return found, err
	}}, nil
}

func dictionaryValues(_ *Machine, a []any) (any, error) {
	d := dictionary(a)
	return &entriesObject{typeOf(valuesType, d.typ.args...), d, true, d.Len, d.containsValue}, nil
}

// The members that ICollection<KeyValuePair> sees.
var _ = implement(dictionaryType, map[string]Func{
	"ICollection.IsReadOnly": always(false),
	"ICollection.Add": func(m *Machine, a []any) (any, error) {
		p := a[1].(*PairObject)
		return nil, dictionary(a).Add(m, p.key, p.value)
	},
	"ICollection.Contains": func(m *Machine, a []any) (any, error) { return dictionary(a).has(m, a[1].(*PairObject)) },
	"ICollection.Remove": func(m *Machine, a []any) (any, error) {
		p := a[1].(*PairObject)
		found, err := dictionary(a).has(m, p)
		if err != nil || !found {
			return false, err
		}
		_, _, err = dictionary(a).remove(m, p.key)
		return true, err
	},
	"ICollection.CopyTo": copyElements,
})

// has reports whether a key is there with that value.
func (d *DictionaryObject) has(m *Machine, p *PairObject) (bool, error) {
	v, found, err := d.Get(m, p.key)
	if err != nil || !found {
		return false, err
	}
	return m.Equal(v, p.value)
}

// copyElements is CopyTo(T[] array, int arrayIndex) of a collection.
func copyElements(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("array")
	}
	elems, err := m.elements(a[0], elementOf(DynamicType(a[0])))
	if err != nil {
		return nil, err
	}
	index := 0
	if len(a) > 2 {
		index = intArg(a[2])
	}
	switch length := a[1].(*ArrayObject).Len(); {
	case index < 0 || index > length:
		return nil, dotnet.ArgumentOutOfRange("index", needNonNegative)
	case length-index < len(elems):
		return nil, dotnet.Argument("Destination array is not long enough to copy all the items in the collection. Check array index and length.", "")
	}
	return nil, copyInto(m, elems, a[1], index, "array", "index", "")
}

var (
	_ = implement(keysType, viewAsCollection("Mutating a key collection derived from a dictionary is not allowed."))
	_ = implement(valuesType, viewAsCollection("Mutating a value collection derived from a dictionary is not allowed."))
)

func viewAsCollection(message string) map[string]Func {
	return map[string]Func{
		"ICollection.Add": refuse(message), "ICollection.Clear": refuse(message), "ICollection.Remove": refuse(message),
		"ICollection.IsReadOnly": always(true),
		"ICollection.Contains":   func(m *Machine, a []any) (any, error) { return a[0].(*entriesObject).contains(m, a[1]) },
	}
}

var (
	_ = declare("class "+keysType+"<TKey, TValue> : System.Collections.Generic.ICollection<TKey>, System.Collections.Generic.IReadOnlyCollection<TKey>, System.Collections.ICollection",
		func() []memberDecl { return entriesMembers("TKey") })
	_ = declare("class "+valuesType+"<TKey, TValue> : System.Collections.Generic.ICollection<TValue>, System.Collections.Generic.IReadOnlyCollection<TValue>, System.Collections.ICollection",
		func() []memberDecl { return entriesMembers("TValue") })
)

func entriesMembers(elem string) []memberDecl {
	return []memberDecl{
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(*entriesObject).Len()), nil }),
		member("void CopyTo("+elem+"[] array, int index)", copyElements),
		member("IEnumerator<"+elem+"> GetEnumerator()", enumerate),
	}
}

var (
	_ = declare("struct "+pairType+"<TKey, TValue>", func() []memberDecl {
		return []memberDecl{
			member("new()", func(_ *Machine, t []*Type, _ []any) (any, error) {
				return NewPair(t[0], t[1], zeroOf(t[0]), zeroOf(t[1])), nil
			}),
			member("new(TKey key, TValue value)", newPair),
			member("TKey Key { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*PairObject).key, nil }),
			member("TValue Value { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*PairObject).value, nil }),
			member("void Deconstruct(out TKey key, out TValue value)", func(_ *Machine, a []any) (any, error) {
				p := a[0].(*PairObject)
				a[1].(*Ref).Value, a[2].(*Ref).Value = p.key, p.value
				return nil, nil
			}),
		}
	})
	_ = declare("static class "+pairType, func() []memberDecl {
		return []memberDecl{
			member("static System.Collections.Generic.KeyValuePair<TKey, TValue> Create<TKey, TValue>(TKey key, TValue value)", newPair),
		}
	})
	_ = declare("static class System.Collections.Generic.CollectionExtensions", func() []memberDecl {
		return []memberDecl{
			member("static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key)", valueOrDefault),
			member("static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)", valueOrDefault),
			member("static bool TryAdd<TKey, TValue>(this IDictionary<TKey, TValue> dictionary, TKey key, TValue value)", func(m *Machine, _ []*Type, a []any) (any, error) {
				if err := notNull(a, "dictionary"); err != nil {
					return nil, err
				}
				found, err := hasKey(m, a[:2])
				if err != nil || found.(bool) {
					return false, err
				}
				_, err = addPair(m, a)
				return true, err
			}),
			member("static bool Remove<TKey, TValue>(this IDictionary<TKey, TValue> dictionary, TKey key, out TValue value)", func(m *Machine, t []*Type, a []any) (any, error) {
				if err := notNull(a, "dictionary"); err != nil {
					return nil, err
				}
				found, err := tryGetValue(m, a)
				if err != nil || !found.(bool) {
					a[2].(*Ref).Value = zeroOf(t[1])
					return false, err
				}
				_, err = removeKey(m, a[:2])
				return true, err
			}),
		}
	})
	tryGetValue = virtualCall("IDictionary", "TryGetValue", false)
	hasKey      = virtualCall("IDictionary", "ContainsKey", false)
	addPair     = virtualCall("IDictionary", "Add", false)
	removeKey   = virtualCall("IDictionary", "Remove", false)
)

func newPair(_ *Machine, t []*Type, a []any) (any, error) {
	return NewPair(t[0], t[1], a[0], a[1]), nil
}

func valueOrDefault(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "dictionary"); err != nil {
		return nil, err
	}
	value := &Ref{}
	found, err := tryGetValue(m, []any{a[0], a[1], value})
	switch {
	case err != nil:
		return nil, err
	case found.(bool):
		return value.Value, nil
	case len(a) > 2:
		return a[2], nil
	}
	return zeroOf(t[1]), nil
}
