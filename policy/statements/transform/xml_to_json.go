package transform

import (
	"github.com/apimulator/apimulator/policy"
)

// XMLToJSON defines <xml-to-json>.
func XMLToJSON() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "xml-to-json",
			Doc:  "Converts a body from XML to JSON.",
			Attributes: append(conversion("content-type-xml", "JSON"),
				policy.Attribute{Name: "kind", Doc: "A form that is handy for scripts, or the one of the XML.", Type: policy.Enum, Values: []string{"javascript-friendly", "direct"}, Required: true, Expression: true},
				policy.Attribute{Name: "always-array-child-elements", Doc: "Make an array of an element that stands alone, too.", Type: policy.Bool, Default: "false", Expression: true},
			),
		},
		Category: "transform",
		Sections: conversionSections,
	}
}
