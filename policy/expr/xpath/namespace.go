package xpath

// NamespaceNode is a namespace in scope of an element.
type NamespaceNode struct {
	owner         Node
	prefix, space string
}

// NewNamespace is a namespace that a prefix is bound to at an element.
func NewNamespace(owner Node, prefix, space string) Node { return NamespaceNode{owner, prefix, space} }

// NodeType is part of Node.
func (NamespaceNode) NodeType() NodeType { return Namespace }

// LocalName is part of Node: the prefix.
func (n NamespaceNode) LocalName() string { return n.prefix }

// Prefix is part of Node.
func (NamespaceNode) Prefix() string { return "" }

// NamespaceURI is part of Node.
func (NamespaceNode) NamespaceURI() string { return "" }

// StringValue is part of Node: the namespace.
func (n NamespaceNode) StringValue() string { return n.space }

// Parent is part of Node.
func (n NamespaceNode) Parent() Node { return n.owner }

// FirstChild is part of Node.
func (NamespaceNode) FirstChild() Node { return nil }

// Next is part of Node.
func (NamespaceNode) Next() Node { return nil }

// Previous is part of Node.
func (NamespaceNode) Previous() Node { return nil }

// Attributes is part of Node.
func (NamespaceNode) Attributes() []Node { return nil }

// Namespaces is part of Node.
func (NamespaceNode) Namespaces() []Node { return nil }
