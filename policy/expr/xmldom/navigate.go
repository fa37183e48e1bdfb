package xmldom

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xpath"
)

// Navigate is a node as package xpath sees it: texts that follow each other are
// one, declarations and document types are none.
func Navigate(n *Node) xpath.Node {
	if n.isText() {
		for p := n.previous; p != nil && p.isText(); p = p.previous {
			n = p
		}
	}
	return place{n}
}

// NodeOf is the node behind what package xpath gives; nil for a namespace.
func NodeOf(n xpath.Node) *Node {
	p, _ := n.(place)
	return p.n
}

type place struct{ n *Node }

// NodeType is part of xpath.Node.
func (p place) NodeType() xpath.NodeType {
	switch p.n.kind {
	case xlinq.ElementNode:
		return xpath.Element
	case xlinq.AttributeNode:
		return xpath.Attribute
	case xlinq.CommentNode:
		return xpath.Comment
	case xlinq.InstructionNode:
		return xpath.Instruction
	case xlinq.DocumentNode, xlinq.FragmentNode:
		return xpath.Root
	}
	return xpath.Text
}

// LocalName is part of xpath.Node.
func (p place) LocalName() string { return p.n.local }

// Prefix is part of xpath.Node.
func (p place) Prefix() string { return p.n.prefix }

// NamespaceURI is part of xpath.Node.
func (p place) NamespaceURI() string { return p.n.space }

// StringValue is part of xpath.Node.
func (p place) StringValue() string {
	if !p.n.isText() {
		return p.n.InnerText()
	}
	var b strings.Builder
	for n := p.n; n != nil && n.isText(); n = n.next {
		b.WriteString(n.value)
	}
	return b.String()
}

// Parent is part of xpath.Node.
func (p place) Parent() xpath.Node {
	if p.n.parent == nil {
		return nil
	}
	return place{p.n.parent}
}

// FirstChild is part of xpath.Node.
func (p place) FirstChild() xpath.Node { return visible(p.n.first) }

// Next is part of xpath.Node.
func (p place) Next() xpath.Node {
	n := p.n.next
	if p.n.isText() {
		for n != nil && n.isText() {
			n = n.next
		}
	}
	return visible(n)
}

// visible is the first node from n on that XPath knows.
func visible(n *Node) xpath.Node {
	for n != nil && hidden(n) {
		n = n.next
	}
	if n == nil {
		return nil
	}
	return place{n}
}

func hidden(n *Node) bool {
	return n.kind == xlinq.DeclarationNode || n.kind == xlinq.DocumentTypeNode || n.isText() && n.parent.kind == xlinq.DocumentNode
}

// Previous is part of xpath.Node.
func (p place) Previous() xpath.Node {
	n := p.n.previous
	for n != nil && hidden(n) {
		n = n.previous
	}
	if n == nil {
		return nil
	}
	return Navigate(n)
}

// Attributes is part of xpath.Node.
func (p place) Attributes() []xpath.Node {
	var all []xpath.Node
	for _, a := range p.n.attributes {
		if a.space != xmlnsSpace {
			all = append(all, place{a})
		}
	}
	return all
}

// Namespaces is part of xpath.Node.
func (p place) Namespaces() []xpath.Node {
	var all []xpath.Node
	bound := map[string]bool{}
	for e := p.n; e != nil; e = e.parent {
		for _, a := range e.attributes {
			prefix := a.local
			if a.prefix == "" {
				prefix = ""
			}
			if a.space == xmlnsSpace && !bound[prefix] {
				bound[prefix] = true
				all = append(all, xpath.NewNamespace(p, prefix, a.value))
			}
		}
	}
	if !bound["xml"] {
		all = append(all, xpath.NewNamespace(p, "xml", string(xlinq.XMLNamespace)))
	}
	return all
}

// NamespaceOfPrefix is the namespace that a prefix is bound to at n, "" if it is
// not bound.
func (n *Node) NamespaceOfPrefix(prefix string) string {
	if n.kind == xlinq.DocumentNode {
		n = n.DocumentElement()
	}
	for e := n; e != nil; e = e.parent {
		for _, a := range e.attributes {
			if a.space == xmlnsSpace && (a.prefix == "" && prefix == "" || a.prefix != "" && a.local == prefix) {
				return a.value
			}
		}
		if e.kind == xlinq.ElementNode && e.prefix == prefix {
			return e.space
		}
	}
	switch prefix {
	case "xml":
		return string(xlinq.XMLNamespace)
	case "xmlns":
		return xmlnsSpace
	}
	return ""
}

// PrefixOfNamespace is a prefix that is bound to a namespace at n, "" if there is
// none.
func (n *Node) PrefixOfNamespace(space string) string {
	if n.kind == xlinq.DocumentNode {
		n = n.DocumentElement()
	}
	for e := n; e != nil; e = e.parent {
		if e.kind == xlinq.ElementNode && e.space == space {
			return e.prefix
		}
		for _, a := range e.attributes {
			if a.space == xmlnsSpace && a.value == space && a.prefix != "" {
				return a.local
			}
		}
	}
	switch space {
	case string(xlinq.XMLNamespace):
		return "xml"
	case xmlnsSpace:
		return "xmlns"
	}
	return ""
}
