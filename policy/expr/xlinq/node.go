package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// NodeType is System.Xml.XmlNodeType.
type NodeType uint8

// The members of XmlNodeType that are used, with .NET's numbers.
const (
	ElementNode               NodeType = 1
	AttributeNode             NodeType = 2
	TextNode                  NodeType = 3
	CDATANode                 NodeType = 4
	InstructionNode           NodeType = 7
	CommentNode               NodeType = 8
	DocumentNode              NodeType = 9
	DocumentTypeNode          NodeType = 10
	FragmentNode              NodeType = 11
	WhitespaceNode            NodeType = 13
	SignificantWhitespaceNode NodeType = 14
	EndElementNode            NodeType = 15
	DeclarationNode           NodeType = 17
)

// Texter is anything of this package: Text is its ToString.
type Texter interface {
	Text() (string, error)
}

// Object is an XObject: a Node or an *Attribute.
type Object interface {
	// TypeName is the .NET type's full name.
	TypeName() string
	// NodeType is what it is.
	NodeType() NodeType
	// Parent is the element that holds it, nil if there is none.
	Parent() *Element
	// Text is ToString.
	Text() (string, error)
}

// Node is an XNode: *Document, *Element, *CharacterData, *Comment, *Instruction
// or *DocumentType.
type Node interface {
	Object
	base() *node
	// shallow is a copy without parent and content.
	shallow() Node
}

// Container is an XContainer: *Document or *Element.
type Container interface {
	Node
	content() *container
}

type node struct {
	notes      []any
	parent     Container
	prev, next Node
}

func (n *node) base() *node { return n }

// Annotations are what the node is annotated with.
func (n *node) Annotations() *[]any { return &n.notes }

// Parent is part of Object: a document is no parent.
func (n *node) Parent() *Element {
	e, _ := n.parent.(*Element)
	return e
}

// container is the list of a Container's nodes.
type container struct {
	node
	first, last Node
	// filled says that there is content, though no node: the empty text, which
	// is written as <a></a>.
	filled bool
}

func (c *container) content() *container { return c }

// Holder is what holds o: like Parent, but it may be a document. It is nil if
// there is none.
func Holder(o Object) Container {
	switch o := o.(type) {
	case Node:
		return o.base().parent
	case *Attribute:
		if o.parent != nil {
			return o.parent
		}
	}
	return nil
}

// Root is the outermost node around o.
func Root(o Object) Object {
	for {
		h := Holder(o)
		if h == nil {
			return o
		}
		o = h
	}
}

// DocumentOf is the document that o stands in, nil if it stands in none.
func DocumentOf(o Object) *Document {
	d, _ := Root(o).(*Document)
	return d
}

// First and Last are a container's first and last node, nil if it has none.
func First(c Container) Node { return c.content().first }

// Last is the last node.
func Last(c Container) Node { return c.content().last }

// Next is the node after n in its parent, nil if there is none.
func Next(n Node) Node { return n.base().next }

// Previous is the node before n in its parent, nil if there is none.
func Previous(n Node) Node { return n.base().prev }

// ElementOf is c's first element of that name, nil if there is none.
func ElementOf(c Container, name Name) *Element {
	for n := First(c); n != nil; n = Next(n) {
		if e, ok := n.(*Element); ok && e.name == name {
			return e
		}
	}
	return nil
}

// follow is the node after n in document order within root, nil at the end.
func follow(n, root Node) Node {
	if c, ok := n.(Container); ok && First(c) != nil {
		return First(c)
	}
	for n != root {
		if next := Next(n); next != nil {
			return next
		}
		n = n.base().parent
	}
	return nil
}

// Size is the number of nodes and attributes of a tree.
func Size(root Node) int {
	size := 0
	for n := root; n != nil; n = follow(n, root) {
		size++
		if e, ok := n.(*Element); ok {
			for a := e.firstAttr; a != nil; a = a.next {
				size++
			}
		}
	}
	return size
}

// Clone is a deep copy of n without a parent.
func Clone(n Node) Node {
	top := n.shallow()
	from, to := n, top // to is the copy of from
	for {
		if c, ok := from.(Container); ok && First(c) != nil {
			from = First(c)
			link(to.(Container), nil, from.shallow())
			to = First(to.(Container))
			continue
		}
		for from != n && Next(from) == nil {
			from, to = from.base().parent, to.base().parent
		}
		if from == n {
			return top
		}
		from = Next(from)
		link(to.base().parent, to, from.shallow())
		to = Next(to)
	}
}

// link puts n, which has no parent, into c after the node previous, or first if
// that is nil.
func link(c Container, previous, n Node) {
	list, b := c.content(), n.base()
	list.filled = false
	b.parent, b.prev = c, previous
	if previous == nil {
		b.next, list.first = list.first, n
	} else {
		b.next = previous.base().next
		previous.base().next = n
	}
	if b.next == nil {
		list.last = n
	} else {
		b.next.base().prev = n
	}
}

// unlink takes n out of its parent.
func unlink(n Node) {
	b := n.base()
	list := b.parent.content()
	if b.prev == nil {
		list.first = b.next
	} else {
		b.prev.base().next = b.next
	}
	if b.next == nil {
		list.last = b.prev
	} else {
		b.next.base().prev = b.prev
	}
	b.parent, b.prev, b.next = nil, nil, nil
}

func missingParent() error { return dotnet.InvalidOperation("The parent is missing.") }

// Remove takes n out of its parent.
func Remove(n Node) error {
	if n.base().parent == nil {
		return missingParent()
	}
	unlink(n)
	return nil
}

// RemoveNodes takes all nodes out of c.
func RemoveNodes(c Container) {
	list := c.content()
	for list.first != nil {
		unlink(list.first)
	}
	list.filled = false
}
