package expr

func linqConversions() []memberDecl {
	return []memberDecl{
		member("static TSource[] ToArray<TSource>(this IEnumerable<TSource> source)", func(m *Machine, t []*Type, a []any) (any, error) {
			elems, err := allOf(m, t, a)
			if err != nil {
				return nil, err
			}
			return NewArray(t[0], elems), nil
		}),
		member("static List<TSource> ToList<TSource>(this IEnumerable<TSource> source)", func(m *Machine, t []*Type, a []any) (any, error) {
			elems, err := allOf(m, t, a)
			if err != nil {
				return nil, err
			}
			return NewList(t[0], elems), nil
		}),
		member("static HashSet<TSource> ToHashSet<TSource>(this IEnumerable<TSource> source)", linqToHashSet),
		member("static HashSet<TSource> ToHashSet<TSource>(this IEnumerable<TSource> source, IEqualityComparer<TSource> comparer)", linqToHashSet),
		member("static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqToDictionary(false)),
		member("static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)", linqToDictionary(false)),
		member("static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector)", linqToDictionary(true)),
		member("static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, IEqualityComparer<TKey> comparer)", linqToDictionary(true)),
	}
}

func allOf(m *Machine, t []*Type, a []any) ([]any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	return m.elements(a[0], t[0])
}

func linqToHashSet(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	set := newSet(t[0], optional(a, 1))
	return set, set.addAll(m, a[0])
}

func linqToDictionary(selectsElement bool) linqFunc {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		g, err := newGrouping(t, a, selectsElement, false)
		if err != nil {
			return nil, err
		}
		d := newDictionary([]*Type{g.keyType, g.elem}, g.comparer)
		return d, m.each(g.source, g.from, func(x any) (bool, error) {
			key, err := m.Invoke(g.key, x)
			if err != nil {
				return false, err
			}
			if g.element != nil {
				if x, err = m.Invoke(g.element, x); err != nil {
					return false, err
				}
			}
			return false, d.Add(m, key, x)
		})
	}
}
