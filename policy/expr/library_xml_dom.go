package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// System.Xml.XmlNode and its kin. A node is the Go object of package xmldom; null
// is nil, never a nil pointer in an interface.

func domNode(v any) *xmldom.Node {
	n, _ := v.(*xmldom.Node)
	return n
}

// domMember is a property that a node answers by itself.
func domMember(signature string, get func(n *xmldom.Node) any) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return get(domNode(a[0])), nil })
}

// domLink is a property that is a node or null.
func domLink(signature string, get func(n *xmldom.Node) *xmldom.Node) memberDecl {
	return domMember(signature, func(n *xmldom.Node) any { return objectOrNull(get(n)) })
}

// domText is a property that is made of all that a node holds.
func domText(signature string, get func(n *xmldom.Node) string, set func(n *xmldom.Node, s string) error) memberDecl {
	read := func(m *Machine, a []any) (any, error) {
		if err := m.Spend(domNode(a[0]).Size()); err != nil {
			return nil, err
		}
		return writeText(m, get(domNode(a[0])))
	}
	if set == nil {
		return member(signature, read)
	}
	return member(signature, read, func(m *Machine, a []any) (any, error) {
		if err := m.Allocate(8 * len(text(a[1]))); err != nil {
			return nil, err
		}
		return nil, set(domNode(a[0]), text(a[1]))
	})
}

var _ = declare("abstract class System.Xml.XmlNode : System.Collections.IEnumerable, System.Xml.XPath.IXPathNavigable", func() []memberDecl {
	return []memberDecl{
		domMember("string Name { get; }", func(n *xmldom.Node) any { return n.Name() }),
		domMember("string LocalName { get; }", func(n *xmldom.Node) any { return n.LocalName() }),
		domMember("string NamespaceURI { get; }", func(n *xmldom.Node) any { return n.NamespaceURI() }),
		member("string Prefix { get; set; }", func(_ *Machine, a []any) (any, error) { return domNode(a[0]).Prefix(), nil },
			func(_ *Machine, a []any) (any, error) {
				domNode(a[0]).SetPrefix(text(a[1]))
				return nil, nil
			}),
		domMember("XmlNodeType NodeType { get; }", func(n *xmldom.Node) any {
			return EnumObject{typeOf("System.Xml.XmlNodeType"), int64(n.Kind())}
		}),
		member("string Value { get; set; }", func(_ *Machine, a []any) (any, error) { return stringOrNull(domNode(a[0]).Value()), nil },
			func(_ *Machine, a []any) (any, error) { return nil, domNode(a[0]).SetValue(text(a[1])) }),
		domText("string InnerText { get; set; }", (*xmldom.Node).InnerText, (*xmldom.Node).SetInnerText),
		domText("string InnerXml { get; set; }", xmldom.InnerXML, (*xmldom.Node).SetInnerXML),
		domText("string OuterXml { get; }", xmldom.OuterXML, nil),
		domMember("string BaseURI { get; }", func(*xmldom.Node) any { return "" }),
		domMember("bool IsReadOnly { get; }", func(*xmldom.Node) any { return false }),
		domLink("XmlDocument OwnerDocument { get; }", (*xmldom.Node).OwnerDocument),
		domLink("XmlNode ParentNode { get; }", (*xmldom.Node).ParentNode),
		domLink("XmlNode FirstChild { get; }", (*xmldom.Node).FirstChild),
		domLink("XmlNode LastChild { get; }", (*xmldom.Node).LastChild),
		domLink("XmlNode NextSibling { get; }", (*xmldom.Node).Next),
		domLink("XmlNode PreviousSibling { get; }", (*xmldom.Node).Previous),
		domMember("bool HasChildNodes { get; }", func(n *xmldom.Node) any { return n.FirstChild() != nil }),
		domMember("XmlNodeList ChildNodes { get; }", func(n *xmldom.Node) any {
			return &domList{func(m *Machine) ([]*xmldom.Node, error) {
				nodes := n.Children()
				return nodes, m.Spend(len(nodes))
			}}
		}),
		domMember("XmlAttributeCollection Attributes { get; }", func(n *xmldom.Node) any {
			if n.Kind() != xlinq.ElementNode {
				return nil
			}
			return &domAttributes{n}
		}),
		member("XmlElement this[string name] { get; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(domNode(a[0]).Child(text(a[1]))), nil }),
		member("XmlElement this[string localname, string ns] { get; }", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(domNode(a[0]).ChildNS(text(a[1]), text(a[2]))), nil
		}),
		member("XmlNode AppendChild(XmlNode newChild)", func(_ *Machine, a []any) (any, error) { return insertNode(a[0], a[1], nil) }),
		member("XmlNode PrependChild(XmlNode newChild)", func(_ *Machine, a []any) (any, error) {
			return insertNode(a[0], a[1], domNode(a[0]).FirstChild())
		}),
		member("XmlNode InsertBefore(XmlNode newChild, XmlNode refChild)", func(_ *Machine, a []any) (any, error) {
			return insertNode(a[0], a[1], domNode(a[2]))
		}),
		member("XmlNode InsertAfter(XmlNode newChild, XmlNode refChild)", insertNodeAfter),
		member("XmlNode ReplaceChild(XmlNode newChild, XmlNode oldChild)", replaceNode),
		member("XmlNode RemoveChild(XmlNode oldChild)", func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.NullReference()
			}
			return a[1], domNode(a[0]).Remove(domNode(a[1]))
		}),
		member("void RemoveAll()", func(_ *Machine, a []any) (any, error) {
			domNode(a[0]).RemoveChildren()
			domNode(a[0]).RemoveAttributes()
			return nil, nil
		}),
		member("void Normalize()", func(m *Machine, a []any) (any, error) {
			domNode(a[0]).Normalize()
			return nil, m.Spend(domNode(a[0]).Size())
		}),
		member("XmlNode CloneNode(bool deep)", func(m *Machine, a []any) (any, error) { return cloneNode(m, a[0], a[1].(bool)) }),
		member("XmlNode Clone()", func(m *Machine, a []any) (any, error) { return cloneNode(m, a[0], true) }),
		member("XmlNodeList SelectNodes(string xpath)", selectNodeList),
		member("XmlNodeList SelectNodes(string xpath, XmlNamespaceManager nsmgr)", selectNodeList),
		member("XmlNode SelectSingleNode(string xpath)", selectSingleNode),
		member("XmlNode SelectSingleNode(string xpath, XmlNamespaceManager nsmgr)", selectSingleNode),
		member("string GetNamespaceOfPrefix(string prefix)", func(_ *Machine, a []any) (any, error) {
			return domNode(a[0]).NamespaceOfPrefix(text(a[1])), nil
		}),
		member("string GetPrefixOfNamespace(string namespaceURI)", func(_ *Machine, a []any) (any, error) {
			return domNode(a[0]).PrefixOfNamespace(text(a[1])), nil
		}),
		member("bool Supports(string feature, string version)", func(_ *Machine, a []any) (any, error) {
			v := text(a[2])
			return dotnet.ToLower(text(a[1])) == "xml" && (v == "" || v == "1.0" || v == "2.0"), nil
		}),
		member("System.Collections.IEnumerator GetEnumerator()", enumerate),
	}
})

