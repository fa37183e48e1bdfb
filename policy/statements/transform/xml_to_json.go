package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
)

// XMLToJSON defines <xml-to-json>.
func XMLToJSON() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "xml-to-json",
			Doc:  "Converts a body from XML to JSON.",
			Attributes: append(conversionAttributes("content-type-xml", "JSON"),
				policy.Attribute{Name: "kind", Doc: "A form that is handy for scripts, or the one of the XML.", Type: policy.Enum, Values: []string{friendly, "direct"}, Required: true, Expression: true},
				policy.Attribute{Name: "always-array-child-elements", Doc: "Make an array of an element that stands alone, too.", Type: policy.Bool, Default: "false", Expression: true},
			),
		},
		Category: "transform",
		Facts:    xmlToJSONFacts,
		Sections: conversionSections,
		Compile: func(n *policy.Node) (policy.Step, error) {
			kind, arrays := n.String("kind"), n.Bool("always-array-child-elements")
			s := compileConversion(n, xmlFormat, jsonFormat)
			// Recorded (observed.md 6.1b).
			s.noted = "XML-to-JSON policy was applied. Original Content-Length header was removed as its value was invalidated. Content-Type header was set to 'application/json'."
			s.convert = func(r *policy.Run, m *expr.Machine, text string) (string, error) {
				kind, err := kind.Get(r)
				if err != nil {
					return "", err
				}
				arrays, err := arrays.Get(r)
				if err != nil {
					return "", err
				}
				m.Reset()
				return (&expr.XMLToJSON{Friendly: kind == friendly, Arrays: arrays}).Convert(m, text)
			}
			return &s, nil
		},
	}
}

const friendly = "javascript-friendly"
