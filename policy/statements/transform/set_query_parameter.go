package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetQueryParameter defines <set-query-parameter>.
func SetQueryParameter() *policy.Definition {
	return &policy.Definition{
		Element:  part.SetQueryParameter(),
		Category: "transform",
		Facts:    setQueryParameterFacts,
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			e := part.CompileSetQueryParameter(n)
			return policy.StepFunc(func(r *policy.Run) error { return e.Apply(r, &r.Request.URL) }), nil
		},
	}
}
