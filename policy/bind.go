package policy

import (
	"crypto"
	"fmt"
	"regexp"

	"github.com/beevik/etree"
)

// Bindings are what a document refers to by name.
type Bindings struct {
	// NamedValue is the value of {{name}}.
	NamedValue func(name string) (value string, ok bool)
	// Fragment is the document of an include-fragment.
	Fragment func(id string) (fragment *Document, ok bool)
	// Certificate is the public key of a certificate of the service.
	Certificate func(id string) (key crypto.PublicKey, ok bool)
}

// Bind puts named values and fragments into d. Substitution is textual, comes
// before an expression is read, so that a value may itself be one, and is not
// recursive (runtime.md, Named values).
func Bind(d *Document, b Bindings) (*Node, Diagnostics) {
	binder := &binder{Bindings: b}
	root := binder.node(d, d.Root())
	return root, binder.found
}

type binder struct {
	Bindings
	found    Diagnostics
	fragment bool // inside an included fragment
}

func (b *binder) node(d *Document, e *etree.Element) *Node {
	m := d.marks[e]
	n := &Node{Name: e.FullTag(), doc: d, at: m.name, bindings: &b.Bindings}
	liquid := e.SelectAttrValue("template", "") == "liquid"
	for _, v := range m.attrs {
		n.Attrs = append(n.Attrs, b.value(v, e, false))
	}
	if m.text != nil {
		n.Text = b.value(m.text, e, liquid)
	}
	for _, c := range e.ChildElements() {
		n.Children = append(n.Children, b.node(d, c))
	}
	switch {
	case n.Name == includeFragment:
		b.include(n)
	case n.Name == setBody && len(n.Children) > 0:
		// A body's elements are text: no definition describes them.
		markup := &Value{doc: d, start: m.content.start}
		markup.append(d.text[m.content.start:m.content.end], m.content.start)
		n.markup, n.Children = b.value(markup, e, liquid), nil
	}
	return n
}

// setBody is the one element whose content may be markup.
const setBody = "set-body"

func (b *binder) include(n *Node) {
	id := n.Attr(fragmentID)
	if id == nil {
		return // Check says that it is missing
	}
	if b.fragment {
		b.found = append(b.found, n.Fault(Error, nil, "a fragment must not include another fragment"))
		return
	}
	if b.Fragment == nil {
		return
	}
	d, ok := b.Fragment(id.Text)
	if !ok {
		b.found = append(b.found, n.Fault(Error, id, "Policy fragment with id '%s' could not be found.", id.Written()))
		return
	}
	b.fragment = true
	root := b.node(d, d.Root())
	b.fragment = false
	if root.Name != fragmentRoot {
		b.found = append(b.found, root.Fault(Error, nil, "a fragment's root element is <fragment>, not <%s>", root.Name))
		return
	}
	n.Children = root.Children
}

// namedValue is {{name}}: letters, digits, dots, dashes and underscores.
var namedValue = regexp.MustCompile(`\{\{([A-Za-z0-9_.\-]+)\}\}`)

// value is v with its named values put in. In a Liquid template {{...}} that is
// no named value belongs to the template.
func (b *binder) value(v *Value, e *etree.Element, liquid bool) *Value {
	if b.NamedValue == nil {
		return v
	}
	holes := namedValue.FindAllStringSubmatchIndex(v.Text, -1)
	if holes == nil {
		return v
	}
	bound := &Value{Name: v.Name, doc: v.doc, nameAt: v.nameAt, start: v.start}
	done := 0
	for _, h := range holes {
		name := v.Text[h[2]:h[3]]
		text, ok := b.NamedValue(name)
		if !ok {
			if !liquid {
				line, col := v.Position(h[0])
				b.found = append(b.found, Diagnostic{Severity: Error, Document: v.doc.Name, Line: line, Col: col,
					Message: fmt.Sprintf("Cannot find a property '%s': no named value has this name (in <%s>)", name, e.FullTag())})
			}
			continue
		}
		bound.appendPart(v, done, h[0])
		if text != "" {
			bound.segments = append(bound.segments, segment{at: len(bound.Text), source: v.offset(h[0]), named: name})
			bound.Text += text
		}
		done = h[1]
	}
	bound.appendPart(v, done, len(v.Text))
	bound.markExpression()
	if v.Expression && !bound.Expression {
		line, col := v.Start()
		b.found = append(b.found, Diagnostic{Severity: Error, Document: v.doc.Name, Line: line, Col: col,
			Message: "this is no expression any more once its named values are put in: " + v.Written()})
	}
	return bound
}

// appendPart adds v.Text[from:to] with its origin.
func (v *Value) appendPart(of *Value, from, to int) {
	part := *of
	part.cut(from, to)
	for _, s := range part.segments {
		s.at += len(v.Text)
		v.segments = append(v.segments, s)
	}
	v.Text += part.Text
}
