package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// readerObject is an XmlReader over a text.
type readerObject struct {
	m          *Machine
	from       *xlinq.Reader
	settings   readerSettings
	now        *xlinq.Event // nil before the beginning and at the end
	begun, eof bool
	closed     bool
	depth      int
	attribute  int // where it stands in the attributes, -1 at the element
}

type readerSettings struct {
	ignoreWhitespace, ignoreComments, ignoreInstructions bool
	types                                                int64 // DtdProcessing
}

// DotnetType is part of Object.
func (*readerObject) DotnetType() *Type { return typeOf("System.Xml.XmlReader") }

// DotnetType is part of Object.
func (*readerSettings) DotnetType() *Type { return typeOf("System.Xml.XmlReaderSettings") }

// read goes to the next node; false at the end.
func (r *readerObject) read() (bool, error) {
	if r.closed || r.eof {
		return false, nil
	}
	if r.now != nil && r.now.Kind == xlinq.ElementNode && !r.now.Empty {
		r.depth++
	}
	r.begun, r.attribute = true, -1
	for {
		if err := r.m.Spend(1); err != nil {
			return false, err
		}
		v, err := r.from.Read()
		if err != nil {
			return false, err
		}
		r.now = v
		switch {
		case v == nil:
			r.eof, r.depth = true, 0
			return false, nil
		case v.Kind == xlinq.EndElementNode:
			r.depth--
		case v.Kind == xlinq.WhitespaceNode && r.settings.ignoreWhitespace, v.Kind == xlinq.CommentNode && r.settings.ignoreComments,
			v.Kind == xlinq.InstructionNode && r.settings.ignoreInstructions, v.Kind == xlinq.DocumentTypeNode && r.settings.types == 1:
			continue
		case v.Kind == xlinq.DocumentTypeNode && r.settings.types == 0:
			return false, dotnet.NewException("System.Xml.XmlException", "For security reasons DTD is prohibited in this XML document. To enable DTD processing set the "+
				"DtdProcessing property on XmlReaderSettings to Parse and pass the settings into XmlReader.Create method.")
		}
		return true, r.m.Allocate(len(v.Value))
	}
}

func (r *readerObject) kind() xlinq.NodeType {
	switch {
	case r.now == nil:
		return 0
	case r.attribute >= 0:
		return xlinq.AttributeNode
	}
	return r.now.Kind
}

func (r *readerObject) name() (prefix, local, space string) {
	switch {
	case r.now == nil:
		return "", "", ""
	case r.attribute >= 0:
		a := r.now.Attributes[r.attribute]
		return a.Prefix, a.Name.Local, attributeSpace(a)
	case r.now.Kind == xlinq.DocumentTypeNode:
		return "", r.now.DocumentType.Name, ""
	}
	return r.now.Prefix, r.now.Name.Local, string(r.now.Name.Space)
}

func attributeSpace(a xlinq.EventAttribute) string {
	if a.Prefix == "" && a.Name.Local == "xmlns" {
		return xmlnsSpace
	}
	return string(a.Name.Space)
}

