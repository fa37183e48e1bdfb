package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheStoreValue defines <cache-store-value>. A note on its page that a section
// takes it only once is cache-store's: deployed documents have several.
func CacheStoreValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-store-value",
			Doc:  "Puts a value into the cache.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "value", Doc: "The value; what an expression gives keeps its type.", Type: policy.Any, Required: true, MayBeEmpty: true, Expression: true},
				duration(),
				cachingType(),
			},
		},
		Category: "caching",
		Sections: policy.AnySection,
	}
}
