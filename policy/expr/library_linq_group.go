package expr

func linqGroups() []memberDecl {
	return []memberDecl{
		member("static IEnumerable<System.Linq.IGrouping<TKey, TSource>> GroupBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqGroupBy(false)),
		member("static IEnumerable<System.Linq.IGrouping<TKey, TSource>> GroupBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)", linqGroupBy(false)),
		member("static IEnumerable<System.Linq.IGrouping<TKey, TElement>> GroupBy<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector)", linqGroupBy(true)),
		member("static IEnumerable<System.Linq.IGrouping<TKey, TElement>> GroupBy<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, IEqualityComparer<TKey> comparer)", linqGroupBy(true)),
		member("static IEnumerable<TResult> GroupBy<TSource, TKey, TResult>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TKey, IEnumerable<TSource>, TResult> resultSelector)", linqGroupResult(false)),
		member("static IEnumerable<TResult> GroupBy<TSource, TKey, TResult>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TKey, IEnumerable<TSource>, TResult> resultSelector, IEqualityComparer<TKey> comparer)", linqGroupResult(false)),
		member("static IEnumerable<TResult> GroupBy<TSource, TKey, TElement, TResult>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, Func<TKey, IEnumerable<TElement>, TResult> resultSelector)", linqGroupResult(true)),
		member("static IEnumerable<TResult> GroupBy<TSource, TKey, TElement, TResult>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, Func<TKey, IEnumerable<TElement>, TResult> resultSelector, IEqualityComparer<TKey> comparer)", linqGroupResult(true)),
		member("static System.Linq.ILookup<TKey, TSource> ToLookup<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqToLookup(false)),
		member("static System.Linq.ILookup<TKey, TSource> ToLookup<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)", linqToLookup(false)),
		member("static System.Linq.ILookup<TKey, TElement> ToLookup<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector)", linqToLookup(true)),
		member("static System.Linq.ILookup<TKey, TElement> ToLookup<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, IEqualityComparer<TKey> comparer)", linqToLookup(true)),
	}
}

// grouping is what groups a source: a lookup is made of it.
type grouping struct {
	source, key, element any // element is nil where the source's own are grouped
	from, keyType, elem  *Type
	comparer             any
	next                 int // the index of the argument after the selectors, for a result selector
}

// newGrouping reads the arguments of GroupBy and ToLookup.
func newGrouping(t []*Type, a []any, selectsElement, selectsResult bool) (*grouping, error) {
	names := []string{"source", "keySelector"}
	g := &grouping{source: a[0], key: a[1], from: t[0], keyType: t[1], elem: t[0], next: 2}
	if selectsElement {
		names = append(names, "elementSelector")
		g.element, g.elem, g.next = a[2], t[2], 3
	}
	if selectsResult {
		names = append(names, "resultSelector")
		g.comparer = optional(a, g.next+1)
	} else {
		g.comparer = optional(a, g.next)
	}
	return g, notNull(a, names...)
}

func (g *grouping) lookup(m *Machine) (*LookupObject, error) {
	l := newLookup(g.keyType, g.elem, g.comparer)
	return l, m.each(g.source, g.from, func(x any) (bool, error) {
		key, err := m.Invoke(g.key, x)
		if err != nil {
			return false, err
		}
		if g.element != nil {
			if x, err = m.Invoke(g.element, x); err != nil {
				return false, err
			}
		}
		return false, l.add(m, key, x)
	})
}

func linqToLookup(selectsElement bool) linqFunc {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		g, err := newGrouping(t, a, selectsElement, false)
		if err != nil {
			return nil, err
		}
		return g.lookup(m)
	}
}

func linqGroupBy(selectsElement bool) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		g, err := newGrouping(t, a, selectsElement, false)
		if err != nil {
			return nil, err
		}
		return deferred(typeOf("System.Linq.IGrouping", g.keyType, g.elem), func(m *Machine) ([]any, error) {
			l, err := g.lookup(m)
			if err != nil {
				return nil, err
			}
			return m.elements(l, nil)
		}), nil
	}
}

func linqGroupResult(selectsElement bool) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		g, err := newGrouping(t, a, selectsElement, true)
		if err != nil {
			return nil, err
		}
		result := a[g.next]
		return newSequence(t[len(t)-1], func(*Machine) (Iterator, error) {
			var groups []*GroupingObject
			read := false
			return &stepper{step: func(m *Machine) (any, bool, error) {
				if !read {
					l, err := g.lookup(m)
					if err != nil {
						return nil, false, err
					}
					groups, read = l.groups, true
				}
				if len(groups) == 0 {
					return nil, false, nil
				}
				next := groups[0]
				groups = groups[1:]
				y, err := m.Invoke(result, next.key, next)
				return y, err == nil, err
			}}, nil
		}), nil
	}
}
