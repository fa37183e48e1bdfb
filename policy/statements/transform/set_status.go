package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetStatus defines <set-status>.
func SetStatus() *policy.Definition {
	return &policy.Definition{
		Element:  part.SetStatus(),
		Category: "transform",
		Facts:    setStatusFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			e := part.CompileSetStatus(n)
			return policy.StepFunc(func(r *policy.Run) error {
				if r.Response == nil {
					r.Response = &exchange.Response{}
				}
				return e.Apply(r, r.Response)
			}), nil
		},
	}
}
