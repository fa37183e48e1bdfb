package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// namespaceManager is an XmlNamespaceManager.
type namespaceManager struct {
	table    any
	bindings []namespaceBinding // the newest last
	scopes   []int              // len(bindings) where each began
}

type namespaceBinding struct{ prefix, space string }

const namespaceManagerType = "System.Xml.XmlNamespaceManager"

// DotnetType is part of Object.
func (*namespaceManager) DotnetType() *Type { return typeOf(namespaceManagerType) }

// Enumerate is part of Enumerable: the prefixes.
func (n *namespaceManager) Enumerate(*Machine) (Iterator, error) {
	seen, prefixes := map[string]bool{"": true}, []any{""}
	for _, b := range n.bindings {
		if !seen[b.prefix] {
			seen[b.prefix] = true
			prefixes = append(prefixes, b.prefix)
		}
	}
	return &sliceIterator{elems: prefixes}, nil
}

// namespace is LookupNamespace: null if the prefix is not bound.
func (n *namespaceManager) namespace(prefix any) any {
	for i := len(n.bindings) - 1; i >= 0; i-- {
		if n.bindings[i].prefix == prefix {
			return n.bindings[i].space
		}
	}
	if prefix == "" {
		return ""
	}
	return nil
}

// prefix is LookupPrefix: null if nothing is bound to the namespace.
func (n *namespaceManager) prefix(space any) any {
	for i := len(n.bindings) - 1; i >= 0; i-- {
		if b := n.bindings[i]; b.space == space && n.namespace(b.prefix) == space {
			return b.prefix
		}
	}
	if space == "" {
		return ""
	}
	return nil
}

type nameTable struct{ _ byte }

// DotnetType is part of Object.
func (*nameTable) DotnetType() *Type { return typeOf("System.Xml.NameTable") }

var (
	_ = declare("abstract class System.Xml.XmlNameTable", func() []memberDecl {
		return []memberDecl{
			member("string Add(string array)", func(_ *Machine, a []any) (any, error) { return a[1], nil }),
			member("string Get(string array)", func(_ *Machine, a []any) (any, error) { return a[1], nil }),
		}
	})
	_ = declare("class System.Xml.NameTable : System.Xml.XmlNameTable", func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &nameTable{}, nil }),
		}
	})
	_ = declare("class "+namespaceManagerType+" : System.Xml.IXmlNamespaceResolver, System.Collections.IEnumerable", func() []memberDecl {
		return []memberDecl{
			member("new(XmlNameTable nameTable)", func(_ *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.NullReference()
				}
				return &namespaceManager{table: a[0], bindings: []namespaceBinding{{"xmlns", string(xlinq.XMLNSNamespace)}, {"xml", string(xlinq.XMLNamespace)}}}, nil
			}),
			member("XmlNameTable NameTable { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).table, nil }),
			member("string DefaultNamespace { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).namespace(""), nil }),
			member("void AddNamespace(string prefix, string uri)", addNamespace),
			member("void RemoveNamespace(string prefix, string uri)", removeNamespace),
			member("bool HasNamespace(string prefix)", func(_ *Machine, a []any) (any, error) {
				n := a[0].(*namespaceManager)
				from := 0
				if len(n.scopes) > 0 {
					from = n.scopes[len(n.scopes)-1]
				}
				for _, b := range n.bindings[from:] {
					if b.prefix == a[1] {
						return true, nil
					}
				}
				return false, nil
			}),
			member("string LookupNamespace(string prefix)", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).namespace(a[1]), nil }),
			member("string LookupPrefix(string uri)", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).prefix(a[1]), nil }),
			member("void PushScope()", func(m *Machine, a []any) (any, error) {
				n := a[0].(*namespaceManager)
				n.scopes = append(n.scopes, len(n.bindings))
				return nil, m.Allocate(16)
			}),
			member("bool PopScope()", func(_ *Machine, a []any) (any, error) {
				n := a[0].(*namespaceManager)
				last := len(n.scopes) - 1
				if last < 0 {
					return false, nil
				}
				n.bindings, n.scopes = n.bindings[:n.scopes[last]], n.scopes[:last]
				return true, nil
			}),
			member("System.Collections.IEnumerator GetEnumerator()", enumerate),
		}
	})
)

func addNamespace(m *Machine, a []any) (any, error) {
	switch {
	case a[2] == nil:
		return nil, dotnet.ArgumentNull("uri")
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("prefix")
	case a[1] == "xml" && a[2] != string(xlinq.XMLNamespace):
		return nil, dotnet.Argument(`Prefix "xml" is reserved for use by XML and can be mapped only to namespace name "http://www.w3.org/XML/1998/namespace".`, "")
	case a[1] == "xmlns":
		return nil, dotnet.Argument(`Prefix "xmlns" is reserved for use by XML.`, "")
	}
	n := a[0].(*namespaceManager)
	n.bindings = append(n.bindings, namespaceBinding{a[1].(string), a[2].(string)})
	return nil, m.Allocate(64)
}

func removeNamespace(_ *Machine, a []any) (any, error) {
	switch {
	case a[2] == nil:
		return nil, dotnet.ArgumentNull("uri")
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("prefix")
	}
	n := a[0].(*namespaceManager)
	for i := len(n.bindings) - 1; i >= 0; i-- {
		if b := n.bindings[i]; b.prefix == a[1] && b.space == a[2] {
			n.bindings = append(n.bindings[:i:i], n.bindings[i+1:]...)
			break
		}
	}
	return nil, nil
}
