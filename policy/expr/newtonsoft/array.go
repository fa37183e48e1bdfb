package newtonsoft

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// items are the tokens that an Array or a Constructor holds.
type items struct {
	node
	tokens []Token
}

// Children is part of Container.
func (l *items) Children() []Token { return l.tokens }

func (l *items) insert(c Container, i int, t Token) error {
	if i < 0 || i > len(l.tokens) {
		return dotnet.ArgumentOutOfRange("index", "Index must be within the bounds of the List.")
	}
	t = orNull(t)
	if t.Type() == PropertyType {
		return cannotAdd(t, c)
	}
	l.tokens = slices.Insert(l.tokens, i, adopt(c, t))
	return nil
}

func (l *items) inRange(i int) error {
	switch {
	case i < 0:
		return dotnet.ArgumentOutOfRange("index", "Index is less than 0.")
	case i >= len(l.tokens):
		return dotnet.ArgumentOutOfRange("index", "Index is equal to or greater than Count.")
	}
	return nil
}

// RemoveAt is part of Container.
func (l *items) RemoveAt(i int) error {
	if err := l.inRange(i); err != nil {
		return err
	}
	l.tokens[i].setParent(nil)
	l.tokens = slices.Delete(l.tokens, i, i+1)
	return nil
}

func (l *items) replace(c Container, i int, t Token) error {
	if err := l.inRange(i); err != nil {
		return err
	}
	old := l.tokens[i]
	if unchanged(old, t) {
		return nil
	}
	t = orNull(t)
	if t.Type() == PropertyType {
		return cannotAdd(t, c)
	}
	l.tokens[i] = adopt(c, t)
	old.setParent(nil)
	return nil
}

// Clear is part of Container.
func (l *items) Clear() error {
	for _, t := range l.tokens {
		t.setParent(nil)
	}
	l.tokens = nil
	return nil
}

// copyTo puts clones of the tokens into c, whose items they become.
func (l *items) copyTo(c Container, into *items) {
	into.tokens = make([]Token, len(l.tokens))
	for i, t := range l.tokens {
		into.tokens[i] = adopt(c, t.clone())
	}
}

// Array is a JArray.
type Array struct{ items }

// NewArray is an empty array.
func NewArray() *Array { return &Array{} }

// Type is part of Token.
func (a *Array) Type() TokenType { return ArrayType }

// TypeName is part of Token.
func (a *Array) TypeName() string { return "Newtonsoft.Json.Linq.JArray" }

// Insert is part of Container.
func (a *Array) Insert(i int, t Token) error { return a.insert(a, i, t) }

// Replace is part of Container.
func (a *Array) Replace(i int, t Token) error { return a.replace(a, i, t) }

// Add adds a token at the end.
func (a *Array) Add(t Token) error { return a.insert(a, len(a.tokens), t) }

func (a *Array) clone() Token {
	c := &Array{}
	a.copyTo(c, &c.items)
	return c
}

// Constructor is a JConstructor: new Name(items).
type Constructor struct {
	items
	Name string
}

// Type is part of Token.
func (c *Constructor) Type() TokenType { return ConstructorType }

// TypeName is part of Token.
func (c *Constructor) TypeName() string { return "Newtonsoft.Json.Linq.JConstructor" }

// Insert is part of Container.
func (c *Constructor) Insert(i int, t Token) error { return c.insert(c, i, t) }

// Replace is part of Container.
func (c *Constructor) Replace(i int, t Token) error { return c.replace(c, i, t) }

func (c *Constructor) clone() Token {
	n := &Constructor{Name: c.Name}
	c.copyTo(n, &n.items)
	return n
}
