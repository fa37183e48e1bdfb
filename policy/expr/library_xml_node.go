package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

var _ = declare("abstract class System.Xml.Linq.XObject", func() []memberDecl {
	return []memberDecl{
		member("XmlNodeType NodeType { get; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf("System.Xml.XmlNodeType"), int64(a[0].(xlinq.Object).NodeType())}, nil
		}),
		member("XElement Parent { get; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(a[0].(xlinq.Object).Parent()), nil }),
		member("XDocument Document { get; }", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(xlinq.DocumentOf(a[0].(xlinq.Object))), nil
		}),
		member("string BaseUri { get; }", func(*Machine, []any) (any, error) { return "", nil }),
	}
})

var _ = declare("abstract class System.Xml.Linq.XNode : System.Xml.Linq.XObject", func() []memberDecl {
	return []memberDecl{
		member("XNode NextNode { get; }", func(_ *Machine, a []any) (any, error) { return xlinq.Next(a[0].(xlinq.Node)), nil }),
		member("XNode PreviousNode { get; }", func(_ *Machine, a []any) (any, error) { return xlinq.Previous(a[0].(xlinq.Node)), nil }),
		member("void Remove()", func(_ *Machine, a []any) (any, error) { return nil, xlinq.Remove(a[0].(xlinq.Node)) }),
		member("void AddAfterSelf(object content)", insertBeside(xlinq.InsertAfter)),
		member("void AddAfterSelf(params object[] content)", insertBeside(xlinq.InsertAfter)),
		member("void AddBeforeSelf(object content)", insertBeside(xlinq.InsertBefore)),
		member("void AddBeforeSelf(params object[] content)", insertBeside(xlinq.InsertBefore)),
		member("void ReplaceWith(object content)", insertBeside(xlinq.Replace)),
		member("void ReplaceWith(params object[] content)", insertBeside(xlinq.Replace)),
		member("IEnumerable<XElement> Ancestors()", xmlAncestors(false, false)),
		member("IEnumerable<XElement> Ancestors(XName name)", xmlAncestors(false, true)),
		member("IEnumerable<XElement> ElementsAfterSelf()", besideElements(xlinq.After, false)),
		member("IEnumerable<XElement> ElementsAfterSelf(XName name)", besideElements(xlinq.After, true)),
		member("IEnumerable<XElement> ElementsBeforeSelf()", besideElements(xlinq.Before, false)),
		member("IEnumerable<XElement> ElementsBeforeSelf(XName name)", besideElements(xlinq.Before, true)),
		member("IEnumerable<XNode> NodesAfterSelf()", func(_ *Machine, a []any) (any, error) {
			n := a[0].(xlinq.Node)
			return xmlSequence("XNode", func() xlinq.Walk { return xlinq.After(n) })
		}),
		member("IEnumerable<XNode> NodesBeforeSelf()", func(_ *Machine, a []any) (any, error) {
			n := a[0].(xlinq.Node)
			return xmlSequence("XNode", func() xlinq.Walk { return xlinq.Before(n) })
		}),
		member("bool IsAfter(XNode node)", func(_ *Machine, a []any) (any, error) {
			order, err := compareNodes(a[0], a[1])
			return order > 0, err
		}),
		member("bool IsBefore(XNode node)", func(_ *Machine, a []any) (any, error) {
			order, err := compareNodes(a[0], a[1])
			return order < 0, err
		}),
		member("static int CompareDocumentOrder(XNode n1, XNode n2)", func(_ *Machine, a []any) (any, error) { return compareNodes(a[0], a[1]) }),
		member("static bool DeepEquals(XNode n1, XNode n2)", deepEqualNodes),
		member("string ToString()", xmlText),
		member("string ToString(SaveOptions options)", func(m *Machine, a []any) (any, error) {
			return xlinq.Write(a[0].(xlinq.Node), xlinq.SaveOptions(a[1].(EnumObject).Value), m.Allocate)
		}),
	}
})

// insertBeside puts content in a place that begin finds.
func insertBeside(begin func(xlinq.Node) (*xlinq.Insertion, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		ins, err := begin(a[0].(xlinq.Node))
		if err != nil {
			return nil, err
		}
		return nil, m.insertContent(ins, a[1])
	}
}

func (m *Machine) insertContent(ins *xlinq.Insertion, content any) error {
	if err := m.xmlContent(content, ins.Add); err != nil {
		return err
	}
	return ins.End()
}

// xmlAncestors are the elements around a node; named says that a name is given.
func xmlAncestors(self, named bool) func(*Machine, []any) (any, error) {
	return xmlWalk(named, func(o any, name *xlinq.Name) xlinq.Walk { return xlinq.Ancestors(o.(xlinq.Node), self, name) })
}

func besideElements(walk func(xlinq.Node) xlinq.Walk, named bool) func(*Machine, []any) (any, error) {
	return xmlWalk(named, func(o any, name *xlinq.Name) xlinq.Walk { return xlinq.OnlyElements(walk(o.(xlinq.Node)), name) })
}

