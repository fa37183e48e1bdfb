package content

import (
	"github.com/apimulator/apimulator/policy"
)

// ValidateStatusCode defines <validate-status-code>.
func ValidateStatusCode() *policy.Definition {
	code := policy.Attribute{Name: "code", Doc: "The status.", Type: policy.Status, Required: true, ExpressionOpen: true}
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-status-code",
			Doc:  "Holds a response's status against the API's definition.",
			Attributes: []policy.Attribute{
				action("unspecified-status-code-action", "What to do about a status that the API's definition does not name."),
				errorsVariable(),
			},
			Children: []policy.Child{exception("status-code", "Another action for one status that the definition does not name.", code)},
		},
		Category: "content",
		Sections: responseSections,
		Once:     true,
	}
}
