package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var _ = declare("class System.Collections.Generic.List<T> : System.Collections.Generic.IList<T>, System.Collections.Generic.IReadOnlyList<T>, System.Collections.IList", func() []memberDecl {
	return []memberDecl{
		member("new()", newList),
		member("new(int capacity)", newList),
		member("new(IEnumerable<T> collection)", newListOf),
		member("int Capacity { get; set; }", func(_ *Machine, a []any) (any, error) { return int32(list(a).capacity), nil }, listSetCapacity),
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(len(list(a).elems)), nil }),
		member("T this[int index] { get; set; }", listGet, listSet),
		member("void Add(T item)", func(m *Machine, a []any) (any, error) { return nil, list(a).Add(m, a[1]) }),
		member("void AddRange(IEnumerable<T> collection)", func(m *Machine, a []any) (any, error) {
			return listInsertRange(m, list(a), len(list(a).elems), a[1])
		}),
		member("ReadOnlyCollection<T> AsReadOnly()", func(_ *Machine, a []any) (any, error) {
			return &readOnlyObject{typeOf(readOnlyType, list(a).typ.args...), list(a)}, nil
		}),
		member("int BinarySearch(T item)", listBinarySearch),
		member("int BinarySearch(T item, IComparer<T> comparer)", listBinarySearch),
		member("int BinarySearch(int index, int count, T item, IComparer<T> comparer)", listBinarySearchRange),
		member("void Clear()", func(_ *Machine, a []any) (any, error) {
			list(a).version++
			list(a).elems = nil
			return nil, nil
		}),
		member("bool Contains(T item)", func(m *Machine, a []any) (any, error) {
			i, err := indexOf(m, list(a).snapshot(), 0, list(a).Len(), a[1], false)
			return i >= 0, err
		}),
		member("List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)", listConvertAll),
		member("void CopyTo(T[] array)", listCopyTo),
		member("void CopyTo(T[] array, int arrayIndex)", listCopyTo),
		member("void CopyTo(int index, T[] array, int arrayIndex, int count)", listCopyRange),
		member("bool Exists(Predicate<T> match)", func(m *Machine, a []any) (any, error) {
			i, err := listFind(m, a, false)
			return i >= 0, err
		}),
		member("T Find(Predicate<T> match)", func(m *Machine, a []any) (any, error) { return listFound(m, a, false) }),
		member("List<T> FindAll(Predicate<T> match)", listFindAll),
		member("int FindIndex(Predicate<T> match)", func(m *Machine, a []any) (any, error) { return asInt(listFind(m, a, false)) }),
		member("int FindIndex(int startIndex, Predicate<T> match)", listFindIndex),
		member("int FindIndex(int startIndex, int count, Predicate<T> match)", listFindIndex),
		member("T FindLast(Predicate<T> match)", func(m *Machine, a []any) (any, error) { return listFound(m, a, true) }),
		member("int FindLastIndex(Predicate<T> match)", func(m *Machine, a []any) (any, error) { return asInt(listFind(m, a, true)) }),
		member("int FindLastIndex(int startIndex, Predicate<T> match)", listFindLastIndex),
		member("int FindLastIndex(int startIndex, int count, Predicate<T> match)", listFindLastIndex),
		member("void ForEach(Action<T> action)", listForEach),
		member("IEnumerator<T> GetEnumerator()", enumerate),
		member("List<T> GetRange(int index, int count)", func(m *Machine, a []any) (any, error) {
			l, index, n := list(a), intArg(a[1]), intArg(a[2])
			if err := checkRange(index, n, len(l.elems), "index"); err != nil {
				return nil, err
			}
			return NewList(l.typ.args[0], slices.Clone(l.elems[index:index+n])), m.Allocate(16 * n)
		}),
		member("int IndexOf(T item)", listIndexOf),
		member("int IndexOf(T item, int index)", listIndexOf),
		member("int IndexOf(T item, int index, int count)", listIndexOf),
		member("void Insert(int index, T item)", func(m *Machine, a []any) (any, error) {
			l, i := list(a), intArg(a[1])
			if i < 0 || i > len(l.elems) {
				return nil, dotnet.ArgumentOutOfRange("index", "Index must be within the bounds of the List.")
			}
			return nil, l.insert(m, i, a[2])
		}),
		member("void InsertRange(int index, IEnumerable<T> collection)", func(m *Machine, a []any) (any, error) {
			return listInsertRange(m, list(a), intArg(a[1]), a[2])
		}),
		member("int LastIndexOf(T item)", listLastIndexOf),
		member("int LastIndexOf(T item, int index)", listLastIndexOf),
		member("int LastIndexOf(T item, int index, int count)", listLastIndexOf),
		member("bool Remove(T item)", func(m *Machine, a []any) (any, error) {
			l := list(a)
			i, err := indexOf(m, l.snapshot(), 0, len(l.elems), a[1], false)
			if err != nil || i < 0 {
				return false, err
			}
			return true, l.remove(m, i, 1)
		}),
		member("int RemoveAll(Predicate<T> match)", listRemoveAll),
		member("void RemoveAt(int index)", func(m *Machine, a []any) (any, error) {
			l, i := list(a), intArg(a[1])
			if i < 0 || i >= len(l.elems) {
				return nil, indexOutOfRange("index")
			}
			return nil, l.remove(m, i, 1)
		}),
		member("void RemoveRange(int index, int count)", func(m *Machine, a []any) (any, error) {
			l, i, n := list(a), intArg(a[1]), intArg(a[2])
			if err := checkRange(i, n, len(l.elems), "index"); err != nil || n == 0 {
				return nil, err
			}
			return nil, l.remove(m, i, n)
		}),
		member("void Reverse()", func(m *Machine, a []any) (any, error) { return listReverse(m, list(a), 0, len(list(a).elems)) }),
		member("void Reverse(int index, int count)", func(m *Machine, a []any) (any, error) {
			return listReverse(m, list(a), intArg(a[1]), intArg(a[2]))
		}),
		member("void Sort()", func(m *Machine, a []any) (any, error) { return listSort(m, list(a), naturalOrder{}) }),
		member("void Sort(Comparison<T> comparison)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("comparison")
			}
			return listSort(m, list(a), comparison{a[1]})
		}),
		member("void Sort(IComparer<T> comparer)", func(m *Machine, a []any) (any, error) { return listSort(m, list(a), orderingOf(a[1])) }),
		member("void Sort(int index, int count, IComparer<T> comparer)", func(m *Machine, a []any) (any, error) {
			l, i, n := list(a), intArg(a[1]), intArg(a[2])
			if err := checkRange(i, n, len(l.elems), "index"); err != nil {
				return nil, err
			}
			l.version++
			return nil, sortValues(m, l.elems[i:i+n], orderingOf(a[3]))
		}),
		member("T[] ToArray()", func(m *Machine, a []any) (any, error) {
			return NewArray(list(a).typ.args[0], list(a).Values()), m.Allocate(16 * list(a).Len())
		}),
		member("void TrimExcess()", func(_ *Machine, a []any) (any, error) { list(a).capacity = len(list(a).elems); return nil, nil }),
		member("bool TrueForAll(Predicate<T> match)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("match")
			}
			return allSatisfy(m, list(a).snapshot(), list(a).Len(), a[1])
		}),
	}
})

