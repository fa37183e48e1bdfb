package policy

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Bindings are what a document refers to by name.
type Bindings struct {
	// NamedValue is the value of {{name}}. Nil leaves them open, as when a file is
	// looked at alone; what such a document compiles to must not run.
	NamedValue func(name string) (value string, ok bool)
	// Unknown reports that a named value exists, although nobody here knows its
	// value: that one stays open. Nil: there is none.
	Unknown func(name string) bool
	// Placeholder finds what a script fills in before the document is deployed; it
	// is as open as a named value without a value. Nil: there is none.
	Placeholder *regexp.Regexp
	// Fragment is the document of an include-fragment. Nil leaves them out.
	Fragment func(id string) (fragment *Document, ok bool)
	// Logger reports whether the service has a logger; nil: nobody knows.
	Logger func(id string) bool
	// Certificate is a certificate of the service.
	Certificate func(id string) (c *exchange.Certificate, ok bool)
	// Schema is a schema of the service. Nil: none is known, and any may be there.
	Schema func(id string) (schema *exchange.SchemaDocument, ok bool)
	// Backend is a backend entity of the service. Nil leaves them open.
	Backend func(id string) (b *exchange.BackendEntity, ok bool)
}

// Bind puts named values and fragments into d. Substitution is textual, comes
// before an expression is read, so that a value may itself be one, and is not
// recursive (runtime.md, Named values).
func Bind(d *Document, b Bindings) (*Node, Diagnostics) {
	binder := &binder{Bindings: b, fragment: d.Root().Tag == fragmentRoot, pieces: MaxPieces, room: MaxDocument}
	root := binder.node(d, d.Root())
	return root, binder.found
}

type binder struct {
	Bindings
	found    Diagnostics
	fragment bool // inside a fragment
	pieces   int  // elements and attributes that may still come
	room     int  // bytes of named values that may still be put in
}

func (b *binder) node(d *Document, e *etree.Element) *Node {
	m := d.marks[e]
	n := &Node{Name: e.FullTag(), doc: d, at: m.name, marks: m, bindings: &b.Bindings}
	if !b.count(n, 1+len(m.attrs)) {
		return n
	}
	liquid := e.SelectAttrValue(templateAttribute, "") == liquidTemplate
	for _, v := range m.attrs {
		n.Attrs = append(n.Attrs, b.value(v, e, false))
	}
	children := e.ChildElements()
	if n.Name == setBody && len(children) > 0 {
		// A body's elements are text: no definition describes them.
		var markup builder
		markup.add(d.text[m.content.start:m.content.end], m.content.start)
		n.markup = b.value(markup.finish(&Value{doc: d, start: m.content.start}), e, liquid)
		return n
	}
	if m.text != nil {
		n.Text = b.value(m.text, e, liquid)
	}
	for _, c := range children {
		n.Children = append(n.Children, b.node(d, c))
	}
	if n.Name == includeFragment {
		b.include(n)
	}
	return n
}

// count takes n's pieces from those that may come; it reports false, and says so
// once, when there are none left.
func (b *binder) count(n *Node, pieces int) bool {
	before := b.pieces
	b.pieces -= pieces
	if before >= 0 && b.pieces < 0 {
		b.found = append(b.found, n.Fault(Error, nil, "with its fragments the document has more than %d elements and attributes", MaxPieces).Under(RuleDocumentSize))
	}
	return b.pieces >= 0
}

func (b *binder) include(n *Node) {
	id := n.Attr(fragmentID)
	if id == nil {
		return // Check says that it is missing
	}
	if b.fragment {
		b.found = append(b.found, n.Fault(Error, nil, "a fragment must not include another fragment").Under(RuleFragmentNested))
		return
	}
	if b.Fragment == nil {
		return
	}
	d, ok := b.Fragment(id.Text)
	if !ok {
		b.found = append(b.found, n.Fault(Error, id, "Policy fragment with id '%s' could not be found.", id.Written()).Under(RuleFragmentUnknown))
		return
	}
	b.fragment = true
	n.fragment = b.node(d, d.Root())
	b.fragment = false
}

// NamedValue is a named value's place in a text, {{name}}: letters, digits, dots, dashes and
// underscores. The first group is the name. Where a template has it, it may be Liquid's.
var NamedValue = pattern.Lazy(`\{\{([A-Za-z0-9_.\-]+)\}\}`)

// value is v with its named values put in. In a Liquid template {{...}} that is
// no named value belongs to the template.
func (b *binder) value(v *Value, e *etree.Element, liquid bool) *Value {
	if b.NamedValue == nil || !strings.Contains(v.Text, "{{") { // as most
		return v
	}
	holes := NamedValue().FindAllStringSubmatchIndex(v.Text, -1)
	if holes == nil {
		return v
	}
	bound := &Value{Name: v.Name, doc: v.doc, nameAt: v.nameAt, start: v.start}
	var parts builder
	done := 0
	for _, h := range holes {
		name := v.Text[h[2]:h[3]]
		if b.Unknown != nil && b.Unknown(name) {
			continue
		}
		text, ok := b.NamedValue(name)
		if !ok {
			if !liquid {
				b.report(RuleNamedValueUnknown, v, h[0], "Cannot find a property '%s': no named value has this name (in <%s>)", name, e.FullTag())
			}
			continue
		}
		if b.room < len(text) {
			b.report(RuleDocumentSize, v, h[0], "the document's named values have more than %d bytes together", MaxDocument)
			return v
		}
		b.room -= len(text)
		parts.addPart(v, done, h[0])
		parts.addNamed(text, name, v.offset(h[0]))
		done = h[1]
	}
	parts.addPart(v, done, len(v.Text))
	parts.finish(bound).markExpression()
	return bound
}

// report tells of a fault at byte at of v.Text.
func (b *binder) report(rule string, v *Value, at int, format string, args ...any) {
	b.found = append(b.found, v.doc.diagnostic(Error, v.offset(at), fmt.Sprintf(format, args...)).Under(rule))
}
