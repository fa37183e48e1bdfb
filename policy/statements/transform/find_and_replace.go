package transform

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// FindAndReplace defines <find-and-replace>.
func FindAndReplace() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "find-and-replace",
			Doc:  "Replaces a text in the body of the request (inbound, backend) or of the response (outbound, on-error), wherever it occurs.",
			Attributes: []policy.Attribute{
				{Name: "from", Doc: "Text to find, letter by letter.", Type: policy.String, Required: true, Expression: true},
				{Name: "to", Doc: "Text to put in its place; empty to drop it.", Type: policy.String, Required: true, MayBeEmpty: true, Expression: true},
			},
		},
		Category: "transform",
		Facts:    findAndReplaceFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return part.Step(&replacement{n.String("from"), n.String("to")}, n.Site().Section), nil
		},
	}
}

type replacement struct{ from, to policy.Operand[string] }

func (e *replacement) Apply(r *policy.Run, m part.Message) error {
	from, err := e.from.Get(r)
	if err != nil {
		return err
	}
	to, err := e.to.Get(r)
	if err != nil || from == "" || !m.Body.Exists() {
		return err
	}
	data, err := m.Body.Buffer(r.Env.BodyLimit)
	if err != nil {
		return err
	}
	if coding, _ := m.Header.Get("Content-Encoding"); coding != "" {
		if data, err = exchange.Decode(coding, data, r.Env.BodyLimit); err != nil {
			return err
		}
	}
	text := string(data)
	found := strings.Count(text, from)
	if found == 0 {
		return nil
	}
	if size := int64(len(text)) + int64(found)*int64(len(to)-len(from)); size > r.Env.BodyLimit {
		return &exchange.BodyTooLargeError{Limit: r.Env.BodyLimit}
	}
	m.Header.Del("Content-Encoding")
	m.Body.Replace([]byte(strings.ReplaceAll(text, from, to)))
	if r.Observed() {
		r.Note("find-and-replace", fmt.Sprintf("The text was replaced in %d places.", found))
	}
	return nil
}
