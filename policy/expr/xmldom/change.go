package xmldom

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// link puts c, which has no parent, before the child before, or last if that is
// nil.
func (n *Node) link(c, before *Node) {
	c.parent = n
	c.next = before
	if before == nil {
		c.previous, n.last = n.last, c
	} else {
		c.previous = before.previous
		before.previous = c
	}
	if c.previous == nil {
		n.first = c
	} else {
		c.previous.next = c
	}
}

func (n *Node) unlink(c *Node) {
	if c.previous == nil {
		n.first = c.next
	} else {
		c.previous.next = c.next
	}
	if c.next == nil {
		n.last = c.previous
	} else {
		c.next.previous = c.previous
	}
	c.parent, c.previous, c.next = nil, nil, nil
}

// RemoveChildren takes out all that the node holds.
func (n *Node) RemoveChildren() {
	for n.first != nil {
		n.unlink(n.first)
	}
}

// Insert puts c before the child before, or last if that is nil. A fragment's
// nodes are put in instead of it.
func (n *Node) Insert(c, before *Node) error {
	if c == before {
		return nil
	}
	if err := n.check(c, before); err != nil {
		return err
	}
	if c.kind == xlinq.FragmentNode {
		for _, x := range c.Children() {
			c.unlink(x)
			n.link(x, before)
		}
		return nil
	}
	if c.parent != nil {
		c.parent.unlink(c)
	}
	n.link(c, before)
	return nil
}

func (n *Node) check(c, before *Node) error {
	if !n.holds() {
		return dotnet.InvalidOperation("The current node cannot contain other nodes.")
	}
	for p := n; p != nil; p = p.parent {
		if p == c {
			return dotnet.Argument("Cannot insert a node or any ancestor of that node as a child of itself.", "")
		}
	}
	switch {
	case before != nil && before.parent != n:
		return dotnet.Argument("The reference node is not a child of this node.", "")
	case c.Document() != n.Document():
		return dotnet.Argument("The node to be inserted is from a different document context.", "")
	}
	if c.kind == xlinq.FragmentNode {
		for x := c.first; x != nil; x = x.next {
			if err := n.allows(x, before); err != nil {
				return err
			}
		}
		return nil
	}
	return n.allows(c, before)
}

func (n *Node) holds() bool {
	return n.kind == xlinq.ElementNode || n.kind == xlinq.DocumentNode || n.kind == xlinq.FragmentNode
}

// allows tells why c can't be a child of n.
func (n *Node) allows(c, before *Node) error {
	wrong := dotnet.InvalidOperation("The specified node cannot be inserted as the valid child of this node, because the specified node is the wrong type.")
	place := dotnet.InvalidOperation("Cannot insert the node in the specified location.")
	switch c.kind {
	case xlinq.AttributeNode, xlinq.DocumentNode, xlinq.FragmentNode:
		return wrong
	}
	if n.kind != xlinq.DocumentNode {
		if c.kind == xlinq.DocumentTypeNode || c.kind == xlinq.DeclarationNode {
			return wrong
		}
		return nil
	}
	switch c.kind {
	case xlinq.TextNode, xlinq.CDATANode:
		return wrong
	case xlinq.ElementNode:
		if root := n.DocumentElement(); root != nil && root != c {
			return dotnet.InvalidOperation("This document already has a 'DocumentElement' node.")
		}
	case xlinq.DeclarationNode:
		if before != n.first || n.HeadDeclaration() != nil && n.HeadDeclaration() != c {
			return place
		}
	case xlinq.DocumentTypeNode:
		if n.Type() != nil {
			return dotnet.InvalidOperation("This document already has a 'DocumentType' node.")
		}
	}
	if before != nil && before.kind == xlinq.DeclarationNode && c.kind != xlinq.DeclarationNode {
		return place
	}
	return nil
}

// Remove takes the child c out.
func (n *Node) Remove(c *Node) error {
	if !n.holds() {
		return dotnet.InvalidOperation("The current node cannot contain other nodes, so the node to be removed is not its child.")
	}
	if c.parent != n || c.kind == xlinq.AttributeNode {
		return dotnet.Argument("The node to be removed is not a child of this node.", "")
	}
	n.unlink(c)
	return nil
}

