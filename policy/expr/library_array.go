package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The static methods of System.Array, and what its instances have as lists.
var _ = extend("System.Array", func() []memberDecl {
	return []memberDecl{
		member("bool IsReadOnly { get; }", always(false)),
		member("bool IsFixedSize { get; }", always(true)),
		member("System.Collections.IEnumerator GetEnumerator()", func(m *Machine, a []any) (any, error) {
			return newEnumerator(m, a[0], array(a[0]).typ.elem)
		}),
		member("static T[] Empty<T>()", func(_ *Machine, t []*Type, _ []any) (any, error) { return NewArray(t[0], nil), nil }),
		member("static int IndexOf<T>(T[] array, T value)", arrayIndexOf(false)),
		member("static int IndexOf<T>(T[] array, T value, int startIndex)", arrayIndexOf(false)),
		member("static int IndexOf<T>(T[] array, T value, int startIndex, int count)", arrayIndexOf(false)),
		member("static int IndexOf(Array array, object value)", untyped(arrayIndexOf(false))),
		member("static int LastIndexOf<T>(T[] array, T value)", arrayIndexOf(true)),
		member("static int LastIndexOf<T>(T[] array, T value, int startIndex)", arrayIndexOf(true)),
		member("static int LastIndexOf<T>(T[] array, T value, int startIndex, int count)", arrayIndexOf(true)),
		member("static int LastIndexOf(Array array, object value)", untyped(arrayIndexOf(true))),
		member("static bool Exists<T>(T[] array, Predicate<T> match)", func(m *Machine, _ []*Type, a []any) (any, error) {
			i, err := arrayFind(m, a, false)
			return i >= 0, err
		}),
		member("static T Find<T>(T[] array, Predicate<T> match)", func(m *Machine, t []*Type, a []any) (any, error) { return arrayFound(m, t, a, false) }),
		member("static T FindLast<T>(T[] array, Predicate<T> match)", func(m *Machine, t []*Type, a []any) (any, error) { return arrayFound(m, t, a, true) }),
		member("static T[] FindAll<T>(T[] array, Predicate<T> match)", arrayFindAll),
		member("static int FindIndex<T>(T[] array, Predicate<T> match)", func(m *Machine, _ []*Type, a []any) (any, error) { return asInt(arrayFind(m, a, false)) }),
		member("static int FindIndex<T>(T[] array, int startIndex, Predicate<T> match)", arrayFindIndex),
		member("static int FindIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)", arrayFindIndex),
		member("static int FindLastIndex<T>(T[] array, Predicate<T> match)", func(m *Machine, _ []*Type, a []any) (any, error) { return asInt(arrayFind(m, a, true)) }),
		member("static int FindLastIndex<T>(T[] array, int startIndex, Predicate<T> match)", arrayFindLastIndex),
		member("static int FindLastIndex<T>(T[] array, int startIndex, int count, Predicate<T> match)", arrayFindLastIndex),
		member("static bool TrueForAll<T>(T[] array, Predicate<T> match)", func(m *Machine, _ []*Type, a []any) (any, error) {
			if err := notNull(a, "array", "match"); err != nil {
				return nil, err
			}
			return allSatisfy(m, array(a[0]).At, array(a[0]).Len(), a[1])
		}),
		member("static void ForEach<T>(T[] array, Action<T> action)", func(m *Machine, _ []*Type, a []any) (any, error) {
			if err := notNull(a, "array", "action"); err != nil {
				return nil, err
			}
			values, action := array(a[0]), a[1]
			for i := range values.Len() {
				if _, err := m.Invoke(action, values.At(i)); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}),
		member("static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)", arrayConvertAll),
		member("static System.Collections.ObjectModel.ReadOnlyCollection<T> AsReadOnly<T>(T[] array)", func(_ *Machine, t []*Type, a []any) (any, error) {
			if err := notNull(a, "array"); err != nil {
				return nil, err
			}
			return &readOnlyObject{typeOf(readOnlyType, t[0]), array(a[0])}, nil
		}),
		member("static void Reverse(Array array)", arrayReverse),
		member("static void Reverse(Array array, int index, int length)", arrayReverse),
		member("static void Reverse<T>(T[] array)", typed(arrayReverse)),
		member("static void Reverse<T>(T[] array, int index, int length)", typed(arrayReverse)),
		member("static void Sort(Array array)", arraySort),
		member("static void Sort<T>(T[] array)", typed(arraySort)),
		member("static void Sort<T>(T[] array, Comparison<T> comparison)", arraySortBy),
		member("static void Sort<T>(T[] array, IComparer<T> comparer)", typed(arraySort)),
		member("static void Sort<T>(T[] array, int index, int length)", arraySortRange),
		member("static void Sort<T>(T[] array, int index, int length, IComparer<T> comparer)", arraySortRange),
		member("static void Sort<TKey, TValue>(TKey[] keys, TValue[] items)", arraySortPairs),
		member("static void Sort<TKey, TValue>(TKey[] keys, TValue[] items, IComparer<TKey> comparer)", arraySortPairs),
		member("static int BinarySearch<T>(T[] array, T value)", arrayBinarySearch),
		member("static int BinarySearch<T>(T[] array, T value, IComparer<T> comparer)", arrayBinarySearch),
		member("static void Clear(Array array, int index, int length)", arrayClear),
		member("static void Fill<T>(T[] array, T value)", arrayFill),
		member("static void Copy(Array sourceArray, Array destinationArray, int length)", arrayCopy),
		member("static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)", arrayCopyRange),
		member("static void Resize<T>(ref T[] array, int newSize)", arrayResize),
	}
})

var _ = implement("System.Array", map[string]Func{
	"ICollection.Count":      func(_ *Machine, a []any) (any, error) { return int32(array(a[0]).Len()), nil },
	"ICollection.IsReadOnly": always(true),
	"ICollection.Add":        refuse(fixedSize),
	"ICollection.Remove":     refuse(fixedSize),
	"ICollection.Clear":      refuse(readOnly),
	"ICollection.Contains": func(m *Machine, a []any) (any, error) {
		i, err := indexOf(m, array(a[0]).At, 0, array(a[0]).Len(), a[1], false)
		return i >= 0, err
	},
	"IList.IndexOf": func(m *Machine, a []any) (any, error) {
		return asInt(indexOf(m, array(a[0]).At, 0, array(a[0]).Len(), a[1], false))
	},
	"IList.Insert":   refuse(fixedSize),
	"IList.RemoveAt": refuse(fixedSize),
	"IList.this": func(_ *Machine, a []any) (any, error) {
		if i := intArg(a[1]); i < 0 || i >= array(a[0]).Len() {
			return nil, indexOutOfRange("index")
		}
		return array(a[0]).At(intArg(a[1])), nil
	},
	"IList.this=": func(_ *Machine, a []any) (any, error) {
		if i := intArg(a[1]); i < 0 || i >= array(a[0]).Len() {
			return nil, indexOutOfRange("index")
		}
		array(a[0]).Set(intArg(a[1]), a[2])
		return nil, nil
	},
})

func array(v any) *ArrayObject { return v.(*ArrayObject) }

// typed is a method without type arguments as a generic one.
func typed(f func(*Machine, []any) (any, error)) linqFunc {
	return func(m *Machine, _ []*Type, a []any) (any, error) { return f(m, a) }
}

// untyped is a generic method that needs no type arguments.
func untyped(f linqFunc) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) { return f(m, nil, a) }
}

