package expr

import (
	"cmp"
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// System.Xml.Linq.Extensions: what an object offers, for a sequence of objects.
// .NET's are generic with a constraint, such as T : XNode; IEnumerable's
// covariance makes the parameter without type parameter take the same.
var _ = declare("static class System.Xml.Linq.Extensions", func() []memberDecl {
	return []memberDecl{
		member("static IEnumerable<XElement> Elements(this IEnumerable<XContainer> source)", flatElements(false, xmlElements)),
		member("static IEnumerable<XElement> Elements(this IEnumerable<XContainer> source, XName name)", flatElements(true, xmlElements)),
		member("static IEnumerable<XElement> Descendants(this IEnumerable<XContainer> source)", flatElements(false, xmlDescendants)),
		member("static IEnumerable<XElement> Descendants(this IEnumerable<XContainer> source, XName name)", flatElements(true, xmlDescendants)),
		member("static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source)", flatElements(false, selfAndDescendants)),
		member("static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source, XName name)", flatElements(true, selfAndDescendants)),
		member("static IEnumerable<XElement> Ancestors(this IEnumerable<XNode> source)", flatElements(false, ancestorsOf(false))),
		member("static IEnumerable<XElement> Ancestors(this IEnumerable<XNode> source, XName name)", flatElements(true, ancestorsOf(false))),
		member("static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source)", flatElements(false, ancestorsOf(true))),
		member("static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source, XName name)", flatElements(true, ancestorsOf(true))),
		member("static IEnumerable<XNode> Nodes(this IEnumerable<XContainer> source)", flat("XNode", false, func(o any, _ *xlinq.Name) xlinq.Walk {
			return xlinq.Nodes(o.(xlinq.Container))
		})),
		member("static IEnumerable<XNode> DescendantNodes(this IEnumerable<XContainer> source)", flat("XNode", false, func(o any, _ *xlinq.Name) xlinq.Walk {
			return xlinq.Descendants(o.(xlinq.Container), false)
		})),
		member("static IEnumerable<XNode> DescendantNodesAndSelf(this IEnumerable<XElement> source)", flat("XNode", false, func(o any, _ *xlinq.Name) xlinq.Walk {
			return xlinq.Descendants(o.(xlinq.Container), true)
		})),
		member("static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source)", flat("XAttribute", false, attributesOf)),
		member("static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source, XName name)", flat("XAttribute", true, attributesOf)),
		member("static IEnumerable<XElement> InDocumentOrder(this IEnumerable<XElement> source)", inDocumentOrder("XElement")),
		member("static IEnumerable<XNode> InDocumentOrder(this IEnumerable<XNode> source)", inDocumentOrder("XNode")),
		member("static void Remove(this IEnumerable<XAttribute> source)", removeAll),
		member("static void Remove(this IEnumerable<XNode> source)", removeAll),
	}
})

func ancestorsOf(self bool) func(o any, name *xlinq.Name) xlinq.Walk {
	return func(o any, name *xlinq.Name) xlinq.Walk { return xlinq.Ancestors(o.(xlinq.Node), self, name) }
}

func attributesOf(o any, name *xlinq.Name) xlinq.Walk {
	return xlinq.Attributes(o.(*xlinq.Element), name)
}

func flatElements(named bool, walk func(any, *xlinq.Name) xlinq.Walk) func(*Machine, []any) (any, error) {
	return flat("XElement", named, walk)
}

// flat joins the walks of a sequence's objects, lazily. Null among them is passed
// over.
func flat(elem string, named bool, walk func(any, *xlinq.Name) xlinq.Walk) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		source := a[0]
		if source == nil {
			return nil, dotnet.ArgumentNull("source")
		}
		var name *xlinq.Name
		if named {
			if name = nameOf(a[1]); name == nil {
				return xmlSequence(elem, xlinq.Empty)
			}
		}
		return newSequence(typeOf("System.Xml.Linq."+elem), func(m *Machine) (Iterator, error) {
			outer, err := m.iterate(source, nil)
			if err != nil {
				return nil, err
			}
			return &flatIterator{outer: outer, open: func(o any) xlinq.Walk { return walk(o, name) }, walk: xlinq.Empty()}, nil
		}), nil
	}
}

type flatIterator struct {
	outer Iterator
	open  func(o any) xlinq.Walk
	walk  xlinq.Walk
}

// Next is part of Iterator.
func (it *flatIterator) Next(m *Machine) (any, bool, error) {
	for {
		if err := m.Spend(1); err != nil {
			return nil, false, err
		}
		if o, err := it.walk(); o != nil || err != nil {
			return o, err == nil, err
		}
		x, more, err := it.outer.Next(m)
		if err != nil || !more {
			return nil, false, err
		}
		if x != nil {
			it.walk = it.open(x)
		}
	}
}

// Close is part of Iterator.
func (it *flatIterator) Close() { it.outer.Close() }

// removeAll removes each object of the sequence, which is read to its end first.
func removeAll(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("source")
	}
	objects, err := m.elements(a[0], nil)
	for _, o := range objects {
		if err != nil {
			break
		}
		switch o := o.(type) {
		case *xlinq.Attribute:
			err = o.Remove()
		case xlinq.Node:
			err = xlinq.Remove(o)
		}
	}
	return nil, err
}

func inDocumentOrder(elem string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		source := a[0]
		if source == nil {
			return nil, dotnet.ArgumentNull("source")
		}
		return newSequence(typeOf("System.Xml.Linq."+elem), func(m *Machine) (Iterator, error) {
			nodes, err := m.elements(source, nil)
			if err != nil {
				return nil, err
			}
			slices.SortStableFunc(nodes, func(x, y any) int {
				order, e := compareNodes(x, y)
				if e == nil {
					e = m.Spend(1)
				}
				err = cmp.Or(err, e)
				return int(order)
			})
			return &sliceIterator{elems: nodes}, err
		}), nil
	}
}
