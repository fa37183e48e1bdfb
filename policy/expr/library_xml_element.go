package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

var _ = declare("class System.Xml.Linq.XElement : System.Xml.Linq.XContainer", func() []memberDecl {
	return append([]memberDecl{
		member("new(XName name)", newXElement),
		member("new(XElement other)", copyOf),
		member("new(XName name, object content)", newXElement),
		member("new(XName name, params object[] content)", newXElement),
		member("XName Name { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Element).Name(), nil },
			func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("value")
				}
				a[0].(*xlinq.Element).SetName(a[1].(xlinq.Name))
				return nil, nil
			}),
		member("string Value { get; set; }", elementValue, func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			return nil, a[0].(*xlinq.Element).SetValue(a[1].(string))
		}),
		member("void SetValue(object value)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			s, err := m.xmlValue(a[1])
			if err != nil {
				return nil, err
			}
			return nil, a[0].(*xlinq.Element).SetValue(s)
		}),
		member("bool IsEmpty { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Element).IsEmpty(), nil }),
		member("bool HasElements { get; }", func(_ *Machine, a []any) (any, error) {
			found, err := xlinq.Elements(a[0].(*xlinq.Element), nil)()
			return found != nil, err
		}),
		member("bool HasAttributes { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Element).FirstAttribute() != nil, nil }),
		member("XAttribute FirstAttribute { get; }", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(a[0].(*xlinq.Element).FirstAttribute()), nil
		}),
		member("XAttribute LastAttribute { get; }", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(a[0].(*xlinq.Element).LastAttribute()), nil
		}),
		member("XAttribute Attribute(XName name)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, nil
			}
			return objectOrNull(a[0].(*xlinq.Element).Attribute(a[1].(xlinq.Name))), nil
		}),
		member("IEnumerable<XAttribute> Attributes()", func(_ *Machine, a []any) (any, error) {
			e := a[0].(*xlinq.Element)
			return xmlSequence("XAttribute", func() xlinq.Walk { return xlinq.Attributes(e, nil) })
		}),
		member("IEnumerable<XAttribute> Attributes(XName name)", func(_ *Machine, a []any) (any, error) {
			e, name := a[0].(*xlinq.Element), nameOf(a[1])
			if name == nil {
				return xmlSequence("XAttribute", xlinq.Empty)
			}
			return xmlSequence("XAttribute", func() xlinq.Walk { return xlinq.Attributes(e, name) })
		}),
		member("IEnumerable<XElement> AncestorsAndSelf()", xmlAncestors(true, false)),
		member("IEnumerable<XElement> AncestorsAndSelf(XName name)", xmlAncestors(true, true)),
		member("IEnumerable<XElement> DescendantsAndSelf()", xmlWalk(false, selfAndDescendants)),
		member("IEnumerable<XElement> DescendantsAndSelf(XName name)", xmlWalk(true, selfAndDescendants)),
		member("IEnumerable<XNode> DescendantNodesAndSelf()", func(_ *Machine, a []any) (any, error) {
			e := a[0].(*xlinq.Element)
			return xmlSequence("XNode", func() xlinq.Walk { return xlinq.Descendants(e, true) })
		}),
		member("void SetElementValue(XName name, object value)", setElementValue),
		member("void SetAttributeValue(XName name, object value)", setAttributeValue),
		member("void RemoveAttributes()", func(_ *Machine, a []any) (any, error) {
			a[0].(*xlinq.Element).RemoveAttributes()
			return nil, nil
		}),
		member("void RemoveAll()", func(_ *Machine, a []any) (any, error) {
			a[0].(*xlinq.Element).RemoveAttributes()
			xlinq.RemoveNodes(a[0].(*xlinq.Element))
			return nil, nil
		}),
		member("void ReplaceAll(object content)", replaceAll(true)),
		member("void ReplaceAll(params object[] content)", replaceAll(true)),
		member("void ReplaceAttributes(object content)", replaceAll(false)),
		member("void ReplaceAttributes(params object[] content)", replaceAll(false)),
		member("XNamespace GetDefaultNamespace()", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Element).DefaultNamespace(), nil }),
		member("XNamespace GetNamespaceOfPrefix(string prefix)", func(_ *Machine, a []any) (any, error) {
			switch a[1] {
			case nil:
				return nil, dotnet.ArgumentNull("prefix")
			case "":
				return nil, dotnet.Argument("'' is an invalid prefix.", "")
			}
			if space, bound := a[0].(*xlinq.Element).NamespaceOfPrefix(a[1].(string)); bound {
				return space, nil
			}
			return nil, nil
		}),
		member("string GetPrefixOfNamespace(XNamespace ns)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("ns")
			}
			return stringOrNull(a[0].(*xlinq.Element).PrefixOfNamespace(a[1].(xlinq.Namespace))), nil
		}),
		member("static XElement Parse(string text)", parseXElement),
		member("static XElement Parse(string text, LoadOptions options)", parseXElement),
		member("static IEnumerable<XElement> EmptySequence { get; }", func(*Machine, []any) (any, error) { return xmlSequence("XElement", xlinq.Empty) }),
	}, xmlConversions("XElement", "element", func(v any) string { return v.(*xlinq.Element).Value() })...)
})

