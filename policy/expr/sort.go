package expr

import (
	"math/bits"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// sorter is .NET's introspective sort, step by step: it is not stable, and where
// elements that compare equal end up is what .NET's own choice of pivots makes of
// it.
type sorter[T any] struct {
	keys    []T
	compare func(a, b T) (int, error)
	m       *Machine
	err     error
}

// sortBy sorts keys. An exception of compare comes wrapped, as .NET wraps it.
func sortBy[T any](m *Machine, keys []T, compare func(a, b T) (int, error)) error {
	if len(keys) < 2 {
		return nil
	}
	s := &sorter[T]{keys, compare, m, nil}
	s.intro(0, len(keys)-1, 2*bits.Len(uint(len(keys))))
	if thrown, ok := Thrown(s.err); ok {
		e := dotnet.InvalidOperation("Failed to compare two elements in the array.")
		e.Inner = thrown
		return e
	}
	return s.err
}

// sortValues sorts values by an ordering.
func sortValues(m *Machine, values []any, by ordering) error {
	return sortBy(m, values, func(a, b any) (int, error) { return by.Order(m, a, b) })
}

// order compares; after a failure everything is equal, so that the sort comes to
// its end.
func (s *sorter[T]) order(a, b T) int {
	if s.err != nil {
		return 0
	}
	if s.err = s.m.Spend(1); s.err != nil {
		return 0
	}
	n, err := s.compare(a, b)
	if err != nil {
		s.err = err
		return 0
	}
	return n
}

func (s *sorter[T]) intro(lo, hi, depth int) {
	for hi > lo && s.err == nil {
		switch size := hi - lo + 1; {
		case size == 2:
			s.arrange(lo, hi)
			return
		case size == 3:
			s.arrange(lo, hi-1)
			s.arrange(lo, hi)
			s.arrange(hi-1, hi)
			return
		case size <= 16:
			s.insertion(lo, hi)
			return
		case depth == 0:
			s.heap(lo, hi)
			return
		}
		depth--
		p := s.partition(lo, hi)
		s.intro(p+1, hi, depth)
		hi = p - 1
	}
}

// arrange swaps a and b if they are in the wrong order.
func (s *sorter[T]) arrange(a, b int) {
	if a != b && s.order(s.keys[a], s.keys[b]) > 0 {
		s.swap(a, b)
	}
}

func (s *sorter[T]) swap(a, b int) { s.keys[a], s.keys[b] = s.keys[b], s.keys[a] }

func (s *sorter[T]) partition(lo, hi int) int {
	middle := lo + (hi-lo)/2
	s.arrange(lo, middle)
	s.arrange(lo, hi)
	s.arrange(middle, hi)
	pivot := s.keys[middle]
	s.swap(middle, hi-1)
	left, right := lo, hi-1
	for left < right {
		for left++; left < hi && s.order(s.keys[left], pivot) < 0; left++ {
		}
		for right--; right > lo && s.order(pivot, s.keys[right]) < 0; right-- {
		}
		if left >= right {
			break
		}
		s.swap(left, right)
	}
	s.swap(left, hi-1)
	return left
}

func (s *sorter[T]) heap(lo, hi int) {
	n := hi - lo + 1
	for i := n / 2; i >= 1; i-- {
		s.down(i, n, lo)
	}
	for i := n; i > 1; i-- {
		s.swap(lo, lo+i-1)
		s.down(1, i-1, lo)
	}
}

func (s *sorter[T]) down(i, n, lo int) {
	d := s.keys[lo+i-1]
	for i <= n/2 {
		child := 2 * i
		if child < n && s.order(s.keys[lo+child-1], s.keys[lo+child]) < 0 {
			child++
		}
		if s.order(d, s.keys[lo+child-1]) >= 0 {
			break
		}
		s.keys[lo+i-1] = s.keys[lo+child-1]
		i = child
	}
	s.keys[lo+i-1] = d
}

func (s *sorter[T]) insertion(lo, hi int) {
	for i := lo; i < hi; i++ {
		j, t := i, s.keys[i+1]
		for j >= lo && s.order(t, s.keys[j]) < 0 {
			s.keys[j+1] = s.keys[j]
			j--
		}
		s.keys[j+1] = t
	}
}

// binarySearch is the place of a value in sorted values from start on, n of them;
// if there is none, the complement of where it belongs.
func binarySearch(m *Machine, at func(i int) any, start, n int, value any, by ordering) (int, error) {
	lo, hi := start, start+n-1
	for lo <= hi {
		middle := lo + (hi-lo)/2
		if err := m.Spend(1); err != nil {
			return 0, err
		}
		order, err := by.Order(m, at(middle), value)
		switch {
		case err != nil:
			if thrown, ok := Thrown(err); ok {
				e := dotnet.InvalidOperation("Failed to compare two elements in the array.")
				e.Inner = thrown
				return 0, e
			}
			return 0, err
		case order == 0:
			return middle, nil
		case order < 0:
			lo = middle + 1
		default:
			hi = middle - 1
		}
	}
	return ^lo, nil
}
