package expr

import (
	"slices"
	"strings"
	"sync"
)

// Func is a member's implementation. Args are the receiver, if it is no static
// member, and the arguments, all of the types that the signature says in the
// representation of package dotnet's documentation; an argument passed by out or
// ref is a *Ref. They must not be kept. What it returns is of the result's type.
//
// A receiver is never null: the call checks that. An error is a
// *dotnet.Exception, or one that no expression can catch ([Machine.Spend]'s).
type Func func(m *Machine, args []any) (any, error)

// GenericFunc is Func for a generic method, or for a constructor or static
// member of a generic type: types are the type arguments.
type GenericFunc func(m *Machine, types []*Type, args []any) (any, error)

// Def is a declared type: the table of what expressions may use of .NET.
type Def struct {
	Name string // full name, without type parameters
	Kind Kind
	// Static says that the type has static members only.
	Static bool
	// Abstract says that it has no instances of its own.
	Abstract bool
	// Values are the members of an enum, in order.
	Values []EnumValue
	// Flags says that the enum's members are combined.
	Flags bool

	params    []*Type // type parameters
	instances instances
	variance  []int // of each: +1 out, -1 in, 0
	library   *library

	// What follows is read of the declaration once somebody asks.

	inherits    string // the parents as they are declared
	base        *Type
	interfaces  []*Type
	parentsOnce sync.Once

	declared []func() []memberDecl
	members  map[string][]*Member // of declared
	once     sync.Once

	conversions     bool // whether there are conversion operators among declared
	conversionsOnce sync.Once
}

// parents are the base class, nil of System.Object and interfaces, and the interfaces that
// the type names, in terms of its own type parameters.
func (d *Def) parents() (base *Type, interfaces []*Type) {
	d.parentsOnce.Do(d.readParents)
	return d.base, d.interfaces
}

// Members are the type's members by name; constructors are named "new", indexers
// "this", operators "operator +", conversions "implicit" and "explicit".
//
// Their signatures are read when they are first asked for: an expression uses few of
// the types, and all of them take a start milliseconds. A mistake in a signature is a
// mistake in the program, so it panics.
func (d *Def) Members() map[string][]*Member {
	d.once.Do(func() {
		d.members = make(map[string][]*Member)
		for _, declared := range d.declared {
			for _, m := range declared() {
				d.addMember(m)
			}
		}
	})
	return d.members
}

// converts tells whether the type declares conversions, without reading its signatures: it
// is asked of types that an expression need not use the members of.
func (d *Def) converts() bool {
	d.conversionsOnce.Do(func() {
		for _, declared := range d.declared {
			d.conversions = d.conversions || slices.ContainsFunc(declared(), func(m memberDecl) bool {
				return strings.HasPrefix(m.signature, "static implicit operator ") || strings.HasPrefix(m.signature, "static explicit operator ")
			})
		}
	})
	return d.conversions
}

// EnumValue is one member of an enum.
type EnumValue struct {
	Name  string
	Value int64
}

// Member is a method, property, field, constructor or operator.
type Member struct {
	Name       string
	Signature  string // as it was declared, for documentation
	Of         *Def
	Kind       MemberKind
	Static     bool
	Extension  bool // a static method whose first parameter is this
	Params     []Param
	Result     *Type // of a constructor, its type
	TypeParams []*Type
	// Const is the value of a constant.
	Const any

	get, set Func        // of a property; get of a method and constructor is its call
	generic  GenericFunc // instead of get
	direct   any         // a faster way; see compile_direct.go
}

// MemberKind is what a Member is.
type MemberKind uint8

// The kinds of members.
const (
	Method MemberKind = iota
	Property
	Indexer
	Constant
	Constructor
	Operator
	Conversion
)

// Param is a parameter.
type Param struct {
	Name     string
	Type     *Type
	ByRef    bool // ref or out: the argument is a *Ref
	Out      bool
	Params   bool // params T[]
	Optional bool
	Default  any
}
