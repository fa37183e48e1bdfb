package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// XSLTransform defines <xsl-transform>.
func XSLTransform() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:    "xsl-transform",
			Doc:     "Transforms an XML body by an XSLT 1.0 style sheet.",
			Ordered: true,
			Children: []policy.Child{
				{Element: policy.Element{
					Name: "parameter", Doc: "Value of a parameter of the style sheet.", Text: policy.TrimmedText,
					Attributes: []policy.Attribute{{Name: "name", Doc: "Its name.", Type: policy.String, Required: true, ExpressionOpen: true}},
				}},
				{Min: 1, Max: 1, Element: policy.Element{Name: "xsl:stylesheet", Doc: "The style sheet.", Foreign: true}},
			},
		},
		Category: "transform",
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound},
		Once:     true,
	}
}
