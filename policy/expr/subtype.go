package expr

import (
	"slices"
	"sync"
)

// baseType is what t inherits its members from; nil of object, interfaces and
// null.
func (t *Type) baseType() *Type {
	switch t.kind {
	case Array:
		return typeOf("System.Array")
	case Nullable, Tuple:
		return typeOf("System.ValueType")
	case Anonymous:
		return basic.object
	case TypeParam:
		return t.paramBase()
	case Null, Void, invalid:
		return nil
	}
	base, _ := t.def.parents()
	if base == nil {
		return nil
	}
	return base.substitute(t.subst)
}

// paramBase is the class that a type parameter is known to be.
func (t *Type) paramBase() *Type {
	c := t.limits.Load()
	if c == nil {
		return basic.object
	}
	for _, b := range c.bounds {
		if b.kind != Interface {
			return b
		}
	}
	if c.value {
		return typeOf("System.ValueType")
	}
	return basic.object
}

var interfaceCache sync.Map // *Type -> []*Type

// allInterfaces are all interfaces that t has, its bases' and those that they
// inherit; of an interface itself too.
func (t *Type) allInterfaces() []*Type {
	if cached, ok := interfaceCache.Load(t); ok {
		return cached.([]*Type)
	}
	var all []*Type
	add := func(types ...*Type) {
		for _, i := range types {
			if !slices.Contains(all, i) {
				all = append(all, i)
			}
		}
	}
	switch {
	case t.kind == Interface:
		add(t)
	case t.kind == Array && t.rank == 1:
		for _, name := range []string{"System.Collections.Generic.IList", "System.Collections.Generic.IReadOnlyList"} {
			add(typeOf(name, t.elem).allInterfaces()...)
		}
	case t.kind == TypeParam:
		if c := t.limits.Load(); c != nil {
			for _, b := range c.bounds {
				add(b.allInterfaces()...)
			}
		}
	}
	if t.def != nil {
		_, interfaces := t.def.parents()
		for _, i := range interfaces {
			add(i.substitute(t.subst).allInterfaces()...)
		}
	}
	if b := t.baseType(); b != nil {
		add(b.allInterfaces()...)
	}
	interfaceCache.Store(t, all)
	return all
}

// isReference reports whether t is known to be a reference type.
func (t *Type) isReference() bool {
	switch t.kind {
	case Class, Interface, Delegate, Array, Anonymous, Null:
		return true
	case TypeParam:
		c := t.limits.Load()
		return c != nil && (c.class || t.paramBase().isReference() && t.paramBase() != basic.object && !c.value)
	}
	return false
}

// hasNull reports whether null is a value of t.
func (t *Type) hasNull() bool { return t.isReference() || t.kind == Nullable }

// underlying is what a nullable is of, and any other type itself.
func (t *Type) underlying() *Type {
	if t.kind == Nullable {
		return t.elem
	}
	return t
}

type typePair struct{ from, to *Type }

var inheritCache sync.Map // typePair -> bool

// inherits reports whether each value of from is one of to as it stands: they
// are identical, or there is an implicit reference conversion or boxing.
func inherits(from, to *Type) bool {
	if from == to || to == basic.object && from.kind != Void {
		return true
	}
	pair := typePair{from, to}
	if cached, ok := inheritCache.Load(pair); ok {
		return cached.(bool)
	}
	is := inheritsUncached(from.unnamed(), to.unnamed())
	inheritCache.Store(pair, is)
	return is
}

func inheritsUncached(from, to *Type) bool {
	switch {
	case from == to:
		return true
	case from.kind == Void || from.kind == invalid || to.kind == Void || to.kind == invalid:
		return false
	case from.kind == Null:
		return to.isReference()
	case from.kind == Nullable:
		return to.isReference() && (inherits(from.elem, to) || to == from.baseType())
	case from.kind == Array && to.kind == Array:
		return from.rank == to.rank && from.elem.isReference() && inherits(from.elem, to.elem)
	case from.kind == Delegate && to.kind == Delegate:
		return variant(from, to)
	case to.kind == Interface:
		if from.kind == Array && from.rank == 1 && len(to.args) == 1 && from.elem.isReference() && inherits(from.elem, to.args[0]) {
			return slices.Contains(from.allInterfaces(), to.def.of(from.elem)) // string[] is IList<object>, too
		}
		return slices.ContainsFunc(from.allInterfaces(), func(i *Type) bool { return variant(i, to) })
	}
	for b := from.baseType(); b != nil; b = b.baseType() {
		if b == to {
			return true
		}
	}
	if from.kind == TypeParam {
		if c := from.limits.Load(); c != nil {
			return slices.Contains(c.bounds, to)
		}
	}
	return false
}

// variant reports whether from, of the same generic interface or delegate as to,
// is one by identity or variance.
func variant(from, to *Type) bool {
	if from.def != to.def || len(from.args) != len(to.args) {
		return false
	}
	for i, f := range from.args {
		t := to.args[i]
		switch {
		case identical(f, t):
		case from.def.variance[i] > 0 && f.isReference() && inherits(f, t):
		case from.def.variance[i] < 0 && t.isReference() && inherits(t, f):
		default:
			return false
		}
	}
	return true
}

// asInterface is the one T<...> that t is, where def declares T; nil if it is
// none or several.
func (t *Type) asInterface(def *Def) *Type {
	var found *Type
	for _, i := range t.allInterfaces() {
		if i.def == def {
			if found != nil && found != i {
				return nil
			}
			found = i
		}
	}
	return found
}

// isInstance reports whether v, not null, is a value of t.
func isInstance(v any, t *Type) bool {
	d := DynamicType(v)
	return d == t || inherits(d, t)
}
