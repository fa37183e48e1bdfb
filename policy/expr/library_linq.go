package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// linqFunc is an implementation in System.Linq.Enumerable: types are the
// method's type arguments.
type linqFunc = func(m *Machine, t []*Type, a []any) (any, error)

// System.Linq.Enumerable. A method checks its arguments when it is called, and
// goes through its source when its result is gone through.
var _ = declare("static class System.Linq.Enumerable",
	linqPipes, linqJoints, linqOrder, linqGroups, linqSets, linqElements, linqTests, linqConversions, linqNumbers, linqExtremes)

func linqPipes() []memberDecl {
	return []memberDecl{
		member("static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqWhere(1)),
		member("static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)", linqWhere(2)),
		member("static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)", linqSelect(1)),
		member("static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)", linqSelect(2)),
		member("static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)", linqSelectMany(1)),
		member("static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TResult>> selector)", linqSelectMany(2)),
		member("static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)", linqSelectMany(1)),
		member("static IEnumerable<TResult> SelectMany<TSource, TCollection, TResult>(this IEnumerable<TSource> source, Func<TSource, int, IEnumerable<TCollection>> collectionSelector, Func<TSource, TCollection, TResult> resultSelector)", linqSelectMany(2)),
		member("static IEnumerable<TSource> Skip<TSource>(this IEnumerable<TSource> source, int count)", linqSkip),
		member("static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqSkipWhile(1)),
		member("static IEnumerable<TSource> SkipWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)", linqSkipWhile(2)),
		member("static IEnumerable<TSource> SkipLast<TSource>(this IEnumerable<TSource> source, int count)", linqSkipLast),
		member("static IEnumerable<TSource> Take<TSource>(this IEnumerable<TSource> source, int count)", linqTake),
		member("static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)", linqTakeWhile(1)),
		member("static IEnumerable<TSource> TakeWhile<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)", linqTakeWhile(2)),
		member("static IEnumerable<TSource> TakeLast<TSource>(this IEnumerable<TSource> source, int count)", linqTakeLast),
		member("static IEnumerable<TResult> Cast<TResult>(this System.Collections.IEnumerable source)", linqCast),
		member("static IEnumerable<TResult> OfType<TResult>(this System.Collections.IEnumerable source)", linqOfType),
		member("static IEnumerable<TSource> AsEnumerable<TSource>(this IEnumerable<TSource> source)", func(_ *Machine, _ []*Type, a []any) (any, error) { return a[0], nil }),
		member("static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source)", linqDefaultIfEmpty),
		member("static IEnumerable<TSource> DefaultIfEmpty<TSource>(this IEnumerable<TSource> source, TSource defaultValue)", linqDefaultIfEmpty),
		member("static IEnumerable<TSource> Reverse<TSource>(this IEnumerable<TSource> source)", linqReverse),
	}
}

// callOf calls a delegate with an element, and with its index if that is what it
// takes.
func callOf(delegate any, params int) func(m *Machine, x any, i int32) (any, error) {
	if params == 1 {
		return func(m *Machine, x any, _ int32) (any, error) { return m.Invoke(delegate, x) }
	}
	return func(m *Machine, x any, i int32) (any, error) { return m.Invoke(delegate, x, i) }
}

func linqWhere(params int) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "predicate"); err != nil {
			return nil, err
		}
		predicate := callOf(a[1], params)
		return pipe(t[0], a[0], t[0], stateless(func(m *Machine, x any, i int32) (any, verdict, error) {
			if ok, err := predicate(m, x, i); err != nil || !ok.(bool) {
				return nil, skip, err
			}
			return x, give, nil
		})), nil
	}
}

func linqSelect(params int) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "selector"); err != nil {
			return nil, err
		}
		selector := callOf(a[1], params)
		return pipe(t[1], a[0], t[0], stateless(func(m *Machine, x any, i int32) (any, verdict, error) {
			y, err := selector(m, x, i)
			return y, give, err
		})), nil
	}
}

func linqSelectMany(params int) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		names := []string{"source", "selector"}
		if len(a) > 2 {
			names = []string{"source", "collectionSelector", "resultSelector"}
		}
		if err := notNull(a, names...); err != nil {
			return nil, err
		}
		source, collection := a[0], callOf(a[1], params)
		var result any
		if len(a) > 2 {
			result = a[2]
		}
		return newSequence(t[len(t)-1], func(m *Machine) (Iterator, error) {
			outer, err := m.iterate(source, t[0])
			if err != nil {
				return nil, err
			}
			f := &flattening{outer: outer, collection: collection, elem: t[1], result: result, i: -1}
			return &stepper{step: f.next, end: f.close}, nil
		}), nil
	}
}

// flattening is one enumeration of SelectMany.
type flattening struct {
	outer, inner Iterator
	collection   func(m *Machine, x any, i int32) (any, error)
	elem         *Type
	result       any
	x            any // outer's element
	i            int32
}

