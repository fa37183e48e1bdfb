package expr

import (
	"slices"
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
	members  members
}

// parents are the base class, nil of System.Object and interfaces, and the interfaces that
// the type names, in terms of its own type parameters.
func (d *Def) parents() (base *Type, interfaces []*Type) {
	d.parentsOnce.Do(d.readParents)
	return d.base, d.interfaces
}

// members are those of a type: all by their names, and those that somebody asked for.
type members struct {
	once     sync.Once
	names    []string
	declared []memberDecl // in the same order

	mu   sync.RWMutex
	read map[string][]*Member
}

// declaredMembers are the type's members as they are declared, and their names.
func (d *Def) declaredMembers() (names []string, declared []memberDecl) {
	m := &d.members
	m.once.Do(func() {
		for _, declared := range d.declared {
			m.declared = append(m.declared, declared()...)
		}
		m.names = make([]string, len(m.declared))
		for i := range m.declared {
			m.names[i] = memberName(m.declared[i].signature)
		}
	})
	return m.names, m.declared
}

// MembersNamed are the type's members of a name; constructors are named "new", indexers
// "this", operators "operator +", conversions "implicit" and "explicit".
//
// An expression uses few of a type's members, so that the signatures of those alone are read.
// A mistake in one is a mistake in the program, so it panics.
func (d *Def) MembersNamed(name string) []*Member {
	names, declared := d.declaredMembers()
	m := &d.members
	m.mu.RLock()
	found, read := m.read[name]
	m.mu.RUnlock()
	if read || !slices.Contains(names, name) {
		return found
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if found, read = m.read[name]; read {
		return found
	}
	for i := range names {
		if names[i] == name {
			found = append(found, d.member(&declared[i]))
		}
	}
	if m.read == nil {
		m.read = make(map[string][]*Member)
	}
	m.read[name] = found
	return found
}

// MemberNames are the names of the type's members.
func (d *Def) MemberNames() []string {
	names, _ := d.declaredMembers()
	return slices.Compact(slices.Sorted(slices.Values(names)))
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
