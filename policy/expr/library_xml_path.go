package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
	"github.com/apimulator/apimulator/policy/expr/xpath"
)

// XPath over XNode and XmlNode.

var (
	_ = exception("System.Xml.XPath.XPathException", "System.SystemException", "")
	_ = declare("interface System.Xml.XPath.IXPathNavigable")
	_ = declare("interface System.Xml.IXmlNamespaceResolver", func() []memberDecl {
		return []memberDecl{
			member("string LookupNamespace(string prefix)", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).namespace(a[1]), nil }),
			member("string LookupPrefix(string namespaceName)", func(_ *Machine, a []any) (any, error) { return a[0].(*namespaceManager).prefix(a[1]), nil }),
		}
	})
)

// Nothing here is an extension method: expressions have no using for
// System.Xml.XPath, so these are called by their full names.
var _ = declare("static class System.Xml.XPath.Extensions", func() []memberDecl {
	return []memberDecl{
		member("static object XPathEvaluate(XNode node, string expression)", pathEvaluate),
		member("static object XPathEvaluate(XNode node, string expression, IXmlNamespaceResolver resolver)", pathEvaluate),
		member("static XElement XPathSelectElement(XNode node, string expression)", pathSelectElement),
		member("static XElement XPathSelectElement(XNode node, string expression, IXmlNamespaceResolver resolver)", pathSelectElement),
		member("static IEnumerable<XElement> XPathSelectElements(XNode node, string expression)", pathSelectElements),
		member("static IEnumerable<XElement> XPathSelectElements(XNode node, string expression, IXmlNamespaceResolver resolver)", pathSelectElements),
	}
})

// evaluatePath evaluates an XPath expression; resolver is an
// IXmlNamespaceResolver or null.
func (m *Machine) evaluatePath(at xpath.Node, expression string, resolver any) (any, error) {
	x, err := m.compilePath(expression, resolver)
	if err != nil {
		return nil, err
	}
	return m.runPath(x, at)
}

func (m *Machine) compilePath(expression string, resolver any) (*xpath.Expr, error) {
	if err := m.Spend(len(expression)); err != nil {
		return nil, err
	}
	var resolve xpath.Resolver
	if manager, ok := resolver.(*namespaceManager); ok {
		resolve = func(prefix string) (string, bool) {
			space, known := manager.namespace(prefix).(string)
			return space, known
		}
	}
	return xpath.Compile(expression, resolve)
}

func (m *Machine) runPath(x *xpath.Expr, at xpath.Node) (any, error) {
	v, err := x.Evaluate(at, m.Spend)
	if nodes, ok := v.([]xpath.Node); ok && err == nil {
		err = m.Allocate(32 * len(nodes))
	}
	return v, err
}

func pathOf(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("node")
	}
	return m.evaluatePath(xlinq.Navigate(a[0].(xlinq.Node)), text(a[1]), optional(a, 2))
}

func pathEvaluate(m *Machine, a []any) (any, error) {
	v, err := pathOf(m, a)
	nodes, ok := v.([]xpath.Node)
	if !ok || err != nil {
		return v, err
	}
	found := make([]any, len(nodes))
	for i, n := range nodes {
		found[i] = xlinq.ObjectOf(n)
	}
	return newSequence(basic.object, func(*Machine) (Iterator, error) { return &sliceIterator{elems: found}, nil }), nil
}

// pathElements are the elements that an expression gives, which must give no
// other nodes.
func pathElements(m *Machine, a []any) ([]any, error) {
	v, err := pathOf(m, a)
	if err != nil {
		return nil, err
	}
	nodes, ok := v.([]xpath.Node)
	if !ok {
		return nil, dotnet.InvalidOperation("The XPath expression evaluated to unexpected type " + reflectionName(DynamicType(v), true) + ".")
	}
	found := make([]any, len(nodes))
	for i, n := range nodes {
		found[i] = xlinq.ObjectOf(n)
	}
	return found, nil
}

func needElement(v any) error {
	if _, ok := v.(*xlinq.Element); ok {
		return nil
	}
	return dotnet.InvalidOperation("The XPath expression evaluated to unexpected type " + reflectionName(DynamicType(v), true) + ".")
}

func pathSelectElement(m *Machine, a []any) (any, error) {
	found, err := pathElements(m, a)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], needElement(found[0])
}

func pathSelectElements(m *Machine, a []any) (any, error) {
	found, err := pathElements(m, a)
	if err != nil {
		return nil, err
	}
	for _, v := range found {
		if err := needElement(v); err != nil {
			return nil, err
		}
	}
	return newSequence(typeOf("System.Xml.Linq.XElement"), func(*Machine) (Iterator, error) { return &sliceIterator{elems: found}, nil }), nil
}

// selectNodes is XmlNode.SelectNodes: the search that will give the nodes.
func (m *Machine) selectNodes(a []any) (func(*Machine) ([]*xmldom.Node, error), error) {
	needNodes := dotnet.NewException("System.Xml.XPath.XPathException", "Expression must evaluate to a node-set.")
	x, err := m.compilePath(text(a[1]), optional(a, 2))
	switch {
	case err != nil:
		return nil, err
	case !x.Nodes():
		return nil, needNodes
	}
	from := domNode(a[0])
	return func(m *Machine) ([]*xmldom.Node, error) {
		v, err := m.runPath(x, xmldom.Navigate(from))
		if err != nil {
			return nil, err
		}
		var found []*xmldom.Node
		for _, n := range v.([]xpath.Node) {
			if n := xmldom.NodeOf(n); n != nil {
				found = append(found, n)
			}
		}
		return found, nil
	}, nil
}
