package limits

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// RateLimit defines <rate-limit>.
func RateLimit() *policy.Definition {
	rate := []policy.Attribute{
		{Name: "calls", Doc: "Calls allowed in the window.", Type: policy.Int, Required: true},
		{Name: "renewal-period", Doc: "Seconds of the window, which slides.", Type: policy.Seconds, Max: longestWindow, Required: true},
	}
	api := counted("api", "A limit of its own for an API of the product.", rate)
	api.Children = []policy.Child{{Element: counted("operation", "A limit of its own for an operation of the API.", rate)}}
	return &policy.Definition{
		Element: policy.Element{
			Name:       "rate-limit",
			Doc:        "Refuses calls of a subscription that come too often.",
			Attributes: slices.Concat(rate, rateReports()),
			Children:   []policy.Child{{Element: api}},
		},
		Category: "limits",
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeProduct, exchange.ScopeAPI, exchange.ScopeOperation},
		Once:     true,
	}
}

// longestWindow is the most seconds of a rate's window.
const longestWindow = 300
