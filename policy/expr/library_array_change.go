package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Static methods of System.Array that change an array.

// checkPart checks that n elements from an index on are an array's.
func checkPart(values *ArrayObject, index, n int, indexName string) error {
	switch {
	case index < 0:
		return dotnet.ArgumentOutOfRange(indexName, needNonNegative)
	case n < 0:
		return dotnet.ArgumentOutOfRange("length", needNonNegative)
	case values.Len()-index < n:
		return dotnet.Argument(badOffset, "")
	}
	return nil
}

// change gives f copies of n elements from an index on, and puts back what it
// makes of them.
func (a *ArrayObject) change(m *Machine, index, n int, f func(values []any) error) error {
	if err := m.Spend(n); err != nil {
		return err
	}
	values := a.Values()[index : index+n]
	err := f(values)
	for i, v := range values {
		a.Set(index+i, v)
	}
	return err
}

func arrayReverse(m *Machine, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	values, index, n := array(a[0]), 0, array(a[0]).Len()
	if len(a) > 1 {
		index, n = intArg(a[1]), intArg(a[2])
	}
	if err := checkPart(values, index, n, "index"); err != nil {
		return nil, err
	}
	return nil, values.change(m, index, n, func(values []any) error {
		slices.Reverse(values)
		return nil
	})
}

func sortArray(m *Machine, values *ArrayObject, index, n int, by ordering) (any, error) {
	return nil, values.change(m, index, n, func(values []any) error { return sortValues(m, values, by) })
}

func arraySort(m *Machine, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	return sortArray(m, array(a[0]), 0, array(a[0]).Len(), orderingOf(optional(a, 1)))
}

func arraySortBy(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array", "comparison"); err != nil {
		return nil, err
	}
	return sortArray(m, array(a[0]), 0, array(a[0]).Len(), comparison{a[1]})
}

func arraySortRange(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	if err := checkPart(array(a[0]), intArg(a[1]), intArg(a[2]), "index"); err != nil {
		return nil, err
	}
	return sortArray(m, array(a[0]), intArg(a[1]), intArg(a[2]), orderingOf(optional(a, 3)))
}

// arraySortPairs sorts keys, and items in the same way; there are at least as
// many of them.
func arraySortPairs(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "keys"); err != nil {
		return nil, err
	}
	if a[1] == nil {
		return sortArray(m, array(a[0]), 0, array(a[0]).Len(), orderingOf(optional(a, 2)))
	}
	keys, items, by := array(a[0]), array(a[1]), orderingOf(optional(a, 2))
	if keys.Len() > items.Len() {
		return nil, dotnet.Argument(badOffset, "")
	}
	type pair struct{ key, item any }
	pairs := make([]pair, keys.Len())
	for i := range pairs {
		pairs[i] = pair{keys.At(i), items.At(i)}
	}
	err := sortBy(m, pairs, func(a, b pair) (int, error) { return by.Order(m, a.key, b.key) })
	for i, p := range pairs {
		keys.Set(i, p.key)
		items.Set(i, p.item)
	}
	return nil, err
}

func arrayBinarySearch(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	return asInt(binarySearch(m, array(a[0]).At, 0, array(a[0]).Len(), a[1], orderingOf(optional(a, 2))))
}

func arrayClear(m *Machine, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	values, index, n := array(a[0]), intArg(a[1]), intArg(a[2])
	if index < 0 || n < 0 || values.Len()-index < n {
		return nil, dotnet.IndexOutOfRange()
	}
	zero := zeroOf(values.typ.elem)
	for i := range n {
		values.Set(index+i, zero)
	}
	return nil, m.Spend(n)
}

func arrayFill(m *Machine, _ []*Type, a []any) (any, error) {
	if err := notNull(a, "array"); err != nil {
		return nil, err
	}
	for i := range array(a[0]).Len() {
		array(a[0]).Set(i, a[1])
	}
	return nil, m.Spend(array(a[0]).Len())
}

func arrayCopy(m *Machine, a []any) (any, error) {
	return arrayCopyRange(m, []any{a[0], int32(0), a[1], int32(0), a[2]})
}

func arrayCopyRange(m *Machine, a []any) (any, error) {
	if err := notNull(a, "sourceArray", "", "destinationArray"); err != nil {
		return nil, err
	}
	from, at, to, n := array(a[0]), intArg(a[1]), array(a[2]), intArg(a[4])
	switch {
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange("length", needNonNegative)
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("sourceIndex", "Number was less than the array's lower bound in the first dimension.")
	case from.Len()-at < n:
		return nil, dotnet.Argument("Source array was not long enough. Check the source index, length, and the array's lower bounds.", "sourceArray")
	}
	if err := convertible(from.typ.elem, to.typ.elem); err != nil {
		return nil, err
	}
	values := from.Values()[at : at+n]
	for i, v := range values {
		converted, err := arrayElement(v, to.typ.elem)
		if err != nil {
			return nil, err
		}
		values[i] = converted
	}
	return nil, copyInto(m, values, to, intArg(a[3]), "destinationArray", "destinationIndex", "destinationArray")
}

// convertible reports whether an array's elements can be copied to one of
// another type at all.
func convertible(from, to *Type) error {
	if from == to || inherits(from, to) || inherits(to, from) || from.numeric() != notNumeric && to.numeric() != notNumeric {
		return nil
	}
	return dotnet.NewException("System.ArrayTypeMismatchException", "Source array type cannot be assigned to destination array type.")
}

// arrayElement is v as an element of an array of that type.
func arrayElement(v any, elem *Type) (any, error) {
	switch {
	case v == nil && elem.hasNull(), v != nil && isInstance(v, elem.underlying()):
		return v, nil
	case v != nil && DynamicType(v).numeric() != notNumeric && elem.numeric() != notNumeric:
		return convertNumber(v, elem, false)
	}
	return nil, dotnet.InvalidCast("At least one element in the source array could not be cast down to the destination array type.")
}

func arrayResize(m *Machine, t []*Type, a []any) (any, error) {
	ref, n := a[0].(*Ref), intArg(a[1])
	if n < 0 {
		return nil, dotnet.ArgumentOutOfRange("newSize", needNonNegative)
	}
	resized, err := newZeroArray(m, arrayOf(t[0], 1), []int{n})
	if err != nil {
		return nil, err
	}
	if ref.Value != nil {
		old := array(ref.Value)
		for i := range min(n, old.Len()) {
			resized.Set(i, old.At(i))
		}
	}
	ref.Value = resized
	return nil, m.Spend(n)
}
