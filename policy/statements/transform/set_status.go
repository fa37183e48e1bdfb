package transform

import (
	"fmt"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

func setStatusElement() policy.Element {
	return policy.Element{
		Name: "set-status",
		Doc:  "Sets status code and reason phrase of the response.",
		Attributes: []policy.Attribute{
			{Name: "code", Doc: "Status code.", Type: policy.Status, Required: true, Expression: true},
			// The reference calls it required; deployed documents leave it out.
			{Name: "reason", Doc: "Reason phrase, by default the status's own; HTTP/2 clients never see it.", Type: policy.String, Expression: true},
		},
	}
}

// SetStatus defines <set-status>.
func SetStatus() *policy.Definition {
	return &policy.Definition{
		Element:  setStatusElement(),
		Category: "transform",
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			e, err := compileSetStatus(n)
			if err != nil {
				return nil, err
			}
			return policy.StepFunc(func(r *policy.Run) error {
				if r.Response == nil {
					r.Response = &exchange.Response{}
				}
				return e.apply(r, r.Response)
			}), nil
		},
	}
}

type statusEdit struct {
	code   policy.Operand[int]
	reason policy.Operand[string]
}

func compileSetStatus(n *policy.Node) (*statusEdit, error) {
	e := &statusEdit{n.Int("code"), n.String("reason")}
	if reason, ok := e.reason.Constant(); ok && !onOneLine(reason) {
		return nil, n.Fault(policy.Error, n.Attr("reason"), "a reason phrase has to stand on one line")
	}
	return e, nil
}

func (e *statusEdit) apply(r *policy.Run, response *exchange.Response) error {
	code, err := e.code.Get(r)
	if err != nil {
		return err
	}
	reason, err := e.reason.Get(r)
	if err != nil {
		return err
	}
	if !onOneLine(reason) {
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
