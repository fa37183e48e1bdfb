package policy

import (
	"fmt"
	"slices"

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
	marks    *marks   // of the element in doc
	def      *Element // set by Check
	markup   *Value   // the content as written, where elements in it are text
	fragment *Node    // root of the fragment that an include-fragment puts in
	site     *exchange.Site
	path     string // as LastError.Path; set when it is compiled
	block    Block  // the statements that stand in it
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
	n.warnings = append(n.warnings, n.Fault(Warning, v, format, args...).Under(RuleStatementDoubtful))
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

// Certificate is a certificate that the service holds. Of one that is
// not read, as for a linter, the Leaf has somebody's public key and nothing else.
func (n *Node) Certificate(id string) (*exchange.Certificate, bool) {
	if n.bindings.Certificate == nil {
		return nil, false
	}
	return n.bindings.Certificate(id)
}

// Schema is a schema that the service holds; known says that all it holds are known.
func (n *Node) Schema(id string) (schema *exchange.SchemaDocument, known bool) {
	if n.bindings.Schema == nil {
		return nil, false
	}
	schema, _ = n.bindings.Schema(id)
	return schema, true
}

// CheckBackend is the fault of an attribute that names a backend which the service does
// not have; nil if it has it, or if that is not known at load. The text is Azure's
// (observed.md, V11).
func (n *Node) CheckBackend(attribute string) error {
	v := n.Attr(attribute)
	if v == nil || v.Expression || n.isOpen(v) || n.bindings.Backend == nil {
		return nil
	}
	if _, ok := n.bindings.Backend(v.Text); ok {
		return nil
	}
	return n.Fault(Error, v, "Backend with id '%s' could not be found.", v.Written()).Under(RuleBackendUnknown)
}

// KnowsLogger reports whether the service has a logger, or may have it.
func (n *Node) KnowsLogger(id string) bool {
	return n.bindings.Logger == nil || n.bindings.Logger(id)
}

// Fragment is the root of the fragment that an include-fragment puts in; nil of
// others, and of a fragment that is not known.
func (n *Node) Fragment() *Node { return n.fragment }

// Body is the element's text, or its content as written where that is markup; nil
// if there is none.
func (n *Node) Body() *Value { return n.content() }

// Element is the definition that Check found n to have; nil of a section, and of
// what has none.
func (n *Node) Element() *Element { return n.def }

// Open reports whether something in v is not known: a named value, or a
// placeholder.
func (n *Node) Open(v *Value) bool { return n.isOpen(v) }

// Position is the line and column of the element's name.
func (n *Node) Position() (line, col int) { return n.doc.lineCol(n.at) }

// Document is the document that n was written in.
func (n *Node) Document() *Document { return n.doc }

// runs reports whether nothing in n is idle.
func (n *Node) runs() bool {
	return !n.idle && !slices.ContainsFunc(n.Children, func(c *Node) bool { return !c.runs() })
}

// Site is where the statement stands that n is, or is part of.
func (n *Node) Site() *exchange.Site { return n.site }

// Path is where n stands, as LastError.Path has it: choose[3]\when[2].
func (n *Node) Path() string { return n.path }

// Block is the statements that stand in n, whose definition says that there are
// some.
func (n *Node) Block() Block { return n.block }

// Fault is a diagnostic at v, or at the element itself if v is nil.
func (n *Node) Fault(s Severity, v *Value, format string, args ...any) Diagnostic {
	offset := n.at
	doc := n.doc
	if v != nil {
		doc, offset = v.doc, v.start
	}
	return doc.diagnostic(s, offset, fmt.Sprintf(format, args...))
}

// ContentFault is a mistake at byte i of the element's text.
func (n *Node) ContentFault(i int, format string, args ...any) Diagnostic {
	v := n.content()
	return v.doc.diagnostic(Error, v.offset(i), fmt.Sprintf(format, args...))
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
