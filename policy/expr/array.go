package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ArrayObject is an array of one dimension or several. Its elements are values
// of the element type; those of a byte[] stand as bytes, since bodies and hashes
// are made of them.
type ArrayObject struct {
	typ   *Type
	elems []any
	bytes []byte // instead of elems where the type is byte[]
	dims  []int  // the lengths of the dimensions; nil where there is one
}

// NewArray is a T[] of these elements, which the array keeps.
func NewArray(elem *Type, elems []any) *ArrayObject {
	a := &ArrayObject{typ: arrayOf(elem, 1)}
	if elem != basic.byte {
		a.elems = elems
		return a
	}
	a.bytes = make([]byte, len(elems))
	for i, e := range elems {
		a.bytes[i] = e.(byte)
	}
	return a
}

// NewBytes is a byte[] over b, which the array keeps.
func NewBytes(b []byte) *ArrayObject {
	table()
	return &ArrayObject{typ: arrayOf(basic.byte, 1), bytes: b}
}

// newZeroArray is an array of that type whose elements are the default value.
func newZeroArray(m *Machine, t *Type, dims []int) (*ArrayObject, error) {
	n := 1
	for _, d := range dims {
		if d < 0 {
			return nil, dotnet.Overflow("Arithmetic operation resulted in an overflow.")
		}
		if d > 0 && n > MaxAllocation/d {
			return nil, m.Allocate(MaxAllocation + 1)
		}
		n *= d
	}
	a := &ArrayObject{typ: t}
	if len(dims) > 1 {
		a.dims = slices.Clone(dims)
	}
	if t.elem == basic.byte {
		if err := m.Allocate(n); err != nil {
			return nil, err
		}
		a.bytes = make([]byte, n)
		return a, nil
	}
	if err := m.Allocate(16 * n); err != nil {
		return nil, err
	}
	a.elems = make([]any, n)
	if zero := zeroOf(t.elem); zero != nil {
		for i := range a.elems {
			a.elems[i] = zero
		}
	}
	return a, nil
}

// DotnetType is part of Object.
func (a *ArrayObject) DotnetType() *Type { return a.typ }

// Bytes are the elements of a byte[]: the array's own, not a copy.
func (a *ArrayObject) Bytes() []byte { return a.bytes }

// Len is the number of elements of all dimensions together.
func (a *ArrayObject) Len() int { return len(a.elems) + len(a.bytes) }

// At is element i, row by row where there are several dimensions; i is within
// bounds.
func (a *ArrayObject) At(i int) any {
	if a.bytes != nil {
		return a.bytes[i]
	}
	return a.elems[i]
}

// Set changes element i to a value of the element type.
func (a *ArrayObject) Set(i int, v any) {
	if a.bytes != nil {
		a.bytes[i] = v.(byte)
		return
	}
	a.elems[i] = v
}

// Values are copies of all elements.
func (a *ArrayObject) Values() []any {
	if a.bytes == nil {
		return slices.Clone(a.elems)
	}
	values := make([]any, len(a.bytes))
	for i, b := range a.bytes {
		values[i] = b
	}
	return values
}

// rank is the number of dimensions.
func (a *ArrayObject) rank() int { return max(len(a.dims), 1) }

// length is the length of dimension d, which is one of the array's.
func (a *ArrayObject) length(d int) int {
	if a.dims == nil {
		return a.Len()
	}
	return a.dims[d]
}

// offset is where the element of these indexes stands.
func (a *ArrayObject) offset(indexes []int64) (int, error) {
	at := 0
	for d, i := range indexes {
		n := a.length(d)
		if i < 0 || i >= int64(n) {
			return 0, dotnet.IndexOutOfRange()
		}
		at = at*n + int(i)
	}
	return at, nil
}

// clone is a shallow copy.
func (a *ArrayObject) clone() *ArrayObject {
	c := *a
	c.elems, c.bytes = slices.Clone(a.elems), slices.Clone(a.bytes)
	return &c
}

// Enumerate is part of Enumerable.
func (a *ArrayObject) Enumerate(*Machine) (Iterator, error) { return &arrayIterator{array: a}, nil }

type arrayIterator struct {
	array *ArrayObject
	next  int
}

// Next is part of Iterator.
func (it *arrayIterator) Next(m *Machine) (any, bool, error) {
	if it.next >= it.array.Len() {
		return nil, false, nil
	}
	it.next++
	return it.array.At(it.next - 1), true, m.Spend(1)
}

// Close is part of Iterator.
func (it *arrayIterator) Close() {}
