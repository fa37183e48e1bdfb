package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
)

// JSONToXML defines <json-to-xml>.
func JSONToXML() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "json-to-xml",
			Doc:  "Converts a body from JSON to XML.",
			Attributes: append(conversionAttributes("content-type-json", "XML"),
				policy.Attribute{Name: "parse-date", Doc: "Whether texts that look like dates are read as such, and written anew.", Type: policy.Bool, Default: "true"},
				policy.Attribute{Name: "namespace-separator", Doc: "The character between prefix and name of a property.", Type: policy.String, Default: "_", Expression: true},
				policy.Attribute{Name: "namespace-prefix", Doc: "Properties that begin with it, usually xmlns, declare namespaces.", Type: policy.String, Expression: true},
				policy.Attribute{Name: "attribute-block-name", Doc: "Name of the property that holds an element's attributes.", Type: policy.String, Expression: true},
			),
		},
		Category: "transform",
		Facts:    jsonToXMLFacts,
		Sections: conversionSections,
		Compile: func(n *policy.Node) (policy.Step, error) {
			dates, _ := n.Bool("parse-date").Constant()
			names := []policy.Operand[string]{n.String("namespace-separator"), n.String("namespace-prefix"), n.String("attribute-block-name")}
			s := compileConversion(n, jsonFormat, xmlFormat)
			s.noted = "JSON-to-XML policy was applied. Original Content-Length header was removed as its value was invalidated. Content-Type header was set to 'application/xml'."
			s.convert = func(r *policy.Run, m *expr.Machine, text string) (string, error) {
				given, err := policy.All(r, names)
				if err != nil {
					return "", err
				}
				m.Reset()
				o := &expr.JSONToXML{KeepDates: !dates, Separator: given[0], NamespacePrefix: given[1], AttributeBlock: given[2]}
				return o.Convert(m, text)
			}
			return &s, nil
		},
	}
}
