package policy

import (
	"crypto"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Node is an element of a bound document: named values are put in. A statement's
// Compile gets a node that Check has accepted.
type Node struct {
	Name     string
	Attrs    []*Value
	Text     *Value // nil if there is none but white space
	Children []*Node

	doc      *Document
	bindings *Bindings
	at       int      // offset of the element's name
	def      *Element // set by Check
	markup   *Value   // the content as written, where elements in it are text
	fragment *Node    // root of the fragment that an include-fragment puts in
	site     *exchange.Site
	// idle: Check found something in it that can't be compiled, either because it
	// does not run in this version or because a named value is open.
	idle       bool
	references []Reference
	warnings   Diagnostics
}

// Reference is an address that a statement of a document will call, as far as
// it is known at load.
type Reference struct {
	URL exchange.URL
	// At is where the document names it.
	At Diagnostic
}

// Refer tells that the statement will call u, which the document names in v.
func (n *Node) Refer(v *Value, u exchange.URL) {
	n.references = append(n.references, Reference{u, n.Fault(Error, v, "")})
}

// Warn tells that what v says will not work as meant; v may be nil.
func (n *Node) Warn(v *Value, format string, args ...any) {
	n.warnings = append(n.warnings, n.Fault(Warning, v, format, args...))
}

// Attr is the attribute's value as written in the document; nil if it is absent.
func (n *Node) Attr(name string) *Value {
	for _, v := range n.Attrs {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Has reports whether the attribute is written.
func (n *Node) Has(name string) bool { return n.Attr(name) != nil }

// Child is the first child of that name, nil if there is none.
func (n *Node) Child(name string) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// ChildrenNamed are the children of that name, in order.
func (n *Node) ChildrenNamed(name string) []*Node {
	var named []*Node
	for _, c := range n.Children {
		if c.Name == name {
			named = append(named, c)
		}
	}
	return named
}

// Certificate is the public key of a certificate that the service holds.
func (n *Node) Certificate(id string) (crypto.PublicKey, bool) {
	if n.bindings.Certificate == nil {
		return nil, false
	}
	return n.bindings.Certificate(id)
}

// runs reports whether nothing in n is idle.
func (n *Node) runs() bool {
	return !n.idle && !slices.ContainsFunc(n.Children, func(c *Node) bool { return !c.runs() })
}

// Site is where the statement stands that n is, or is part of.
func (n *Node) Site() *exchange.Site { return n.site }

// Fault is a diagnostic at v, or at the element itself if v is nil.
func (n *Node) Fault(s Severity, v *Value, format string, args ...any) Diagnostic {
	offset := n.at
	doc := n.doc
	if v != nil {
		doc, offset = v.doc, v.start
	}
	return doc.diagnostic(s, offset, fmt.Sprintf(format, args...))
}

// Operand is an attribute's or a text's value when a statement runs: its type is
// what the statement wants, whatever was written.
type Operand[T any] struct {
	constant T
}

// Get is the value for this run.
func (o Operand[T]) Get(*Run) (T, error) { return o.constant, nil }

// Constant is the value if it is the same for all runs.
func (o Operand[T]) Constant() (value T, ok bool) { return o.constant, true }

// String is the attribute as text; its default, or "", if it is absent.
func (n *Node) String(name string) Operand[string] {
	return Operand[string]{n.written(name)}
}

// Int is the attribute as a number; its default, or 0, if it is absent.
func (n *Node) Int(name string) Operand[int] {
	i, _ := strconv.Atoi(n.written(name))
	return Operand[int]{i}
}

// Bool is the attribute as a truth value; its default, or false, if it is absent.
func (n *Node) Bool(name string) Operand[bool] {
	b, _ := parseBool(n.written(name))
	return Operand[bool]{b}
}

// Duration is the attribute, in seconds or milliseconds as its definition says,
// as a duration.
func (n *Node) Duration(name string) Operand[time.Duration] {
	i, _ := n.Int(name).Constant()
	unit := time.Second
	if n.def.attribute(name).Type == Milliseconds {
		unit = time.Millisecond
	}
	return Operand[time.Duration]{time.Duration(i) * unit}
}

// Content is the element's text, as its definition takes it.
func (n *Node) Content() Operand[string] {
	switch {
	case n.markup != nil:
		return Operand[string]{n.markup.Text}
	case n.Text != nil:
		return Operand[string]{n.Text.Text}
	}
	return Operand[string]{}
}

// Contents are the texts of the children of that name, in order.
func (n *Node) Contents(child string) []Operand[string] {
	var texts []Operand[string]
	for _, c := range n.ChildrenNamed(child) {
		texts = append(texts, c.Content())
	}
	return texts
}

func (n *Node) written(name string) string {
	if v := n.Attr(name); v != nil {
		return v.Text
	}
	return n.def.attribute(name).Default
}

// parseBool reads a truth value as an XML schema's boolean, in any case: APIM's
// documents are written with both true and True.
func parseBool(s string) (bool, bool) {
	switch s {
	case "true", "True", "TRUE", "1":
		return true, true
	case "false", "False", "FALSE", "0":
		return false, true
	}
	return false, false
}
