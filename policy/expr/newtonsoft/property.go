package newtonsoft

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Property is a JProperty. Its value is never nil.
type Property struct {
	node
	name  string
	value Token
}

// NewProperty is a property; value is cloned if it has a parent, nil is null. A
// property is no value.
func NewProperty(name string, value Token) (*Property, error) {
	p := &Property{name: name}
	return p, p.SetValue(value)
}

// Type is part of Token.
func (p *Property) Type() TokenType { return PropertyType }

// TypeName is part of Token.
func (p *Property) TypeName() string { return "Newtonsoft.Json.Linq.JProperty" }

// Name is the property's name.
func (p *Property) Name() string { return p.name }

// Value is the property's value.
func (p *Property) Value() Token { return p.value }

// SetValue changes the value; nil is null.
func (p *Property) SetValue(t Token) error {
	if p.value != nil && unchanged(p.value, t) {
		return nil
	}
	t = orNull(t)
	if t.Type() == PropertyType {
		return cannotAdd(t, p)
	}
	t = adopt(p, t)
	if p.value != nil {
		p.value.setParent(nil)
	}
	p.value = t
	return nil
}

// Children is part of Container.
func (p *Property) Children() []Token { return []Token{p.value} }

// Insert is part of Container: a property has its one value.
func (p *Property) Insert(int, Token) error {
	return jsonException("Newtonsoft.Json.Linq.JProperty cannot have multiple values.")
}

// RemoveAt is part of Container.
func (p *Property) RemoveAt(int) error {
	return jsonException("Cannot add or remove items from Newtonsoft.Json.Linq.JProperty.")
}

// Replace is part of Container.
func (p *Property) Replace(i int, t Token) error {
	if i != 0 {
		return dotnet.NewException("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values.")
	}
	return p.SetValue(t)
}

// Clear is part of Container.
func (p *Property) Clear() error { return p.RemoveAt(0) }

func (p *Property) clone() Token {
	c := &Property{name: p.name}
	c.value = adopt(c, p.value.clone())
	return c
}
