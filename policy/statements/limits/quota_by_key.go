package limits

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
)

// shortestPeriod is the least of a quota by key that renews.
const shortestPeriod = 300 * time.Second

// QuotaByKey defines <quota-by-key>.
func QuotaByKey() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "quota-by-key",
			Doc:  "Refuses calls with a key that has used up what it may call or transfer in a period.",
			Attributes: slices.Concat(quotaSizes(), []policy.Attribute{
				{Name: "renewal-period", Doc: "Seconds of the period, at least 300; 0: it never ends.", Type: policy.Seconds, Required: true},
				{Name: "first-period-start", Doc: "When the first period began.", Type: policy.DateTime, Default: "0001-01-01T00:00:00Z"},
			}, increments()),
			AtLeastOne: [][]string{quotaSizeNames},
			Check: func(n *policy.Node) policy.Diagnostics {
				if period, known := n.Duration("renewal-period").Constant(); known && period > 0 && period < shortestPeriod {
					v := n.Attr("renewal-period")
					return policy.Diagnostics{n.Fault(policy.Error, v, "The 'renewal-period' attribute is invalid - The value '%s' is invalid: it is 0 or at least 300.", v.Written())}
				}
				return nil
			},
		},
		Category: "limits",
		Sections: policy.InboundOnly,
	}
}