var _ = implement("System.Collections.Generic.List", map[string]Func{"ICollection.IsReadOnly": always(false)})

func list(a []any) *ListObject { return a[0].(*ListObject) }

func asInt(n int, err error) (any, error) { return int32(n), err }

func newList(_ *Machine, t []*Type, a []any) (any, error) {
	l := NewList(t[0], nil)
	if len(a) > 0 {
		if l.capacity = intArg(a[0]); l.capacity < 0 {
			return nil, dotnet.ArgumentOutOfRange("capacity", needNonNegative)
		}
	}
	return l, nil
}

func newListOf(m *Machine, t []*Type, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("collection")
	}
	elems, err := m.elements(a[0], t[0])
	return NewList(t[0], elems), err
}

func listSetCapacity(_ *Machine, a []any) (any, error) {
	if intArg(a[1]) < len(list(a).elems) {
		return nil, dotnet.ArgumentOutOfRange("value", "capacity was less than the current size.")
	}
	list(a).capacity = intArg(a[1])
	return nil, nil
}

func listGet(_ *Machine, a []any) (any, error) {
	l, i := list(a), intArg(a[1])
	if i < 0 || i >= len(l.elems) {
		return nil, indexOutOfRange("index")
	}
	return l.elems[i], nil
}

func listSet(_ *Machine, a []any) (any, error) {
	l, i := list(a), intArg(a[1])
	if i < 0 || i >= len(l.elems) {
		return nil, indexOutOfRange("index")
	}
	l.version++
	l.elems[i] = a[2]
	return nil, nil
}

