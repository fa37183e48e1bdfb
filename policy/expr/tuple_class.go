package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// tupleObject is a System.Tuple<...>. Its eighth member is a tuple of the rest.
type tupleObject struct {
	typ   *Type
	elems []any
}

// DotnetType is part of Object.
func (t *tupleObject) DotnetType() *Type { return t.typ }

// all are the members, those of the rest among them.
func (t *tupleObject) all() []any {
	if len(t.elems) == 8 {
		if rest, ok := t.elems[7].(*tupleObject); ok {
			return append(t.elems[:7:7], rest.all()...)
		}
	}
	return t.elems
}

// ToString is part of Texter.
func (t *tupleObject) ToString(m *Machine) (string, error) {
	all := t.all()
	texts := make([]string, len(all))
	for i, e := range all {
		var err error
		if texts[i], err = m.Text(e); err != nil {
			return "", err
		}
	}
	text := "(" + strings.Join(texts, ", ") + ")"
	return text, m.Allocate(len(text))
}

// EqualTo is part of Equaler.
func (t *tupleObject) EqualTo(m *Machine, other any) (bool, error) {
	o, ok := other.(*tupleObject)
	if !ok || o.typ != t.typ {
		return false, nil
	}
	for i, e := range t.elems {
		if equal, err := m.Equal(e, o.elems[i]); err != nil || !equal {
			return false, err
		}
	}
	return true, nil
}

// HashCode is part of Hasher.
func (t *tupleObject) HashCode(m *Machine) (int32, error) { return hashAll(m, t.elems) }

// CompareWith is part of Comparer: member by member.
func (t *tupleObject) CompareWith(m *Machine, other any) (int, error) {
	o, ok := other.(*tupleObject)
	if !ok || o.typ != t.typ {
		return 0, dotnet.Argument("Argument must be of type "+reflectionName(t.typ, true)+".", "other")
	}
	for i, e := range t.elems {
		if n, err := m.Compare(e, o.elems[i]); err != nil || n != 0 {
			return n, err
		}
	}
	return 0, nil
}

const tupleType = "System.Tuple"

var (
	_ = declareTuple(1, false)
	_ = declareTuple(2, false)
	_ = declareTuple(3, false)
	_ = declareTuple(4, false)
	_ = declareTuple(5, false)
	_ = declareTuple(6, false)
	_ = declareTuple(7, false)
	_ = declareTuple(8, true)
	_ = declare("static class "+tupleType, tupleCreators)
)

// tupleParams are the type parameters of a tuple of n.
func tupleParams(n int, rest bool) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "T" + strconv.Itoa(i+1)
	}
	if rest {
		names[n-1] = "TRest"
	}
	return names
}

func declareTuple(n int, rest bool) struct{} {
	types := tupleParams(n, rest)
	return declare("class "+tupleType+"<"+strings.Join(types, ", ")+"> : System.IComparable", func() []memberDecl {
		members, params := make([]memberDecl, 0, n+2), make([]string, n)
		for i, t := range types {
			name := fmt.Sprintf("Item%d", i+1)
			if rest && i == n-1 {
				name = "Rest"
			}
			params[i] = t + " " + strings.ToLower(name[:1]) + name[1:]
			members = append(members, member(t+" "+name+" { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*tupleObject).elems[i], nil }))
		}
		members = append(members, member("new("+strings.Join(params, ", ")+")", newTuple))
		if !rest {
			// .NET has this as an extension method.
			members = append(members, member("void Deconstruct(out "+strings.Join(params, ", out ")+")", deconstructTuple))
		}
		return members
	})
}

func newTuple(_ *Machine, t []*Type, a []any) (any, error) {
	if len(a) == 8 {
		if _, ok := a[7].(*tupleObject); !ok {
			return nil, dotnet.Argument("The last element of an eight element tuple must be a Tuple.", "")
		}
	}
	return &tupleObject{typeOf(tupleType, t...), append([]any(nil), a...)}, nil
}

func tupleCreators() []memberDecl {
	var members []memberDecl
	for n := 1; n <= 7; n++ {
		members = append(members, tupleCreator(n, tupleType+"<"+strings.Join(tupleParams(n, false), ", ")+">", newTuple))
	}
	return append(members, tupleCreator(8, tupleType+"<T1, T2, T3, T4, T5, T6, T7, "+tupleType+"<T8>>", func(_ *Machine, t []*Type, a []any) (any, error) {
		rest := &tupleObject{typeOf(tupleType, t[7]), []any{a[7]}}
		types := append(append([]*Type(nil), t[:7]...), rest.typ)
		return &tupleObject{typeOf(tupleType, types...), append(append([]any(nil), a[:7]...), rest)}, nil
	}))
}

func tupleCreator(n int, result string, create func(*Machine, []*Type, []any) (any, error)) memberDecl {
	types := tupleParams(n, false)
	params := make([]string, n)
	for i, t := range types {
		params[i] = fmt.Sprintf("%s item%d", t, i+1)
	}
	return member("static "+result+" Create<"+strings.Join(types, ", ")+">("+strings.Join(params, ", ")+")", create)
}
