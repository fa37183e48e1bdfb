package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheLookup defines <cache-lookup>.
func CacheLookup() *policy.Definition {
	truth := func(name, def, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: policy.Bool, Default: def, Expression: true}
	}
	developer := truth("vary-by-developer", "false", "Keep responses apart by the subscription's user.")
	groups := truth("vary-by-developer-groups", "false", "Keep responses apart by the user's groups.")
	developer.Required, groups.Required = true, true
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-lookup",
			Doc:  "Answers a GET request with the response that cache-store has kept, if there is one.",
			Attributes: []policy.Attribute{
				developer,
				groups,
				cachingType(),
				{Name: "downstream-caching-type", Doc: "What caches between gateway and client may keep.", Type: policy.Enum,
					Values: []string{"none", "private", "public"}, Default: "none", Expression: true},
				truth("must-revalidate", "true", "Caches between gateway and client have to ask again once the response is old."),
				truth("allow-private-response-caching", "false", "Answer requests with Authorization too."),
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Element: policy.Element{Name: "vary-by-header", Doc: "A header by which responses are kept apart.", Text: policy.TrimmedText, TextOpen: true}},
				{Element: policy.Element{Name: "vary-by-query-parameter", Doc: "Query parameters by which responses are kept apart, parted by semicolons.", Text: policy.TrimmedText, TextOpen: true}},
			},
		},
		Category: "caching",
		Sections: policy.InboundOnly,
		Once:     true,
	}
}
