package xlinq

import "strings"

// Element is an XElement.
type Element struct {
	container
	name                Name
	firstAttr, lastAttr *Attribute
}

// NewElement is an empty element.
func NewElement(name Name) *Element { return &Element{name: name} }

// TypeName is part of Object.
func (*Element) TypeName() string { return "System.Xml.Linq.XElement" }

// NodeType is part of Object.
func (*Element) NodeType() NodeType { return ElementNode }

// Name is the element's name.
func (e *Element) Name() Name { return e.name }

// SetName changes the name.
func (e *Element) SetName(name Name) { e.name = name }

// IsEmpty tells whether it has no content, not even the empty text.
func (e *Element) IsEmpty() bool { return e.first == nil && !e.filled }

func (e *Element) shallow() Node {
	c := &Element{name: e.name}
	c.filled = e.filled
	for a := e.firstAttr; a != nil; a = a.next {
		c.append(&Attribute{name: a.name, value: a.value})
	}
	return c
}

// Value is the text of all its texts, at any depth.
func (e *Element) Value() string {
	if t, ok := e.first.(*CharacterData); ok && e.last == e.first {
		return t.Value
	}
	var b strings.Builder
	for n := follow(e, e); n != nil; n = follow(n, e) {
		if t, ok := n.(*CharacterData); ok {
			b.WriteString(t.Value)
		}
	}
	return b.String()
}

// SetValue replaces the content by a text.
func (e *Element) SetValue(text string) error {
	RemoveNodes(e)
	return Add(e, text)
}

// Attribute is the attribute of that name, nil if there is none.
func (e *Element) Attribute(name Name) *Attribute {
	for a := e.firstAttr; a != nil; a = a.next {
		if a.name == name {
			return a
		}
	}
	return nil
}

// FirstAttribute is the first attribute, nil if there is none.
func (e *Element) FirstAttribute() *Attribute { return e.firstAttr }

// LastAttribute is the last attribute, nil if there is none.
func (e *Element) LastAttribute() *Attribute { return e.lastAttr }

// RemoveAttributes takes all attributes off.
func (e *Element) RemoveAttributes() {
	for e.firstAttr != nil {
		e.firstAttr.unlink()
	}
}

func (e *Element) append(a *Attribute) {
	a.parent, a.prev, a.next = e, e.lastAttr, nil
	if e.lastAttr == nil {
		e.firstAttr = a
	} else {
		e.lastAttr.next = a
	}
	e.lastAttr = a
}

func (*Element) check(n Node, _ Node) error {
	switch n.(type) {
	case *Document:
		return notContent("Document")
	case *DocumentType:
		return notContent("DocumentType")
	}
	return nil
}

func (*Element) checkText(string) error { return nil }

// DefaultNamespace is GetDefaultNamespace: the namespace of names without prefix
// within e.
func (e *Element) DefaultNamespace() Namespace {
	for ; e != nil; e = e.Parent() {
		if a := e.Attribute(xmlns); a != nil {
			return Namespace(a.value)
		}
	}
	return ""
}

// NamespaceOfPrefix is the namespace that prefix is bound to at e; false if it is
// not bound.
func (e *Element) NamespaceOfPrefix(prefix string) (Namespace, bool) {
	for at := e; at != nil; at = at.Parent() {
		if a := at.Attribute(Name{XMLNSNamespace, prefix}); a != nil {
			return Namespace(a.value), true
		}
	}
	switch prefix {
	case "xml":
		return XMLNamespace, true
	case "xmlns":
		return XMLNSNamespace, true
	}
	return "", false
}

// PrefixOfNamespace is a prefix that is bound to space at e; false if there is
// none. The default namespace is no prefix.
func (e *Element) PrefixOfNamespace(space Namespace) (string, bool) {
	for at := e; at != nil; at = at.Parent() {
		for a := at.firstAttr; a != nil; a = a.next {
			if a.name.Space != XMLNSNamespace || Namespace(a.value) != space {
				continue
			}
			if bound, _ := e.NamespaceOfPrefix(a.name.Local); bound == space {
				return a.name.Local, true
			}
		}
	}
	switch space {
	case XMLNamespace:
		return "xml", true
	case XMLNSNamespace:
		return "xmlns", true
	}
	return "", false
}
