package expr

// Object is a value of a library type that is no Go basic type: a List, a
// JObject, a Match. The Go types of package dotnet's table need no methods.
type Object interface {
	// DotnetType is the value's type, with its type arguments.
	DotnetType() *Type
}

// Named is an Object that other packages make, which don't know types: its type
// has no type arguments and this full name.
type Named interface {
	TypeName() string
}

// Texter is an Object with a ToString of its own; others give their type's name.
type Texter interface {
	ToString(m *Machine) (string, error)
}

// Equaler is an Object with an Equals of its own; others are equal if they are
// the same.
type Equaler interface {
	EqualTo(m *Machine, other any) (bool, error)
}

// Enumerable is a value that foreach can go through, besides string.
type Enumerable interface {
	Enumerate(m *Machine) (Iterator, error)
}

// Iterator gives the elements one after another. Next reports false at the end;
// after that, and after Close, it must not be called. Close is called once.
type Iterator interface {
	Next(m *Machine) (element any, more bool, err error)
	Close()
}
