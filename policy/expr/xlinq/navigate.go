package xlinq

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/xpath"
)

// Navigate is an object as package xpath sees it: texts that follow each other
// are one; texts of a document, and its type, are none.
func Navigate(o Object) xpath.Node {
	if t, ok := o.(*CharacterData); ok {
		for isTextNode(t.prev) {
			t = t.prev.(*CharacterData)
		}
		return place{t}
	}
	return place{o}
}

// ObjectOf is the object behind what package xpath gives; of a namespace it is
// the attribute that would declare it.
func ObjectOf(n xpath.Node) Object {
	if p, ok := n.(place); ok {
		return p.o
	}
	name := Name{XMLNSNamespace, n.LocalName()}
	if name.Local == "" {
		name = xmlns
	}
	if e, ok := ObjectOf(n.Parent()).(*Element); ok {
		for ; e != nil; e = e.Parent() {
			if a := e.Attribute(name); a != nil {
				return a
			}
		}
	}
	return &Attribute{name: name, value: n.StringValue()}
}

func isTextNode(n Node) bool {
	_, ok := n.(*CharacterData)
	return ok
}

type place struct{ o Object }

// NodeType is part of xpath.Node.
func (p place) NodeType() xpath.NodeType {
	switch p.o.(type) {
	case *Element:
		return xpath.Element
	case *Attribute:
		return xpath.Attribute
	case *Comment:
		return xpath.Comment
	case *Instruction:
		return xpath.Instruction
	case *Document:
		return xpath.Root
	}
	return xpath.Text
}

// LocalName is part of xpath.Node.
func (p place) LocalName() string {
	switch o := p.o.(type) {
	case *Element:
		return o.name.Local
	case *Attribute:
		return o.name.Local
	case *Instruction:
		return o.target
	}
	return ""
}

// NamespaceURI is part of xpath.Node.
func (p place) NamespaceURI() string {
	switch o := p.o.(type) {
	case *Element:
		return string(o.name.Space)
	case *Attribute:
		return string(o.name.Space)
	}
	return ""
}

// Prefix is part of xpath.Node.
func (p place) Prefix() string {
	e, ok := p.o.(*Element)
	space := Namespace(p.NamespaceURI())
	if !ok {
		e = p.o.Parent()
	}
	if e == nil || space == "" {
		return ""
	}
	if ok && e.DefaultNamespace() == space {
		return ""
	}
	prefix, _ := e.PrefixOfNamespace(space)
	return prefix
}

// StringValue is part of xpath.Node.
func (p place) StringValue() string {
	switch o := p.o.(type) {
	case *Element:
		return o.Value()
	case *Attribute:
		return o.value
	case *Comment:
		return o.Value
	case *Instruction:
		return o.Data
	case *CharacterData:
		var b strings.Builder
		for n := Node(o); isTextNode(n); n = Next(n) {
			b.WriteString(n.(*CharacterData).Value)
		}
		return b.String()
	case *Document:
		if root := o.Root(); root != nil {
			return root.Value()
		}
	}
	return ""
}

// Parent is part of xpath.Node.
func (p place) Parent() xpath.Node {
	if h := Holder(p.o); h != nil {
		return place{h}
	}
	return nil
}

// FirstChild is part of xpath.Node.
func (p place) FirstChild() xpath.Node {
	if c, ok := p.o.(Container); ok {
		return visiblePlace(First(c))
	}
	return nil
}

// Next is part of xpath.Node.
func (p place) Next() xpath.Node {
	n, ok := p.o.(Node)
	if !ok {
		return nil
	}
	if isTextNode(n) {
		for isTextNode(Next(n)) {
			n = Next(n)
		}
	}
	return visiblePlace(Next(n))
}

func visiblePlace(n Node) xpath.Node {
	for n != nil && hiddenFromPath(n) {
		n = Next(n)
	}
	if n == nil {
		return nil
	}
	return place{n}
}

func hiddenFromPath(n Node) bool {
	if _, ok := n.(*DocumentType); ok {
		return true
	}
	_, top := n.base().parent.(*Document)
	return top && isTextNode(n)
}

// Previous is part of xpath.Node.
func (p place) Previous() xpath.Node {
	n, ok := p.o.(Node)
	if !ok {
		return nil
	}
	for n = Previous(n); n != nil && hiddenFromPath(n); {
		n = Previous(n)
	}
	if n == nil {
		return nil
	}
	return Navigate(n)
}

// Attributes is part of xpath.Node.
func (p place) Attributes() []xpath.Node {
	e, ok := p.o.(*Element)
	if !ok {
		return nil
	}
	var all []xpath.Node
	for a := e.firstAttr; a != nil; a = a.next {
		if !a.IsNamespaceDeclaration() {
			all = append(all, place{a})
		}
	}
	return all
}

// Namespaces is part of xpath.Node.
func (p place) Namespaces() []xpath.Node {
	e, ok := p.o.(*Element)
	if !ok {
		return nil
	}
	var all []xpath.Node
	bound := map[string]bool{}
	for ; e != nil; e = e.Parent() {
		for a := e.firstAttr; a != nil; a = a.next {
			if !a.IsNamespaceDeclaration() {
				continue
			}
			if prefix, space := a.declares(); !bound[prefix] {
				bound[prefix] = true
				all = append(all, xpath.NewNamespace(p, prefix, string(space)))
			}
		}
	}
	if !bound["xml"] {
		all = append(all, xpath.NewNamespace(p, "xml", string(XMLNamespace)))
	}
	return all
}