// SetInnerText replaces all that the node holds by a text.
func (n *Node) SetInnerText(s string) error {
	switch n.kind {
	case xlinq.ElementNode, xlinq.FragmentNode:
	case xlinq.DocumentNode:
		return dotnet.InvalidOperation("The 'InnerText' of a 'Document' node is read-only and cannot be set.")
	default:
		return n.SetValue(s)
	}
	n.RemoveChildren()
	n.link(n.Document().Text(xlinq.TextNode, s), nil)
	return nil
}

// SetInnerXML replaces all that the node holds by what a text says.
func (n *Node) SetInnerXML(s string) error {
	d := n.Document()
	switch n.kind {
	case xlinq.DocumentNode:
		return n.Load(s)
	case xlinq.AttributeNode:
		n.value = s
		return nil
	case xlinq.ElementNode, xlinq.FragmentNode:
	default:
		return dotnet.InvalidOperation("Cannot set the 'InnerXml' for the current node because it is either read-only or cannot have children.")
	}
	// The prefixes that are bound around the node are bound in the text.
	var b strings.Builder
	b.WriteString("<f")
	bound := make(map[string]bool)
	for e := n; e != nil; e = e.parent {
		for _, a := range e.attributes {
			if a.space == xmlnsSpace && !bound[a.Name()] {
				bound[a.Name()] = true
				b.WriteString(" " + OuterXML(a))
			}
		}
	}
	wrapper := &Node{kind: xlinq.FragmentNode, document: d}
	if err := d.read(xlinq.NewReader(b.String()+">"+s+"</f>"), wrapper); err != nil {
		return err
	}
	n.RemoveChildren()
	for _, c := range wrapper.first.Children() {
		wrapper.first.unlink(c)
		n.link(c, nil)
	}
	return nil
}

// Normalize joins texts that follow each other within n.
func (n *Node) Normalize() {
	for c := n.first; c != nil; c = follow(c, n) {
		for c.kind == xlinq.TextNode && c.next != nil && c.next.kind == xlinq.TextNode {
			c.value += c.next.value
			c.parent.unlink(c.next)
		}
	}
}

// Attributes are an element's attributes; they must not be changed.
func (n *Node) Attributes() []*Node { return n.attributes }

// AttributeNamed is the attribute of that qualified name, nil if there is none.
func (n *Node) AttributeNamed(name string) *Node {
	for _, a := range n.attributes {
		if a.Name() == name {
			return a
		}
	}
	return nil
}

// AttributeNS is the attribute of that name, nil if there is none.
func (n *Node) AttributeNS(local, space string) *Node {
	for _, a := range n.attributes {
		if a.local == local && a.space == space {
			return a
		}
	}
	return nil
}

// SetAttribute puts an attribute in, at place i or last if that is negative, and
// gives the one of the same name that it replaces, nil if there is none.
func (n *Node) SetAttribute(a *Node, i int) (*Node, error) {
	switch {
	case a.parent != nil && a.parent != n:
		return nil, dotnet.InvalidOperation("The 'Attribute' node cannot be inserted because it is already an attribute of another element.")
	case a.Document() != n.Document():
		return nil, dotnet.Argument("The named node is from a different document context.", "")
	}
	old := n.AttributeNS(a.local, a.space)
	if at := slices.Index(n.attributes, old); old != nil {
		if i < 0 {
			n.attributes[at] = a
			if old != a {
				old.parent = nil
			}
			a.parent = n
			return old, nil
		}
		n.attributes = slices.Delete(n.attributes, at, at+1)
		old.parent = nil
		if at < i {
			i--
		}
	}
	if i < 0 {
		i = len(n.attributes)
	}
	n.attributes = slices.Insert(n.attributes, i, a)
	a.parent = n
	return old, nil
}

// RemoveAttribute takes an attribute off, and reports whether it was there.
func (n *Node) RemoveAttribute(a *Node) bool {
	i := slices.Index(n.attributes, a)
	if a == nil || i < 0 {
		return false
	}
	n.attributes = slices.Delete(n.attributes, i, i+1)
	a.parent = nil
	return true
}

// RemoveAttributes takes all attributes off.
func (n *Node) RemoveAttributes() {
	for _, a := range n.attributes {
		a.parent = nil
	}
	n.attributes = nil
}
