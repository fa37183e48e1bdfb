package policy

import (
	"slices"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Definition says what a statement is. It is data, next to the statement's code;
// checker, compiler and the generated documentation read it.
type Definition struct {
	Element
	// Category is the package of the statement.
	Category string
	// Sections in which it may stand.
	Sections []exchange.Section
	// Compile makes the statement's step of a checked node. A nil Compile says
	// that the statement is known but does not run in this version. An error is
	// a [Diagnostic] (Node.Fault makes one).
	Compile func(n *Node) (Step, error)
}

// Element says what may stand in an XML element.
type Element struct {
	Name       string
	Doc        string // a sentence for the documentation
	Attributes []Attribute
	// OneOf lists groups of attributes: of each, exactly one has to be there.
	OneOf [][]string
	// AtMostOne lists groups of attributes that exclude each other.
	AtMostOne [][]string
	Children  []Child
	// Ordered says that Azure refuses children out of the order of Children.
	Ordered bool
	// Statements says that the children are statements, of the section that the
	// element stands in, instead of Children.
	Statements bool
	Text       TextKind
}

// Child is an element that may stand in another, and how often.
type Child struct {
	Element
	Min int
	Max int // 0: any number
}

// TextKind says what an element's content may be besides children.
type TextKind uint8

const (
	// NoText: white space only.
	NoText TextKind = iota
	// TrimmedText: a value; white space around it does not count.
	TrimmedText
	// MarkupText: a body, taken as it is written; elements in it are text.
	MarkupText
)

// Attribute is one attribute of an element.
type Attribute struct {
	Name     string
	Doc      string
	Type     Type
	Required bool
	Default  string   // as it would be written; "" where there is none
	Values   []string // of an Enum
	// Min is the smallest allowed number.
	Min int
	// Expression says that the value may be a policy expression.
	Expression bool
	// MayBeEmpty says that "" is a value, although the attribute is required.
	MayBeEmpty bool
	// Unsupported, if set, says what of the attribute does not run in this
	// version; a document that uses it is refused.
	Unsupported string
}

// Type is what an attribute's value has to be.
type Type uint8

const (
	String Type = iota
	Int
	Bool
	Enum
	URL
	Seconds
	Milliseconds
	Status // an HTTP status code
	Any    // text, or whatever an expression gives
)

func (t Type) String() string {
	return [...]string{"string", "int", "bool", "enum", "URL", "seconds", "milliseconds", "status code", "any"}[t]
}

var (
	// AnySection is all four.
	AnySection = []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound, exchange.OnError}
	// InboundOnly is the section of access and limits.
	InboundOnly = []exchange.Section{exchange.Inbound}
)

// Runs reports whether the statement runs in this version.
func (d *Definition) Runs() bool { return d.Compile != nil }

func (e *Element) attribute(name string) *Attribute {
	i := slices.IndexFunc(e.Attributes, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return &e.Attributes[i]
}

// needs reports whether a, or one of a group that it belongs to, has to be there.
func (e *Element) needs(a *Attribute) bool {
	return a.Required || slices.ContainsFunc(e.OneOf, func(group []string) bool { return slices.Contains(group, a.Name) })
}

// Catalogue is the statements that documents may use. It is a value; a program
// keeps what it needs of it.
type Catalogue struct {
	definitions map[string]*Definition
	names       []string
}

// NewCatalogue collects definitions, to which it adds those of the language
// itself, <base/> and <include-fragment/>. Two of one name are a mistake in the
// program, so they panic.
func NewCatalogue(definitions ...*Definition) *Catalogue {
	c := &Catalogue{definitions: make(map[string]*Definition)}
	for _, d := range append([]*Definition{baseDefinition(), includeFragmentDefinition()}, definitions...) {
		if c.definitions[d.Name] != nil {
			panic("policy: two definitions of <" + d.Name + ">")
		}
		c.definitions[d.Name] = d
		c.names = append(c.names, d.Name)
	}
	slices.Sort(c.names)
	return c
}

// Lookup finds a definition by element name, nil if the name is unknown.
func (c *Catalogue) Lookup(name string) *Definition { return c.definitions[name] }

// Names are all element names, sorted.
func (c *Catalogue) Names() []string { return c.names }
