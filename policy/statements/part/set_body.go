package part

import (
	"errors"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/liquid"
)

// SetBody is the element set-body.
func SetBody() policy.Element {
	return policy.Element{
		Name: "set-body",
		Doc:  "Sets the body of the request (inbound, backend) or of the response (outbound, on-error).",
		Attributes: []policy.Attribute{
			// The reference does not list none; deployed documents write it.
			{Name: "template", Doc: "liquid makes the content a Liquid template.", Type: policy.Enum, Values: []string{"none", "liquid"}, Default: "none"},
			{Name: "xsi-nil", Doc: "What an element with xsi:nil becomes for a template.", Type: policy.Enum, Values: []string{"blank", "null"}, Default: "blank"},
			{Name: "parse-date", Doc: "Whether texts that look like dates become dates for a template.", Type: policy.Bool, Default: "true"},
		},
		Text: policy.MarkupText,
	}
}

type bodyEdit struct {
	content policy.Operand[[]byte]
	// template, if set, makes the body instead.
	template *liquid.Template
	options  liquid.BodyOptions
	// empty says that the template sees no body: the message is being made.
	empty bool
}

// CompileSetBody makes the edit of a set-body; made says that the message is one
// that the statement makes, so that a template sees no body of it.
func CompileSetBody(n *policy.Node, made bool) (Edit, error) {
	e := &bodyEdit{empty: made}
	if template, _ := n.String("template").Constant(); template != "liquid" {
		e.content = n.Bytes()
		return e, nil
	}
	var err error
	var fault *liquid.Error
	text, _ := n.Content().Constant()
	if e.template, err = liquid.Parse(text); errors.As(err, &fault) {
		return nil, n.ContentFault(fault.Offset, "Liquid: %s", fault.Message)
	} else if err != nil {
		return nil, err
	}
	dates, _ := n.Bool("parse-date").Constant()
	null, _ := n.String("xsi-nil").Constant()
	e.options = liquid.BodyOptions{KeepDates: !dates, NilIsNull: null == "null"}
	return e, nil
}

// Apply replaces the body. A Content-Encoding told of the old bytes, so it goes
// with them; Content-Type stays as it is (policies-2.yaml, set-body).
func (e *bodyEdit) Apply(r *policy.Run, m Message) error {
	data, err := e.body(r, m)
	if err != nil {
		return err
	}
	if m.Body.Exists() && !m.Body.Replaced() {
		m.Header.Del("Content-Encoding")
	}
	m.Body.Replace(data)
	r.Note("set-body", "The body was replaced.")
	return nil
}

func (e *bodyEdit) body(r *policy.Run, m Message) ([]byte, error) {
	if e.template == nil {
		return e.content.Get(r)
	}
	scope := liquid.ForMessage(r.Exchange, m.Body, m.Header, e.options)
	if e.empty {
		scope.Body = nil
	}
	scope.Noted = func(fault *liquid.Error) { r.Note("set-body", "warning: the template wrote: "+fault.Message) }
	machine := r.Machine()
	machine.Reset()
	text, err := e.template.Render(machine, scope)
	if err != nil {
		return nil, r.Failed(err)
	}
	return []byte(dotnet.Valid(text)), nil
}
