package expr

import "cmp"

var _ = declare("interface System.Linq.IOrderedEnumerable<TElement> : System.Collections.Generic.IEnumerable<TElement>")

func linqOrder() []memberDecl {
	return []memberDecl{
		member("static IOrderedEnumerable<TSource> OrderBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqOrderBy(false)),
		member("static IOrderedEnumerable<TSource> OrderBy<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IComparer<TKey> comparer)", linqOrderBy(false)),
		member("static IOrderedEnumerable<TSource> OrderByDescending<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqOrderBy(true)),
		member("static IOrderedEnumerable<TSource> OrderByDescending<TSource, TKey>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, IComparer<TKey> comparer)", linqOrderBy(true)),
		member("static IOrderedEnumerable<TSource> ThenBy<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqThenBy(false)),
		member("static IOrderedEnumerable<TSource> ThenBy<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector, IComparer<TKey> comparer)", linqThenBy(false)),
		member("static IOrderedEnumerable<TSource> ThenByDescending<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector)", linqThenBy(true)),
		member("static IOrderedEnumerable<TSource> ThenByDescending<TSource, TKey>(this IOrderedEnumerable<TSource> source, Func<TSource, TKey> keySelector, IComparer<TKey> comparer)", linqThenBy(true)),
	}
}

// orderedObject is an IOrderedEnumerable<T>: lazy, and stable.
type orderedObject struct {
	elem   *Type
	source any
	keys   []sortKey
}

// sortKey is one OrderBy or ThenBy.
type sortKey struct {
	selector any
	by       ordering
}

func newSortKey(a []any, descending bool) sortKey {
	by := orderingOf(optional(a, 2))
	if descending {
		by = reversed{by}
	}
	return sortKey{a[1], by}
}

func linqOrderBy(descending bool) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "keySelector"); err != nil {
			return nil, err
		}
		return &orderedObject{t[0], a[0], []sortKey{newSortKey(a, descending)}}, nil
	}
}

func linqThenBy(descending bool) linqFunc {
	return func(_ *Machine, _ []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "keySelector"); err != nil {
			return nil, err
		}
		o := a[0].(*orderedObject)
		keys := append(o.keys[:len(o.keys):len(o.keys)], newSortKey(a, descending))
		return &orderedObject{o.elem, o.source, keys}, nil
	}
}

// DotnetType is part of Object: the interface stands for .NET's private class.
func (o *orderedObject) DotnetType() *Type {
	return typeOf("System.Collections.Generic.IEnumerable", o.elem)
}

// Enumerate is part of Enumerable.
func (o *orderedObject) Enumerate(m *Machine) (Iterator, error) {
	return deferred(o.elem, o.sorted).Enumerate(m)
}

func (o *orderedObject) sorted(m *Machine) ([]any, error) {
	elems, err := m.elements(o.source, o.elem)
	if err != nil {
		return nil, err
	}
	if err := m.Allocate(16 * len(elems) * (len(o.keys) + 2)); err != nil {
		return nil, err
	}
	keys := make([][]any, len(o.keys))
	for k, key := range o.keys {
		keys[k] = make([]any, len(elems))
		for i, x := range elems {
			if keys[k][i], err = m.Invoke(key.selector, x); err != nil {
				return nil, err
			}
		}
	}
	places := make([]int, len(elems))
	for i := range places {
		places[i] = i
	}
	err = sortBy(m, places, func(a, b int) (int, error) {
		for k, key := range o.keys {
			if n, err := key.by.Order(m, keys[k][a], keys[k][b]); err != nil || n != 0 {
				return n, err
			}
		}
		return cmp.Compare(a, b), nil
	})
	sorted := make([]any, len(elems))
	for i, place := range places {
		sorted[i] = elems[place]
	}
	return sorted, err
}
