package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// typeRef is the type that is written; basic.bad after a mistake.
func (b *binder) typeRef(r syntax.TypeRef) *Type {
	if n, ok := r.(*syntax.NamedType); ok && n.Keyword && n.Parts[0].Name == "void" {
		b.report(r.Span(), "CS1547", "Keyword 'void' cannot be used in this context")
		return basic.bad
	}
	return b.resultType(r)
}

// resultType is typeRef where void may stand, too.
func (b *binder) resultType(r syntax.TypeRef) *Type {
	switch r := r.(type) {
	case *syntax.NamedType:
		return b.namedType(r)
	case *syntax.ArrayType:
		elem := b.typeRef(r.Elem)
		if elem == basic.bad {
			return elem
		}
		return arrayOf(elem, r.Rank)
	case *syntax.NullableType:
		elem := b.typeRef(r.Elem)
		if elem == basic.bad || elem.kind == TypeParam && elem.limits.Load() != nil && elem.limits.Load().value {
			return b.nullable(elem)
		}
		if !elem.IsValue() || elem.kind == Nullable {
			b.report(r.Span(), "CS0453", "The type '%s' must be a non-nullable value type to be used with ?", elem.display())
			return basic.bad
		}
		return nullableOf(elem)
	case *syntax.TupleType:
		elems, names := make([]*Type, len(r.Elems)), make([]string, len(r.Elems))
		for i, e := range r.Elems {
			elems[i], names[i] = b.typeRef(e.Type), e.Name
			if elems[i] == basic.bad {
				return basic.bad
			}
		}
		return tupleOf(elems, names)
	}
	b.report(r.Span(), "CS0246", "this type is not part of policy expressions")
	return basic.bad
}

func (b *binder) nullable(elem *Type) *Type {
	if elem == basic.bad {
		return elem
	}
	return nullableOf(elem)
}

func (b *binder) namedType(r *syntax.NamedType) *Type {
	first := r.Parts[0]
	if r.Keyword {
		return b.library.mustLookup(keywords[first.Name]).of()
	}
	if len(r.Parts) == 1 {
		return b.simpleType(r, first.Name, first.Args, first.Open, first.Span)
	}
	// System.Text.StringBuilder: namespaces first, then a type, then types nested
	// in it.
	prefix := ""
	for i, part := range r.Parts {
		full := prefix + part.Name
		arity := len(part.Args) + part.Open
		if d := b.library.def(full, arity); d != nil && (i > 0 || imported[d.namespace()]) {
			if i == len(r.Parts)-1 {
				return b.construct(d, part.Args, part.Open, r)
			}
			return b.nestedType(d, part.Args, r, i+1)
		}
		if i == 0 && !b.library.namespaces[full] {
			if found := b.library.inScope(part.Name, arity); len(found) == 1 {
				return b.nestedType(found[0], part.Args, r, 1)
			}
		}
		if full == "System.ValueTuple" && arity > 1 && i == len(r.Parts)-1 {
			return b.construct(nil, part.Args, part.Open, r)
		}
		if !b.library.namespaces[full] {
			if i == 0 {
				b.report(part.Span, "CS0246", "The type or namespace name '%s' could not be found%s", part.Name, b.typeSuggestion(part.Name))
			} else {
				b.report(part.Span, "CS0234", "The type or namespace name '%s' does not exist in '%s'", part.Name, strings.TrimSuffix(prefix, "."))
			}
			return basic.bad
		}
		prefix = full + "."
	}
	b.report(r.Span(), "CS0118", "'%s' is a namespace but is used like a type", strings.TrimSuffix(prefix, "."))
	return basic.bad
}

// nestedType is what follows a type: TimeZoneInfo.AdjustmentRule. A nested type
// has the type arguments of the outer one.
func (b *binder) nestedType(outer *Def, args []syntax.TypeRef, r *syntax.NamedType, from int) *Type {
	name := outer.Name
	for _, part := range r.Parts[from:] {
		name += "." + part.Name
		args = append(args, part.Args...)
	}
	if d := b.library.def(name, len(args)); d != nil {
		return b.construct(d, args, 0, r)
	}
	b.report(r.Span(), "CS0426", "The type name '%s' does not exist in the type '%s'", r.Parts[len(r.Parts)-1].Name, outer.Name)
	return basic.bad
}

// simpleType is a type named without its namespace.
func (b *binder) simpleType(at syntax.Node, name string, args []syntax.TypeRef, open int, span syntax.Span) *Type {
	if t := b.scope.typeParam(name); t != nil && len(args) == 0 {
		return t
	}
	arity := len(args) + open
	if name == "ValueTuple" && arity > 1 {
		return b.construct(nil, args, open, at)
	}
	found := b.library.inScope(name, arity)
	switch len(found) {
	case 1:
		return b.construct(found[0], args, open, at)
	case 0:
		b.unknownType(name, arity, span)
	default:
		b.report(span, "CS0104", "'%s' is an ambiguous reference between '%s' and '%s'", name, found[0].Name, found[1].Name)
	}
	return basic.bad
}

// unknownType tells that there is no such type, or none with so many arguments.
func (b *binder) unknownType(name string, arity int, span syntax.Span) {
	for n := range 9 {
		found := b.library.inScope(name, n)
		if len(found) == 0 || n == arity {
			continue
		}
		if n == 0 {
			b.report(span, "CS0308", "The non-generic type '%s' cannot be used with type arguments", name)
		} else {
			b.report(span, "CS0305", "Using the generic type '%s' requires %d type arguments", found[0].self().display(), n)
		}
		return
	}
	b.report(span, "CS0246", "The type or namespace name '%s' could not be found%s", name, b.typeSuggestion(name))
}

// typeSuggestion proposes a type that is spelled nearly so.
func (b *binder) typeSuggestion(name string) string {
	var names []string
	for simple, d := range b.library.simple {
		if namespace, _ := splitName(d.name.name); imported[namespace] {
			names = append(names, simple)
		}
	}
	return didYouMean(nearest(name, names))
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return ": did you mean '" + name + "'?"
}

// construct puts type arguments to a declared type; nil stands for ValueTuple.
func (b *binder) construct(d *Def, args []syntax.TypeRef, open int, at syntax.Node) *Type {
	if open > 0 {
		return d.self()
	}
	types := make([]*Type, len(args))
	for i, a := range args {
		types[i] = b.typeRef(a)
		if types[i] == basic.bad {
			return basic.bad
		}
		if types[i].def != nil && types[i].def.Static {
			b.report(a.Span(), "CS0718", "'%s': static types cannot be used as type arguments", types[i].display())
			return basic.bad
		}
	}
	switch {
	case d == nil:
		return tupleOf(types, nil)
	case d.Name == "System.Nullable" && len(types) == 1:
		if !types[0].IsValue() && types[0].kind != TypeParam || types[0].kind == Nullable {
			b.report(at.Span(), "CS0453", "The type '%s' must be a non-nullable value type to be used in 'Nullable<T>'", types[0].display())
			return basic.bad
		}
		return nullableOf(types[0])
	}
	b.written = append(b.written, writtenType{d, at.Span()})
	return d.of(types...)
}

func (b *binder) typeRefs(refs []syntax.TypeRef) ([]*Type, bool) {
	var types []*Type
	for _, r := range refs {
		t := b.typeRef(r)
		if t == basic.bad {
			return nil, false
		}
		types = append(types, t)
	}
	return types, true
}

// typeParam is the type parameter of that name of a local function around.
func (s *scope) typeParam(name string) *Type {
	for ; s != nil; s = s.parent {
		if t := s.types[name]; t != nil {
			return t
		}
	}
	return nil
}
