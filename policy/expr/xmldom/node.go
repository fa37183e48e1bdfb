package xmldom

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// Node is an XmlNode of whatever kind.
type Node struct {
	kind                 xlinq.NodeType
	prefix, local, space string
	value                string // of text, comment, instruction and attribute
	document             *Node  // it belongs to; nil for a document
	parent               *Node  // of an attribute, its element
	first, last          *Node
	previous, next       *Node
	attributes           []*Node
	filled               bool // an element is written with an end tag though it is empty

	// Declaration is what an XML declaration says.
	Declaration *xlinq.Declaration
	// DocumentType is what a document type says.
	DocumentType *xlinq.DocumentType
	// PreserveWhitespace of a document keeps texts of white space when it is
	// loaded.
	PreserveWhitespace bool
}

// NewDocument is an empty document.
func NewDocument() *Node { return &Node{kind: xlinq.DocumentNode} }

var typeNames = map[xlinq.NodeType]string{xlinq.ElementNode: "Element", xlinq.AttributeNode: "Attribute", xlinq.TextNode: "Text", xlinq.CDATANode: "CDataSection",
	xlinq.InstructionNode: "ProcessingInstruction", xlinq.CommentNode: "Comment", xlinq.DocumentNode: "Document", xlinq.DocumentTypeNode: "DocumentType",
	xlinq.FragmentNode: "DocumentFragment", xlinq.WhitespaceNode: "Whitespace", xlinq.SignificantWhitespaceNode: "SignificantWhitespace",
	xlinq.DeclarationNode: "Declaration"}

// TypeName is the .NET type's full name.
func (n *Node) TypeName() string { return "System.Xml.Xml" + typeNames[n.kind] }

// Kind is the node's type.
func (n *Node) Kind() xlinq.NodeType { return n.kind }

// Name is the name with its prefix, or what stands for one: #text.
func (n *Node) Name() string {
	switch n.kind {
	case xlinq.ElementNode, xlinq.AttributeNode:
		if n.prefix != "" {
			return n.prefix + ":" + n.local
		}
		return n.local
	case xlinq.InstructionNode:
		return n.local
	case xlinq.DocumentTypeNode:
		return n.DocumentType.Name
	case xlinq.DeclarationNode:
		return "xml"
	}
	return map[xlinq.NodeType]string{xlinq.TextNode: "#text", xlinq.CDATANode: "#cdata-section", xlinq.CommentNode: "#comment", xlinq.DocumentNode: "#document",
		xlinq.FragmentNode: "#document-fragment", xlinq.WhitespaceNode: "#whitespace", xlinq.SignificantWhitespaceNode: "#significant-whitespace"}[n.kind]
}

// LocalName is the name without prefix.
func (n *Node) LocalName() string {
	if n.kind == xlinq.ElementNode || n.kind == xlinq.AttributeNode {
		return n.local
	}
	return n.Name()
}

// Prefix is the prefix of the name.
func (n *Node) Prefix() string { return n.prefix }

// SetPrefix changes the prefix.
func (n *Node) SetPrefix(prefix string) {
	if n.kind == xlinq.ElementNode || n.kind == xlinq.AttributeNode {
		n.prefix = prefix
	}
}

// NamespaceURI is the namespace of the name.
func (n *Node) NamespaceURI() string { return n.space }

// OwnerDocument is the document that the node belongs to; nil for a document.
func (n *Node) OwnerDocument() *Node { return n.document }

// Document is OwnerDocument, or the node itself if it is a document.
func (n *Node) Document() *Node {
	if n.document == nil {
		return n
	}
	return n.document
}

// ParentNode is what holds the node: nothing holds an attribute.
func (n *Node) ParentNode() *Node {
	if n.kind == xlinq.AttributeNode {
		return nil
	}
	return n.parent
}

// OwnerElement is an attribute's element, nil if it has none.
func (n *Node) OwnerElement() *Node { return n.parent }

// FirstChild and LastChild are the ends of what the node holds. An attribute
// holds a text.
func (n *Node) FirstChild() *Node {
	if n.kind == xlinq.AttributeNode && n.value != "" {
		return n.Document().Text(xlinq.TextNode, n.value)
	}
	return n.first
}

// LastChild is the last node that the node holds.
func (n *Node) LastChild() *Node {
	if n.kind == xlinq.AttributeNode {
		return n.FirstChild()
	}
	return n.last
}