// xmlWalk is a member that gives elements, those of the name in the argument if
// named: none if it is null.
func xmlWalk(named bool, walk func(o any, name *xlinq.Name) xlinq.Walk) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		receiver := a[0]
		if !named {
			return xmlSequence("XElement", func() xlinq.Walk { return walk(receiver, nil) })
		}
		name := nameOf(a[1])
		if name == nil {
			return xmlSequence("XElement", xlinq.Empty)
		}
		return xmlSequence("XElement", func() xlinq.Walk { return walk(receiver, name) })
	}
}

func compareNodes(a, b any) (int32, error) {
	if a == nil || b == nil {
		switch {
		case a == b:
			return 0, nil
		case a == nil:
			return -1, nil
		}
		return 1, nil
	}
	order, err := xlinq.CompareOrder(a.(xlinq.Node), b.(xlinq.Node))
	return int32(order), err
}

func deepEqualNodes(m *Machine, a []any) (any, error) {
	x, _ := a[0].(xlinq.Node)
	y, _ := a[1].(xlinq.Node)
	if x == nil || y == nil {
		return x == nil && y == nil, nil
	}
	return xlinq.DeepEquals(x, y), m.Spend(xlinq.Size(x))
}

var _ = declare("abstract class System.Xml.Linq.XContainer : System.Xml.Linq.XNode", func() []memberDecl {
	return []memberDecl{
		member("XNode FirstNode { get; }", func(_ *Machine, a []any) (any, error) { return xlinq.First(a[0].(xlinq.Container)), nil }),
		member("XNode LastNode { get; }", func(_ *Machine, a []any) (any, error) { return xlinq.Last(a[0].(xlinq.Container)), nil }),
		member("void Add(object content)", addXMLContent),
		member("void Add(params object[] content)", addXMLContent),
		member("void AddFirst(object content)", addXMLFirst),
		member("void AddFirst(params object[] content)", addXMLFirst),
		member("void RemoveNodes()", func(_ *Machine, a []any) (any, error) {
			xlinq.RemoveNodes(a[0].(xlinq.Container))
			return nil, nil
		}),
		member("void ReplaceNodes(object content)", replaceXMLNodes),
		member("void ReplaceNodes(params object[] content)", replaceXMLNodes),
		member("XElement Element(XName name)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, nil
			}
			return objectOrNull(xlinq.ElementOf(a[0].(xlinq.Container), a[1].(xlinq.Name))), nil
		}),
		member("IEnumerable<XElement> Elements()", xmlWalk(false, xmlElements)),
		member("IEnumerable<XElement> Elements(XName name)", xmlWalk(true, xmlElements)),
		member("IEnumerable<XElement> Descendants()", xmlWalk(false, xmlDescendants)),
		member("IEnumerable<XElement> Descendants(XName name)", xmlWalk(true, xmlDescendants)),
		member("IEnumerable<XNode> Nodes()", func(_ *Machine, a []any) (any, error) {
			c := a[0].(xlinq.Container)
			return xmlSequence("XNode", func() xlinq.Walk { return xlinq.Nodes(c) })
		}),
		member("IEnumerable<XNode> DescendantNodes()", func(_ *Machine, a []any) (any, error) {
			c := a[0].(xlinq.Container)
			return xmlSequence("XNode", func() xlinq.Walk { return xlinq.Descendants(c, false) })
		}),
	}
})

func xmlElements(o any, name *xlinq.Name) xlinq.Walk {
	return xlinq.Elements(o.(xlinq.Container), name)
}

func xmlDescendants(o any, name *xlinq.Name) xlinq.Walk {
	return xlinq.DescendantElements(o.(xlinq.Container), false, name)
}

func addXMLContent(m *Machine, a []any) (any, error) {
	c := a[0].(xlinq.Container)
	return nil, m.xmlContent(a[1], func(piece any) error { return xlinq.Add(c, piece) })
}

func addXMLFirst(m *Machine, a []any) (any, error) {
	return nil, m.insertContent(xlinq.InsertFirst(a[0].(xlinq.Container)), a[1])
}

// xmlSnapshot is content before the tree changes: what it is made of may be lazy
// and read the tree.
func (m *Machine) xmlSnapshot(content any) ([]any, error) {
	var pieces []any
	err := m.xmlContent(content, func(piece any) error {
		pieces = append(pieces, piece)
		return nil
	})
	return pieces, err
}

func replaceXMLNodes(m *Machine, a []any) (any, error) {
	c := a[0].(xlinq.Container)
	pieces, err := m.xmlSnapshot(a[1])
	if err != nil {
		return nil, err
	}
	xlinq.RemoveNodes(c)
	return nil, addPieces(c, pieces)
}

func addPieces(c xlinq.Container, pieces []any) error {
	for _, p := range pieces {
		if err := xlinq.Add(c, p); err != nil {
			return err
		}
	}
	return nil
}

// copyOf is the constructor that copies a node.
func copyOf(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("other")
	}
	n := a[0].(xlinq.Node)
	return xlinq.Clone(n), m.Allocate(64 * xlinq.Size(n))
}