func insertNode(parent, child any, before *xmldom.Node) (any, error) {
	if child == nil {
		return nil, dotnet.NullReference()
	}
	return child, domNode(parent).Insert(domNode(child), before)
}

func insertNodeAfter(_ *Machine, a []any) (any, error) {
	if a[2] == nil {
		return insertNode(a[0], a[1], domNode(a[0]).FirstChild())
	}
	after := domNode(a[2])
	if after.ParentNode() != domNode(a[0]) {
		return nil, dotnet.Argument("The reference node is not a child of this node.", "")
	}
	if a[1] == a[2] {
		return a[1], nil
	}
	return insertNode(a[0], a[1], after.Next())
}

func replaceNode(_ *Machine, a []any) (any, error) {
	old, parent := domNode(a[2]), domNode(a[0])
	if old == nil || a[1] == nil {
		return nil, dotnet.NullReference()
	}
	next := old.Next()
	if err := parent.Remove(old); err != nil {
		return nil, err
	}
	if _, err := insertNode(a[0], a[1], next); err != nil {
		_ = parent.Insert(old, next)
		return nil, err
	}
	return old, nil
}

func cloneNode(m *Machine, v any, deep bool) (any, error) {
	n, size := domNode(v), 1
	if deep {
		size = n.Size()
	}
	if err := m.Spend(size); err != nil {
		return nil, err
	}
	return n.Clone(deep), m.Allocate(200 * size)
}

func selectNodeList(m *Machine, a []any) (any, error) {
	search, err := m.selectNodes(a)
	if err != nil {
		return nil, err
	}
	// The search begins when the list is used.
	var found []*xmldom.Node
	begun := false
	return &domList{func(m *Machine) ([]*xmldom.Node, error) {
		if begun {
			return found, nil
		}
		var err error
		begun = true
		found, err = search(m)
		return found, err
	}}, nil
}

func selectSingleNode(m *Machine, a []any) (any, error) {
	search, err := m.selectNodes(a)
	if err != nil {
		return nil, err
	}
	found, err := search(m)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// domList is an XmlNodeList: what it holds is asked for anew each time.
type domList struct {
	nodes func(m *Machine) ([]*xmldom.Node, error)
}

// DotnetType is part of Object.
func (*domList) DotnetType() *Type { return typeOf("System.Xml.XmlNodeList") }

// Enumerate is part of Enumerable.
func (l *domList) Enumerate(m *Machine) (Iterator, error) {
	nodes, err := l.nodes(m)
	if err != nil {
		return nil, err
	}
	return nodeIterator(m, nodes)
}

func nodeIterator(m *Machine, nodes []*xmldom.Node) (Iterator, error) {
	elems := make([]any, len(nodes))
	for i, n := range nodes {
		elems[i] = n
	}
	return &sliceIterator{elems: elems}, m.Spend(len(nodes))
}

var _ = declare("abstract class System.Xml.XmlNodeList : System.Collections.IEnumerable, System.IDisposable", func() []memberDecl {
	return []memberDecl{
		member("int Count { get; }", func(m *Machine, a []any) (any, error) {
			nodes, err := a[0].(*domList).nodes(m)
			return int32(len(nodes)), err
		}),
		member("XmlNode Item(int index)", nodeAt),
		member("XmlNode this[int i] { get; }", nodeAt),
		member("System.Collections.IEnumerator GetEnumerator()", enumerate),
	}
})

func nodeAt(m *Machine, a []any) (any, error) {
	nodes, err := a[0].(*domList).nodes(m)
	if i := intArg(a[1]); i >= 0 && i < len(nodes) {
		return nodes[i], err
	}
	return nil, err
}
