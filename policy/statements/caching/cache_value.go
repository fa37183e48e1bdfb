package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheValue defines <cache-value>, which the policy toolkit has and no page
// describes.
func CacheValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-value",
			Doc:  "Sets a variable to a value of the cache, which its statements compute where there is none or it is old.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "variable-name", Doc: "Variable that gets the value.", Type: policy.String, Required: true},
				{Name: "expires-after", Doc: "Seconds that the value lives.", Type: policy.Seconds, Default: "28800", Expression: true},
				{Name: "refresh-after", Doc: "Seconds after which it is computed anew; 0: each time.", Type: policy.Seconds, Expression: true},
				{Name: "default-value", Doc: "Value where neither cache nor statements give one.", Type: policy.Any, Expression: true},
				cachingType(),
			},
			Children: []policy.Child{{Min: 1, Max: 1, Element: policy.Element{Name: "value", Doc: "The statements that set the variable.", Statements: true}}},
		},
		Category: "caching",
		Sections: policy.AnySection,
	}
}
