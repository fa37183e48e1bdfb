package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// RecordObject is a value of an anonymous type or a tuple: members that are
// compared and told by their values. It is never changed; assigning to a tuple's
// field makes another.
type RecordObject struct {
	typ   *Type
	elems []any
}

// newRecord is a value of the anonymous type or tuple t; it keeps elems.
func newRecord(t *Type, elems []any) *RecordObject {
	return &RecordObject{t.unnamed(), elems}
}

// DotnetType is part of Object.
func (r *RecordObject) DotnetType() *Type { return r.typ }

// At is member i.
func (r *RecordObject) At(i int) any { return r.elems[i] }

// with is the same record but for member i.
func (r *RecordObject) with(i int, v any) *RecordObject {
	elems := slices.Clone(r.elems)
	elems[i] = v
	return &RecordObject{r.typ, elems}
}

// ToString is part of Texter: (1, a) of a tuple, { x = 1, y = a } of an anonymous
// type.
func (r *RecordObject) ToString(m *Machine) (string, error) {
	var text strings.Builder
	for i, e := range r.elems {
		if i > 0 {
			text.WriteString(", ")
		}
		if r.typ.kind == Anonymous {
			text.WriteString(r.typ.meta[i] + " = ")
		}
		s, err := m.Text(e)
		if err != nil {
			return "", err
		}
		text.WriteString(s)
	}
	if err := m.Allocate(text.Len()); err != nil {
		return "", err
	}
	switch {
	case r.typ.kind == Tuple:
		return "(" + text.String() + ")", nil
	case len(r.elems) == 0:
		return "{ }", nil
	}
	return "{ " + text.String() + " }", nil
}

// EqualTo is part of Equaler.
func (r *RecordObject) EqualTo(m *Machine, other any) (bool, error) {
	o, ok := other.(*RecordObject)
	if !ok || o.typ != r.typ {
		return false, nil
	}
	for i, e := range r.elems {
		if equal, err := m.Equal(e, o.elems[i]); err != nil || !equal {
			return false, err
		}
	}
	return true, nil
}

// CompareWith is part of Comparer: tuples compare member by member.
func (r *RecordObject) CompareWith(m *Machine, other any) (int, error) {
	o, ok := other.(*RecordObject)
	if !ok || o.typ != r.typ || r.typ.kind != Tuple {
		return 0, dotnet.Argument("At least one object must implement IComparable.", "")
	}
	for i, e := range r.elems {
		if n, err := m.Compare(e, o.elems[i]); err != nil || n != 0 {
			return n, err
		}
	}
	return 0, nil
}