func qualifiedName(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

func (r *readerObject) value() string {
	switch {
	case r.now == nil:
		return ""
	case r.attribute >= 0:
		return r.now.Attributes[r.attribute].Value
	case r.now.Kind == xlinq.DeclarationNode:
		s, _ := r.now.Declaration.Text()
		return s[len("<?xml ") : len(s)-len("?>")]
	}
	return r.now.Value
}

func (r *readerObject) attributes() []xlinq.EventAttribute {
	if r.now == nil {
		return nil
	}
	return r.now.Attributes
}

// find is the place of an attribute, -1 if there is none: by qualified name, or
// by name and namespace.
func (r *readerObject) find(names []any) int {
	for i, a := range r.attributes() {
		if len(names) == 1 && qualifiedName(a.Prefix, a.Name.Local) == names[0] || len(names) == 2 && a.Name.Local == names[0] && attributeSpace(a) == text(names[1]) {
			return i
		}
	}
	return -1
}

// is tells whether the reader stands at an element of that name.
func (r *readerObject) is(names []any) bool {
	prefix, local, space := r.name()
	switch {
	case r.kind() != xlinq.ElementNode:
		return false
	case len(names) == 0:
		return true
	case len(names) == 1:
		return qualifiedName(prefix, local) == names[0]
	}
	return local == names[0] && space == names[1]
}

// toContent goes on to the next node that is content.
func (r *readerObject) toContent() (xlinq.NodeType, error) {
	r.attribute = -1
	for {
		switch r.kind() {
		case xlinq.ElementNode, xlinq.EndElementNode, xlinq.TextNode, xlinq.CDATANode:
			return r.kind(), nil
		}
		if more, err := r.read(); err != nil || !more {
			return 0, err
		}
	}
}

// skip goes behind the node and what it holds.
func (r *readerObject) skip() error {
	r.attribute = -1
	if r.kind() == xlinq.ElementNode && !r.now.Empty {
		for depth := r.depth; ; {
			if more, err := r.read(); err != nil || !more {
				return err
			}
			if r.kind() == xlinq.EndElementNode && r.depth == depth {
				break
			}
		}
	}
	_, err := r.read()
	return err
}

// invalidType is what a method gives that does not go with the node.
func (r *readerObject) invalidType() error {
	return r.fail("'" + enumText(nodeTypeValue(r.kind()).(EnumObject)) + "' is an invalid XmlNodeType.")
}

// fail is an XmlException that tells where the reader stands.
func (r *readerObject) fail(message string) error {
	line, position := r.from.Line()
	return dotnet.NewException("System.Xml.XmlException", message+" Line "+dotnet.ToString(int32(line))+", position "+dotnet.ToString(int32(position))+".")
}

// elementText reads an element that holds text only, and goes behind it.
func (r *readerObject) elementText() (string, error) {
	if r.kind() != xlinq.ElementNode {
		return "", dotnet.InvalidOperation("The ReadElementContentAsString method is not supported on node type " +
			enumText(nodeTypeValue(r.kind()).(EnumObject)) + ".")
	}
	s := ""
	if !r.now.Empty {
		if _, err := r.read(); err != nil {
			return "", err
		}
		var err error
		if s, err = r.contentText(); err != nil {
			return "", err
		}
		if r.kind() != xlinq.EndElementNode {
			return "", dotnet.NewException("System.Xml.XmlException", "'Element' is an invalid XmlNodeType.")
		}
	}
	_, err := r.read()
	return s, err
}

// contentText reads texts up to what is none.
func (r *readerObject) contentText() (string, error) {
	s := ""
	for {
		switch r.kind() {
		case xlinq.AttributeNode:
			return r.value(), nil
		case xlinq.TextNode, xlinq.CDATANode, xlinq.WhitespaceNode, xlinq.SignificantWhitespaceNode:
			s += r.value()
			if err := r.m.Allocate(len(s)); err != nil {
				return "", err
			}
		case xlinq.CommentNode, xlinq.InstructionNode:
		default:
			return s, nil
		}
		if more, err := r.read(); err != nil || !more {
			return s, err
		}
	}
}

// node reads the node where the reader stands, with what it holds, and goes
// behind it.
func (r *readerObject) node() (xlinq.Node, error) {
	switch r.attribute = -1; r.kind() {
	case 0:
		return nil, dotnet.InvalidOperation("The XmlReader state should be Interactive.")
	case xlinq.EndElementNode, xlinq.DeclarationNode:
		return nil, dotnet.InvalidOperation("The XmlReader should not be on a node of type " + enumText(nodeTypeValue(r.kind()).(EnumObject)) + ".")
	}
	b := xlinq.NewBuilder()
	err := r.whole(b.Add)
	return b.Node(), err
}

// whole tells add all of the node where the reader stands, and goes behind it.
func (r *readerObject) whole(add func(*xlinq.Event)) error {
	for depth := r.depth; ; {
		add(r.now)
		if err := r.m.Allocate(100); err != nil {
			return err
		}
		done := r.depth == depth && (r.kind() != xlinq.ElementNode || r.now.Empty)
		if _, err := r.read(); err != nil {
			return err
		}
		if done || r.now == nil {
			return nil
		}
	}
}
