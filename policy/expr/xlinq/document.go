package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Document is an XDocument.
type Document struct {
	container
	Declaration *Declaration // nil if there is none
}

// NewDocument is an empty document.
func NewDocument() *Document { return &Document{} }

// TypeName is part of Object.
func (*Document) TypeName() string { return "System.Xml.Linq.XDocument" }

// NodeType is part of Object.
func (*Document) NodeType() NodeType { return DocumentNode }

func (d *Document) shallow() Node {
	c := &Document{}
	if d.Declaration != nil {
		declaration := *d.Declaration
		c.Declaration = &declaration
	}
	return c
}

// Root is the document's element, nil if it has none.
func (d *Document) Root() *Element { return firstOf[*Element](d) }

// DocumentType is its document type, nil if it has none.
func (d *Document) DocumentType() *DocumentType { return firstOf[*DocumentType](d) }

func firstOf[T Node](c Container) T {
	for n := First(c); n != nil; n = Next(n) {
		if t, ok := n.(T); ok {
			return t
		}
	}
	var none T
	return none
}

// check refuses what a document can't hold: a text that is more than white
// space, a second element, an element before the document type.
func (d *Document) check(n Node, previous Node) error {
	structure := dotnet.InvalidOperation("This operation would create an incorrectly structured document.")
	switch n := n.(type) {
	case *CharacterData:
		if n.cdata {
			return notContent("CDATA")
		}
		return d.checkText(n.Value)
	case *Document:
		return notContent("Document")
	case *Element:
		if d.Root() != nil {
			return structure
		}
		for p := nextOrFirst(d, previous); p != nil; p = Next(p) {
			if _, ok := p.(*DocumentType); ok {
				return structure
			}
		}
	case *DocumentType:
		if d.DocumentType() != nil {
			return structure
		}
		for p := previous; p != nil; p = Previous(p) {
			if _, ok := p.(*Element); ok {
				return structure
			}
		}
	}
	return nil
}

func nextOrFirst(c Container, previous Node) Node {
	if previous == nil {
		return First(c)
	}
	return Next(previous)
}

func (*Document) checkText(s string) error {
	if !isBlank(s) {
		return dotnet.Argument("Non-whitespace characters cannot be added to content.", "")
	}
	return nil
}

func notContent(kind string) error {
	return dotnet.Argument("A node of type "+kind+" cannot be added to content.", "")
}

// Declaration is an XDeclaration. Its parts are strings or nil.
type Declaration struct{ Version, Encoding, Standalone any }

// TypeName is the .NET type's full name.
func (*Declaration) TypeName() string { return "System.Xml.Linq.XDeclaration" }

// attributes are the parts as a reader tells them.
func (d *Declaration) attributes() []EventAttribute {
	var all []EventAttribute
	for _, part := range d.parts() {
		if s, ok := part.value.(string); ok {
			all = append(all, EventAttribute{"", Name{"", part.name}, s})
		}
	}
	return all
}

type declarationPart struct {
	name  string
	value any
}

func (d *Declaration) parts() []declarationPart {
	return []declarationPart{{"version", d.Version}, {"encoding", d.Encoding}, {"standalone", d.Standalone}}
}

// Text is ToString.
func (d *Declaration) Text() (string, error) {
	s := "<?xml"
	for _, part := range d.parts() {
		if v, ok := part.value.(string); ok {
			s += " " + part.name + `="` + v + `"`
		}
	}
	return s + "?>", nil
}