// Next and Previous are the nodes beside the node.
func (n *Node) Next() *Node { return n.next }

// Previous is the node before the node.
func (n *Node) Previous() *Node { return n.previous }

// IsEmpty tells whether an element is written as <a />.
func (n *Node) IsEmpty() bool { return n.first == nil && !n.filled }

// SetEmpty makes an element empty, or not.
func (n *Node) SetEmpty(empty bool) {
	if empty {
		n.RemoveChildren()
	}
	n.filled = !empty
}

// DocumentElement is a document's element, nil if it has none.
func (n *Node) DocumentElement() *Node { return n.firstOf(xlinq.ElementNode) }

// FirstOf is the first child of that kind, nil if there is none.
func (n *Node) firstOf(kind xlinq.NodeType) *Node {
	for c := n.first; c != nil; c = c.next {
		if c.kind == kind {
			return c
		}
	}
	return nil
}

// Type is a document's XmlDocumentType, nil if it has none.
func (n *Node) Type() *Node { return n.firstOf(xlinq.DocumentTypeNode) }

// HeadDeclaration is the XML declaration of a document, nil if it has none.
func (n *Node) HeadDeclaration() *Node {
	if n.first != nil && n.first.kind == xlinq.DeclarationNode {
		return n.first
	}
	return nil
}

// Child is the first child element of that qualified name.
func (n *Node) Child(name string) *Node {
	for c := n.first; c != nil; c = c.next {
		if c.kind == xlinq.ElementNode && c.Name() == name {
			return c
		}
	}
	return nil
}

// ChildNS is the first child element of that name.
func (n *Node) ChildNS(local, space string) *Node {
	for c := n.first; c != nil; c = c.next {
		if c.kind == xlinq.ElementNode && c.local == local && c.space == space {
			return c
		}
	}
	return nil
}

// isText tells whether a node is a kind of text.
func (n *Node) isText() bool {
	switch n.kind {
	case xlinq.TextNode, xlinq.CDATANode, xlinq.WhitespaceNode, xlinq.SignificantWhitespaceNode:
		return true
	}
	return false
}

// Value is the node's value; false if it has none.
func (n *Node) Value() (string, bool) {
	switch n.kind {
	case xlinq.ElementNode, xlinq.DocumentNode, xlinq.FragmentNode, xlinq.DocumentTypeNode:
		return "", false
	case xlinq.DeclarationNode:
		s, _ := n.Declaration.Text()
		return strings.TrimSuffix(strings.TrimPrefix(s, "<?xml "), "?>"), true
	}
	return n.value, true
}

// SetValue changes the value.
func (n *Node) SetValue(s string) error {
	if _, ok := n.Value(); !ok {
		return dotnet.InvalidOperation("Cannot set a value on node type '" + enumName(n.kind) + "'.")
	}
	n.value = s
	return nil
}

func enumName(kind xlinq.NodeType) string {
	if kind == xlinq.CDATANode {
		return "CDATA"
	}
	return typeNames[kind]
}

// InnerText is the text of all texts within.
func (n *Node) InnerText() string {
	if v, ok := n.Value(); ok {
		return v
	}
	var b strings.Builder
	for c := follow(n, n); c != nil; c = follow(c, n) {
		if c.isText() {
			b.WriteString(c.value)
		}
	}
	return b.String()
}

// follow is the node after n in document order within top, nil at the end.
func follow(n, top *Node) *Node {
	if n.first != nil {
		return n.first
	}
	for n != top {
		if n.next != nil {
			return n.next
		}
		n = n.parent
	}
	return nil
}

// Size is the number of nodes and attributes of a tree.
func (n *Node) Size() int {
	size := 0
	for c := n; c != nil; c = follow(c, n) {
		size += 1 + len(c.attributes)
	}
	return size
}

// Elements are the elements within n that accept accepts.
func (n *Node) Elements(accept func(*Node) bool) []*Node {
	var found []*Node
	for c := follow(n, n); c != nil; c = follow(c, n) {
		if c.kind == xlinq.ElementNode && accept(c) {
			found = append(found, c)
		}
	}
	return found
}

// Children are the nodes that the node holds.
func (n *Node) Children() []*Node {
	if n.kind == xlinq.AttributeNode && n.value != "" {
		return []*Node{n.FirstChild()}
	}
	var all []*Node
	for c := n.first; c != nil; c = c.next {
		all = append(all, c)
	}
	return all
}
