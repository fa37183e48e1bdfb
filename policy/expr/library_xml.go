package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// System.Xml.Linq. An XObject is the Go object of package xlinq, an XName an
// xlinq.Name, an XNamespace an xlinq.Namespace; null is nil, never a nil pointer
// in an interface.

var (
	_ = exception("System.Xml.XmlException", "System.SystemException", "An XML error has occurred.")
	_ = declareEnum("enum System.Xml.XmlNodeType", xmlNodeTypes()...)
	_ = declareEnum("flags enum System.Xml.Linq.SaveOptions", EnumValue{"None", 0}, EnumValue{"DisableFormatting", 1}, EnumValue{"OmitDuplicateNamespaces", 2})
	_ = declareEnum("flags enum System.Xml.Linq.LoadOptions", EnumValue{"None", 0}, EnumValue{"PreserveWhitespace", 1}, EnumValue{"SetBaseUri", 2},
		EnumValue{"SetLineInfo", 4})
)

func xmlNodeTypes() []EnumValue {
	var values []EnumValue
	for i, name := range []string{"None", "Element", "Attribute", "Text", "CDATA", "EntityReference", "Entity", "ProcessingInstruction", "Comment", "Document",
		"DocumentType", "DocumentFragment", "Notation", "Whitespace", "SignificantWhitespace", "EndElement", "EndEntity", "XmlDeclaration"} {
		values = append(values, EnumValue{name, int64(i)})
	}
	return values
}

var _ = declare("class System.Xml.Linq.XName : IEquatable<System.Xml.Linq.XName>", func() []memberDecl {
	return []memberDecl{
		member("string LocalName { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(xlinq.Name).Local, nil }),
		member("XNamespace Namespace { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(xlinq.Name).Space, nil }),
		member("string NamespaceName { get; }", func(_ *Machine, a []any) (any, error) { return string(a[0].(xlinq.Name).Space), nil }),
		member("static XName Get(string expandedName)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("expandedName")
			}
			return xmlParsedName(a[0].(string))
		}),
		member("static XName Get(string localName, string namespaceName)", func(_ *Machine, a []any) (any, error) {
			switch {
			case a[1] == nil:
				return nil, dotnet.ArgumentNull("namespaceName")
			case a[0] == nil:
				return nil, dotnet.ArgumentNull("localName")
			}
			return xmlName(a[1].(string), a[0].(string))
		}),
		member("static implicit operator XName(string expandedName)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, nil
			}
			return xmlParsedName(a[0].(string))
		}),
		member("static bool operator ==(XName left, XName right)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("static bool operator !=(XName left, XName right)", func(_ *Machine, a []any) (any, error) { return a[0] != a[1], nil }),
		member("string ToString()", xmlText),
	}
})

var _ = declare("class System.Xml.Linq.XNamespace", func() []memberDecl {
	return []memberDecl{
		member("string NamespaceName { get; }", func(_ *Machine, a []any) (any, error) { return string(a[0].(xlinq.Namespace)), nil }),
		member("static XNamespace None { get; }", func(*Machine, []any) (any, error) { return xlinq.Namespace(""), nil }),
		member("static XNamespace Xml { get; }", func(*Machine, []any) (any, error) { return xlinq.XMLNamespace, nil }),
		member("static XNamespace Xmlns { get; }", func(*Machine, []any) (any, error) { return xlinq.XMLNSNamespace, nil }),
		member("XName GetName(string localName)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("localName")
			}
			return xmlName(string(a[0].(xlinq.Namespace)), a[1].(string))
		}),
		member("static XNamespace Get(string namespaceName)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("namespaceName")
			}
			return xlinq.Namespace(a[0].(string)), nil
		}),
		member("static implicit operator XNamespace(string namespaceName)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, nil
			}
			return xlinq.Namespace(a[0].(string)), nil
		}),
		member("static XName operator +(XNamespace ns, string localName)", func(_ *Machine, a []any) (any, error) {
			switch {
			case a[0] == nil:
				return nil, dotnet.ArgumentNull("ns")
			case a[1] == nil:
				return nil, dotnet.ArgumentNull("localName")
			}
			return xmlName(string(a[0].(xlinq.Namespace)), a[1].(string))
		}),
		member("static bool operator ==(XNamespace left, XNamespace right)", func(_ *Machine, a []any) (any, error) { return a[0] == a[1], nil }),
		member("static bool operator !=(XNamespace left, XNamespace right)", func(_ *Machine, a []any) (any, error) { return a[0] != a[1], nil }),
		member("string ToString()", xmlText),
	}
})

func xmlName(space, local string) (any, error) {
	n, err := xlinq.NewName(xlinq.Namespace(space), local)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func xmlParsedName(expanded string) (any, error) {
	n, err := xlinq.ParseName(expanded)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// xmlText is ToString of anything of package xlinq.
func xmlText(m *Machine, a []any) (any, error) {
	if n, ok := a[0].(xlinq.Node); ok {
		return xlinq.Write(n, 0, m.Allocate)
	}
	return a[0].(interface{ Text() (string, error) }).Text()
}

// nameOf is an XName argument; null is nil.
func nameOf(v any) *xlinq.Name {
	if n, ok := v.(xlinq.Name); ok {
		return &n
	}
	return nil
}

// objectOrNull is an object as a value: a nil pointer is null.
func objectOrNull[T comparable](o T) any {
	var none T
	if o == none {
		return nil
	}
	return o
}

// stringOrNull is a text that may be null.
func stringOrNull(s string, present bool) any {
	if !present {
		return nil
	}
	return s
}

// xmlSequence is a lazy IEnumerable<elem>.
func xmlSequence(elem string, start func() xlinq.Walk) (any, error) {
	return newSequence(typeOf("System.Xml.Linq."+elem), func(*Machine) (Iterator, error) { return xmlIterator{start()}, nil }), nil
}

type xmlIterator struct{ walk xlinq.Walk }

// Next is part of Iterator.
func (it xmlIterator) Next(m *Machine) (any, bool, error) {
	if err := m.Spend(1); err != nil {
		return nil, false, err
	}
	o, err := it.walk()
	return o, o != nil, err
}

// Close is part of Iterator.
func (xmlIterator) Close() {}

// xmlContent calls add with each piece of content: objects of package xlinq as
// they are, other values as text, sequences element by element.
func (m *Machine) xmlContent(content any, add func(piece any) error) error {
	if err := m.Spend(1); err != nil {
		return err
	}
	switch v := content.(type) {
	case nil:
		return nil
	case xlinq.Node:
		if xlinq.Holder(v) != nil { // it is copied
			size := xlinq.Size(v)
			if err := m.Allocate(64 * size); err != nil {
				return err
			}
			if err := m.Spend(size); err != nil {
				return err
			}
		}
		return add(v)
	case xlinq.Object:
		return add(v)
	}
	if !isSequence(content) {
		s, err := m.xmlValue(content)
		if err != nil {
			return err
		}
		if err := m.Allocate(len(s)); err != nil {
			return err
		}
		return add(s)
	}
	if err := m.enter(); err != nil {
		return err
	}
	defer m.leave()
	return m.each(content, basic.object, func(x any) (bool, error) { return false, m.xmlContent(x, add) })
}

// xmlValue is a value as text in content or an attribute.
func (m *Machine) xmlValue(v any) (string, error) {
	if _, ok := v.(xlinq.Object); ok {
		return "", dotnet.Argument("An XObject cannot be used as a value.", "")
	}
	if s, ok := xlinq.TextOf(v); ok {
		return s, nil
	}
	return m.Text(v)
}
