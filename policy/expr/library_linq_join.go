package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Methods that make one sequence of two, or one of nothing.
func linqJoints() []memberDecl {
	return []memberDecl{
		member("static IEnumerable<TSource> Concat<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)", linqConcat),
		member("static IEnumerable<TSource> Append<TSource>(this IEnumerable<TSource> source, TSource element)", func(_ *Machine, t []*Type, a []any) (any, error) {
			if err := notNull(a, "source"); err != nil {
				return nil, err
			}
			return concatenation(t[0], a[0], NewArray(t[0], []any{a[1]})), nil
		}),
		member("static IEnumerable<TSource> Prepend<TSource>(this IEnumerable<TSource> source, TSource element)", func(_ *Machine, t []*Type, a []any) (any, error) {
			if err := notNull(a, "source"); err != nil {
				return nil, err
			}
			return concatenation(t[0], NewArray(t[0], []any{a[1]}), a[0]), nil
		}),
		member("static IEnumerable<TResult> Zip<TFirst, TSecond, TResult>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)", linqZip),
		member("static IEnumerable<int> Range(int start, int count)", linqRange),
		member("static IEnumerable<TResult> Repeat<TResult>(TResult element, int count)", linqRepeat),
		member("static IEnumerable<TResult> Empty<TResult>()", func(_ *Machine, t []*Type, _ []any) (any, error) {
			return newSequence(t[0], func(*Machine) (Iterator, error) { return &sliceIterator{}, nil }), nil
		}),
		member("static IEnumerable<TResult> Join<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, TInner, TResult> resultSelector)", linqJoin),
		member("static IEnumerable<TResult> Join<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, TInner, TResult> resultSelector, IEqualityComparer<TKey> comparer)", linqJoin),
		member("static IEnumerable<TResult> GroupJoin<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, IEnumerable<TInner>, TResult> resultSelector)", linqGroupJoin),
		member("static IEnumerable<TResult> GroupJoin<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer, IEnumerable<TInner> inner, Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, IEnumerable<TInner>, TResult> resultSelector, IEqualityComparer<TKey> comparer)", linqGroupJoin),
	}
}

func linqConcat(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "first", "second"); err != nil {
		return nil, err
	}
	return concatenation(t[0], a[0], a[1]), nil
}

// concatenation gives the elements of one sequence after another's.
func concatenation(elem *Type, parts ...any) *sequence {
	return newSequence(elem, func(*Machine) (Iterator, error) {
		var it Iterator
		next := 0
		return &stepper{
			step: func(m *Machine) (any, bool, error) {
				for {
					if it == nil {
						if next == len(parts) {
							return nil, false, nil
						}
						next++
						started, err := m.iterate(parts[next-1], elem)
						if err != nil {
							return nil, false, err
						}
						it = started
					}
					x, more, err := it.Next(m)
					if err != nil || more {
						return x, more, err
					}
					it.Close()
					it = nil
				}
			},
			end: func() {
				if it != nil {
					it.Close()
				}
			},
		}, nil
	})
}

func linqZip(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "first", "second", "resultSelector"); err != nil {
		return nil, err
	}
	first, second, selector := a[0], a[1], a[2]
	return newSequence(t[2], func(m *Machine) (Iterator, error) {
		xs, err := m.iterate(first, t[0])
		if err != nil {
			return nil, err
		}
		ys, err := m.iterate(second, t[1])
		if err != nil {
			xs.Close()
			return nil, err
		}
		return &stepper{
			step: func(m *Machine) (any, bool, error) {
				x, more, err := xs.Next(m)
				if err != nil || !more {
					return nil, false, err
				}
				y, more, err := ys.Next(m)
				if err != nil || !more {
					return nil, false, err
				}
				z, err := m.Invoke(selector, x, y)
				return z, err == nil, err
			},
			end: func() { xs.Close(); ys.Close() },
		}, nil
	}), nil
}

func linqRange(_ *Machine, a []any) (any, error) {
	start, n := int64(a[0].(int32)), int64(a[1].(int32))
	if n < 0 || start+n-1 > 1<<31-1 {
		return nil, dotnet.ArgumentOutOfRange("count", outOfRange)
	}
	return counted(basic.int, n, func(i int64) any { return int32(start + i) }), nil
}

