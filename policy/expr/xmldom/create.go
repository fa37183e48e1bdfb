package xmldom

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

const xmlnsSpace = string(xlinq.XMLNSNamespace)

// SplitName parts a qualified name.
func SplitName(name string) (prefix, local string) {
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix != "" && local != "" {
		return prefix, local
	}
	return "", name
}

// Element is a new element of the document n.
func (n *Node) Element(prefix, local, space string) (*Node, error) {
	return n.named(xlinq.ElementNode, prefix, local, space)
}

// Attribute is a new attribute of the document n.
func (n *Node) Attribute(prefix, local, space string) (*Node, error) {
	if space == "" && (prefix == "xmlns" || prefix == "" && local == "xmlns") {
		space = xmlnsSpace
	}
	return n.named(xlinq.AttributeNode, prefix, local, space)
}

func (n *Node) named(kind xlinq.NodeType, prefix, local, space string) (*Node, error) {
	if local == "" {
		return nil, dotnet.Argument("The local name for elements or attributes cannot be null or an empty string.", "")
	}
	for _, part := range []string{prefix, local} {
		if part == "" {
			continue
		}
		// .NET lets a name begin with any character that it may hold.
		if _, err := xlinq.NewName("", "a"+part); err != nil {
			return nil, err
		}
	}
	return &Node{kind: kind, prefix: prefix, local: local, space: space, document: n}, nil
}

// Text is a new text of the document n: of any kind of text, or a comment.
func (n *Node) Text(kind xlinq.NodeType, value string) *Node {
	return &Node{kind: kind, value: value, document: n}
}

// Whitespace is a new text of white space.
func (n *Node) Whitespace(kind xlinq.NodeType, value string) (*Node, error) {
	if strings.Trim(value, " \t\r\n") != "" {
		return nil, dotnet.Argument("The string for whitespace contains an invalid character.", "")
	}
	return n.Text(kind, value), nil
}

// Instruction is a new processing instruction.
func (n *Node) Instruction(target, data string) *Node {
	return &Node{kind: xlinq.InstructionNode, local: target, value: data, document: n}
}

// Fragment is a new document fragment.
func (n *Node) Fragment() *Node { return &Node{kind: xlinq.FragmentNode, document: n} }

// NewDeclaration is a new XML declaration; encoding and standalone may be "".
func (n *Node) NewDeclaration(version, encoding, standalone string) (*Node, error) {
	switch {
	case len(version) < 3 || version[:2] != "1." || strings.Trim(version[2:], "0123456789") != "":
		return nil, dotnet.Argument("Wrong XML version information. The XML must match production \"VersionNum ::= '1.' [0-9]+\" in the W3C Standard.", "")
	case standalone != "" && standalone != "yes" && standalone != "no":
		return nil, dotnet.Argument("Wrong value for the XML declaration standalone attribute of '"+standalone+"'.", "")
	}
	d := &xlinq.Declaration{Version: version}
	if encoding != "" {
		d.Encoding = encoding
	}
	if standalone != "" {
		d.Standalone = standalone
	}
	return &Node{kind: xlinq.DeclarationNode, Declaration: d, document: n}, nil
}

// Clone is a copy of n without a parent; with what it holds if deep. Attributes
// are always copied.
func (n *Node) Clone(deep bool) *Node { return n.clone(deep, n.document, true) }

// Import is a copy of a node for the document n.
func (n *Node) Import(node *Node, deep bool) *Node { return node.clone(deep, n, false) }

func (n *Node) clone(deep bool, document *Node, keep bool) *Node {
	c := *n
	c.document, c.parent, c.previous, c.next, c.first, c.last, c.attributes = document, nil, nil, nil, nil, nil, nil
	if n.kind == xlinq.DocumentNode {
		c.document = nil
		document = &c
	}
	for _, a := range n.attributes {
		b := *a
		b.document, b.parent = document, &c
		c.attributes = append(c.attributes, &b)
	}
	// Only the copy of an element keeps what is written as <a></a>.
	c.filled = n.kind == xlinq.ElementNode && keep && !n.IsEmpty()
	if deep {
		for child := n.first; child != nil; child = child.next {
			c.link(child.clone(true, document, keep && n.kind != xlinq.DocumentNode), nil)
		}
	}
	return &c
}

// Load reads a text into the document n, whose content it replaces.
func (n *Node) Load(text string) error {
	n.RemoveChildren()
	return n.read(xlinq.NewReader(text), n)
}

// read adds to into what r reads.
func (n *Node) read(r *xlinq.Reader, into *Node) error {
	b := &Builder{document: n, into: into}
	for {
		v, err := r.Read()
		if v == nil || err != nil {
			return err
		}
		b.Add(v)
	}
}

// Builder makes nodes of what is read.
type Builder struct{ document, top, into *Node }

// NewBuilder makes nodes of a new document, white space too.
func NewBuilder() *Builder {
	d := NewDocument()
	d.PreserveWhitespace = true
	f := d.Fragment()
	return &Builder{d, f, f}
}

// Node is the first node that was made, nil if none was.
func (b *Builder) Node() *Node { return b.top.first }

// Add takes what was read next.
func (b *Builder) Add(v *xlinq.Event) {
	n := b.document
	var c *Node
	switch v.Kind {
	case xlinq.EndElementNode:
		b.into = b.into.parent
		return
	case xlinq.ElementNode:
		c = n.elementOf(v)
		b.into.link(c, nil)
		if !v.Empty {
			b.into = c
		}
		return
	case xlinq.WhitespaceNode:
		if !n.PreserveWhitespace {
			return
		}
		c = n.Text(v.Kind, v.Value)
	case xlinq.DeclarationNode:
		c = &Node{kind: v.Kind, Declaration: v.Declaration, document: n}
	case xlinq.DocumentTypeNode:
		c = &Node{kind: v.Kind, DocumentType: v.DocumentType, document: n}
	case xlinq.InstructionNode:
		c = n.Instruction(v.Name.Local, v.Value)
	default:
		c = n.Text(v.Kind, v.Value)
	}
	b.into.link(c, nil)
}

func (n *Node) elementOf(v *xlinq.Event) *Node {
	c := &Node{kind: v.Kind, prefix: v.Prefix, local: v.Name.Local, space: string(v.Name.Space), document: n, filled: !v.Empty}
	for _, a := range v.Attributes {
		space := string(a.Name.Space)
		if a.Prefix == "" && a.Name.Local == "xmlns" {
			space = xmlnsSpace
		}
		c.attributes = append(c.attributes, &Node{kind: xlinq.AttributeNode, prefix: a.Prefix, local: a.Name.Local, space: space, value: a.Value, document: n, parent: c})
	}
	return c
}
