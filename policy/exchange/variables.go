package exchange

import (
	"iter"
	"slices"
)

// Variables are context.Variables: names are case-sensitive, values any of the
// expression language's. The zero value is empty and ready.
type Variables struct {
	slots   []variable
	version int
	forked  int // the version of a fork at its beginning
}

type variable struct {
	name    string
	value   any
	version int
}

// Variable is a variable at one time.
type Variable struct {
	Name  string
	Value any
	// Version tells settings of the variable apart.
	Version int
}

// Version grows with each setting of a variable.
func (v *Variables) Version() int { return v.version }

// Snapshot are the variables as they are, in the order of their first setting.
func (v *Variables) Snapshot() []Variable {
	all := make([]Variable, len(v.slots))
	for i, s := range v.slots {
		all[i] = Variable{s.name, s.value, s.version}
	}
	return all
}

// Get is the value set under name.
func (v *Variables) Get(name string) (any, bool) {
	for i := range v.slots {
		if v.slots[i].name == name {
			return v.slots[i].value, true
		}
	}
	return nil, false
}

// Set sets or replaces the value under name.
func (v *Variables) Set(name string, value any) {
	v.version++
	for i := range v.slots {
		if v.slots[i].name == name {
			v.slots[i].value, v.slots[i].version = value, v.version
			return
		}
	}
	v.slots = append(v.slots, variable{name, value, v.version})
}

// Fork is a copy that remembers what is set in it.
func (v *Variables) Fork() Variables {
	return Variables{slots: slices.Clone(v.slots), version: v.version, forked: v.version}
}

// Merge sets what was set in a fork.
func (v *Variables) Merge(fork *Variables) {
	for i := range fork.slots {
		if s := &fork.slots[i]; s.version > fork.forked {
			v.Set(s.name, s.value)
		}
	}
}

// Len is how many are set.
func (v *Variables) Len() int { return len(v.slots) }

// All yields name and value of each, in the order of their first setting.
func (v *Variables) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i := range v.slots {
			if !yield(v.slots[i].name, v.slots[i].value) {
				return
			}
		}
	}
}