func (f *flattening) next(m *Machine) (any, bool, error) {
	for {
		if f.inner == nil {
			x, more, err := f.outer.Next(m)
			if err != nil || !more {
				return nil, false, err
			}
			f.x, f.i = x, f.i+1
			values, err := f.collection(m, x, f.i)
			if err != nil {
				return nil, false, err
			}
			if f.inner, err = m.iterate(values, f.elem); err != nil {
				return nil, false, err
			}
		}
		y, more, err := f.inner.Next(m)
		switch {
		case err != nil:
			return nil, false, err
		case more && f.result == nil:
			return y, true, nil
		case more:
			y, err = m.Invoke(f.result, f.x, y)
			return y, err == nil, err
		}
		f.inner.Close()
		f.inner = nil
	}
}

func (f *flattening) close() {
	if f.inner != nil {
		f.inner.Close()
	}
	f.outer.Close()
}

func linqSkip(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	n := a[1].(int32)
	return pipe(t[0], a[0], t[0], stateless(func(_ *Machine, x any, i int32) (any, verdict, error) {
		if i < n {
			return nil, skip, nil
		}
		return x, give, nil
	})), nil
}

func linqSkipWhile(params int) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "predicate"); err != nil {
			return nil, err
		}
		predicate := callOf(a[1], params)
		return pipe(t[0], a[0], t[0], func(*Machine) (step, error) {
			passed := false
			return func(m *Machine, x any, i int32) (any, verdict, error) {
				if !passed {
					skipped, err := predicate(m, x, i)
					if err != nil || skipped.(bool) {
						return nil, skip, err
					}
					passed = true
				}
				return x, give, nil
			}, nil
		}), nil
	}
}

func linqSkipLast(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	n := max(intArg(a[1]), 0)
	return pipe(t[0], a[0], t[0], func(*Machine) (step, error) {
		var held []any
		return func(m *Machine, x any, _ int32) (any, verdict, error) {
			held = append(held, x)
			if len(held) <= n {
				return nil, skip, m.Allocate(16)
			}
			x, held = held[0], held[1:]
			return x, give, nil
		}, nil
	}), nil
}

func linqTake(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	source, n := a[0], intArg(a[1])
	return newSequence(t[0], func(m *Machine) (Iterator, error) {
		if n <= 0 {
			return &sliceIterator{}, nil
		}
		it, err := m.iterate(source, t[0])
		if err != nil {
			return nil, err
		}
		left := n
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			if left == 0 { // the element after the last is not asked for
				return nil, false, nil
			}
			left--
			return it.Next(m)
		}}, nil
	}), nil
}

func linqTakeWhile(params int) linqFunc {
	return func(_ *Machine, t []*Type, a []any) (any, error) {
		if err := notNull(a, "source", "predicate"); err != nil {
			return nil, err
		}
		predicate := callOf(a[1], params)
		return pipe(t[0], a[0], t[0], stateless(func(m *Machine, x any, i int32) (any, verdict, error) {
			if ok, err := predicate(m, x, i); err != nil || !ok.(bool) {
				return nil, stop, err
			}
			return x, give, nil
		})), nil
	}
}

func linqTakeLast(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	source, n := a[0], max(intArg(a[1]), 0)
	return deferred(t[0], func(m *Machine) ([]any, error) {
		if n == 0 {
			return nil, nil
		}
		all, err := m.elements(source, t[0])
		return all[max(len(all)-n, 0):], err
	}), nil
}

func linqReverse(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	source := a[0]
	return deferred(t[0], func(m *Machine) ([]any, error) {
		all, err := m.elements(source, t[0])
		slices.Reverse(all)
		return all, err
	}), nil
}

// linqCast gives the source itself if it is a sequence of that type already.
func linqCast(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	if isInstance(a[0], typeOf("System.Collections.Generic.IEnumerable", t[0])) {
		return a[0], nil
	}
	return pipe(t[0], a[0], nil, stateless(func(_ *Machine, x any, _ int32) (any, verdict, error) {
		y, err := unbox(x, t[0])
		return y, give, err
	})), nil
}

// unbox is (t)x of an object: it changes no representation.
func unbox(x any, t *Type) (any, error) {
	switch {
	case x == nil && t.hasNull():
		return nil, nil
	case x == nil:
		return nil, dotnet.NullReference()
	case isInstance(x, t.underlying()):
		return x, nil
	}
	return nil, dotnet.InvalidCast("Unable to cast object of type '" + reflectionName(DynamicType(x), true) + "' to type '" + reflectionName(t, true) + "'.")
}

func linqOfType(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	return pipe(t[0], a[0], nil, stateless(func(_ *Machine, x any, _ int32) (any, verdict, error) {
		if x == nil || !isInstance(x, t[0].underlying()) {
			return nil, skip, nil
		}
		return x, give, nil
	})), nil
}

func linqDefaultIfEmpty(_ *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "source"); err != nil {
		return nil, err
	}
	source, otherwise := a[0], zeroOf(t[0])
	if len(a) > 1 {
		otherwise = a[1]
	}
	return newSequence(t[0], func(m *Machine) (Iterator, error) {
		it, err := m.iterate(source, t[0])
		if err != nil {
			return nil, err
		}
		first, over := true, false
		return &stepper{end: it.Close, step: func(m *Machine) (any, bool, error) {
			if over {
				return nil, false, nil
			}
			x, more, err := it.Next(m)
			if err == nil && !more && first {
				first, over = false, true
				return otherwise, true, nil
			}
			first = false
			return x, more, err
		}}, nil
	}), nil
}
