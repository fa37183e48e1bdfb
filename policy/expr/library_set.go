package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("class "+setType+"<T> : System.Collections.Generic.ISet<T>, System.Collections.Generic.IReadOnlyCollection<T>", func() []memberDecl {
	return []memberDecl{
		member("new()", func(_ *Machine, t []*Type, _ []any) (any, error) { return newSet(t[0], nil), nil }),
		member("new(int capacity)", func(_ *Machine, t []*Type, a []any) (any, error) { return newSet(t[0], nil), checkCapacity(a[0]) }),
		member("new(int capacity, IEqualityComparer<T> comparer)", func(_ *Machine, t []*Type, a []any) (any, error) {
			return newSet(t[0], a[1]), checkCapacity(a[0])
		}),
		member("new(IEqualityComparer<T> comparer)", func(_ *Machine, t []*Type, a []any) (any, error) { return newSet(t[0], a[0]), nil }),
		member("new(IEnumerable<T> collection)", newSetOf),
		member("new(IEnumerable<T> collection, IEqualityComparer<T> comparer)", newSetOf),
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(set(a).Len()), nil }),
		member("IEqualityComparer<T> Comparer { get; }", func(_ *Machine, a []any) (any, error) {
			if s := set(a); s.comparer == nil {
				return &equalityObject{typ: typeOf("System.Collections.Generic.EqualityComparer", s.typ.args[0])}, nil
			}
			return set(a).comparer, nil
		}),
		member("bool Add(T item)", func(m *Machine, a []any) (any, error) { return set(a).add(m, a[1]) }),
		member("void Clear()", func(_ *Machine, a []any) (any, error) {
			set(a).table.clear()
			set(a).table.version++
			return nil, nil
		}),
		member("bool Contains(T item)", func(m *Machine, a []any) (any, error) { return set(a).contains(m, a[1]) }),
		member("void CopyTo(T[] array)", copyElements),
		member("void CopyTo(T[] array, int arrayIndex)", copyElements),
		member("void CopyTo(T[] array, int arrayIndex, int count)", copySome),
		member("int EnsureCapacity(int capacity)", func(_ *Machine, a []any) (any, error) {
			return int32(max(intArg(a[1]), set(a).Len())), checkCapacity(a[1])
		}),
		member("bool Remove(T item)", func(m *Machine, a []any) (any, error) { return set(a).remove(m, a[1]) }),
		member("int RemoveWhere(Predicate<T> match)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "", "match"); err != nil {
				return nil, err
			}
			match := a[1]
			return asInt(set(a).removeWhere(m, func(x any) (bool, error) { return m.satisfies(match, x) }))
		}),
		member("bool TryGetValue(T equalValue, out T actualValue)", func(m *Machine, a []any) (any, error) {
			s := set(a)
			place, _, err := s.table.find(m, a[1])
			if err != nil || place < 0 {
				a[2].(*Ref).Value = zeroOf(s.typ.args[0])
				return false, err
			}
			a[2].(*Ref).Value = s.table.entries[place].key
			return true, nil
		}),
		member("void TrimExcess()", always(nil)),
		member("IEnumerator<T> GetEnumerator()", enumerate),
		member("void UnionWith(IEnumerable<T> other)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "", "other"); err != nil {
				return nil, err
			}
			return nil, set(a).addAll(m, a[1])
		}),
		member("void IntersectWith(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			_, err := s.removeWhere(m, func(x any) (bool, error) {
				in, err := other.contains(m, x)
				return !in, err
			})
			return nil, err
		})),
		member("void ExceptWith(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			_, err := s.removeWhere(m, func(x any) (bool, error) { return other.contains(m, x) })
			return nil, err
		})),
		member("void SymmetricExceptWith(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			return nil, s.symmetric(m, other)
		})),
		member("bool IsSubsetOf(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) { return s.within(m, other) })),
		member("bool IsSupersetOf(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) { return other.within(m, s) })),
		member("bool IsProperSubsetOf(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			in, err := s.within(m, other)
			return in && s.Len() < other.Len(), err
		})),
		member("bool IsProperSupersetOf(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			in, err := other.within(m, s)
			return in && other.Len() < s.Len(), err
		})),
		member("bool SetEquals(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			in, err := s.within(m, other)
			return in && s.Len() == other.Len(), err
		})),
		member("bool Overlaps(IEnumerable<T> other)", withOther(func(m *Machine, s, other *SetObject) (any, error) {
			overlap := false
			err := m.each(other, nil, func(x any) (bool, error) {
				in, err := s.contains(m, x)
				overlap = in
				return in, err
			})
			return overlap, err
		})),
	}
})

func set(a []any) *SetObject { return a[0].(*SetObject) }

func newSetOf(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "collection"); err != nil {
		return nil, err
	}
	s := newSet(t[0], optional(a, 1))
	return s, s.addAll(m, a[0])
}

// copySome is CopyTo of no more than some elements.
func copySome(m *Machine, a []any) (any, error) {
	if err := notNull(a, "", "array"); err != nil {
		return nil, err
	}
	index, n, length := intArg(a[2]), intArg(a[3]), array(a[1]).Len()
	switch {
	case index < 0:
		return nil, actualValue(dotnet.ArgumentOutOfRange("arrayIndex", needNonNegative), index)
	case n < 0:
		return nil, actualValue(dotnet.ArgumentOutOfRange("count", needNonNegative), n)
	case index > length || n > length-index:
		return nil, dotnet.Argument("Destination array is not long enough to copy all the items in the collection. Check array index and length.", "")
	}
	elems, err := m.elements(a[0], nil)
	if err != nil {
		return nil, err
	}
	return nil, copyInto(m, elems[:min(n, len(elems))], a[1], index, "array", "index", "")
}

// actualValue adds to an exception's message the value that was out of range.
func actualValue(e *dotnet.Exception, n int) error {
	e.Message += "\nActual value was " + dotnet.ToString(int32(n)) + "."
	return e
}

// withOther is a member that takes another sequence as a set.
func withOther(f func(m *Machine, s, other *SetObject) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if err := notNull(a, "", "other"); err != nil {
			return nil, err
		}
		s := set(a)
		other, err := s.of(m, a[1])
		if err != nil {
			return nil, err
		}
		return f(m, s, other)
	}
}

var _ = implement(setType, map[string]Func{"ICollection.IsReadOnly": always(false)})
