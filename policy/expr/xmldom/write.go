package xmldom

import (
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// OuterXML is the node as text.
func OuterXML(n *Node) string {
	w := newWriter()
	w.node(n)
	return w.out.String()
}

// InnerXML is what the node holds as text.
func InnerXML(n *Node) string {
	w := newWriter()
	if n.kind == xlinq.AttributeNode {
		w.escape(n.value, false)
		return w.out.String()
	}
	for c := n.first; c != nil; c = c.next {
		w.node(c)
	}
	return w.out.String()
}

// writer is .NET's XmlTextWriter: it declares the namespaces that a start tag
// uses and nothing around it declares.
type writer struct {
	out      strings.Builder
	bindings []binding // of prefixes
	elements []element
}

type binding struct {
	prefix, space string
	declared      bool // by an attribute, or around
}

type element struct {
	name     string
	bindings int    // len(writer.bindings) outside
	space    string // the default namespace
	pending  bool   // the default namespace is still to be declared
}

func newWriter() *writer {
	return &writer{bindings: []binding{{"xml", string(xlinq.XMLNamespace), true}}, elements: []element{{}}}
}

func (w *writer) node(n *Node) {
	switch n.kind {
	case xlinq.DocumentNode, xlinq.FragmentNode:
		for c := n.first; c != nil; c = c.next {
			w.node(c)
		}
	case xlinq.ElementNode:
		w.tree(n)
	case xlinq.AttributeNode:
		w.attribute(n)
	case xlinq.CDATANode:
		w.out.WriteString("<![CDATA[" + n.value + "]]>")
	case xlinq.CommentNode:
		w.out.WriteString("<!--" + n.value + "-->")
	case xlinq.InstructionNode:
		w.out.WriteString("<?" + n.local)
		if n.value != "" {
			w.out.WriteString(" " + n.value)
		}
		w.out.WriteString("?>")
	case xlinq.DeclarationNode:
		s, _ := n.Declaration.Text()
		w.out.WriteString(s)
	case xlinq.DocumentTypeNode:
		w.documentType(n.DocumentType)
	default:
		w.escape(n.value, false)
	}
}

// tree writes an element with all that it holds.
func (w *writer) tree(top *Node) {
	for n := top; ; {
		switch {
		case n.kind != xlinq.ElementNode:
			w.node(n)
		case w.start(n):
			n = n.first
			continue
		}
		for n != top && n.next == nil {
			n = n.parent
			w.end()
		}
		if n == top {
			return
		}
		n = n.next
	}
}

// start writes a start tag, or all of an element that holds nothing; true if
// nodes follow.
func (w *writer) start(n *Node) (open bool) {
	outer := w.elements[len(w.elements)-1]
	e := element{bindings: len(w.bindings), space: outer.space}
	prefix := n.prefix
	if n.space == "" {
		prefix = ""
	}
	e.name = n.local
	if prefix == "" {
		e.space, e.pending = n.space, true
	} else {
		e.name = prefix + ":" + n.local
	}
	w.elements = append(w.elements, e)
	if prefix != "" {
		w.bind(prefix, n.space, false)
	}
	w.out.WriteString("<" + e.name)
	for _, a := range n.attributes {
		w.out.WriteByte(' ')
		w.attribute(a)
	}
	for i := len(w.bindings) - 1; i >= e.bindings; i-- {
		if b := w.bindings[i]; !b.declared {
			w.out.WriteString(" xmlns:" + b.prefix + `="`)
			w.escape(b.space, true)
			w.out.WriteByte('"')
		}
	}
	if e := w.elements[len(w.elements)-1]; e.pending && e.space != outer.space {
		w.out.WriteString(` xmlns="`)
		w.escape(e.space, true)
		w.out.WriteByte('"')
	}
	switch {
	case n.first != nil:
		w.out.WriteByte('>')
		return true
	case n.filled:
		w.out.WriteByte('>')
		w.end()
		return false
	}
	w.out.WriteString(" />")
	w.pop()
	return false
}

func (w *writer) end() {
	w.out.WriteString("</" + w.elements[len(w.elements)-1].name + ">")
	w.pop()
}

func (w *writer) pop() {
	last := len(w.elements) - 1
	w.bindings = w.bindings[:w.elements[last].bindings]
	w.elements = w.elements[:last]
}

// find is the newest binding of prefix, -1 if there is none.
func (w *writer) find(prefix string) int {
	for i := len(w.bindings) - 1; i >= 0; i-- {
		if w.bindings[i].prefix == prefix {
			return i
		}
	}
	return -1
}

// bind makes prefix stand for space in the start tag.
func (w *writer) bind(prefix, space string, declared bool) {
	i := w.find(prefix)
	if i >= 0 && w.bindings[i].space == space {
		w.bindings[i].declared = w.bindings[i].declared || declared
		return
	}
	if declared && i >= w.elements[len(w.elements)-1].bindings {
		w.bindings[i].declared = true
	}
	w.bindings = append(w.bindings, binding{prefix, space, declared})
}

func (w *writer) attribute(a *Node) {
	name := a.local
	switch {
	case a.space == xmlnsSpace:
		name = a.Name()
		if a.prefix == "" {
			e := &w.elements[len(w.elements)-1]
			if !e.pending {
				e.space = a.value
			}
			e.pending = false
		} else {
			w.bind(a.local, a.value, true)
		}
	case a.space != "":
		name = w.prefixOf(a) + ":" + a.local
	}
	w.out.WriteString(name + `="`)
	w.escape(a.value, true)
	w.out.WriteByte('"')
}

// prefixOf is the prefix of an attribute that has a namespace.
func (w *writer) prefixOf(a *Node) string {
	prefix := a.prefix
	if prefix == "" {
		for i := len(w.bindings) - 1; i >= 0; i-- {
			if b := w.bindings[i]; b.space == a.space && w.find(b.prefix) == i {
				return b.prefix
			}
		}
		prefix = "d" + strconv.Itoa(len(w.elements)-1) + "p1"
	}
	w.bind(prefix, a.space, false)
	return prefix
}

func (w *writer) documentType(d *xlinq.DocumentType) {
	w.out.WriteString("<!DOCTYPE " + d.Name)
	public, hasPublic := d.PublicID.(string)
	system, hasSystem := d.SystemID.(string)
	switch {
	case hasPublic:
		w.out.WriteString(` PUBLIC "` + public + `" "` + system + `"`)
	case hasSystem:
		w.out.WriteString(` SYSTEM "` + system + `"`)
	}
	if subset, ok := d.InternalSubset.(string); ok {
		w.out.WriteString("[" + subset + "]")
	}
	w.out.WriteByte('>')
}

// escape writes text, or an attribute's value.
func (w *writer) escape(s string, attribute bool) {
	done := 0
	for i := range len(s) {
		with := ""
		switch c := s[i]; {
		case c == '<':
			with = "&lt;"
		case c == '>':
			with = "&gt;"
		case c == '&':
			with = "&amp;"
		case c == '"' && attribute:
			with = "&quot;"
		case c == '\n' && attribute:
			with = "&#xA;"
		case c == '\r' && attribute:
			with = "&#xD;"
		default:
			continue
		}
		w.out.WriteString(s[done:i] + with)
		done = i + 1
	}
	w.out.WriteString(s[done:])
}