func arrayIndexOf(backward bool) linqFunc {
	return func(m *Machine, _ []*Type, a []any) (any, error) {
		if err := notNull(a, "array"); err != nil {
			return nil, err
		}
		values := array(a[0])
		start, n := 0, values.Len()
		if backward {
			start = n - 1
		}
		if len(a) > 2 {
			start = intArg(a[2])
			if n = values.Len() - start; backward {
				n = start + 1
			}
		}
		if len(a) > 3 {
			n = intArg(a[3])
		}
		switch {
		case backward && values.Len() == 0:
			return int32(-1), nil
		case start < 0 || start > values.Len() || backward && start == values.Len():
			return nil, indexOutOfRange("startIndex")
		case n < 0 || !backward && n > values.Len()-start || backward && n > start+1:
			return nil, dotnet.ArgumentOutOfRange("count", countRange)
		}
		return asInt(indexOf(m, values.At, start, n, a[1], backward))
	}
}

func arrayFind(m *Machine, a []any, backward bool) (int, error) {
	if err := notNull(a, "array", "match"); err != nil {
		return 0, err
	}
	start := 0
	if backward {
		start = array(a[0]).Len() - 1
	}
	return findIndex(m, array(a[0]).At, start, array(a[0]).Len(), a[1], backward)
}

func arrayFound(m *Machine, t []*Type, a []any, backward bool) (any, error) {
	values := a[0]
	i, err := arrayFind(m, a, backward)
	if err != nil || i < 0 {
		return zeroOf(t[0]), err
	}
	return array(values).At(i), nil
}

func arrayFindAll(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "array", "match"); err != nil {
		return nil, err
	}
	values, match := array(a[0]), a[1]
	var found []any
	for i := range values.Len() {
		v := values.At(i)
		ok, err := m.satisfies(match, v)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, v)
		}
	}
	return NewArray(t[0], found), m.Allocate(16 * len(found))
}

func arrayFindIndex(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	values, start := array(a[0]), intArg(a[1])
	n := values.Len() - start
	if len(a) > 3 {
		n = intArg(a[2])
	}
	return findForward(m, values.At, values.Len(), start, n, a[len(a)-1])
}

func arrayFindLastIndex(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	values, start := array(a[0]), intArg(a[1])
	n := start + 1
	if len(a) > 3 {
		n = intArg(a[2])
	}
	return findBackward(m, values.At, values.Len(), start, n, a[len(a)-1])
}

func arrayConvertAll(m *Machine, t []*Type, a []any) (any, error) {
	if err := notNull(a, "array", "converter"); err != nil {
		return nil, err
	}
	values, converter := array(a[0]), a[1]
	converted := make([]any, values.Len())
	for i := range converted {
		v, err := m.Invoke(converter, values.At(i))
		if err != nil {
			return nil, err
		}
		converted[i] = v
	}
	return NewArray(t[1], converted), m.Allocate(16 * len(converted))
}
