package xpath

// NodeType is what a Node is.
type NodeType uint8

// The types of nodes of XPath's data model.
const (
	Root NodeType = iota
	Element
	Attribute
	Namespace
	Text
	Comment
	Instruction
)

// Node is a node of a tree. Two are the same node if they are equal. Texts that
// follow each other are one node.
type Node interface {
	NodeType() NodeType
	LocalName() string
	Prefix() string
	NamespaceURI() string
	// StringValue is the node's text; of a container that of all texts within.
	StringValue() string
	// Parent is what holds the node, nil if there is none.
	Parent() Node
	// FirstChild, Next and Previous walk through children: none for attributes.
	FirstChild() Node
	Next() Node
	Previous() Node
	// Attributes are those of an element that declare no namespace.
	Attributes() []Node
	// Namespaces are the namespaces in scope of an element.
	Namespaces() []Node
}

// Resolver finds the namespace of a prefix; false if it knows none.
type Resolver func(prefix string) (namespace string, known bool)

// nodeSet is a set of nodes on its way through an expression.
type nodeSet struct {
	nodes []Node
	// sorted says that the nodes are in document order and no node twice.
	sorted bool
}

// follow is the node after n in document order within top, nil at the end.
func follow(n, top Node) Node {
	if c := n.FirstChild(); c != nil {
		return c
	}
	return after(n, top)
}

// after is the node after n and what it holds.
func after(n, top Node) Node {
	for n != nil && n != top {
		if next := n.Next(); next != nil {
			return next
		}
		n = n.Parent()
	}
	return nil
}

func rootOf(n Node) Node {
	for p := n.Parent(); p != nil; p = n.Parent() {
		n = p
	}
	return n
}
