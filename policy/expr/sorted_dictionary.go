package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const sortedType = "System.Collections.Generic.SortedDictionary"

// sortedObject is a SortedDictionary<TKey, TValue>.
type sortedObject struct {
	typ     *Type
	pairs   []*PairObject // by key
	by      ordering
	version int
}

// DotnetType is part of Object.
func (s *sortedObject) DotnetType() *Type { return s.typ }

// Len is the number of elements.
func (s *sortedObject) Len() int { return len(s.pairs) }

// Enumerate is part of Enumerable.
func (s *sortedObject) Enumerate(*Machine) (Iterator, error) {
	next, version := 0, s.version
	return &stepper{step: func(m *Machine) (any, bool, error) {
		if version != s.version {
			return nil, false, invalidOperation(wasModified)
		}
		if next >= len(s.pairs) {
			return nil, false, nil
		}
		next++
		return s.pairs[next-1], true, nil
	}}, nil
}

// find is the place of a key; the complement of where it belongs if there is
// none.
func (s *sortedObject) find(m *Machine, key any) (int, error) {
	if key == nil {
		return 0, dotnet.ArgumentNull("key")
	}
	return binarySearch(m, func(i int) any { return s.pairs[i].key }, 0, len(s.pairs), key, s.by)
}

func (s *sortedObject) set(m *Machine, key, value any, replace bool) error {
	place, err := s.find(m, key)
	if err != nil {
		return err
	}
	p := &PairObject{typeOf(pairType, s.typ.args...), key, value}
	if place >= 0 && !replace {
		text, err := p.ToString(m)
		if err != nil {
			return err
		}
		return dotnet.Argument("An item with the same key has already been added. Key: "+text, "")
	}
	s.version++
	if place >= 0 {
		p.key = s.pairs[place].key
		s.pairs[place] = p
		return nil
	}
	s.pairs = slices.Insert(s.pairs, ^place, p)
	if err := m.Spend(len(s.pairs) + place + 1); err != nil {
		return err
	}
	return m.Allocate(64)
}

func (s *sortedObject) view(values bool) *entriesObject {
	name := sortedType + ".KeyCollection"
	if values {
		name = sortedType + ".ValueCollection"
	}
	return &entriesObject{typeOf(name, s.typ.args...), s, values, s.Len, func(m *Machine, v any) (bool, error) {
		for _, p := range s.pairs {
			x := p.key
			if values {
				x = p.value
			}
			if equal, err := m.Equal(x, v); err != nil || equal {
				return equal, err
			}
		}
		return false, nil
	}}
}

var _ = declare("class "+sortedType+"<TKey, TValue> : System.Collections.Generic.IDictionary<TKey, TValue>, System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>, System.Collections.IDictionary", func() []memberDecl {
	return []memberDecl{
		member("new()", newSorted),
		member("new(IComparer<TKey> comparer)", newSorted),
		member("new(IDictionary<TKey, TValue> dictionary)", newSortedOf),
		member("new(IDictionary<TKey, TValue> dictionary, IComparer<TKey> comparer)", newSortedOf),
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(sorted(a).Len()), nil }),
		member("TValue this[TKey key] { get; set; }", sortedGet, func(m *Machine, a []any) (any, error) { return nil, sorted(a).set(m, a[1], a[2], true) }),
		member("System.Collections.Generic.SortedDictionary.KeyCollection<TKey, TValue> Keys { get; }", func(_ *Machine, a []any) (any, error) { return sorted(a).view(false), nil }),
		member("System.Collections.Generic.SortedDictionary.ValueCollection<TKey, TValue> Values { get; }", func(_ *Machine, a []any) (any, error) { return sorted(a).view(true), nil }),
		member("void Add(TKey key, TValue value)", func(m *Machine, a []any) (any, error) { return nil, sorted(a).set(m, a[1], a[2], false) }),
		member("void Clear()", func(_ *Machine, a []any) (any, error) { sorted(a).version++; sorted(a).pairs = nil; return nil, nil }),
		member("bool ContainsKey(TKey key)", func(m *Machine, a []any) (any, error) {
			place, err := sorted(a).find(m, a[1])
			return place >= 0, err
		}),
		member("bool ContainsValue(TValue value)", func(m *Machine, a []any) (any, error) { return sorted(a).view(true).contains(m, a[1]) }),
		member("bool Remove(TKey key)", func(m *Machine, a []any) (any, error) {
			s := sorted(a)
			place, err := s.find(m, a[1])
			if err != nil || place < 0 {
				return false, err
			}
			s.version++
			s.pairs = slices.Delete(s.pairs, place, place+1)
			return true, m.Spend(len(s.pairs) - place + 1)
		}),
		member("bool TryGetValue(TKey key, out TValue value)", func(m *Machine, a []any) (any, error) {
			s := sorted(a)
			a[2].(*Ref).Value = zeroOf(s.typ.args[1])
			place, err := s.find(m, a[1])
			if err != nil || place < 0 {
				return false, err
			}
			a[2].(*Ref).Value = s.pairs[place].value
			return true, nil
		}),
		member("void CopyTo(System.Collections.Generic.KeyValuePair<TKey, TValue>[] array, int index)", copyElements),
		member("IComparer<TKey> Comparer { get; }", func(_ *Machine, a []any) (any, error) {
			return &comparerObject{typeOf("System.Collections.Generic.Comparer", sorted(a).typ.args[0]), sorted(a).by}, nil
		}),
		member("IEnumerator<System.Collections.Generic.KeyValuePair<TKey, TValue>> GetEnumerator()", enumerate),
	}
})

var (
	_ = declare("class "+sortedType+".KeyCollection<TKey, TValue> : System.Collections.Generic.ICollection<TKey>, System.Collections.Generic.IReadOnlyCollection<TKey>",
		func() []memberDecl { return entriesMembers("TKey") })
	_ = declare("class "+sortedType+".ValueCollection<TKey, TValue> : System.Collections.Generic.ICollection<TValue>, System.Collections.Generic.IReadOnlyCollection<TValue>",
		func() []memberDecl { return entriesMembers("TValue") })
	_ = implement(sortedType+".KeyCollection", viewAsCollection("Mutating a key collection derived from a dictionary is not allowed."))
	_ = implement(sortedType+".ValueCollection", viewAsCollection("Mutating a value collection derived from a dictionary is not allowed."))
)

func sorted(a []any) *sortedObject { return a[0].(*sortedObject) }

func newSorted(_ *Machine, t []*Type, a []any) (any, error) {
	return &sortedObject{typ: typeOf(sortedType, t...), by: orderingOf(optional(a, 0))}, nil
}

func newSortedOf(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "dictionary"); err != nil {
		return nil, err
	}
	s := &sortedObject{typ: typeOf(sortedType, t...), by: orderingOf(optional(a, 1))}
	return s, m.each(a[0], typeOf(pairType, t...), func(x any) (bool, error) {
		p := x.(*PairObject)
		return false, s.set(m, p.key, p.value, false)
	})
}

func sortedGet(m *Machine, a []any) (any, error) {
	place, err := sorted(a).find(m, a[1])
	if err != nil {
		return nil, err
	}
	if place >= 0 {
		return sorted(a).pairs[place].value, nil
	}
	text, err := m.Text(a[1])
	if err != nil {
		return nil, err
	}
	return nil, dotnet.KeyNotFound(text)
}
