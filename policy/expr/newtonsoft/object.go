package newtonsoft

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Object is a JObject: properties in the order in which they were added.
type Object struct {
	node
	properties []Token // each a *Property
	index      map[string]int
}

// indexed is from how many properties on an Object keeps an index of names.
const indexed = 8

// NewObject is an empty object.
func NewObject() *Object { return &Object{} }

// Type is part of Token.
func (o *Object) Type() TokenType { return ObjectType }

// TypeName is part of Token.
func (o *Object) TypeName() string { return "Newtonsoft.Json.Linq.JObject" }

// Children is part of Container.
func (o *Object) Children() []Token { return o.properties }

// Len is the number of properties.
func (o *Object) Len() int { return len(o.properties) }

// Property is the property of that name, nil if there is none.
func (o *Object) Property(name string) *Property {
	if i := o.find(name); i >= 0 {
		return o.properties[i].(*Property)
	}
	return nil
}

// Get is the value of the property of that name, nil if there is none.
func (o *Object) Get(name string) Token {
	if p := o.Property(name); p != nil {
		return p.value
	}
	return nil
}

// Match is the first property whose name equal accepts, nil if there is none. An
// exact match wins.
func (o *Object) Match(name string, equal func(a, b string) bool) *Property {
	if p := o.Property(name); p != nil {
		return p
	}
	for _, t := range o.properties {
		if p := t.(*Property); equal(p.name, name) {
			return p
		}
	}
	return nil
}

// Set sets the property of that name, adding it at the end if it is new.
func (o *Object) Set(name string, value Token) error {
	if p := o.Property(name); p != nil {
		return p.SetValue(value)
	}
	return o.Add(name, value)
}

// Add adds a property; one of its name must not be there.
func (o *Object) Add(name string, value Token) error {
	p, err := NewProperty(name, value)
	if err != nil {
		return err
	}
	return o.Insert(len(o.properties), p)
}

// Remove takes the property of that name out and tells whether it was there.
func (o *Object) Remove(name string) bool {
	i := o.find(name)
	if i < 0 {
		return false
	}
	return o.RemoveAt(i) == nil
}

// Insert is part of Container.
func (o *Object) Insert(i int, t Token) error {
	p, err := o.checked(t, nil)
	if err != nil {
		return err
	}
	o.add(i, p)
	return nil
}

// checked is t as a property that may stand in the object, in the place of old if
// that is not nil.
func (o *Object) checked(t Token, old *Property) (*Property, error) {
	t = orNull(t)
	p, ok := t.(*Property)
	if !ok {
		return nil, cannotAdd(t, o)
	}
	if there := o.Property(p.name); there != nil && there != old {
		return nil, dotnet.Argument("Can not add property "+p.name+" to "+o.TypeName()+". Property with the same name already exists on object.", "")
	}
	return p, nil
}

func (o *Object) add(i int, p *Property) {
	o.properties = slices.Insert(o.properties, i, adopt(o, p))
	switch {
	case len(o.properties) < indexed:
	case o.index != nil && i == len(o.properties)-1:
		o.index[p.name] = i
	default:
		o.reindex()
	}
}

// RemoveAt is part of Container.
func (o *Object) RemoveAt(i int) error {
	o.properties[i].setParent(nil)
	o.properties = slices.Delete(o.properties, i, i+1)
	o.reindex()
	return nil
}

// Replace is part of Container.
func (o *Object) Replace(i int, t Token) error {
	old := o.properties[i].(*Property)
	p, err := o.checked(t, old)
	if err != nil {
		return err
	}
	adopted := adopt(o, p)
	old.setParent(nil)
	o.properties[i] = adopted
	o.reindex()
	return nil
}

// Clear is part of Container.
func (o *Object) Clear() error {
	for _, p := range o.properties {
		p.setParent(nil)
	}
	o.properties, o.index = nil, nil
	return nil
}

func (o *Object) find(name string) int {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(o.properties, func(t Token) bool { return t.(*Property).name == name })
}

func (o *Object) reindex() {
	if len(o.properties) < indexed {
		o.index = nil
		return
	}
	o.index = make(map[string]int, len(o.properties))
	for i, p := range o.properties {
		o.index[p.(*Property).name] = i
	}
}

func (o *Object) clone() Token {
	c := NewObject()
	for _, p := range o.properties {
		c.add(len(c.properties), p.clone().(*Property))
	}
	return c
}
