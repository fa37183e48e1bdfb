package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// readerMember is a member of XmlReader.
func readerMember(signature string, f func(r *readerObject, args []any) (any, error)) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return f(a[0].(*readerObject), a[1:]) })
}

var readToEnd = virtualCall("TextReader", "ReadToEnd", false)

// newReader is XmlReader.Create.
func newReader(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("input")
	}
	s, err := readToEnd(m, a[:1])
	if err != nil {
		return nil, err
	}
	r := &readerObject{m: m, from: xlinq.NewReader(text(s)), attribute: -1}
	if settings, ok := optional(a, 1).(*readerSettings); ok {
		r.settings = *settings
	}
	return r, m.Allocate(len(text(s)))
}

var _ = declareEnum("enum System.Xml.ReadState", EnumValue{"Initial", 0}, EnumValue{"Interactive", 1}, EnumValue{"Error", 2}, EnumValue{"EndOfFile", 3}, EnumValue{"Closed", 4})

var _ = declare("abstract class System.Xml.XmlReader : System.IDisposable", func() []memberDecl {
	return slices.Concat(readerReads("string", basicString), []memberDecl{
		member("static XmlReader Create(System.IO.TextReader input)", newReader),
		member("static XmlReader Create(System.IO.TextReader input, XmlReaderSettings settings)", newReader),
		readerMember("bool Read()", func(r *readerObject, _ []any) (any, error) { return r.read() }),
		readerMember("XmlNodeType NodeType { get; }", func(r *readerObject, _ []any) (any, error) { return nodeTypeValue(r.kind()), nil }),
		readerMember("string Name { get; }", func(r *readerObject, _ []any) (any, error) {
			prefix, local, _ := r.name()
			return qualifiedName(prefix, local), nil
		}),
		readerMember("string LocalName { get; }", func(r *readerObject, _ []any) (any, error) { _, local, _ := r.name(); return local, nil }),
		readerMember("string Prefix { get; }", func(r *readerObject, _ []any) (any, error) { prefix, _, _ := r.name(); return prefix, nil }),
		readerMember("string NamespaceURI { get; }", func(r *readerObject, _ []any) (any, error) { _, _, space := r.name(); return space, nil }),
		readerMember("string Value { get; }", func(r *readerObject, _ []any) (any, error) { return r.value(), nil }),
		readerMember("bool HasValue { get; }", func(r *readerObject, _ []any) (any, error) {
			switch r.kind() {
			case 0, xlinq.ElementNode, xlinq.EndElementNode:
				return false, nil
			}
			return true, nil
		}),
		readerMember("int Depth { get; }", func(r *readerObject, _ []any) (any, error) {
			if r.attribute >= 0 {
				return int32(r.depth + 1), nil
			}
			return int32(r.depth), nil
		}),
		readerMember("bool EOF { get; }", func(r *readerObject, _ []any) (any, error) { return r.eof, nil }),
		readerMember("ReadState ReadState { get; }", func(r *readerObject, _ []any) (any, error) {
			state := int64(1)
			switch {
			case r.closed:
				state = 4
			case r.eof:
				state = 3
			case !r.begun:
				state = 0
			}
			return EnumObject{typeOf("System.Xml.ReadState"), state}, nil
		}),
		readerMember("bool IsEmptyElement { get; }", func(r *readerObject, _ []any) (any, error) { return r.kind() == xlinq.ElementNode && r.now.Empty, nil }),
		readerMember("int AttributeCount { get; }", func(r *readerObject, _ []any) (any, error) { return int32(len(r.attributes())), nil }),
		readerMember("bool HasAttributes { get; }", func(r *readerObject, _ []any) (any, error) { return len(r.attributes()) > 0, nil }),
		readerMember("string GetAttribute(string name)", attributeRead),
		readerMember("string GetAttribute(string name, string namespaceURI)", attributeRead),
		readerMember("string GetAttribute(int i)", attributeRead),
		readerMember("string this[string name] { get; }", attributeRead),
		readerMember("string this[string name, string namespaceURI] { get; }", attributeRead),
		readerMember("string this[int i] { get; }", attributeRead),
		readerMember("bool MoveToAttribute(string name)", toAttribute),
		readerMember("bool MoveToAttribute(string name, string ns)", toAttribute),
		readerMember("bool MoveToFirstAttribute()", func(r *readerObject, _ []any) (any, error) {
			if len(r.attributes()) == 0 {
				return false, nil
			}
			r.attribute = 0
			return true, nil
		}),
		readerMember("bool MoveToNextAttribute()", func(r *readerObject, _ []any) (any, error) {
			if r.attribute+1 >= len(r.attributes()) {
				return false, nil
			}
			r.attribute++
			return true, nil
		}),
		readerMember("bool MoveToElement()", func(r *readerObject, _ []any) (any, error) {
			moved := r.attribute >= 0
			r.attribute = -1
			return moved, nil
		}),
		readerMember("XmlNodeType MoveToContent()", func(r *readerObject, _ []any) (any, error) {
			kind, err := r.toContent()
			return nodeTypeValue(kind), err
		}),
		readerMember("bool IsStartElement()", startsElement),
		readerMember("bool IsStartElement(string name)", startsElement),
		readerMember("bool IsStartElement(string localname, string ns)", startsElement),
		readerMember("void ReadStartElement()", readStart),
		readerMember("void ReadStartElement(string name)", readStart),
		readerMember("void ReadStartElement(string localname, string ns)", readStart),
		readerMember("void ReadEndElement()", func(r *readerObject, _ []any) (any, error) {
			kind, err := r.toContent()
			if err != nil {
				return nil, err
			}
			if kind != xlinq.EndElementNode {
				return nil, r.invalidType()
			}
			_, err = r.read()
			return nil, err
		}),
		readerMember("string ReadElementString()", readElementString),
		readerMember("string ReadElementString(string name)", readElementString),
		readerMember("string ReadElementString(string localname, string ns)", readElementString),
		readerMember("string ReadContentAsString()", func(r *readerObject, _ []any) (any, error) { return r.contentText() }),
		readerMember("string ReadString()", func(r *readerObject, _ []any) (any, error) {
			if r.kind() == xlinq.ElementNode {
				if r.now.Empty {
					return "", nil
				}
				if _, err := r.read(); err != nil {
					return nil, err
				}
			}
			return r.contentText()
		}),
		readerMember("bool ReadToFollowing(string name)", toFollowing),
		readerMember("bool ReadToFollowing(string localName, string namespaceURI)", toFollowing),
		readerMember("bool ReadToDescendant(string name)", toDescendant),
		readerMember("bool ReadToDescendant(string localName, string namespaceURI)", toDescendant),
		readerMember("bool ReadToNextSibling(string name)", toNextSibling),
		readerMember("bool ReadToNextSibling(string localName, string namespaceURI)", toNextSibling),
		readerMember("void Skip()", func(r *readerObject, _ []any) (any, error) { return nil, r.skip() }),
		readerMember("string ReadOuterXml()", func(r *readerObject, _ []any) (any, error) { return r.markup(false) }),
		readerMember("string ReadInnerXml()", func(r *readerObject, _ []any) (any, error) { return r.markup(true) }),
		readerMember("void Close()", closeXMLReader),
		readerMember("void Dispose()", closeXMLReader),
	}, readerReads("int", "System.Int32"), readerReads("long", "System.Int64"), readerReads("double", "System.Double"), readerReads("decimal", "System.Decimal"),
		readerReads("bool", "System.Boolean"))
})

