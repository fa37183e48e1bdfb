package part

import (
	"fmt"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetStatus is the element set-status.
func SetStatus() policy.Element {
	return policy.Element{
		Name: "set-status",
		Doc:  "Sets status code and reason phrase of the response.",
		Attributes: []policy.Attribute{
			{Name: "code", Doc: "Status code.", Type: policy.Status, Required: true, Expression: true},
			// The reference calls it required; deployed documents leave it out.
			{Name: "reason", Doc: "Reason phrase, by default the status's own; HTTP/2 clients never see it.", Type: policy.String, RequiredOpen: true, Expression: true},
		},
		Check: func(n *policy.Node) policy.Diagnostics {
			if reason, known := n.String("reason").Constant(); known && !OnOneLine(reason) {
				return policy.Diagnostics{n.Fault(policy.Error, n.Attr("reason"), "a reason phrase has to stand on one line")}
			}
			return nil
		},
	}
}

// StatusEdit is what a set-status does to a response.
type StatusEdit struct {
	code   policy.Operand[int]
	reason policy.Operand[string]
}

// CompileSetStatus makes the edit of a set-status that was checked.
func CompileSetStatus(n *policy.Node) *StatusEdit {
	return &StatusEdit{n.Int("code"), n.String("reason")}
}

// Apply sets the status of a response.
func (e *StatusEdit) Apply(r *policy.Run, response *exchange.Response) error {
	code, err := e.code.Get(r)
	if err != nil {
		return err
	}
	reason, err := e.reason.Get(r)
	if err != nil {
		return err
	}
	if !OnOneLine(reason) {
		return badHeader("the reason phrase does not stand on one line")
	}
	if reason == "" {
		reason = exchange.StatusText(code)
	}
	response.Status, response.Reason = code, reason
	if r.Observed() {
		r.Note("set-status", fmt.Sprintf("Response status code was set to %d", code))
		r.Note("set-status", fmt.Sprintf("Response status reason was set to '%s'", reason))
	}
	return nil
}
