package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ListObject is a List<T>.
type ListObject struct {
	typ      *Type
	elems    []any
	capacity int
	// version counts the changes, which end an enumeration.
	version int
}

// NewList is a List<elem> of these elements, which it keeps.
func NewList(elem *Type, elems []any) *ListObject {
	return &ListObject{typ: typeOf("System.Collections.Generic.List", elem), elems: elems, capacity: len(elems)}
}

// DotnetType is part of Object.
func (l *ListObject) DotnetType() *Type { return l.typ }

// Len is the number of elements.
func (l *ListObject) Len() int { return len(l.elems) }

// At is element i, which is within bounds.
func (l *ListObject) At(i int) any { return l.elems[i] }

// Values are copies of all elements.
func (l *ListObject) Values() []any { return slices.Clone(l.elems) }

// snapshot gives the elements as they are now: what is called with them may change
// the list.
func (l *ListObject) snapshot() func(i int) any {
	elems := l.elems
	return func(i int) any { return elems[i] }
}

// Add appends an element.
func (l *ListObject) Add(m *Machine, v any) error {
	l.version++
	l.elems = append(l.elems, v)
	l.grow()
	return m.Allocate(16)
}

// grow makes the capacity what .NET's would be: 4, 8, 16 ... or what is needed.
func (l *ListObject) grow() {
	if n := len(l.elems); n > l.capacity {
		l.capacity = max(4, 2*l.capacity, n)
	}
}

// insert puts values before place i.
func (l *ListObject) insert(m *Machine, i int, values ...any) error {
	l.version++
	if err := m.Allocate(16 * len(values)); err != nil {
		return err
	}
	if err := m.Spend(len(l.elems) - i + len(values)); err != nil {
		return err
	}
	l.elems = slices.Insert(l.elems, i, values...)
	l.grow()
	return nil
}

// remove takes n elements out from place i on.
func (l *ListObject) remove(m *Machine, i, n int) error {
	l.version++
	// What lies behind the end stays a value of the type, for snapshots.
	l.elems = l.elems[:i+copy(l.elems[i:], l.elems[i+n:])]
	return m.Spend(len(l.elems) - i + 1)
}

// Enumerate is part of Enumerable.
func (l *ListObject) Enumerate(*Machine) (Iterator, error) {
	return &listIterator{list: l, version: l.version}, nil
}

type listIterator struct {
	list          *ListObject
	next, version int
}

// Next is part of Iterator.
func (it *listIterator) Next(m *Machine) (any, bool, error) {
	if it.version != it.list.version {
		return nil, false, invalidOperation(wasModified)
	}
	if it.next >= len(it.list.elems) {
		return nil, false, nil
	}
	it.next++
	return it.list.elems[it.next-1], true, m.Spend(1)
}

// Close is part of Iterator.
func (it *listIterator) Close() {}

func invalidOperation(message string) error { return dotnet.InvalidOperation(message) }

// indexOf is the first of n places from start on that has an equal element; -1
// if there is none. Backward looks from start downwards.
func indexOf(m *Machine, at func(i int) any, start, n int, v any, backward bool) (int, error) {
	for i := range n {
		if err := m.Spend(1); err != nil {
			return 0, err
		}
		place := start + i
		if backward {
			place = start - i
		}
		if equal, err := m.Equal(at(place), v); err != nil || equal {
			return place, err
		}
	}
	return -1, nil
}

// findIndex is indexOf for a predicate.
func findIndex(m *Machine, at func(i int) any, start, n int, match any, backward bool) (int, error) {
	for i := range n {
		place := start + i
		if backward {
			place = start - i
		}
		if found, err := m.satisfies(match, at(place)); err != nil || found {
			return place, err
		}
	}
	return -1, nil
}

// satisfies asks a predicate.
func (m *Machine) satisfies(predicate any, args ...any) (bool, error) {
	v, err := m.Invoke(predicate, args...)
	if err != nil {
		return false, err
	}
	return v.(bool), nil
}

// checkRange checks that n elements from index on are within a collection of
// that length.
func checkRange(index, n, length int, indexName string) error {
	switch {
	case index < 0:
		return dotnet.ArgumentOutOfRange(indexName, needNonNegative)
	case n < 0:
		return dotnet.ArgumentOutOfRange("count", needNonNegative)
	case length-index < n:
		return dotnet.Argument(badOffset, "")
	}
	return nil
}

// copyInto copies values to an array from an index on.
func copyInto(m *Machine, values []any, array any, index int, arrayName, indexName, shortName string) error {
	if array == nil {
		return dotnet.ArgumentNull(arrayName)
	}
	a := array.(*ArrayObject)
	if index < 0 {
		return dotnet.ArgumentOutOfRange(indexName, "Number was less than the array's lower bound in the first dimension.")
	}
	if a.Len()-index < len(values) {
		return dotnet.Argument("Destination array was not long enough. Check the destination index, length, and the array's lower bounds.", shortName)
	}
	for i, v := range values {
		a.Set(index+i, v)
	}
	return m.Spend(len(values))
}
