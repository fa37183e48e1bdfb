package expr

// SetObject is a HashSet<T>. Null is an element like any other.
type SetObject struct {
	typ      *Type
	table    *hashTable
	comparer any // what the constructor was given; nil for the default
}

// newSet is an empty HashSet<elem>.
func newSet(elem *Type, comparer any) *SetObject {
	return &SetObject{typeOf(setType, elem), newHashTable(equivalenceOf(comparer)), comparer}
}

const setType = "System.Collections.Generic.HashSet"

// DotnetType is part of Object.
func (s *SetObject) DotnetType() *Type { return s.typ }

// Len is the number of elements.
func (s *SetObject) Len() int { return s.table.Len() }

// Enumerate is part of Enumerable.
func (s *SetObject) Enumerate(*Machine) (Iterator, error) {
	return s.table.iterator(wasModifiedLate, func(e *entry) any { return e.key }), nil
}

// add adds an element and reports whether it is new.
func (s *SetObject) add(m *Machine, v any) (bool, error) { return s.table.insert(m, v) }

// remove takes an element out and reports whether it was there.
func (s *SetObject) remove(m *Machine, v any) (bool, error) {
	removed, err := s.table.drop(m, v)
	if removed {
		s.table.version++
	}
	return removed, err
}

func (s *SetObject) contains(m *Machine, v any) (bool, error) {
	place, _, err := s.table.find(m, v)
	return place >= 0, err
}

func (s *SetObject) addAll(m *Machine, values any) error {
	return m.each(values, s.typ.args[0], func(x any) (bool, error) {
		_, err := s.add(m, x)
		return false, err
	})
}

// of is a set of other's elements, compared as s compares.
func (s *SetObject) of(m *Machine, other any) (*SetObject, error) {
	if o, ok := other.(*SetObject); ok && o.comparer == s.comparer {
		return o, nil
	}
	set := newSet(s.typ.args[0], s.comparer)
	return set, set.addAll(m, other)
}

// removeWhere takes out the elements for which a condition is true, and tells how
// many they were.
func (s *SetObject) removeWhere(m *Machine, condition func(x any) (bool, error)) (int, error) {
	n := 0
	for place := 0; place < len(s.table.entries); place++ {
		e := s.table.entries[place]
		if err := m.Spend(1); err != nil {
			return n, err
		}
		if !e.used {
			continue
		}
		out, err := condition(e.key)
		if err != nil {
			return n, err
		}
		if out {
			removed, err := s.remove(m, e.key)
			if err != nil {
				return n, err
			}
			if removed {
				n++
			}
		}
	}
	return n, nil
}

// within reports whether all elements of s are in other.
func (s *SetObject) within(m *Machine, other *SetObject) (bool, error) {
	for _, e := range s.table.entries {
		if !e.used {
			continue
		}
		if in, err := other.contains(m, e.key); err != nil || !in {
			return false, err
		}
	}
	return true, nil
}

// symmetric leaves in s what is in s or in other, but not in both.
func (s *SetObject) symmetric(m *Machine, other *SetObject) error {
	if s == other {
		s.table.clear()
		s.table.version++
		return nil
	}
	return m.each(other, nil, func(x any) (bool, error) {
		removed, err := s.remove(m, x)
		if err == nil && !removed {
			_, err = s.add(m, x)
		}
		return false, err
	})
}
