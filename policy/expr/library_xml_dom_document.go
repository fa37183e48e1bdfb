package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

var _ = declare("class System.Xml.XmlDocument : System.Xml.XmlNode", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return xmldom.NewDocument(), nil }),
		member("new(XmlNameTable nt)", func(*Machine, []any) (any, error) { return xmldom.NewDocument(), nil }),
		member("void LoadXml(string xml)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("s")
			}
			s := a[1].(string)
			if err := m.Spend(len(s) / 4); err != nil {
				return nil, err
			}
			if err := m.Allocate(16 * len(s)); err != nil {
				return nil, err
			}
			return nil, domNode(a[0]).Load(s)
		}),
		domLink("XmlElement DocumentElement { get; }", (*xmldom.Node).DocumentElement),
		domLink("XmlDocumentType DocumentType { get; }", (*xmldom.Node).Type),
		domMember("XmlNameTable NameTable { get; }", func(*xmldom.Node) any { return &nameTable{} }),
		member("bool PreserveWhitespace { get; set; }", func(_ *Machine, a []any) (any, error) { return domNode(a[0]).PreserveWhitespace, nil },
			func(_ *Machine, a []any) (any, error) {
				domNode(a[0]).PreserveWhitespace = a[1].(bool)
				return nil, nil
			}),
		member("XmlResolver XmlResolver { set; }", refuse("Specified method is not supported."), func(*Machine, []any) (any, error) { return nil, nil }),
		newNamed("XmlElement CreateElement", (*xmldom.Node).Element, formName),
		newNamed("XmlElement CreateElement", (*xmldom.Node).Element, formNameNS),
		newNamed("XmlElement CreateElement", (*xmldom.Node).Element, formParts),
		newNamed("XmlAttribute CreateAttribute", (*xmldom.Node).Attribute, formName),
		newNamed("XmlAttribute CreateAttribute", (*xmldom.Node).Attribute, formNameNS),
		newNamed("XmlAttribute CreateAttribute", (*xmldom.Node).Attribute, formParts),
		newDOMText("XmlText CreateTextNode(string text)", xlinq.TextNode),
		newDOMText("XmlCDataSection CreateCDataSection(string data)", xlinq.CDATANode),
		newDOMText("XmlComment CreateComment(string data)", xlinq.CommentNode),
		newDOMSpace("XmlWhitespace CreateWhitespace(string text)", xlinq.WhitespaceNode),
		newDOMSpace("XmlSignificantWhitespace CreateSignificantWhitespace(string text)", xlinq.SignificantWhitespaceNode),
		member("XmlProcessingInstruction CreateProcessingInstruction(string target, string data)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("target")
			}
			return domNode(a[0]).Instruction(text(a[1]), text(a[2])), m.Allocate(200)
		}),
		member("XmlDeclaration CreateXmlDeclaration(string version, string encoding, string standalone)", func(m *Machine, a []any) (any, error) {
			n, err := domNode(a[0]).NewDeclaration(text(a[1]), text(a[2]), text(a[3]))
			if err != nil {
				return nil, err
			}
			return n, m.Allocate(200)
		}),
		member("XmlDocumentFragment CreateDocumentFragment()", func(m *Machine, a []any) (any, error) { return domNode(a[0]).Fragment(), m.Allocate(200) }),
		member("XmlNode CreateNode(XmlNodeType type, string name, string namespaceURI)", func(m *Machine, a []any) (any, error) {
			prefix, local := xmldom.SplitName(text(a[2]))
			return newDOMNode(m, a[0], a[1], prefix, local, text(a[3]))
		}),
		member("XmlNode CreateNode(XmlNodeType type, string prefix, string name, string namespaceURI)", func(m *Machine, a []any) (any, error) {
			return newDOMNode(m, a[0], a[1], text(a[2]), text(a[3]), text(a[4]))
		}),
		member("XmlNode ImportNode(XmlNode node, bool deep)", func(m *Machine, a []any) (any, error) {
			n := domNode(a[1])
			switch {
			case n == nil:
				return nil, dotnet.InvalidOperation("Cannot import a null node.")
			case n.Kind() == xlinq.DocumentNode:
				return nil, dotnet.InvalidOperation("Cannot import nodes of type 'Document'.")
			}
			if err := m.Spend(n.Size()); err != nil {
				return nil, err
			}
			return domNode(a[0]).Import(n, a[2].(bool)), m.Allocate(200 * n.Size())
		}),
		member("XmlNodeList GetElementsByTagName(string name)", elementsByTagName),
		member("XmlNodeList GetElementsByTagName(string localName, string namespaceURI)", elementsByTagName),
		member("XmlElement GetElementById(string elementId)", func(*Machine, []any) (any, error) { return nil, nil }),
	}
})

