package part

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetMethod is the element set-method.
func SetMethod() policy.Element {
	return policy.Element{
		Name: "set-method",
		Doc:  "Sets the method of the request to the backend; its body stays.",
		Text: policy.TrimmedText,
		Check: func(n *policy.Node) policy.Diagnostics {
			if name, known := n.Content().Constant(); known && !exchange.IsToken(name) {
				return policy.Diagnostics{n.Fault(policy.Error, n.Text, "<set-method> needs the name of an HTTP method, such as POST")}
			}
			return nil
		},
	}
}

// SetURL is the element set-url of a request that a policy makes.
func SetURL() policy.Element {
	return policy.Element{Name: "set-url", Doc: "Address of the request, absolute.", Text: policy.TrimmedText, TextType: policy.URL}
}

// Certificate is the element authentication-certificate.
func Certificate() policy.Element {
	return policy.Element{
		Name: "authentication-certificate",
		Doc:  "Shows a client certificate to the backend.",
		Attributes: []policy.Attribute{
			{Name: "thumbprint", Doc: "An installed certificate, by its thumbprint.", Type: policy.String, Expression: true},
			{Name: "certificate-id", Doc: "An installed certificate, by its name.", Type: policy.String, Expression: true},
			{Name: "body", Doc: "The certificate itself, as bytes.", Type: policy.Any, Expression: true},
			{Name: "password", Doc: "Password of body.", Type: policy.String, Expression: true},
		},
		// No source says which one wins where several are given.
		OneOf: [][]string{{"thumbprint", "certificate-id", "body"}},
		Check: func(n *policy.Node) policy.Diagnostics {
			if n.Has("password") && !n.Has("body") {
				return policy.Diagnostics{n.Fault(policy.Error, n.Attr("password"), "password goes with body: it opens the certificate that body holds")}
			}
			return nil
		},
	}
}

// ManagedIdentity is the element authentication-managed-identity.
func ManagedIdentity() policy.Element {
	return policy.Element{
		Name: "authentication-managed-identity",
		Doc:  "Gets a token of the gateway's managed identity and puts it into Authorization.",
		Attributes: []policy.Attribute{
			{Name: "resource", Doc: "Application id or URI of the resource the token is for.", Type: policy.String, Required: true, Expression: true},
			{Name: "client-id", Doc: "Client id of a user-assigned identity; without it the system-assigned one is used.", Type: policy.String},
			{Name: "output-token-variable-name", Doc: "Variable that gets the token as a string; Authorization then stays as it is.", Type: policy.String},
			{Name: "ignore-error", Doc: "Go on without a token where none is to be had.", Type: policy.Bool, Default: "false", ExpressionOpen: true},
		},
	}
}

// Proxy is the element proxy.
func Proxy() policy.Element {
	return policy.Element{
		Name: "proxy",
		Doc:  "Sends the request by way of an HTTP proxy.",
		Attributes: []policy.Attribute{
			{Name: "url", Doc: "Address of the proxy, http://host:port.", Type: policy.URL, Required: true, Expression: true},
			{Name: "username", Doc: "User name for the proxy.", Type: policy.String, Expression: true},
			{Name: "password", Doc: "Password for the proxy.", Type: policy.String, Expression: true},
		},
	}
}