func linqRepeat(_ *Machine, t []*Type, a []any) (any, error) {
	element, n := a[0], int64(a[1].(int32))
	if n < 0 {
		return nil, dotnet.ArgumentOutOfRange("count", outOfRange)
	}
	return counted(t[0], n, func(int64) any { return element }), nil
}

// counted is a sequence of n elements.
func counted(elem *Type, n int64, at func(i int64) any) *sequence {
	return newSequence(elem, func(*Machine) (Iterator, error) {
		i := int64(0)
		return &stepper{step: func(*Machine) (any, bool, error) {
			if i == n {
				return nil, false, nil
			}
			i++
			return at(i - 1), true, nil
		}}, nil
	})
}

var joinNames = []string{"outer", "inner", "outerKeySelector", "innerKeySelector", "resultSelector"}

// joining reads the inner sequence of a join into a lookup. Elements without a
// key join nothing.
func joining(m *Machine, t []*Type, inner, keySelector, comparer any) (*LookupObject, error) {
	l := newLookup(t[2], t[1], comparer)
	return l, m.each(inner, t[1], func(x any) (bool, error) {
		key, err := m.Invoke(keySelector, x)
		if err != nil || key == nil {
			return false, err
		}
		return false, l.add(m, key, x)
	})
}

// matches are the inner elements that join an outer one; nil if there are none.
func (l *LookupObject) matches(m *Machine, x, keySelector any) ([]any, error) {
	key, err := m.Invoke(keySelector, x)
	if err != nil || key == nil {
		return nil, err
	}
	g, err := l.group(m, key)
	if err != nil || g == nil {
		return nil, err
	}
	return g.elems, nil
}

// optional is argument i where an overload has it; nil where it has not.
func optional(a []any, i int) any {
	if i < len(a) {
		return a[i]
	}
	return nil
}

func linqJoin(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, joinNames...); err != nil {
		return nil, err
	}
	outer, inner, outerKey, innerKey, result, comparer := a[0], a[1], a[2], a[3], a[4], optional(a, 5)
	return newSequence(t[3], func(m *Machine) (Iterator, error) {
		var lookup *LookupObject
		it, err := m.iterate(outer, t[0])
		if err != nil {
			return nil, err
		}
		var x any
		var matches []any
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			for len(matches) == 0 {
				next, more, err := it.Next(m)
				if err != nil || !more {
					return nil, false, err
				}
				if lookup == nil {
					if lookup, err = joining(m, t, inner, innerKey, comparer); err != nil {
						return nil, false, err
					}
				}
				if len(lookup.groups) == 0 { // then .NET asks for no key
					return nil, false, nil
				}
				x = next
				if matches, err = lookup.matches(m, x, outerKey); err != nil {
					return nil, false, err
				}
			}
			y, err := m.Invoke(result, x, matches[0])
			matches = matches[1:]
			return y, err == nil, err
		}}, nil
	}), nil
}

func linqGroupJoin(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, joinNames...); err != nil {
		return nil, err
	}
	outer, inner, outerKey, innerKey, result, comparer := a[0], a[1], a[2], a[3], a[4], optional(a, 5)
	return pipe(t[3], outer, t[0], func(*Machine) (step, error) {
		var lookup *LookupObject
		return func(m *Machine, x any, _ int32) (any, verdict, error) {
			if lookup == nil {
				read, err := joining(m, t, inner, innerKey, comparer)
				if err != nil {
					return nil, stop, err
				}
				lookup = read
			}
			matches, err := lookup.matches(m, x, outerKey)
			if err != nil {
				return nil, stop, err
			}
			y, err := m.Invoke(result, x, fixed(t[1], matches))
			return y, give, err
		}, nil
	}), nil
}

// fixed is a sequence of elements that nobody changes.
func fixed(elem *Type, elems []any) *sequence {
	return newSequence(elem, func(*Machine) (Iterator, error) { return &sliceIterator{elems: elems}, nil })
}
