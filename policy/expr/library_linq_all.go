package expr

// Methods that answer a question about a whole sequence, or fold it.
func linqTests() []memberDecl {
	return []memberDecl{
		member("static bool Any<TSource>(this IEnumerable<TSource> source)", linqAny(true)),
		member("static bool Any<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqAny(true)),
		member("static bool All<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqAny(false)),
		member("static int Count<TSource>(this IEnumerable<TSource> source)", linqCount),
		member("static int Count<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqCount),
		member("static long LongCount<TSource>(this IEnumerable<TSource> source)", linqLongCount),
		member("static long LongCount<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqLongCount),
		member("static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value)", linqContains),
		member("static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value, IEqualityComparer<TSource> comparer)", linqContains),
		member("static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)", linqSequenceEqual),
		member("static bool SequenceEqual<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second, IEqualityComparer<TSource> comparer)", linqSequenceEqual),
		member("static TSource Aggregate<TSource>(this IEnumerable<TSource> source, Func<TSource, TSource, TSource> func)", linqAggregate),
		member("static TAccumulate Aggregate<TSource, TAccumulate>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func)", linqAggregateFrom),
		member("static TResult Aggregate<TSource, TAccumulate, TResult>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func, Func<TAccumulate, TResult> resultSelector)", linqAggregateFrom),
	}
}

// linqAny looks for an element for which the predicate is wanted: Any has found
// it with true, All with false.
func linqAny(wanted bool) linqFunc {
	return func(m *Machine, t []*Type, a []any) (any, error) {
		predicate := optional(a, 1)
		if err := notNull(a, []string{"source", "predicate"}[:len(a)]...); err != nil {
			return nil, err
		}
		answer := !wanted
		err := m.each(a[0], t[0], func(x any) (bool, error) {
			ok, err := m.matches(predicate, x)
			if err != nil || ok != wanted {
				return false, err
			}
			answer = wanted
			return true, nil
		})
		return answer, err
	}
}

func countOf(m *Machine, t []*Type, a []any) (int64, error) {
	predicate := optional(a, 1)
	if err := notNull(a, []string{"source", "predicate"}[:len(a)]...); err != nil {
		return 0, err
	}
	if sized, ok := a[0].(interface{ Len() int }); ok && predicate == nil && isInstance(a[0], typeOf("System.Collections.Generic.ICollection", t[0])) {
		return int64(sized.Len()), nil
	}
	n := int64(0)
	err := m.each(a[0], t[0], func(x any) (bool, error) {
		ok, err := m.matches(predicate, x)
		if ok {
			n++
		}
		return false, err
	})
	return n, err
}

func linqCount(m *Machine, t []*Type, a []any) (any, error) {
	n, err := countOf(m, t, a)
	return int32(n), err
}

func linqLongCount(m *Machine, t []*Type, a []any) (any, error) { return countOf(m, t, a) }

// linqContains asks a collection itself, which may have a comparer of its own.
func linqContains(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	if set, ok := a[0].(*SetObject); ok && optional(a, 2) == nil {
		place, _, err := set.table.find(m, a[1])
		return place >= 0, err
	}
	if keys, ok := a[0].(*entriesObject); ok && optional(a, 2) == nil {
		return keys.contains(m, a[1])
	}
	by, v, found := equivalenceOf(optional(a, 2)), a[1], false
	err := m.each(a[0], t[0], func(x any) (bool, error) {
		equal, err := by.Equivalent(m, x, v)
		found = equal
		return equal, err
	})
	return found, err
}

func linqSequenceEqual(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "first", "second"); err != nil {
		return nil, err
	}
	by := equivalenceOf(optional(a, 2))
	second, err := m.iterate(a[1], t[0])
	if err != nil {
		return nil, err
	}
	defer second.Close()
	same := true
	err = m.each(a[0], t[0], func(x any) (bool, error) {
		y, more, err := second.Next(m)
		if err != nil || !more {
			same = false
			return true, err
		}
		same, err = by.Equivalent(m, x, y)
		return !same, err
	})
	if err != nil || !same {
		return false, err
	}
	_, more, err := second.Next(m)
	return !more, err
}

func linqAggregate(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source", "func"); err != nil {
		return nil, err
	}
	var total any
	fold, empty := a[1], true
	err := m.each(a[0], t[0], func(x any) (bool, error) {
		if empty {
			total, empty = x, false
			return false, nil
		}
		var err error
		total, err = m.Invoke(fold, total, x)
		return false, err
	})
	if err == nil && empty {
		err = invalidOperation(noElements)
	}
	return total, err
}

func linqAggregateFrom(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, []string{"source", "", "func", "resultSelector"}[:len(a)]...); err != nil {
		return nil, err
	}
	total, fold, result := a[1], a[2], optional(a, 3)
	err := m.each(a[0], t[0], func(x any) (bool, error) {
		var err error
		total, err = m.Invoke(fold, total, x)
		return false, err
	})
	if err != nil || result == nil {
		return total, err
	}
	return m.Invoke(result, total)
}
