package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheLookupValue defines <cache-lookup-value>.
func CacheLookupValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-lookup-value",
			Doc:  "Sets a variable to a value of the cache; without one, to the default or not at all.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "variable-name", Doc: "Variable that gets the value.", Type: policy.String, Required: true},
				{Name: "default-value", Doc: "Value where the cache has none.", Type: policy.Any, Expression: true},
				cachingType(),
			},
		},
		Category: "caching",
		Sections: policy.AnySection,
	}
}
