package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

var (
	_ = declare("abstract class System.Xml.XmlLinkedNode : System.Xml.XmlNode")
	_ = declare("abstract class System.Xml.XmlCharacterData : System.Xml.XmlLinkedNode", func() []memberDecl {
		return []memberDecl{
			member("string Data { get; set; }", func(_ *Machine, a []any) (any, error) { return stringOrNull(domNode(a[0]).Value()), nil }, setNodeValue),
			domMember("int Length { get; }", func(n *xmldom.Node) any { return int32(dotnet.Length(n.InnerText())) }),
			member("void AppendData(string strData)", func(m *Machine, a []any) (any, error) {
				s := domNode(a[0]).InnerText() + text(a[1])
				if err := m.Allocate(len(s)); err != nil {
					return nil, err
				}
				return nil, domNode(a[0]).SetValue(s)
			}),
			member("string Substring(int offset, int count)", func(_ *Machine, a []any) (any, error) {
				units := dotnet.Units(domNode(a[0]).InnerText())
				from, n := intArg(a[1]), intArg(a[2])
				if from < 0 || n < 0 || from > len(units) {
					return "", nil
				}
				return dotnet.FromUnits(units[from : from+min(n, len(units)-from)]), nil
			}),
		}
	})
	_ = declare("class System.Xml.XmlText : System.Xml.XmlCharacterData")
	_ = declare("class System.Xml.XmlCDataSection : System.Xml.XmlCharacterData")
	_ = declare("class System.Xml.XmlComment : System.Xml.XmlCharacterData")
	_ = declare("class System.Xml.XmlWhitespace : System.Xml.XmlCharacterData")
	_ = declare("class System.Xml.XmlSignificantWhitespace : System.Xml.XmlCharacterData")
	_ = declare("class System.Xml.XmlDocumentFragment : System.Xml.XmlNode")
	_ = declare("class System.Xml.XmlProcessingInstruction : System.Xml.XmlLinkedNode", func() []memberDecl {
		return []memberDecl{
			domMember("string Target { get; }", func(n *xmldom.Node) any { return n.Name() }),
			member("string Data { get; set; }", func(_ *Machine, a []any) (any, error) { return stringOrNull(domNode(a[0]).Value()), nil }, setNodeValue),
		}
	})
	_ = declare("class System.Xml.XmlDeclaration : System.Xml.XmlLinkedNode", func() []memberDecl {
		return []memberDecl{
			declarationPart("string Version { get; }", func(d *xlinq.Declaration) *any { return &d.Version }),
			declarationPart("string Encoding { get; set; }", func(d *xlinq.Declaration) *any { return &d.Encoding }),
			declarationPart("string Standalone { get; set; }", func(d *xlinq.Declaration) *any { return &d.Standalone }),
		}
	})
	_ = declare("class System.Xml.XmlDocumentType : System.Xml.XmlLinkedNode", func() []memberDecl {
		return []memberDecl{
			domMember("string PublicId { get; }", func(n *xmldom.Node) any { return n.DocumentType.PublicID }),
			domMember("string SystemId { get; }", func(n *xmldom.Node) any { return n.DocumentType.SystemID }),
			domMember("string InternalSubset { get; }", func(n *xmldom.Node) any { return n.DocumentType.InternalSubset }),
		}
	})
	_ = declare("class System.Xml.XmlAttribute : System.Xml.XmlNode", func() []memberDecl {
		return []memberDecl{
			domLink("XmlElement OwnerElement { get; }", (*xmldom.Node).OwnerElement),
			domMember("bool Specified { get; }", func(*xmldom.Node) any { return true }),
		}
	})
)

func setNodeValue(_ *Machine, a []any) (any, error) { return nil, domNode(a[0]).SetValue(text(a[1])) }

// declarationPart is a property of an XML declaration: "" where it says nothing.
func declarationPart(signature string, part func(*xlinq.Declaration) *any) memberDecl {
	get := func(_ *Machine, a []any) (any, error) { return text(*part(domNode(a[0]).Declaration)), nil }
	return member(signature, get, func(_ *Machine, a []any) (any, error) {
		*part(domNode(a[0]).Declaration) = a[1]
		if a[1] == "" {
			*part(domNode(a[0]).Declaration) = nil
		}
		return nil, nil
	})
}

