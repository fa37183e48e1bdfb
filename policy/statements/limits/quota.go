package limits

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// quotaSizes are the attributes that say how much a quota is; at least one of them
// has to be there.
func quotaSizes() []policy.Attribute {
	return []policy.Attribute{
		{Name: "calls", Doc: "Calls allowed in the period.", Type: policy.Int},
		{Name: "bandwidth", Doc: "Kilobytes allowed in the period.", Type: policy.Int},
	}
}

var quotaSizeNames = []string{"calls", "bandwidth"}

// Quota defines <quota>.
func Quota() *policy.Definition {
	period := policy.Attribute{Name: "renewal-period", Doc: "Seconds of the period; 0: it never ends.", Type: policy.Seconds, Required: true}
	// The table wants a period on the children too, the statement shows none.
	ownPeriod := period
	ownPeriod.Required, ownPeriod.RequiredOpen = false, true
	own := append(quotaSizes(), ownPeriod)
	operation := counted("operation", "A quota of its own for an operation of the API.", own)
	api := counted("api", "A quota of its own for an API of the product.", own)
	for _, e := range []*policy.Element{&operation, &api} {
		e.AtLeastOne = slices.Concat(e.AtLeastOne, [][]string{quotaSizeNames})
	}
	api.Children = []policy.Child{{Element: operation}}
	return &policy.Definition{
		Element: policy.Element{
			Name:       "quota",
			Doc:        "Refuses calls of a subscription that has used up what it may call or transfer in a period.",
			Attributes: append(quotaSizes(), period),
			AtLeastOne: [][]string{quotaSizeNames},
			Children:   []policy.Child{{Element: api}},
		},
		Category: "limits",
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeProduct},
		Once:     true,
	}
}
