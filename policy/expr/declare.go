package expr

import (
	"fmt"
	"sync/atomic"
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

	// The rest is the library's: the name that the head says, the next declaration of the
	// same simple name, and the type, once somebody asked for it.
	name defName
	next *declaration
	def  atomic.Pointer[Def]
}

type memberDecl struct {
	signature string
	impl      [2]any // Func or GenericFunc; of a property get and set
	value     any    // of a constant
	direct    any    // see compile_direct.go
}

var declarations = make([]*declaration, 0, 512)

// declare adds a type to the table. It is called from package-level variables
// only, so that the table is complete before anything uses it; inlined, as the next two,
// it would be half of what the package runs at its start.
//
//go:noinline
func declare(head string, members ...func() []memberDecl) struct{} {
	declarations = append(declarations, &declaration{head: head, members: members})
	return struct{}{}
}

// declareEnum adds an enum.
//
//go:noinline
func declareEnum(head string, values ...EnumValue) struct{} {
	declarations = append(declarations, &declaration{head: head, values: values})
	return struct{}{}
}

// extend adds members to a type without type parameters that is declared
// elsewhere.
//
//go:noinline
func extend(name string, members ...func() []memberDecl) struct{} {
	declarations = append(declarations, &declaration{head: name, members: members, extends: true})
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

// member reads a member's declaration.
func (d *Def) member(decl *memberDecl) *Member {
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
	return m
}