var _ = declare("class System.Xml.XmlElement : System.Xml.XmlLinkedNode", func() []memberDecl {
	return []memberDecl{
		member("bool IsEmpty { get; set; }", func(_ *Machine, a []any) (any, error) { return domNode(a[0]).IsEmpty(), nil },
			func(_ *Machine, a []any) (any, error) { domNode(a[0]).SetEmpty(a[1].(bool)); return nil, nil }),
		domMember("bool HasAttributes { get; }", func(n *xmldom.Node) any { return len(n.Attributes()) > 0 }),
		member("bool HasAttribute(string name)", func(_ *Machine, a []any) (any, error) { return domNode(a[0]).AttributeNamed(text(a[1])) != nil, nil }),
		member("bool HasAttribute(string localName, string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			return domNode(a[0]).AttributeNS(text(a[1]), text(a[2])) != nil, nil
		}),
		member("string GetAttribute(string name)", func(_ *Machine, a []any) (any, error) {
			return attributeText(domNode(a[0]).AttributeNamed(text(a[1]))), nil
		}),
		member("string GetAttribute(string localName, string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			return attributeText(domNode(a[0]).AttributeNS(text(a[1]), text(a[2]))), nil
		}),
		member("XmlAttribute GetAttributeNode(string name)", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(domNode(a[0]).AttributeNamed(text(a[1]))), nil
		}),
		member("XmlAttribute GetAttributeNode(string localName, string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(domNode(a[0]).AttributeNS(text(a[1]), text(a[2]))), nil
		}),
		member("void SetAttribute(string name, string value)", func(m *Machine, a []any) (any, error) {
			n := domNode(a[0])
			attribute := n.AttributeNamed(text(a[1]))
			if attribute == nil {
				prefix, local := xmldom.SplitName(text(a[1]))
				var err error
				if attribute, err = newDOMAttribute(n, prefix, local, ""); err != nil {
					return nil, err
				}
			}
			return nil, setAttributeText(m, attribute, a[2])
		}),
		member("string SetAttribute(string localName, string namespaceURI, string value)", func(m *Machine, a []any) (any, error) {
			n := domNode(a[0])
			attribute := n.AttributeNS(text(a[1]), text(a[2]))
			if attribute == nil {
				var err error
				if attribute, err = newDOMAttribute(n, "", text(a[1]), text(a[2])); err != nil {
					return nil, err
				}
			}
			return a[3], setAttributeText(m, attribute, a[3])
		}),
		member("XmlAttribute SetAttributeNode(XmlAttribute newAttr)", func(_ *Machine, a []any) (any, error) { return putAttribute(a[0], a[1], -1) }),
		member("XmlAttribute RemoveAttributeNode(XmlAttribute oldAttr)", func(_ *Machine, a []any) (any, error) { return dropAttribute(a[0], domNode(a[1])) }),
		member("XmlAttribute RemoveAttributeNode(string localName, string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			return dropAttribute(a[0], domNode(a[0]).AttributeNS(text(a[1]), text(a[2])))
		}),
		member("XmlNode RemoveAttributeAt(int i)", func(_ *Machine, a []any) (any, error) {
			if all := domNode(a[0]).Attributes(); intArg(a[1]) >= 0 && intArg(a[1]) < len(all) {
				return dropAttribute(a[0], all[intArg(a[1])])
			}
			return nil, nil
		}),
		member("void RemoveAttribute(string name)", func(_ *Machine, a []any) (any, error) {
			_, err := dropAttribute(a[0], domNode(a[0]).AttributeNamed(text(a[1])))
			return nil, err
		}),
		member("void RemoveAttribute(string localName, string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			_, err := dropAttribute(a[0], domNode(a[0]).AttributeNS(text(a[1]), text(a[2])))
			return nil, err
		}),
		member("void RemoveAllAttributes()", func(_ *Machine, a []any) (any, error) { domNode(a[0]).RemoveAttributes(); return nil, nil }),
		member("XmlNodeList GetElementsByTagName(string name)", elementsByTagName),
		member("XmlNodeList GetElementsByTagName(string localName, string namespaceURI)", elementsByTagName),
	}
})

func attributeText(a *xmldom.Node) string {
	if a == nil {
		return ""
	}
	return a.InnerText()
}

func newDOMAttribute(n *xmldom.Node, prefix, local, space string) (*xmldom.Node, error) {
	a, err := n.Document().Attribute(prefix, local, space)
	if err == nil {
		_, err = n.SetAttribute(a, -1)
	}
	return a, err
}

func setAttributeText(m *Machine, attribute *xmldom.Node, v any) error {
	if err := m.Allocate(200 + len(text(v))); err != nil {
		return err
	}
	return attribute.SetValue(text(v))
}

func putAttribute(element, attribute any, i int) (any, error) {
	if attribute == nil {
		return nil, dotnet.NullReference()
	}
	old, err := domNode(element).SetAttribute(domNode(attribute), i)
	return objectOrNull(old), err
}

func dropAttribute(element any, attribute *xmldom.Node) (any, error) {
	if !domNode(element).RemoveAttribute(attribute) {
		return nil, nil
	}
	return attribute, nil
}

func elementsByTagName(m *Machine, a []any) (any, error) {
	n, name := domNode(a[0]), text(a[1])
	accept := func(e *xmldom.Node) bool { return name == "*" || e.Name() == name }
	if len(a) > 2 {
		space := text(a[2])
		accept = func(e *xmldom.Node) bool {
			return (name == "*" || e.LocalName() == name) && (space == "*" || e.NamespaceURI() == space)
		}
	}
	return &domList{func(m *Machine) ([]*xmldom.Node, error) {
		nodes := n.Elements(accept)
		return nodes, m.Spend(n.Size())
	}}, m.Spend(1)
}
