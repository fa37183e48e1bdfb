package content

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ValidateODataRequest defines <validate-odata-request>.
func ValidateODataRequest() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-odata-request",
			Doc:  "Holds a request to an OData API against OData's rules.",
			Attributes: []policy.Attribute{
				{Name: "error-variable-name", Doc: "Variable that gets what was found.", Type: policy.String, ExpressionOpen: true},
				{Name: "default-odata-version", Doc: "Version of a request that names none.", Type: policy.String, Default: "4.0", ExpressionOpen: true},
				{Name: "min-odata-version", Doc: "The lowest version that is accepted.", Type: policy.String, ExpressionOpen: true},
				{Name: "max-odata-version", Doc: "The highest version that is accepted.", Type: policy.String, ExpressionOpen: true},
				{Name: "max-size", Doc: "The most bytes of a body.", Type: policy.Int, ExpressionOpen: true},
			},
		},
		Category: "content",
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeGlobal, exchange.ScopeProduct, exchange.ScopeAPI},
		Once:     true,
	}
}
