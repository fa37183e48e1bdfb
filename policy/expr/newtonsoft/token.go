package newtonsoft

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// TokenType is JTokenType.
type TokenType uint8

// The members of JTokenType, with .NET's numbers.
const (
	None TokenType = iota
	ObjectType
	ArrayType
	ConstructorType
	PropertyType
	CommentType
	IntegerType
	FloatType
	StringType
	BooleanType
	NullType
	UndefinedType
	DateType
	RawType
	BytesType
	GuidType
	URIType
	TimeSpanType
)

var typeNames = [...]string{"None", "Object", "Array", "Constructor", "Property", "Comment", "Integer", "Float", "String", "Boolean", "Null",
	"Undefined", "Date", "Raw", "Bytes", "Guid", "Uri", "TimeSpan"}

// String is the member's name.
func (t TokenType) String() string { return typeNames[t] }

// Token is a JToken: *Object, *Array, *Constructor, *Property, *Value or *Raw.
type Token interface {
	// Type is what the token is.
	Type() TokenType
	// TypeName is the .NET type's full name.
	TypeName() string
	// Parent is the token that holds this one, nil if there is none. It is a
	// Container.
	Parent() Container

	setParent(Container)
	clone() Token
}

// Container is a JContainer: a token that holds others.
type Container interface {
	Token
	// Children are the tokens it holds, in order. The slice must not be changed.
	Children() []Token
	// Insert puts a token at index i; one that has a parent already is cloned.
	Insert(i int, t Token) error
	// RemoveAt takes the child at index i out.
	RemoveAt(i int) error
	// Replace puts t in the place of the child at index i. A value that equals the
	// one there leaves that in place.
	Replace(i int, t Token) error
	// Clear takes all children out.
	Clear() error
}

type node struct{ parent Container }

// Parent is part of Token.
func (n *node) Parent() Container { return n.parent }

func (n *node) setParent(p Container) { n.parent = p }

// Root is the outermost token around t, t itself if it has no parent.
func Root(t Token) Token {
	for t.Parent() != nil {
		t = t.Parent()
	}
	return t
}

// DeepClone is a copy of t without a parent.
func DeepClone(t Token) Token { return t.clone() }

// adopt readies t for parent: one that has a parent already, or that would hold
// itself, is cloned.
func adopt(parent Container, t Token) Token {
	if t.Parent() != nil || t == Token(parent) || holds(t, parent) {
		t = t.clone()
	}
	t.setParent(parent)
	return t
}

func holds(t Token, parent Container) bool {
	c, ok := t.(Container)
	return ok && len(c.Children()) > 0 && Root(parent) == t
}

func jsonException(message string) *dotnet.Exception {
	return dotnet.NewException("Newtonsoft.Json.JsonException", message)
}

// Index is where t stands among its parent's children, -1 without a parent.
func Index(t Token) int {
	if t.Parent() == nil {
		return -1
	}
	for i, c := range t.Parent().Children() {
		if c == t {
			return i
		}
	}
	return -1
}

// Next is the sibling after t, nil if there is none.
func Next(t Token) Token { return sibling(t, 1) }

// Previous is the sibling before t, nil if there is none.
func Previous(t Token) Token { return sibling(t, -1) }

func sibling(t Token, step int) Token {
	i := Index(t)
	if i < 0 || i+step < 0 || i+step >= len(t.Parent().Children()) {
		return nil
	}
	return t.Parent().Children()[i+step]
}

// orNull is t, or a JValue of null for nil.
func orNull(t Token) Token {
	if t == nil {
		return Null()
	}
	return t
}

// unchanged reports whether putting t in the place of old would change nothing.
func unchanged(old, t Token) bool {
	v := valueOf(old)
	if v == nil {
		return false
	}
	if t == nil {
		return v.kind == NullType
	}
	other := valueOf(t)
	return other != nil && v.Equal(other)
}

// cannotAdd is what a container says to a token that it cannot hold.
func cannotAdd(t Token, to Container) error {
	return dotnet.Argument("Can not add "+t.TypeName()+" to "+to.TypeName()+".", "")
}

// ShortName is the .NET type's name without its namespace.
func ShortName(t Token) string {
	name := t.TypeName()
	return name[strings.LastIndexByte(name, '.')+1:]
}
