package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Members of System.Array with indexes of several dimensions, with long indexes,
// and over a part of an array.
var _ = extend("System.Array", func() []memberDecl {
	return []memberDecl{
		member("object SyncRoot { get; }", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
		member("bool IsSynchronized { get; }", always(false)),
		member("void Initialize()", always(nil)),
		member("long GetLongLength(int dimension)", func(_ *Machine, a []any) (any, error) {
			if d := intArg(a[1]); d >= 0 && d < array(a[0]).rank() {
				return int64(array(a[0]).length(d)), nil
			}
			return nil, dotnet.IndexOutOfRange()
		}),
		member("object GetValue(params int[] indices)", getElement),
		member("object GetValue(int index1, int index2)", getElement),
		member("object GetValue(int index1, int index2, int index3)", getElement),
		member("object GetValue(long index)", getElement),
		member("object GetValue(params long[] indices)", getElement),
		member("object GetValue(long index1, long index2)", getElement),
		member("object GetValue(long index1, long index2, long index3)", getElement),
		member("void SetValue(object value, params int[] indices)", setElement),
		member("void SetValue(object value, int index1, int index2)", setElement),
		member("void SetValue(object value, int index1, int index2, int index3)", setElement),
		member("void SetValue(object value, long index)", setElement),
		member("void SetValue(object value, params long[] indices)", setElement),
		member("void SetValue(object value, long index1, long index2)", setElement),
		member("void SetValue(object value, long index1, long index2, long index3)", setElement),
		member("void CopyTo(Array array, long index)", func(m *Machine, a []any) (any, error) {
			n, err := asIndex(a[2], "index")
			if err != nil {
				return nil, err
			}
			return arrayCopyTo(m, []any{a[0], a[1], n})
		}),
		member("static void Copy(Array sourceArray, Array destinationArray, long length)", func(m *Machine, a []any) (any, error) {
			n, err := asIndex(a[2], "length")
			if err != nil {
				return nil, err
			}
			return arrayCopy(m, []any{a[0], a[1], n})
		}),
		member("static void Copy(Array sourceArray, long sourceIndex, Array destinationArray, long destinationIndex, long length)", func(m *Machine, a []any) (any, error) {
			args := []any{a[0], nil, a[2], nil, nil}
			for i, name := range map[int]string{1: "sourceIndex", 3: "destinationIndex", 4: "length"} {
				n, err := asIndex(a[i], name)
				if err != nil {
					return nil, err
				}
				args[i] = n
			}
			return arrayCopyRange(m, args)
		}),
		member("static void ConstrainedCopy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)", arrayCopyRange),
		member("static Array CreateInstance(Type elementType, int length)", createArray),
		member("static Array CreateInstance(Type elementType, int length1, int length2)", createArray),
		member("static Array CreateInstance(Type elementType, int length1, int length2, int length3)", createArray),
		member("static Array CreateInstance(Type elementType, params int[] lengths)", createArray),
		member("static void Fill<T>(T[] array, T value, int startIndex, int count)", arrayFillPart),
		member("static int IndexOf(Array array, object value, int startIndex)", untyped(arrayIndexOf(false))),
		member("static int IndexOf(Array array, object value, int startIndex, int count)", untyped(arrayIndexOf(false))),
		member("static int LastIndexOf(Array array, object value, int startIndex)", untyped(arrayIndexOf(true))),
		member("static int LastIndexOf(Array array, object value, int startIndex, int count)", untyped(arrayIndexOf(true))),
		member("static int BinarySearch(Array array, object value)", untyped(arrayBinarySearch)),
		member("static int BinarySearch(Array array, object value, System.Collections.IComparer comparer)", untyped(arrayBinarySearch)),
		member("static int BinarySearch<T>(T[] array, int index, int length, T value)", arraySearchPart),
		member("static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T> comparer)", arraySearchPart),
		member("static int BinarySearch(Array array, int index, int length, object value)", untyped(arraySearchPart)),
		member("static int BinarySearch(Array array, int index, int length, object value, System.Collections.IComparer comparer)", untyped(arraySearchPart)),
		member("static void Sort(Array array, System.Collections.IComparer comparer)", arraySort),
		member("static void Sort(Array keys, Array items)", untyped(arraySortPairs)),
		member("static void Sort(Array keys, Array items, System.Collections.IComparer comparer)", untyped(arraySortPairs)),
		member("static void Sort(Array array, int index, int length)", untyped(arraySortRange)),
		member("static void Sort(Array array, int index, int length, System.Collections.IComparer comparer)", untyped(arraySortRange)),
	}
})

// asIndex is a long as an index.
func asIndex(v any, name string) (int32, error) {
	switch n := v.(type) {
	case int32:
		return n, nil
	case int64:
		if n == int64(int32(n)) {
			return int32(n), nil
		}
	}
	return 0, dotnet.ArgumentOutOfRange(name, "Arrays larger than 2GB are not supported.")
}

// elementPlace is where the element of indexes stands; they are ints, longs or an
// array of such.
func elementPlace(values *ArrayObject, indexes []any) (int, error) {
	if len(indexes) == 1 {
		if list, ok := indexes[0].(*ArrayObject); ok {
			if indexes = list.Values(); len(indexes) != values.rank() {
				return 0, dotnet.Argument("Indices length does not match the array rank.", "")
			}
		} else if indexes[0] == nil {
			return 0, dotnet.ArgumentNull("indices")
		}
	}
	if len(indexes) != values.rank() {
		switch len(indexes) {
		case 1:
			return 0, dotnet.Argument("Array was not a one-dimensional array.", "")
		case 2:
			return 0, dotnet.Argument("Array was not a two-dimensional array.", "")
		case 3:
			return 0, dotnet.Argument("Array was not a three-dimensional array.", "")
		}
	}
	place := 0
	for d, v := range indexes {
		i, err := asIndex(v, "index")
		switch {
		case err != nil:
			return 0, err
		case i < 0 || int(i) >= values.length(d):
			return 0, dotnet.IndexOutOfRange()
		}
		place = place*values.length(d) + int(i)
	}
	return place, nil
}

func getElement(_ *Machine, a []any) (any, error) {
	place, err := elementPlace(array(a[0]), a[1:])
	if err != nil {
		return nil, err
	}
	return array(a[0]).At(place), nil
}

func setElement(_ *Machine, a []any) (any, error) {
	place, err := elementPlace(array(a[0]), a[2:])
	if err != nil {
		return nil, err
	}
	return nil, array(a[0]).store(place, a[1])
}

func createArray(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("elementType")
	}
	lengths := a[1:]
	if list, ok := a[1].(*ArrayObject); ok {
		lengths = list.Values()
	} else if a[1] == nil {
		return nil, dotnet.ArgumentNull("lengths")
	}
	if len(lengths) == 0 {
		return nil, dotnet.Argument("Must provide at least one rank.", "")
	}
	sizes := make([]int, len(lengths))
	for i, v := range lengths {
		if sizes[i] = intArg(v); sizes[i] < 0 {
			name := "length"
			if len(lengths) > 1 {
				name += dotnet.ToString(int32(i + 1))
			}
			return nil, dotnet.ArgumentOutOfRange(name, needNonNegative)
		}
	}
	return newZeroArray(m, arrayOf(a[0].(*typeObject).t, len(sizes)), sizes)
}

func arrayFillPart(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	values, from, n := array(a[0]), intArg(a[2]), intArg(a[3])
	switch {
	case from < 0 || from > values.Len():
		return nil, indexOutOfRange("startIndex")
	case n < 0 || from > values.Len()-n:
		return nil, dotnet.ArgumentOutOfRange("count", countRange)
	}
	for i := range n {
		values.Set(from+i, a[1])
	}
	return nil, m.Spend(n)
}

func arraySearchPart(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	index, n := intArg(a[1]), intArg(a[2])
	if err := checkPart(array(a[0]), index, n, "index"); err != nil {
		return nil, err
	}
	return asInt(binarySearch(m, array(a[0]).At, index, n, a[3], orderingOf(optional(a, 4))))
}
