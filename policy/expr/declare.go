package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The table of .NET's types is made of declarations in C# notation, each beside
// its implementation:
//
//	declare("class System.Text.StringBuilder", func() []memberDecl {
//		return []memberDecl{
//			member("new(string value)", newStringBuilder),
//			member("int Length { get; set; }", builderLength, setBuilderLength),
//			member("StringBuilder Append(string value)", builderAppend),
//		}
//	})
//
// A type's members are functions that make them, since an expression uses few of the
// types and all of them took each start milliseconds.
//
// A head is "class", "static class", "abstract class", "struct", "interface",
// "enum", "flags enum" or "delegate", a full name with type parameters (out and
// in as in C#), and after a colon the base class and interfaces. Types in
// signatures may be written by keyword (string, int ...) or by simple name where
// it is declared once; full names always work. Type checker, evaluator, the
// "not allowed" diagnostic and docs/expressions.md read the same table.

type declaration struct {
	head    string
	members []func() []memberDecl
	values  []EnumValue
	extends bool // head is the name of a type that is declared elsewhere
}

type memberDecl struct {
	signature string
	impl      [2]any // Func or GenericFunc; of a property get and set
	value     any    // of a constant
	direct    any    // see compile_direct.go
}

var declarations = make([]declaration, 0, 512)

// declare adds a type to the table. It is called from package-level variables
// only, so that the table is complete before anything uses it.
func declare(head string, members ...func() []memberDecl) struct{} {
	declarations = append(declarations, declaration{head: head, members: members})
	return struct{}{}
}

// declareEnum adds an enum.
func declareEnum(head string, values ...EnumValue) struct{} {
	declarations = append(declarations, declaration{head: head, values: values})
	return struct{}{}
}

// extend adds members to a type without type parameters that is declared
// elsewhere.
func extend(name string, members ...func() []memberDecl) struct{} {
	declarations = append(declarations, declaration{head: name, members: members, extends: true})
	return struct{}{}
}

// member declares a member: of a property the second implementation sets it.
func member(signature string, impl ...any) memberDecl {
	d := memberDecl{signature: signature}
	if copy(d.impl[:], impl) < len(impl) {
		panic("expr: " + signature + " has too many implementations")
	}
	return d
}

// constant declares a constant: "const int MaxValue".
func constant(signature string, value any) memberDecl {
	return memberDecl{signature: signature, value: value}
}

// defName is a type's name and the number of its type parameters.
type defName struct {
	name  string
	arity int
}

// library is the table of types.
type library struct {
	defs       map[defName]*Def         // by full name
	simple     map[defName][]*Def       // by simple name
	extending  []*Def                   // static classes with extension methods, as they are declared
	extensions func() map[string][]*Def // the same by their methods' names
	namespaces map[string]bool
}

// table builds the library at its first use, but for what a type inherits and its members.
// A mistake in a declaration is a mistake in the program, so it panics.
var table = sync.OnceValue(func() *library {
	l := &library{defs: make(map[defName]*Def, len(declarations)), simple: make(map[defName][]*Def, len(declarations)), namespaces: make(map[string]bool)}
	for i := range declarations {
		if declarations[i].extends {
			continue
		}
		if d := l.declare(&declarations[i]); d.mayExtend() {
			l.extending = append(l.extending, d)
		}
	}
	for i := range declarations {
		if declarations[i].extends {
			d := l.mustLookup(declarations[i].head)
			d.declared = append(d.declared, declarations[i].members...)
		}
	}
	l.extensions = sync.OnceValue(l.findExtensions)
	basic.fill(l)
	return l
})

// mayExtend tells whether a type has extension methods, by .NET's custom for their names.
// TestDeclarations finds one that is named otherwise.
func (d *Def) mayExtend() bool {
	return d.Static && (strings.HasSuffix(d.Name, "Extensions") || d.Name == "System.Linq.Enumerable")
}

// findExtensions finds the names of extension methods, which are looked for in all types,
// without reading their signatures.
func (l *library) findExtensions() map[string][]*Def {
	extensions := make(map[string][]*Def)
	for _, d := range l.extending {
		for _, members := range d.declared {
			for _, m := range members() {
				if name, ok := m.extension(); ok && !slices.Contains(extensions[name], d) {
					extensions[name] = append(extensions[name], d)
				}
			}
		}
	}
	return extensions
}

// extension is the name of an extension method.
func (m *memberDecl) extension() (name string, ok bool) {
	before, _, ok := strings.Cut(m.signature, "(this ")
	if strings.HasSuffix(before, ">") {
		before = before[:strings.LastIndexByte(before, '<')]
	}
	return before[strings.LastIndexByte(before, ' ')+1:], ok
}

// extensionsNamed are the extension methods of that name.
func (l *library) extensionsNamed(name string) []*Member {
	var found []*Member
	for _, d := range l.extensions()[name] {
		for _, m := range d.Members()[name] {
			if m.Extension {
				found = append(found, m)
			}
		}
	}
	return found
}

// addMember reads a member's declaration.
func (d *Def) addMember(decl memberDecl) {
	m := parseSignature(d.library, d, decl.signature)
	for i, impl := range decl.impl {
		switch f := impl.(type) {
		case nil:
		case func(*Machine, []any) (any, error):
			if i == 0 {
				m.get = f
			} else {
				m.set = f
			}
		case func(*Machine, []*Type, []any) (any, error):
			m.generic = f
		default:
			panic(fmt.Sprintf("expr: %s of %s: an implementation is a Func or a GenericFunc, not %T", decl.signature, d.Name, impl))
		}
	}
	if m.Kind == Constant {
		m.Const = decl.value
	}
	m.direct = decl.direct
	d.members[m.Name] = append(d.members[m.Name], m)
}

// lookup finds a declared type by full or simple name and the number of its type
// arguments; nil if there is none, or several by a simple name.
func (l *library) lookup(name string, arity int) *Def {
	key := defName{name, arity}
	if d := l.defs[key]; d != nil {
		return d
	}
	if found := l.simple[key]; len(found) == 1 {
		return found[0]
	}
	return nil
}

// String is the name as reflection spells it: System.Tuple`2.
func (n defName) String() string {
	if n.arity == 0 {
		return n.name
	}
	return fmt.Sprintf("%s`%d", n.name, n.arity)
}

// typeOf is a declared type by name, for the implementation's own use.
func typeOf(name string, args ...*Type) *Type {
	d := table().lookup(name, len(args))
	if d == nil {
		panic("expr: no type " + name)
	}
	return d.of(args...)
}