const basicString = "System.String"

func nodeTypeValue(kind xlinq.NodeType) any {
	return EnumObject{typeOf("System.Xml.XmlNodeType"), int64(kind)}
}

// readerReads are ReadElementContentAsInt and its kin.
func readerReads(keyword, full string) []memberDecl {
	names := map[string]string{"string": "String", "int": "Int", "long": "Long", "double": "Double", "decimal": "Decimal", "bool": "Boolean"}
	return []memberDecl{member(keyword+" ReadElementContentAs"+names[keyword]+"()", func(m *Machine, a []any) (any, error) {
		s, err := a[0].(*readerObject).elementText()
		if err != nil || full == basicString {
			return s, err
		}
		r := a[0].(*readerObject)
		for _, c := range xmlConverters {
			if c.to != keyword {
				continue
			}
			v, err := c.read(m, s)
			if _, thrown := Thrown(err); thrown {
				err = r.fail("Content cannot be converted to the type " + names[keyword] + ".")
			}
			return v, err
		}
		return s, nil
	})}
}

func attributeRead(r *readerObject, a []any) (any, error) {
	i := -1
	if n, ok := a[0].(int32); ok {
		if i = int(n); i < 0 || i >= len(r.attributes()) {
			return nil, dotnet.ArgumentOutOfRange("i", outOfRange)
		}
	} else if i = r.find(a); i < 0 {
		return nil, nil
	}
	return r.attributes()[i].Value, nil
}

