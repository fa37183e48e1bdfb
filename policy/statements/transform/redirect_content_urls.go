package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// RedirectContentURLs defines <redirect-content-urls>.
func RedirectContentURLs() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "redirect-content-urls",
			Doc:  "Makes links in a body lead to the gateway (outbound) or to the backend (inbound).",
		},
		Category: "transform",
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound},
		Once:     true,
	}
}
