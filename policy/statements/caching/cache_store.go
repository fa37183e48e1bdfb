package caching

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CacheStore defines <cache-store>.
func CacheStore() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-store",
			Doc:  "Keeps the response for cache-lookup.",
			Attributes: []policy.Attribute{
				duration(),
				{Name: "cache-response", Doc: "Keep it whatever its status; without, only a 200.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "caching",
		Sections: []exchange.Section{exchange.Outbound},
		Once:     true,
	}
}
