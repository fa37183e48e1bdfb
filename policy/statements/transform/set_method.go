package transform

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetMethod defines <set-method>.
func SetMethod() *policy.Definition {
	return &policy.Definition{
		Element:  part.SetMethod(),
		Category: "transform",
		Facts:    setMethodFacts,
		// The page names inbound and on-error only; the policy toolkit offers it
		// everywhere.
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			method := n.Content()
			return policy.StepFunc(func(r *policy.Run) error {
				name, err := method.Get(r)
				if err != nil {
					return err
				}
				name = strings.TrimSpace(name)
				if !exchange.IsToken(name) {
					f := &exchange.Failure{Status: 500}
					f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("What it gave is no HTTP method.")
					return f
				}
				r.Request.Method = name
				if r.Observed() {
					r.Note("set-method", "The request's method was set to "+name+".")
				}
				return nil
			}), nil
		},
	}
}
