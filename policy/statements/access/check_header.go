package access

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CheckHeader defines <check-header>.
func CheckHeader() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "check-header",
			Doc:  "Refuses a request whose header is missing or has none of the listed values.",
			Attributes: []policy.Attribute{
				{Name: "name", Doc: "Header to check.", Type: policy.String, Required: true, Expression: true},
				{Name: "failed-check-httpcode", Doc: "Status of the refusal.", Type: policy.Status, Required: true, Expression: true},
				{Name: "failed-check-error-message", Doc: "Message of the refusal.", Type: policy.String, Required: true, Expression: true},
				{Name: "ignore-case", Doc: "Compare values without regard to case.", Type: policy.Bool, Required: true, Expression: true},
			},
			Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "An allowed value; without any, the header only has to be there.", Text: policy.TrimmedText, TextOpen: true}}},
		},
		Category: "access",
		Facts:    checkHeaderFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &checkHeader{
				name: n.String("name"), status: n.Int("failed-check-httpcode"), message: n.String("failed-check-error-message"),
				ignoreCase: n.Bool("ignore-case"), values: n.Contents("value"),
			}, nil
		},
	}
}

type checkHeader struct {
	name, message policy.Operand[string]
	status        policy.Operand[int]
	ignoreCase    policy.Operand[bool]
	values        []policy.Operand[string]
}

func (s *checkHeader) Run(r *policy.Run) error {
	name, err := s.name.Get(r)
	if err != nil {
		return err
	}
	ignoreCase, err := s.ignoreCase.Get(r)
	if err != nil {
		return err
	}
	got := slices.DeleteFunc(r.Request.Header.Values(name), func(v string) bool { return v == "" })
	if len(got) == 0 {
		return s.refuse(r, exchange.ReasonHeaderNotFound, exchange.MessageHeaderNotFound(name))
	}
	if len(s.values) == 0 {
		return nil
	}
	for _, operand := range s.values {
		allowed, err := operand.Get(r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(got, func(v string) bool { return v == allowed || ignoreCase && strings.EqualFold(v, allowed) }) {
			r.Note("check-header", "Header validated.")
			return nil
		}
	}
	return s.refuse(r, exchange.ReasonHeaderValueNotAllowed, exchange.MessageHeaderValueNotAllowed(name, strings.Join(got, ",")))
}

func (s *checkHeader) refuse(r *policy.Run, reason, text string) error {
	status, err := s.status.Get(r)
	if err != nil {
		return err
	}
	message, err := s.message.Get(r)
	if err != nil {
		return err
	}
	f := &exchange.Failure{Status: status, ClientMessage: message}
	f.Reason, f.Message = reason, text
	return f
}
