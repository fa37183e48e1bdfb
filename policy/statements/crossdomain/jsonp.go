package crossdomain

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// JSONP defines <jsonp>.
func JSONP() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "jsonp",
			Doc:  "Wraps a JSON response in a call of the function that the request names.",
			Attributes: []policy.Attribute{
				{Name: "callback-parameter-name", Doc: "Query parameter with the function's name.", Type: policy.String, Required: true, Expression: true},
			},
		},
		Category: "cross-domain",
		Sections: []exchange.Section{exchange.Outbound},
		Once:     true,
	}
}
