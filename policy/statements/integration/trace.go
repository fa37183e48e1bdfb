package integration

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// Trace defines <trace>.
func Trace() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "trace",
			Doc:  "Puts a message of your own into the request's trace.",
			Attributes: []policy.Attribute{
				{Name: "source", Doc: "Who speaks, for the reader.", Type: policy.String, Required: true},
				{Name: "severity", Doc: "How much it matters.", Type: policy.Enum, Values: []string{"verbose", "information", "error"}, Default: "verbose"},
			},
			// An older edition of the reference has the message as the text, and
			// deployed documents too.
			Text:    policy.TrimmedText,
			Ordered: true,
			Children: []policy.Child{
				{Max: 1, Element: policy.Element{Name: "message", Doc: "The message; it may also stand directly in <trace>.", Text: policy.TrimmedText}},
				{Element: policy.Element{Name: "metadata", Doc: "A property of the message.", Attributes: []policy.Attribute{
					{Name: "name", Doc: "Its name.", Type: policy.String, Required: true, Expression: true},
					{Name: "value", Doc: "Its value.", Type: policy.String, Required: true, MayBeEmpty: true, Expression: true},
				}}},
			},
			Check: checkTrace,
		},
		Category: "integration",
		Facts:    traceFacts,
		// The page leaves on-error out, the page on error handling names it.
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			t := &trace{message: n.Content()}
			if message := n.Child("message"); message != nil {
				t.message = message.Content()
			}
			t.source, _ = n.String("source").Constant()
			t.severity, _ = n.String("severity").Constant()
			for _, m := range n.ChildrenNamed("metadata") {
				t.metadata = append(t.metadata, [2]policy.Operand[string]{m.String("name"), m.String("value")})
			}
			return t, nil
		},
	}
}

func checkTrace(n *policy.Node) policy.Diagnostics {
	switch message := n.Child("message"); {
	case message == nil && n.Text == nil:
		return policy.Diagnostics{n.Fault(policy.Error, nil, "The element 'trace' has incomplete content: it needs <message>.")}
	case message != nil && n.Text != nil:
		return policy.Diagnostics{n.Fault(policy.Error, n.Text, "The element 'trace' cannot contain text beside <message>.")}
	}
	return nil
}

type trace struct {
	source, severity string
	message          policy.Operand[string]
	metadata         [][2]policy.Operand[string]
}

// Run evaluates its expressions whether anybody listens or not: that one of them
// fails must not depend on it.
func (t *trace) Run(r *policy.Run) error {
	text, err := t.message.Get(r)
	if err != nil {
		return err
	}
	var properties []string
	for _, p := range t.metadata {
		name, err := p[0].Get(r)
		if err != nil {
			return err
		}
		value, err := p[1].Get(r)
		if err != nil {
			return err
		}
		properties = append(properties, name+"="+value)
	}
	if properties != nil {
		text += " (" + strings.Join(properties, ", ") + ")"
	}
	r.Note("trace", t.source+": "+t.severity+": "+text)
	return nil
}
