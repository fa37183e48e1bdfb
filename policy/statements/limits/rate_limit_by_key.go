package limits

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// RateLimitByKey defines <rate-limit-by-key>.
func RateLimitByKey() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "rate-limit-by-key",
			Doc:  "Refuses calls with the same key that come too often.",
			Attributes: slices.Concat([]policy.Attribute{
				{Name: "calls", Doc: "Calls allowed in the window.", Type: policy.Int, Required: true, Expression: true},
				{Name: "renewal-period", Doc: "Seconds of the window, which slides.", Type: policy.Seconds, Max: longestWindow, Required: true, Expression: true},
			}, increments(), rateReports()),
		},
		Category: "limits",
		Sections: policy.InboundOnly,
	}
}