func selfAndDescendants(o any, name *xlinq.Name) xlinq.Walk {
	return xlinq.DescendantElements(o.(xlinq.Container), true, name)
}

func newXElement(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("name")
	}
	if err := m.Allocate(64); err != nil {
		return nil, err
	}
	e := xlinq.NewElement(a[0].(xlinq.Name))
	if len(a) == 1 {
		return e, nil
	}
	return e, m.xmlContent(a[1], func(piece any) error { return xlinq.Add(e, piece) })
}

func elementValue(m *Machine, a []any) (any, error) {
	s := a[0].(*xlinq.Element).Value()
	return s, m.Allocate(len(s))
}

func setElementValue(m *Machine, a []any) (any, error) {
	e := a[0].(*xlinq.Element)
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("name")
	}
	child := xlinq.ElementOf(e, a[1].(xlinq.Name))
	if a[2] == nil {
		if child != nil {
			return nil, xlinq.Remove(child)
		}
		return nil, nil
	}
	s, err := m.xmlValue(a[2])
	if err != nil {
		return nil, err
	}
	if child == nil {
		child = xlinq.NewElement(a[1].(xlinq.Name))
		if err := xlinq.Add(e, child); err != nil {
			return nil, err
		}
	}
	return nil, child.SetValue(s)
}

func setAttributeValue(m *Machine, a []any) (any, error) {
	e := a[0].(*xlinq.Element)
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("name")
	}
	attribute := e.Attribute(a[1].(xlinq.Name))
	if a[2] == nil {
		if attribute != nil {
			return nil, attribute.Remove()
		}
		return nil, nil
	}
	s, err := m.xmlValue(a[2])
	if err != nil {
		return nil, err
	}
	if attribute != nil {
		return nil, attribute.SetValue(s)
	}
	attribute, err = xlinq.NewAttribute(a[1].(xlinq.Name), s)
	if err != nil {
		return nil, err
	}
	return nil, xlinq.Add(e, attribute)
}

// replaceAll replaces attributes, and nodes too if nodes.
func replaceAll(nodes bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		e := a[0].(*xlinq.Element)
		pieces, err := m.xmlSnapshot(a[1])
		if err != nil {
			return nil, err
		}
		e.RemoveAttributes()
		if nodes {
			xlinq.RemoveNodes(e)
		}
		return nil, addPieces(e, pieces)
	}
}

// parseXML readies a text to be parsed.
func parseXML(m *Machine, a []any) (text string, options xlinq.LoadOptions, err error) {
	if a[0] == nil {
		return "", 0, dotnet.ArgumentNull("s")
	}
	if len(a) > 1 {
		options = xlinq.LoadOptions(a[1].(EnumObject).Value)
	}
	return a[0].(string), options, m.Allocate(8 * len(a[0].(string)))
}

func parseXElement(m *Machine, a []any) (any, error) {
	text, options, err := parseXML(m, a)
	if err != nil {
		return nil, err
	}
	e, err := xlinq.ParseElement(text, options)
	if err != nil {
		return nil, err
	}
	return e, nil
}

var _ = declare("class System.Xml.Linq.XAttribute : System.Xml.Linq.XObject", func() []memberDecl {
	return append([]memberDecl{
		member("new(XName name, object value)", newXAttribute),
		member("new(XAttribute other)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("other")
			}
			other := a[0].(*xlinq.Attribute)
			return xlinq.NewAttribute(other.Name(), other.Value())
		}),
		member("XName Name { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Attribute).Name(), nil }),
		member("string Value { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Attribute).Value(), nil },
			func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("value")
				}
				return nil, a[0].(*xlinq.Attribute).SetValue(a[1].(string))
			}),
		member("void SetValue(object value)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			s, err := m.xmlValue(a[1])
			if err != nil {
				return nil, err
			}
			return nil, a[0].(*xlinq.Attribute).SetValue(s)
		}),
		member("bool IsNamespaceDeclaration { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Attribute).IsNamespaceDeclaration(), nil }),
		member("XAttribute NextAttribute { get; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(a[0].(*xlinq.Attribute).Next()), nil }),
		member("XAttribute PreviousAttribute { get; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(a[0].(*xlinq.Attribute).Previous()), nil }),
		member("void Remove()", func(_ *Machine, a []any) (any, error) { return nil, a[0].(*xlinq.Attribute).Remove() }),
		member("string ToString()", xmlText),
		member("static IEnumerable<XAttribute> EmptySequence { get; }", func(*Machine, []any) (any, error) { return xmlSequence("XAttribute", xlinq.Empty) }),
	}, xmlConversions("XAttribute", "attribute", func(v any) string { return v.(*xlinq.Attribute).Value() })...)
})

func newXAttribute(m *Machine, a []any) (any, error) {
	switch {
	case a[0] == nil:
		return nil, dotnet.ArgumentNull("name")
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("value")
	}
	s, err := m.xmlValue(a[1])
	if err != nil {
		return nil, err
	}
	attribute, err := xlinq.NewAttribute(a[0].(xlinq.Name), s)
	if err != nil {
		return nil, err
	}
	return attribute, m.Allocate(64 + len(s))
}
