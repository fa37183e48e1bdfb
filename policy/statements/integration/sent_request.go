package integration

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// sentRequest is what the statements that make a request of their own share.
func sentRequest(name, doc string, more ...policy.Attribute) policy.Element {
	url, method := part.SetURL(), part.SetMethod()
	method.Doc = "Its method."
	return policy.Element{
		Name: name,
		Doc:  doc,
		Attributes: append([]policy.Attribute{
			{Name: "mode", Doc: "Begin with nothing, or with a copy of the request at hand.", Type: policy.Enum, Values: []string{"new", "copy"}, Default: "new", Expression: true},
			{Name: "timeout", Doc: "Seconds to wait for the response's head.", Type: policy.Seconds, Default: "60", Expression: true},
		}, more...),
		Children: []policy.Child{
			{Element: url, Max: 1},
			{Element: method, Max: 1},
			{Element: part.SetHeader()},
			{Element: part.SetBody(), Max: 1},
			{Element: part.Certificate(), Max: 1},
			{Element: part.ManagedIdentity(), Max: 1},
			{Element: part.Proxy(), Max: 1},
		},
		OrderOpen: true,
		Check:     checkSentRequest,
	}
}

// checkSentRequest tells what a request that is not a copy lacks.
func checkSentRequest(n *policy.Node) policy.Diagnostics {
	var found policy.Diagnostics
	if mode, known := n.String("mode").Constant(); known && mode == "new" {
		for _, name := range []string{"set-url", "set-method"} {
			if n.Child(name) == nil {
				found = append(found, n.Fault(policy.Error, nil, `The element '%s' has incomplete content: without mode="copy" it needs <%s>.`, n.Name, name))
			}
		}
	}
	return found
}