var _ = declare("abstract class System.Xml.XmlResolver")

type nameForm string

// The overloads of CreateElement and CreateAttribute.
const (
	formName   nameForm = "(string name)"
	formNameNS nameForm = "(string qualifiedName, string namespaceURI)"
	formParts  nameForm = "(string prefix, string localName, string namespaceURI)"
)

func newNamed(signature string, make func(d *xmldom.Node, prefix, local, space string) (*xmldom.Node, error), form nameForm) memberDecl {
	return member(signature+string(form), func(m *Machine, a []any) (any, error) {
		if a[1] == nil && form != formParts {
			return nil, dotnet.NullReference()
		}
		prefix, local := xmldom.SplitName(text(a[1]))
		space := ""
		switch form {
		case formNameNS:
			space = text(a[2])
		case formParts:
			prefix, local, space = text(a[1]), text(a[2]), text(a[3])
		}
		n, err := make(domNode(a[0]), prefix, local, space)
		if err != nil {
			return nil, err
		}
		return n, m.Allocate(200)
	})
}

func newDOMText(signature string, kind xlinq.NodeType) memberDecl {
	return member(signature, func(m *Machine, a []any) (any, error) { return domNode(a[0]).Text(kind, text(a[1])), m.Allocate(200) })
}

func newDOMSpace(signature string, kind xlinq.NodeType) memberDecl {
	return member(signature, func(m *Machine, a []any) (any, error) {
		n, err := domNode(a[0]).Whitespace(kind, text(a[1]))
		if err != nil {
			return nil, err
		}
		return n, m.Allocate(200)
	})
}

// newDOMNode is CreateNode.
func newDOMNode(m *Machine, document, kind any, prefix, local, space string) (any, error) {
	d := domNode(document)
	var n *xmldom.Node
	var err error
	switch k := xlinq.NodeType(kind.(EnumObject).Value); k {
	case xlinq.ElementNode:
		n, err = d.Element(prefix, local, space)
	case xlinq.AttributeNode:
		n, err = d.Attribute(prefix, local, space)
	case xlinq.TextNode, xlinq.CDATANode, xlinq.CommentNode, xlinq.WhitespaceNode, xlinq.SignificantWhitespaceNode:
		n = d.Text(k, "")
	case xlinq.InstructionNode:
		n = d.Instruction(local, "")
	case xlinq.DocumentNode:
		n = xmldom.NewDocument()
	case xlinq.FragmentNode:
		n = d.Fragment()
	case xlinq.DeclarationNode:
		n, err = d.NewDeclaration("1.0", "", "")
	default:
		return nil, dotnet.Argument("Cannot create node of type "+enumText(kind.(EnumObject))+".", "")
	}
	if err != nil {
		return nil, err
	}
	return n, m.Allocate(200)
}

// domAttributes is an XmlAttributeCollection.
type domAttributes struct{ of *xmldom.Node }

// DotnetType is part of Object.
func (*domAttributes) DotnetType() *Type { return typeOf("System.Xml.XmlAttributeCollection") }

// Enumerate is part of Enumerable.
func (d *domAttributes) Enumerate(m *Machine) (Iterator, error) {
	return nodeIterator(m, d.of.Attributes())
}

