package transform

import (
	"github.com/apimulator/apimulator/policy"
)

func setBodyElement() policy.Element {
	const liquid = "Liquid templates come with a later version"
	return policy.Element{
		Name: "set-body",
		Doc:  "Sets the body of the request (inbound, backend) or of the response (outbound, on-error).",
		Attributes: []policy.Attribute{
			// The reference does not list none; deployed documents write it.
			{Name: "template", Doc: "liquid makes the content a Liquid template.", Type: policy.Enum, Values: []string{"none", "liquid"}, Default: "none", Unsupported: liquid},
			{Name: "xsi-nil", Doc: "What an element with xsi:nil becomes for a template.", Type: policy.Enum, Values: []string{"blank", "null"}, Default: "blank", Unsupported: liquid},
			{Name: "parse-date", Doc: "Whether texts that look like dates become dates for a template.", Type: policy.Bool, Default: "true", Unsupported: liquid},
		},
		Text: policy.MarkupText,
	}
}

// SetBody defines <set-body>.
func SetBody() *policy.Definition {
	return &policy.Definition{
		Element:  setBodyElement(),
		Category: "transform",
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &editStep{compileSetBody(n), n.Site().Section}, nil
		},
	}
}

type bodyEdit struct{ content policy.Operand[[]byte] }

func compileSetBody(n *policy.Node) *bodyEdit { return &bodyEdit{n.Bytes()} }

// apply replaces the body. A Content-Encoding told of the old bytes, so it goes
// with them; Content-Type stays as it is (policies-2.yaml, set-body).
func (e *bodyEdit) apply(r *policy.Run, m message) error {
	data, err := e.content.Get(r)
	if err != nil {
		return err
	}
	if m.body.Exists() && !m.body.Replaced() {
		m.header.Del("Content-Encoding")
	}
	m.body.Replace(data)
	r.Note("set-body", "The body was replaced.")
	return nil
}
