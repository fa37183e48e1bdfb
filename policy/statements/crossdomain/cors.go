package crossdomain

import (
	"github.com/apimulator/apimulator/policy"
)

// CORS defines <cors>.
func CORS() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cors",
			Doc:  "Lets pages of other origins call, and answers a browser that asks beforehand.",
			Attributes: []policy.Attribute{
				{Name: "allow-credentials", Doc: "They may send credentials.", Type: policy.Bool, Default: "false", Expression: true},
				// Editions of the page differ in the default; that an unmatched
				// request ends is recorded (observed.md 8.3).
				{Name: "terminate-unmatched-request", Doc: "Answer a request of any other origin with an empty 200.", Type: policy.Bool, Default: "true", Expression: true},
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Min: 1, Max: 1, Element: listOf("allowed-origins", "Origins that may call.", "origin", "An origin, scheme://host:port, or * for all.")},
				{Max: 1, Element: allowedMethods()},
				// The table calls it compulsory; documents that leave it out are deployed.
				{Max: 1, MinOpen: true, Element: listOf("allowed-headers", "Request headers that they may send.", "header", "A header, or * for all.")},
				{Max: 1, Element: listOf("expose-headers", "Response headers that they may read.", "header", "A header, or * for all.")},
			},
		},
		Category: "cross-domain",
		Sections: policy.InboundOnly,
		Once:     true,
	}
}

func listOf(name, doc, item, itemDoc string) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{
		{Min: 1, Element: policy.Element{Name: item, Doc: itemDoc, Text: policy.TrimmedText, TextOpen: true}}}}
}

func allowedMethods() policy.Element {
	e := listOf("allowed-methods", "Methods that they may use; without it GET and POST.", "method", "A method, or * for all.")
	e.Attributes = []policy.Attribute{
		{Name: "preflight-result-max-age", Doc: "Seconds for which a browser need not ask again.", Type: policy.Seconds, Default: "0", Expression: true}}
	e.Children[0].TextOpen = false
	return e
}
