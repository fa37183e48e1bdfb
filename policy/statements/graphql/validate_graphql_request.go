package graphql

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// largestRequest is the most bytes of a GraphQL request that a policy may allow.
const largestRequest = 102400

// ValidateGraphQLRequest defines <validate-graphql-request>.
func ValidateGraphQLRequest() *policy.Definition {
	rule := policy.Element{Name: "rule", Doc: "A rule.", Attributes: []policy.Attribute{
		{Name: "path", Doc: "What it is for: /type/field, or /__* for introspection.", Type: policy.String, Required: true, ExpressionOpen: true},
		{Name: "action", Doc: "What to do about it.", Type: policy.Enum, Values: []string{"allow", "remove", "reject", "ignore"}, Default: "allow", Expression: true},
	}}
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-graphql-request",
			Doc:  "Holds a GraphQL request against the schema and against rules.",
			Attributes: []policy.Attribute{
				{Name: "error-variable-name", Doc: "Variable that gets what was found.", Type: policy.String, Expression: true},
				{Name: "max-size", Doc: "The most bytes of a request.", Type: policy.Int, Max: largestRequest, Required: true, Expression: true},
				{Name: "max-depth", Doc: "How deep a query may go.", Type: policy.Int, Default: "6", Expression: true},
			},
			Children: []policy.Child{once(policy.Element{Name: "authorize", Doc: "Rules for fields.", Children: []policy.Child{{Min: 1, Element: rule}}})},
		},
		Category: "graphql",
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeGlobal, exchange.ScopeProduct, exchange.ScopeAPI},
		Once:     true,
	}
}
