package transform

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetMethod defines <set-method>.
func SetMethod() *policy.Definition {
	return &policy.Definition{
		Element:  policy.Element{Name: "set-method", Doc: "Sets the method of the request to the backend; its body stays.", Text: policy.TrimmedText},
		Category: "transform",
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			method := n.Content()
			if name, ok := method.Constant(); ok && !isHeaderName(name) {
				return nil, n.Fault(policy.Error, n.Text, "<set-method> needs the name of an HTTP method, such as POST")
			}
			return policy.StepFunc(func(r *policy.Run) error {
				name, err := method.Get(r)
				if err != nil {
					return err
				}
				name = strings.TrimSpace(name)
				if !isHeaderName(name) {
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
