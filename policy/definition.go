package policy

import (
	"slices"
	"sync"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Definition says what a statement is. It is data, next to the statement's code;
// checker, compiler and the generated documentation read it.
type Definition struct {
	Element
	// Category is the package of the statement.
	Category string
	// Facts are what the statement does, and how that is known; nil if it does not run.
	Facts []Fact
	// Sections in which it may stand. A statement without any belongs to a GraphQL
	// resolver.
	Sections []exchange.Section
	// Scopes whose documents may hold it; nil: all.
	Scopes []exchange.Scope
	// Once says that a section takes it only once; branches that exclude each
	// other are counted apart.
	Once bool
	// Keeps is the name of the statement that finds, in a later request, the response
	// that this one keeps; "": it keeps none.
	Keeps string
	// Root says that it is the root of a resolver's document.
	Root bool
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
	// OneOf lists groups of attributes, or of children in <brackets>: of each,
	// exactly one has to be there.
	OneOf [][]string
	// AtLeastOne lists groups of which one or more have to be there.
	AtLeastOne [][]string
	// AtMostOne lists groups that exclude each other.
	AtMostOne [][]string
	// Together lists groups that have to be there as a whole or not at all.
	Together [][]string
	Children []Child
	// Ordered says that Azure refuses children out of the order of Children.
	Ordered bool
	// OrderOpen says that a page asks for that order, and no source tells whether
	// Azure insists. Any order is accepted.
	OrderOpen bool
	// Statements says that the children are statements, of the section that the
	// element stands in, instead of Children.
	Statements bool
	// Only names the statements that may stand in it; nil: all of the section.
	Only []string
	Text TextKind
	// TextType is what a TrimmedText has to be.
	TextType Type
	// TextOpen says that no source tells whether the text may be an expression.
	// It is accepted.
	TextOpen bool
	// Foreign says that attributes and content belong to another language, such as
	// XSLT: they are taken as they are.
	Foreign bool
	// Check, if set, tells what is wrong beyond all this with a node that is right
	// so far. What an [Operand] gives as constant is known at load; the rest is not
	// for Check to judge.
	Check func(n *Node) Diagnostics
}

// Child is an element that may stand in another, and how often.
type Child struct {
	Element
	Min int
	Max int // 0: any number
	// MinOpen says that a source calls the child compulsory, and others leave it
	// out. It is accepted without.
	MinOpen bool
	// Statement says that the child is the statement of its name, whose definition
	// describes it.
	Statement bool
}

// TextKind says what an element's content may be besides children.
type TextKind uint8

const (
	// NoText: white space only.
	NoText TextKind = iota
	// TrimmedText: a value; white space around it does not count.
	TrimmedText
	// LiteralText: a TrimmedText that may be no expression.
	LiteralText
	// MarkupText: a body, taken as it is written; elements in it are text.
	MarkupText
)

// Attribute is one attribute of an element.
type Attribute struct {
	Name     string
	Doc      string
	Type     Type
	Required bool
	Default  string // as it would be written; "" where there is none
	// RequiredOpen says that a source calls the attribute compulsory, and others
	// leave it out. It is accepted without.
	RequiredOpen bool
	Values       []string // of an Enum
	// Min and Max are the smallest and the greatest allowed number. A Max of 0 is
	// none, and with it a Number has no Min either.
	Min, Max int
	// Expression says that the value may be a policy expression.
	Expression bool
	// ExpressionOpen says that no source tells whether the value may be an
	// expression. It is accepted.
	ExpressionOpen bool
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
	Long   // a whole number of 64 bits
	Number // with a fraction, perhaps
	DateTime
	IPAddress
)

func (t Type) String() string {
	return [...]string{"string", "int", "bool", "enum", "URL", "seconds", "milliseconds", "status code", "any", "long", "number", "date and time",
		"IP address"}[t]
}

var (
	// AnySection is all four.
	AnySection = []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound, exchange.OnError}
	// InboundOnly is the section of access and limits.
	InboundOnly = []exchange.Section{exchange.Inbound}
)

// ScopeResolver is the scope of a GraphQL resolver's document, which has no
// sections.
const ScopeResolver exchange.Scope = "graphql-resolver"

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
	inGroup := func(group []string) bool { return slices.Contains(group, a.Name) }
	return a.Required || slices.ContainsFunc(e.OneOf, inGroup) || slices.ContainsFunc(e.AtLeastOne, inGroup)
}

// Catalogue is the statements that documents may use. It is a value; a program
// keeps what it needs of it.
type Catalogue struct {
	definitions map[string]func() *Definition
	names       []string
}

// NewCatalogue collects what makes definitions, by element name, to which it adds those of
// the language itself, <base/> and <include-fragment/>. A definition is made when it is first
// looked up, since most programs use few. Two of one name, or one of another name than it
// stands under, are a mistake in the program, so they panic.
func NewCatalogue(makers map[string]func() *Definition) *Catalogue {
	c := &Catalogue{definitions: make(map[string]func() *Definition, len(makers)+2)}
	c.add(baseName, baseDefinition)
	c.add(includeFragment, includeFragmentDefinition)
	for name, maker := range makers {
		c.add(name, maker)
	}
	slices.Sort(c.names)
	return c
}

func (c *Catalogue) add(name string, maker func() *Definition) {
	if c.definitions[name] != nil {
		panic("policy: two definitions of <" + name + ">")
	}
	c.names = append(c.names, name)
	c.definitions[name] = sync.OnceValue(func() *Definition {
		d := maker()
		if d.Name != name {
			panic("policy: the definition of <" + d.Name + "> stands under " + name)
		}
		return d
	})
}

// Lookup finds a definition by element name, nil if the name is unknown.
func (c *Catalogue) Lookup(name string) *Definition {
	if made := c.definitions[name]; made != nil {
		return made()
	}
	return nil
}

// Names are all element names, sorted.
func (c *Catalogue) Names() []string { return slices.Clone(c.names) }
