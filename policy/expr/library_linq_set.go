package expr

func linqSets() []memberDecl {
	return []memberDecl{
		member("static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source)", linqDistinct),
		member("static IEnumerable<TSource> Distinct<TSource>(this IEnumerable<TSource> source, IEqualityComparer<TSource> comparer)", linqDistinct),
		member("static IEnumerable<TSource> Union<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)", linqUnion),
		member("static IEnumerable<TSource> Union<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)", linqUnion),
		member("static IEnumerable<TSource> Intersect<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)", linqIntersect),
		member("static IEnumerable<TSource> Intersect<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)", linqIntersect),
		member("static IEnumerable<TSource> Except<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)", linqExcept),
		member("static IEnumerable<TSource> Except<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)", linqExcept),
	}
}

// insert adds a key and reports whether it is new.
func (h *hashTable) insert(m *Machine, key any) (bool, error) {
	place, hash, err := h.find(m, key)
	if err != nil || place >= 0 {
		return false, err
	}
	return true, h.add(m, key, nil, hash)
}

// drop takes a key out and reports whether it was there.
func (h *hashTable) drop(m *Machine, key any) (bool, error) {
	place, _, err := h.find(m, key)
	if err != nil || place < 0 {
		return false, err
	}
	h.remove(place)
	return true, nil
}

// distinct leaves out of a source what has been before.
func distinct(elem *Type, source, comparer any) *sequence {
	return pipe(elem, source, elem, func(*Machine) (step, error) {
		seen := newHashTable(equivalenceOf(comparer))
		return selecting(seen.insert), nil
	})
}

// selecting is the step that keeps the elements for which keep is true.
func selecting(keep func(m *Machine, x any) (bool, error)) step {
	return func(m *Machine, x any, _ int32) (any, verdict, error) {
		if ok, err := keep(m, x); err != nil || !ok {
			return nil, skip, err
		}
		return x, give, nil
	}
}

func linqDistinct(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	return distinct(t[0], a[0], optional(a, 1)), nil
}

func linqUnion(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "first", "second"); err != nil {
		return nil, err
	}
	return distinct(t[0], concatenation(t[0], a[0], a[1]), optional(a, 2)), nil
}

func linqIntersect(_ *Machine, t []*Type, a []any) (any, error) {
	return againstSecond(t, a, (*hashTable).drop)
}

func linqExcept(_ *Machine, t []*Type, a []any) (any, error) {
	return againstSecond(t, a, (*hashTable).insert)
}

// againstSecond keeps what of the first sequence changes the set of the second.
func againstSecond(t []*Type, a []any, change func(h *hashTable, m *Machine, x any) (bool, error)) (any, error) {
	if err := notNull(a, "first", "second"); err != nil {
		return nil, err
	}
	second, comparer := a[1], optional(a, 2)
	return pipe(t[0], a[0], t[0], func(m *Machine) (step, error) {
		set := newHashTable(equivalenceOf(comparer))
		err := m.each(second, t[0], func(x any) (bool, error) {
			_, err := set.insert(m, x)
			return false, err
		})
		return selecting(func(m *Machine, x any) (bool, error) { return change(set, m, x) }), err
	}), nil
}
