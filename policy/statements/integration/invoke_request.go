package integration

import (
	"github.com/apimulator/apimulator/policy"
)

// InvokeRequest defines <invoke-request>, which the policy toolkit has and no page
// describes.
func InvokeRequest() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "invoke-request",
			Doc:  "Sends a request; without a variable for it, its response is the one of the section, which ends.",
			Attributes: []policy.Attribute{
				{Name: "method", Doc: "Its method.", Type: policy.String, Expression: true},
				{Name: "url", Doc: "Its address.", Type: policy.URL, Expression: true},
				{Name: "backend-id", Doc: "Name of a backend entity.", Type: policy.String, Expression: true},
				{Name: "response-variable-name", Doc: "Variable that gets the response.", Type: policy.String},
			},
			Children: []policy.Child{
				{Element: policy.Element{Name: "header", Doc: "A header.", Attributes: []policy.Attribute{
					{Name: "name", Doc: "Its name.", Type: policy.String, Required: true, Expression: true},
					{Name: "value", Doc: "Its value.", Type: policy.String, Expression: true},
				}}},
				{Max: 1, Element: policy.Element{Name: "body", Doc: "The body.", Text: policy.TrimmedText}},
			},
		},
		Category: "integration",
		Sections: policy.AnySection,
	}
}
