package content

import (
	"github.com/apimulator/apimulator/policy"
)

// ValidateHeaders defines <validate-headers>.
func ValidateHeaders() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-headers",
			Doc:  "Holds a response's headers against the API's definition.",
			Attributes: []policy.Attribute{
				action("specified-header-action", "What to do about headers that the API's definition names, and that don't fit."),
				action("unspecified-header-action", "What to do about headers that it does not name."),
				errorsVariable(),
			},
			Children: []policy.Child{exception("header", "Another action for one header.", named("Its name."))},
		},
		Category: "content",
		Sections: responseSections,
		Once:     true,
	}
}