func toAttribute(r *readerObject, a []any) (any, error) {
	i := r.find(a)
	if i >= 0 {
		r.attribute = i
	}
	return i >= 0, nil
}

func startsElement(r *readerObject, a []any) (any, error) {
	kind, err := r.toContent()
	return kind == xlinq.ElementNode && r.is(a), err
}

func readStart(r *readerObject, a []any) (any, error) {
	starts, err := startsElement(r, a)
	switch {
	case err != nil:
		return nil, err
	case r.kind() != xlinq.ElementNode:
		return nil, r.invalidType()
	case starts == false:
		return nil, r.fail("Element '" + text(a[0]) + "' was not found.")
	}
	_, err = r.read()
	return nil, err
}

func readElementString(r *readerObject, a []any) (any, error) {
	if _, err := r.toContent(); err != nil {
		return nil, err
	}
	if !r.is(a) {
		return nil, r.invalidType()
	}
	return r.elementText()
}

func toFollowing(r *readerObject, a []any) (any, error) {
	for {
		if more, err := r.read(); err != nil || !more {
			return false, err
		}
		if r.is(a) {
			return true, nil
		}
	}
}

func toDescendant(r *readerObject, a []any) (any, error) {
	depth := r.depth
	switch {
	case r.kind() == xlinq.ElementNode && r.now.Empty:
		return false, nil
	case r.kind() != xlinq.ElementNode && r.begun:
		return false, nil
	case !r.begun:
		depth = -1
	}
	for {
		if more, err := r.read(); err != nil || !more {
			return false, err
		}
		if r.depth <= depth && r.kind() == xlinq.EndElementNode {
			return false, nil
		}
		if r.is(a) {
			return true, nil
		}
	}
}

func toNextSibling(r *readerObject, a []any) (any, error) {
	if !r.begun {
		return false, nil
	}
	for {
		if err := r.skip(); err != nil {
			return false, err
		}
		switch {
		case r.now == nil, r.kind() == xlinq.EndElementNode:
			return false, nil
		case r.is(a):
			return true, nil
		}
	}
}

// markup is ReadOuterXml or ReadInnerXml.
func (r *readerObject) markup(inner bool) (any, error) {
	if r.now == nil || r.kind() == xlinq.EndElementNode {
		_, err := r.read()
		return "", err
	}
	if r.attribute >= 0 {
		return r.value(), nil
	}
	b := xmldom.NewBuilder()
	if err := r.whole(b.Add); err != nil {
		return nil, err
	}
	if inner {
		return writeText(r.m, xmldom.InnerXML(b.Node()))
	}
	return writeText(r.m, xmldom.OuterXML(b.Node()))
}

func closeXMLReader(r *readerObject, _ []any) (any, error) {
	r.closed, r.now = true, nil
	return nil, nil
}

func readerSetting(signature string, field func(s *readerSettings) *bool) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return *field(a[0].(*readerSettings)), nil },
		func(_ *Machine, a []any) (any, error) {
			*field(a[0].(*readerSettings)) = a[1].(bool)
			return nil, nil
		})
}

var (
	_ = declareEnum("enum System.Xml.DtdProcessing", EnumValue{"Prohibit", 0}, EnumValue{"Ignore", 1}, EnumValue{"Parse", 2})
	_ = declare("class System.Xml.XmlReaderSettings", func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &readerSettings{}, nil }),
			readerSetting("bool IgnoreWhitespace { get; set; }", func(s *readerSettings) *bool { return &s.ignoreWhitespace }),
			readerSetting("bool IgnoreComments { get; set; }", func(s *readerSettings) *bool { return &s.ignoreComments }),
			readerSetting("bool IgnoreProcessingInstructions { get; set; }", func(s *readerSettings) *bool { return &s.ignoreInstructions }),
			member("DtdProcessing DtdProcessing { get; set; }", func(_ *Machine, a []any) (any, error) {
				return EnumObject{typeOf("System.Xml.DtdProcessing"), a[0].(*readerSettings).types}, nil
			}, func(_ *Machine, a []any) (any, error) {
				a[0].(*readerSettings).types = a[1].(EnumObject).Value
				return nil, nil
			}),
			member("XmlResolver XmlResolver { set; }", refuse("Specified method is not supported."), func(*Machine, []any) (any, error) { return nil, nil }),
		}
	})
)
