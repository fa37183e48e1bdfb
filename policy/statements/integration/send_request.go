package integration

import (
	"context"
	"fmt"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SendRequest defines <send-request>.
func SendRequest() *policy.Definition {
	return &policy.Definition{
		Element: sentRequest("send-request", "Sends a request of its own and puts the response into a variable.",
			policy.Attribute{Name: "response-variable-name", Doc: "Variable that gets the response.", Type: policy.String, Required: true, ExpressionOpen: true},
			policy.Attribute{Name: "ignore-error", Doc: "Set the variable to null where there is no response, and go on.", Type: policy.Bool, Default: "false"},
		),
		Category: "integration",
		Facts:    sendRequestFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			q, err := compileRequest(n)
			if err != nil {
				return nil, err
			}
			s := &sendRequest{request: q, variable: n.String("response-variable-name")}
			s.ignoreError, _ = n.Bool("ignore-error").Constant()
			return s, nil
		},
	}
}

type sendRequest struct {
	request     *request
	variable    policy.Operand[string]
	ignoreError bool
}

// Run sends the request and waits for the response's head; its body is read when
// somebody wants it. An answer of 400 and above is one like any other. Only that there
// is no response is an error that ignore-error lets pass; chosen: what the document's
// own expressions throw is not.
func (s *sendRequest) Run(r *policy.Run) error {
	variable, err := s.variable.Get(r)
	if err != nil {
		return err
	}
	out, timeout, err := s.request.outgoing(r)
	if err != nil {
		return err
	}
	// The timeout covers the wait for the head only; the body is read under the same
	// context.
	ctx, limit := r.Context, (*exchange.Limit)(nil)
	if timeout > 0 {
		limit = exchange.WithLimit(r.Context, r.Clock, timeout)
		ctx = limit
	}
	response, err := r.Env.Sender.Send(ctx, out)
	if !limit.Stop() && err == nil {
		err = context.DeadlineExceeded // it fired while the head came in
		response.Body.Close()
	}
	switch {
	case err != nil && s.ignoreError && r.Context.Err() == nil:
		r.Variables.Set(variable, nil)
		if r.Observed() {
			r.Note("send-request", "No response, which ignore-error lets pass: "+sendFailure(r, err, timeout).Error())
		}
		return nil
	case err != nil:
		return sendFailure(r, err, timeout)
	}
	r.OnDone(func(exchange.End) { response.Body.Close() })
	r.Variables.Set(variable, response)
	if r.Observed() {
		r.Note("send-request", fmt.Sprintf("The answer, %d %s, is in variable '%s'.", response.Status, response.Reason, variable))
	}
	return nil
}
