package flow

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Wait defines <wait>.
func Wait() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "wait",
			Doc:        "Runs its statements side by side, and waits for all of them or for the first.",
			Statements: true,
			Only:       []string{"send-request", "cache-lookup-value", "choose"},
			Attributes: []policy.Attribute{
				{Name: "for", Doc: "What to wait for.", Type: policy.Enum, Values: []string{"all", "any"}, Default: "all", Expression: true},
			},
		},
		Category: "flow",
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound},
	}
}
