package access

import (
	"github.com/apimulator/apimulator/policy"
)

// IPFilter defines <ip-filter>.
func IPFilter() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "ip-filter",
			Doc:  "Lets only callers of the listed addresses in, or keeps them out.",
			Attributes: []policy.Attribute{
				{Name: "action", Doc: "What to do with the listed addresses.", Type: policy.Enum, Values: []string{"allow", "forbid"}, Required: true, Expression: true},
			},
			Children: []policy.Child{
				{Element: policy.Element{Name: "address", Doc: "An address.", Text: policy.TrimmedText, TextType: policy.IPAddress}},
				{Element: policy.Element{Name: "address-range", Doc: "A range of addresses.", Attributes: []policy.Attribute{
					{Name: "from", Doc: "Its first address.", Type: policy.IPAddress, Required: true, ExpressionOpen: true},
					{Name: "to", Doc: "Its last address.", Type: policy.IPAddress, Required: true, ExpressionOpen: true},
				}}},
			},
			AtLeastOne: [][]string{{"<address>", "<address-range>"}},
		},
		Category: "access",
		Sections: policy.InboundOnly,
	}
}