func listInsertRange(m *Machine, l *ListObject, i int, values any) (any, error) {
	switch {
	case values == nil:
		return nil, dotnet.ArgumentNull("collection")
	case i < 0 || i > len(l.elems):
		return nil, indexOutOfRange("index")
	}
	added, err := m.elements(values, l.typ.args[0])
	if err != nil {
		return nil, err
	}
	return nil, l.insert(m, i, added...)
}

func listBinarySearch(m *Machine, a []any) (any, error) {
	var by any
	if len(a) > 2 {
		by = a[2]
	}
	return asInt(binarySearch(m, list(a).snapshot(), 0, list(a).Len(), a[1], orderingOf(by)))
}

func listBinarySearchRange(m *Machine, a []any) (any, error) {
	if err := checkRange(intArg(a[1]), intArg(a[2]), list(a).Len(), "index"); err != nil {
		return nil, err
	}
	return asInt(binarySearch(m, list(a).snapshot(), intArg(a[1]), intArg(a[2]), a[3], orderingOf(a[4])))
}

func listConvertAll(m *Machine, t []*Type, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("converter")
	}
	l, converter := list(a), a[1]
	converted := make([]any, 0, len(l.elems))
	for i := 0; i < len(l.elems); i++ {
		v, err := m.Invoke(converter, l.elems[i])
		if err != nil {
			return nil, err
		}
		converted = append(converted, v)
	}
	return NewList(t[0], converted), m.Allocate(16 * len(converted))
}

func listCopyTo(m *Machine, a []any) (any, error) {
	index := 0
	if len(a) > 2 {
		index = intArg(a[2])
	}
	return nil, copyInto(m, list(a).elems, a[1], index, "destinationArray", "destinationIndex", "destinationArray")
}

func listCopyRange(m *Machine, a []any) (any, error) {
	l, index, n := list(a), intArg(a[1]), intArg(a[4])
	if len(l.elems)-index < n {
		return nil, dotnet.Argument(badOffset, "")
	}
	if err := checkRange(index, n, len(l.elems), "sourceIndex"); err != nil {
		return nil, err
	}
	return nil, copyInto(m, l.elems[index:index+n], a[2], intArg(a[3]), "destinationArray", "destinationIndex", "destinationArray")
}

func listFind(m *Machine, a []any, backward bool) (int, error) {
	if a[1] == nil {
		return 0, dotnet.ArgumentNull("match")
	}
	start := 0
	if backward {
		start = list(a).Len() - 1
	}
	return findIndex(m, list(a).snapshot(), start, list(a).Len(), a[1], backward)
}

func listFound(m *Machine, a []any, backward bool) (any, error) {
	l := list(a)
	i, err := listFind(m, a, backward)
	if err != nil || i < 0 {
		return zeroOf(l.typ.args[0]), err
	}
	return l.elems[i], nil
}

func listFindAll(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("match")
	}
	l, match := list(a), a[1]
	var found []any
	for i := 0; i < len(l.elems); i++ {
		v := l.elems[i]
		ok, err := m.satisfies(match, v)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, v)
		}
	}
	return NewList(l.typ.args[0], found), m.Allocate(16 * len(found))
}

func listFindIndex(m *Machine, a []any) (any, error) {
	l, start := list(a), intArg(a[1])
	n, match := len(l.elems)-start, a[len(a)-1]
	if len(a) > 3 {
		n = intArg(a[2])
	}
	return findForward(m, l.snapshot(), len(l.elems), start, n, match)
}

// findForward is FindIndex of lists and arrays.
func findForward(m *Machine, at func(i int) any, length, start, n int, match any) (any, error) {
	switch {
	case start < 0 || start > length:
		return nil, indexOutOfRange("startIndex")
	case n < 0 || start > length-n:
		return nil, dotnet.ArgumentOutOfRange("count", countRange)
	case match == nil:
		return nil, dotnet.ArgumentNull("match")
	}
	return asInt(findIndex(m, at, start, n, match, false))
}

