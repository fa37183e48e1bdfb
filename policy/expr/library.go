package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// defName is a type's name and the number of its type parameters.
type defName struct {
	name  string
	arity int
}

// String is the name as reflection spells it: System.Tuple`2.
func (n defName) String() string {
	if n.arity == 0 {
		return n.name
	}
	return fmt.Sprintf("%s`%d", n.name, n.arity)
}

// library is the table of types. It has what is declared by name; a type is made when it is
// first asked for, and read on from there (see Def): an expression uses few of them.
type library struct {
	simple     map[string]*declaration // by simple name; others of it are its next
	namespaces map[string]bool         // and the types that others are nested in
	making     sync.Mutex
}

// table is the library. A mistake in a declaration is a mistake in the program, so it panics.
var table = sync.OnceValue(func() *library {
	l := &library{simple: make(map[string]*declaration, len(declarations)), namespaces: make(map[string]bool)}
	for _, d := range declarations {
		if !d.extends {
			l.add(d)
		}
	}
	for _, d := range declarations {
		if d.extends {
			extended := l.named(d.head, 0)
			extended.members = append(slices.Clip(extended.members), d.members...)
		}
	}
	basic.fill(l)
	return l
})

// add has a declaration be found by the name that its head says.
func (l *library) add(d *declaration) {
	head, _, _ := strings.Cut(d.head, " :")
	head, parameters, generic := strings.Cut(head, "<")
	d.name.name = head[strings.LastIndexByte(head, ' ')+1:]
	if generic {
		d.name.arity = strings.Count(parameters, ",") + 1
	}
	if l.declared(d.name) != nil {
		panic("expr: type declared twice: " + d.head)
	}
	namespace, simple := splitName(d.name.name)
	if first := l.simple[simple]; first == nil {
		l.simple[simple] = d
	} else {
		for first.next != nil {
			first = first.next
		}
		first.next = d
	}
	for ; namespace != "" && !l.namespaces[namespace]; namespace, _ = splitName(namespace) {
		l.namespaces[namespace] = true
	}
}

// splitName is a name's namespace, or the type that it is nested in, and what follows.
func splitName(full string) (namespace, simple string) {
	i := strings.LastIndexByte(full, '.')
	return full[:max(i, 0)], full[i+1:]
}

// declared is the declaration of a type by its full name, nil if there is none.
func (l *library) declared(name defName) *declaration {
	_, simple := splitName(name.name)
	d := l.simple[simple]
	for d != nil && d.name != name {
		d = d.next
	}
	return d
}

// named is a declaration by full name, or by a simple name that is no other's.
func (l *library) named(name string, arity int) *declaration {
	if d := l.declared(defName{name, arity}); d != nil {
		return d
	}
	var found *declaration
	for d := l.simple[name]; d != nil; d = d.next {
		if d.name.arity != arity {
			continue
		}
		if found != nil {
			return nil
		}
		found = d
	}
	return found
}

// made is the type of a declaration, nil of nil.
func (l *library) made(d *declaration) *Def {
	if d == nil {
		return nil
	}
	if made := d.def.Load(); made != nil {
		return made
	}
	l.making.Lock()
	defer l.making.Unlock()
	if d.def.Load() == nil {
		d.def.Store(l.make(d))
	}
	return d.def.Load()
}

// def is a type by its full name, nil if there is none.
func (l *library) def(name string, arity int) *Def { return l.made(l.declared(defName{name, arity})) }

// lookup finds a type by full or simple name and the number of its type arguments; nil if
// there is none, or several by a simple name.
func (l *library) lookup(name string, arity int) *Def { return l.made(l.named(name, arity)) }

func (l *library) mustLookup(name string) *Def {
	d := l.lookup(name, 0)
	if d == nil {
		panic("expr: no type " + name)
	}
	return d
}

// typeOf is a declared type by name, for the implementation's own use.
func typeOf(name string, args ...*Type) *Type {
	d := table().lookup(name, len(args))
	if d == nil {
		panic("expr: no type " + name)
	}
	return d.of(args...)
}