// EqualTo is part of Equaler: there is one collection for an element.
func (d *domAttributes) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*domAttributes)
	return ok && o.of == d.of, nil
}

var (
	_ = declare("class System.Xml.XmlNamedNodeMap : System.Collections.IEnumerable", func() []memberDecl {
		return []memberDecl{
			member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(len(attributesIn(a))), nil }),
			member("XmlNode Item(int index)", func(_ *Machine, a []any) (any, error) {
				if i := intArg(a[1]); i >= 0 && i < len(attributesIn(a)) {
					return attributesIn(a)[i], nil
				}
				return nil, nil
			}),
			member("XmlNode GetNamedItem(string name)", attributeByName),
			member("XmlNode GetNamedItem(string localName, string namespaceURI)", attributeByName),
			member("XmlNode SetNamedItem(XmlNode node)", func(_ *Machine, a []any) (any, error) {
				if n := domNode(a[1]); n != nil && n.Kind() != xlinq.AttributeNode {
					return nil, dotnet.Argument("An 'Attributes' collection can only contain 'Attribute' objects.", "")
				}
				return putAttribute(a[0].(*domAttributes).of, a[1], -1)
			}),
			member("XmlNode RemoveNamedItem(string name)", removeAttributeByName),
			member("XmlNode RemoveNamedItem(string localName, string namespaceURI)", removeAttributeByName),
			member("System.Collections.IEnumerator GetEnumerator()", enumerate),
		}
	})
	_ = declare("class System.Xml.XmlAttributeCollection : System.Xml.XmlNamedNodeMap, System.Collections.ICollection", func() []memberDecl {
		return []memberDecl{
			member("XmlAttribute this[int i] { get; }", func(_ *Machine, a []any) (any, error) {
				if i := intArg(a[1]); i >= 0 && i < len(attributesIn(a)) {
					return attributesIn(a)[i], nil
				}
				return nil, dotnet.NewException("System.IndexOutOfRangeException", "The index being passed in is out of range.")
			}),
			member("XmlAttribute this[string name] { get; }", attributeByName),
			member("XmlAttribute this[string localName, string namespaceURI] { get; }", attributeByName),
			member("XmlAttribute Append(XmlAttribute node)", func(_ *Machine, a []any) (any, error) { return placeAttribute(a, len(attributesIn(a))) }),
			member("XmlAttribute Prepend(XmlAttribute node)", func(_ *Machine, a []any) (any, error) { return placeAttribute(a, 0) }),
			member("XmlAttribute Remove(XmlAttribute node)", func(_ *Machine, a []any) (any, error) {
				return dropAttribute(a[0].(*domAttributes).of, domNode(a[1]))
			}),
			member("XmlAttribute RemoveAt(int i)", func(_ *Machine, a []any) (any, error) {
				if i := intArg(a[1]); i >= 0 && i < len(attributesIn(a)) {
					return dropAttribute(a[0].(*domAttributes).of, attributesIn(a)[i])
				}
				return nil, nil
			}),
			member("void RemoveAll()", func(_ *Machine, a []any) (any, error) { a[0].(*domAttributes).of.RemoveAttributes(); return nil, nil }),
			member("void CopyTo(XmlAttribute[] array, int index)", copyElements),
		}
	})
)

func attributesIn(a []any) []*xmldom.Node { return a[0].(*domAttributes).of.Attributes() }

func attributeByName(_ *Machine, a []any) (any, error) {
	of := a[0].(*domAttributes).of
	if len(a) > 2 {
		return objectOrNull(of.AttributeNS(text(a[1]), text(a[2]))), nil
	}
	return objectOrNull(of.AttributeNamed(text(a[1]))), nil
}

func removeAttributeByName(m *Machine, a []any) (any, error) {
	found, err := attributeByName(m, a)
	if err != nil {
		return nil, err
	}
	return dropAttribute(a[0].(*domAttributes).of, domNode(found))
}

func placeAttribute(a []any, i int) (any, error) {
	_, err := putAttribute(a[0].(*domAttributes).of, a[1], i)
	return a[1], err
}
