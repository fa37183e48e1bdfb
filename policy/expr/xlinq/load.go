package xlinq

// LoadOptions is System.Xml.Linq.LoadOptions: flags.
type LoadOptions uint8

// PreserveWhitespace keeps texts of nothing but white space.
const PreserveWhitespace LoadOptions = 1

// ParseDocument is XDocument.Parse. A text that is no XML gives an XmlException
// that tells line and position.
func ParseDocument(text string, options LoadOptions) (*Document, error) {
	d := NewDocument()
	b := builder{doc: d, into: d}
	if err := newParser(text, options&PreserveWhitespace != 0, b.add).document(); err != nil {
		return nil, err
	}
	return d, nil
}

// ParseElement is XElement.Parse: the root element of a document, without a
// parent.
func ParseElement(text string, options LoadOptions) (*Element, error) {
	d, err := ParseDocument(text, options)
	if err != nil {
		return nil, err
	}
	root := d.Root()
	unlink(root)
	return root, nil
}

// builder makes a tree of what a parser reads.
type builder struct {
	doc  *Document
	into Container
}

func (b *builder) add(v Event) {
	var n Node
	switch v.Kind {
	case DeclarationNode:
		b.doc.Declaration = v.Declaration
		return
	case EndElementNode:
		b.into = b.into.base().parent
		return
	case ElementNode:
		e := NewElement(v.Name)
		for _, a := range v.Attributes {
			e.append(&Attribute{name: a.Name, value: a.Value})
		}
		link(b.into, Last(b.into), e)
		if !v.Empty {
			e.filled = true
			b.into = e
		}
		return
	case CDATANode:
		n = NewCData(v.Value)
	case CommentNode:
		n = NewComment(v.Value)
	case InstructionNode:
		n = &Instruction{target: v.Name.Local, Data: v.Value}
	case DocumentTypeNode:
		n = v.DocumentType
	default:
		n = NewText(v.Value)
	}
	link(b.into, Last(b.into), n)
}

// Builder makes one node of what is read.
type Builder struct{ builder }

// NewBuilder is a Builder that has read nothing.
func NewBuilder() *Builder {
	d := NewDocument()
	return &Builder{builder{doc: d, into: d}}
}

// Add takes what was read next.
func (b *Builder) Add(v *Event) { b.add(*v) }

// Node is the node, without a parent; nil if nothing was read.
func (b *Builder) Node() Node {
	n := First(b.doc)
	if n != nil {
		unlink(n)
	}
	return n
}
