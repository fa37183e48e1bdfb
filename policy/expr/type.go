package expr

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Kind is what a Type is.
type Kind uint8

// The kinds of types.
const (
	Class Kind = iota
	Struct
	Interface
	Enum
	Delegate
	Array
	Nullable  // of a Struct or Enum
	TypeParam // of a generic method or type, inside its declaration
	Anonymous // new { ... }
	Tuple     // (int, string), a System.ValueTuple
	Null      // of the literal null
	Void
	invalid // of what could not be bound: it goes with everything, so that one mistake is told once
)

// Type is a .NET type. Types are interned: two of the same type are the same
// pointer. They are immutable.
type Type struct {
	kind Kind
	def  *Def     // of a declared type; nil for the others
	args []*Type  // type arguments; of a tuple and an anonymous type its members'
	elem *Type    // of an array and a nullable
	rank int      // of an array
	name string   // of a type parameter
	full string   // the full name in C# notation; the key it is interned by
	meta []string // names of the members of an anonymous type or a tuple

	// subst gives the type arguments of a declared type's type parameters.
	subst map[*Type]*Type
	// named says that a tuple with names occurs in the type.
	named bool
	// limits are what a local function's type parameter is known to be.
	limits atomic.Pointer[constraints]
}

// constraints are the where clause of a type parameter.
type constraints struct {
	class, value, new bool
	bounds            []*Type
}

// Kind is what t is.
func (t *Type) Kind() Kind { return t.kind }

// Args are t's type arguments.
func (t *Type) Args() []*Type { return t.args }

// Elem is the element type of an array or the underlying type of a nullable.
func (t *Type) Elem() *Type { return t.elem }

// String is the full .NET name in C# notation:
// System.Collections.Generic.List<System.String>. Anonymous types have none.
func (t *Type) String() string {
	switch {
	case t.kind == Anonymous:
		return "<anonymous>"
	case t.kind == Array:
		return t.elem.String() + "[" + strings.Repeat(",", t.rank-1) + "]"
	case len(t.args) == 0:
		return t.full
	}
	args := make([]string, len(t.args))
	for i, a := range t.args {
		args[i] = a.String()
	}
	name, _, _ := strings.Cut(t.full, "<")
	return name + "<" + strings.Join(args, ", ") + ">"
}

// IsValue reports whether t is a value type: it has no null.
func (t *Type) IsValue() bool {
	switch t.kind {
	case Struct, Enum, Nullable, Tuple:
		return true
	}
	return false
}

// generic reports whether a type parameter occurs in t.
func (t *Type) generic() bool {
	switch t.kind {
	case TypeParam:
		return true
	case Array, Nullable:
		return t.elem.generic()
	}
	for _, a := range t.args {
		if a.generic() {
			return true
		}
	}
	return false
}

// substitute is t with type parameters replaced.
func (t *Type) substitute(m map[*Type]*Type) *Type {
	if len(m) == 0 || !t.generic() {
		return t
	}
	switch t.kind {
	case TypeParam:
		if r := m[t]; r != nil {
			return r
		}
		return t
	case Array:
		return arrayOf(t.elem.substitute(m), t.rank)
	case Nullable:
		return nullableOf(t.elem.substitute(m))
	}
	args := make([]*Type, len(t.args))
	for i, a := range t.args {
		args[i] = a.substitute(m)
	}
	switch t.kind {
	case Tuple:
		return tupleOf(args, t.meta)
	case Anonymous:
		return anonymousOf(args, t.meta)
	}
	return t.def.of(args...)
}

// unnamed is t without the names of tuples' members: the type that values have.
func (t *Type) unnamed() *Type {
	if !t.named {
		return t
	}
	switch t.kind {
	case Array:
		return arrayOf(t.elem.unnamed(), t.rank)
	case Nullable:
		return nullableOf(t.elem.unnamed())
	}
	args := make([]*Type, len(t.args))
	for i, a := range t.args {
		args[i] = a.unnamed()
	}
	switch t.kind {
	case Tuple:
		return tupleOf(args, nil)
	case Anonymous:
		return anonymousOf(args, t.meta)
	}
	return t.def.of(args...)
}

