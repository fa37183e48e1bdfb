package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Attribute is an XAttribute.
type Attribute struct {
	parent     *Element
	prev, next *Attribute
	name       Name
	value      string
	notes      []any
}

// Annotations are what the attribute is annotated with.
func (a *Attribute) Annotations() *[]any { return &a.notes }

// NewAttribute is an attribute; a namespace declaration must be one that XML
// allows.
func NewAttribute(name Name, value string) (*Attribute, error) {
	a := &Attribute{name: name}
	return a, a.SetValue(value)
}

// TypeName is part of Object.
func (*Attribute) TypeName() string { return "System.Xml.Linq.XAttribute" }

// NodeType is part of Object.
func (*Attribute) NodeType() NodeType { return AttributeNode }

// Parent is part of Object.
func (a *Attribute) Parent() *Element { return a.parent }

// Name is the attribute's name.
func (a *Attribute) Name() Name { return a.name }

// Value is the attribute's value.
func (a *Attribute) Value() string { return a.value }

// Next is the attribute after a, nil if there is none.
func (a *Attribute) Next() *Attribute { return a.next }

// Previous is the attribute before a, nil if there is none.
func (a *Attribute) Previous() *Attribute { return a.prev }

// IsNamespaceDeclaration tells whether it declares a namespace.
func (a *Attribute) IsNamespaceDeclaration() bool {
	return a.name == xmlns || a.name.Space == XMLNSNamespace
}

// declares is the prefix and namespace that a namespace declaration binds.
func (a *Attribute) declares() (prefix string, space Namespace) {
	if a.name.Space == "" {
		return "", Namespace(a.value)
	}
	return a.name.Local, Namespace(a.value)
}

// SetValue changes the value.
func (a *Attribute) SetValue(value string) error {
	if a.IsNamespaceDeclaration() {
		if err := checkDeclaration(a.name, value); err != nil {
			return err
		}
	}
	a.value = value
	return nil
}

func checkDeclaration(name Name, value string) error {
	prefixed := name != xmlns
	switch {
	case prefixed && value == "":
		return dotnet.Argument("The prefix '"+name.Local+"' cannot be bound to the empty namespace name.", "")
	case Namespace(value) == XMLNamespace:
		if prefixed && name.Local == "xml" {
			return nil
		}
		return reservedXML()
	case Namespace(value) == XMLNSNamespace, prefixed && name.Local == "xmlns":
		return dotnet.Argument("The prefix 'xmlns' is bound to the namespace name 'http://www.w3.org/2000/xmlns/'. It must not be declared. "+
			"Other prefixes must not be bound to this namespace name, and it must not be declared as the default namespace.", "")
	case prefixed && name.Local == "xml":
		return reservedXML()
	}
	return nil
}

func reservedXML() error {
	return dotnet.Argument("The prefix 'xml' is bound to the namespace name 'http://www.w3.org/XML/1998/namespace'. "+
		"Other prefixes must not be bound to this namespace name, and it must not be declared as the default namespace.", "")
}

// Remove takes the attribute off its element.
func (a *Attribute) Remove() error {
	if a.parent == nil {
		return missingParent()
	}
	a.unlink()
	return nil
}

func (a *Attribute) unlink() {
	if a.prev == nil {
		a.parent.firstAttr = a.next
	} else {
		a.prev.next = a.next
	}
	if a.next == nil {
		a.parent.lastAttr = a.prev
	} else {
		a.next.prev = a.prev
	}
	a.parent, a.prev, a.next = nil, nil, nil
}
