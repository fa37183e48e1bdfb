package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheRemoveValue defines <cache-remove-value>.
func CacheRemoveValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "cache-remove-value",
			Doc:        "Takes a value out of the cache.",
			Attributes: []policy.Attribute{key(), cachingType()},
		},
		Category: "caching",
		Sections: policy.AnySection,
	}
}