// identical reports whether a and b are the same type to a conversion, which
// does not care for the names of tuples' members.
func identical(a, b *Type) bool { return a == b || a.unnamed() == b.unnamed() }

// intern is the table of all types. Types are made when expressions are compiled
// and by generic code at run time; both are rare enough for one lock.
var intern = struct {
	sync.RWMutex
	types map[string]*Type
}{types: make(map[string]*Type)}

func interned(key string, make func() *Type) *Type {
	intern.RLock()
	t := intern.types[key]
	intern.RUnlock()
	if t != nil {
		return t
	}
	intern.Lock()
	defer intern.Unlock()
	if t := intern.types[key]; t != nil {
		return t
	}
	t = make()
	t.full = key
	t.named = t.kind == Tuple && t.meta != nil || t.elem != nil && t.elem.named
	for _, a := range t.args {
		t.named = t.named || a.named
	}
	intern.types[key] = t
	return t
}

// arrayOf is elem[] (rank 1), elem[,] (2) ...
func arrayOf(elem *Type, rank int) *Type {
	return interned(elem.full+"["+strings.Repeat(",", rank-1)+"]", func() *Type {
		return &Type{kind: Array, elem: elem, rank: rank}
	})
}

// nullableOf is elem?; of a type that has null already it is that type.
func nullableOf(elem *Type) *Type {
	if !elem.IsValue() && elem.kind != TypeParam || elem.kind == Nullable {
		return elem
	}
	return interned("System.Nullable<"+elem.full+">", func() *Type {
		return &Type{kind: Nullable, elem: elem, args: []*Type{elem}}
	})
}

// tupleOf is (elems...), whose names may be "".
func tupleOf(elems []*Type, names []string) *Type {
	key := "System.ValueTuple<" + joinTypes(elems) + ">"
	named := strings.Join(names, "") != ""
	if named {
		key += "{" + strings.Join(names, ",") + "}"
	} else {
		names = nil
	}
	return interned(key, func() *Type { return &Type{kind: Tuple, args: elems, meta: names} })
}

// anonymousOf is the type of new { names[i] = ... }.
func anonymousOf(members []*Type, names []string) *Type {
	return interned("<>f__AnonymousType<"+joinTypes(members)+">{"+strings.Join(names, ",")+"}", func() *Type {
		return &Type{kind: Anonymous, args: members, meta: names}
	})
}

func joinTypes(types []*Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.full
	}
	return strings.Join(names, ", ")
}

// instances are the types made of a declared type, found without making their
// names: by up to two type arguments, as almost all have.
type instances struct {
	sync.RWMutex
	types map[[2]*Type]*Type
}

// of is the declared type with its type arguments.
func (d *Def) of(args ...*Type) *Type {
	if len(args) > 2 {
		return d.instance(args)
	}
	var key [2]*Type
	copy(key[:], args)
	d.instances.RLock()
	t := d.instances.types[key]
	d.instances.RUnlock()
	if t != nil {
		return t
	}
	t = d.instance(args)
	d.instances.Lock()
	defer d.instances.Unlock()
	if d.instances.types == nil {
		d.instances.types = make(map[[2]*Type]*Type)
	}
	d.instances.types[key] = t
	return t
}

func (d *Def) instance(args []*Type) *Type {
	if len(args) == 0 {
		return interned(d.Name, func() *Type { return &Type{kind: d.Kind, def: d} })
	}
	args = slices.Clone(args)
	return interned(d.Name+"<"+joinTypes(args)+">", func() *Type {
		t := &Type{kind: d.Kind, def: d, args: args, subst: make(map[*Type]*Type, len(args))}
		for i, p := range d.params {
			t.subst[p] = args[i]
		}
		return t
	})
}

// self is the declared type with its own type parameters as arguments.
func (d *Def) self() *Type { return d.of(d.params...) }

// newTypeParam makes the type parameter of that name of an owner, which is a
// type's name or a method's signature.
func newTypeParam(owner, name string) *Type {
	return interned("!"+owner+"!"+name, func() *Type { return &Type{kind: TypeParam, name: name} })
}