func listFindLastIndex(m *Machine, a []any) (any, error) {
	l, start := list(a), intArg(a[1])
	n, match := start+1, a[len(a)-1]
	if len(a) > 3 {
		n = intArg(a[2])
	}
	return findBackward(m, l.snapshot(), len(l.elems), start, n, match)
}

// findBackward is FindLastIndex of lists and arrays.
func findBackward(m *Machine, at func(i int) any, length, start, n int, match any) (any, error) {
	switch {
	case match == nil:
		return nil, dotnet.ArgumentNull("match")
	case length == 0 && start != -1, length > 0 && (start < 0 || start >= length):
		return nil, indexOutOfRange("startIndex")
	case n < 0 || start-n+1 < 0:
		return nil, dotnet.ArgumentOutOfRange("count", countRange)
	}
	return asInt(findIndex(m, at, start, n, match, true))
}

func listForEach(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("action")
	}
	l, action := list(a), a[1]
	version := l.version
	for i := 0; i < len(l.elems) && version == l.version; i++ {
		if _, err := m.Invoke(action, l.elems[i]); err != nil {
			return nil, err
		}
	}
	if version != l.version {
		return nil, invalidOperation(wasModified)
	}
	return nil, nil
}

func listIndexOf(m *Machine, a []any) (any, error) {
	l, start := list(a), 0
	if len(a) > 2 {
		start = intArg(a[2])
	}
	n := len(l.elems) - start
	if len(a) > 3 {
		n = intArg(a[3])
	}
	switch {
	case start > len(l.elems) || start < 0:
		return nil, indexOutOfRange("index")
	case n < 0 || start > len(l.elems)-n:
		return nil, dotnet.ArgumentOutOfRange("count", countRange)
	}
	return asInt(indexOf(m, l.snapshot(), start, n, a[1], false))
}

func listLastIndexOf(m *Machine, a []any) (any, error) {
	l := list(a)
	if len(l.elems) == 0 && len(a) == 2 {
		return int32(-1), nil
	}
	start := len(l.elems) - 1
	if len(a) > 2 {
		start = intArg(a[2])
	}
	n := start + 1
	if len(a) > 3 {
		n = intArg(a[3])
	}
	switch {
	case len(l.elems) > 0 && start < 0:
		return nil, dotnet.ArgumentOutOfRange("index", needNonNegative)
	case len(a) > 3 && n < 0 && len(l.elems) > 0:
		return nil, dotnet.ArgumentOutOfRange("count", needNonNegative)
	case len(l.elems) == 0:
		return int32(-1), nil
	case start >= len(l.elems):
		if len(a) == 3 {
			return nil, indexOutOfRange("index")
		}
		return nil, dotnet.ArgumentOutOfRange("index", "Larger than collection size.")
	case n > start+1:
		return nil, dotnet.ArgumentOutOfRange("count", "Larger than collection size.")
	}
	return asInt(indexOf(m, l.snapshot(), start, n, a[1], true))
}

func listRemoveAll(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("match")
	}
	l, match := list(a), a[1]
	kept := make([]any, 0, len(l.elems))
	removed := int32(0)
	for i := 0; i < len(l.elems); i++ {
		v := l.elems[i]
		out, err := m.satisfies(match, v)
		if err != nil {
			return nil, err
		}
		if out {
			removed++
		} else {
			kept = append(kept, v)
		}
	}
	if removed > 0 {
		l.version++
		l.elems = kept
	}
	return removed, nil
}

func listReverse(m *Machine, l *ListObject, i, n int) (any, error) {
	if err := checkRange(i, n, len(l.elems), "index"); err != nil {
		return nil, err
	}
	l.version++
	slices.Reverse(l.elems[i : i+n])
	return nil, m.Spend(n)
}

func listSort(m *Machine, l *ListObject, by ordering) (any, error) {
	version := l.version
	err := sortValues(m, l.elems, by)
	l.version = version + 1
	return nil, err
}

// allSatisfy asks a predicate of n elements.
func allSatisfy(m *Machine, at func(i int) any, n int, match any) (any, error) {
	for i := range n {
		if ok, err := m.satisfies(match, at(i)); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}
