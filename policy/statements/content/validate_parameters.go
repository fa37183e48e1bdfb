package content

import (
	"github.com/apimulator/apimulator/policy"
)

// ValidateParameters defines <validate-parameters>.
func ValidateParameters() *policy.Definition {
	group := func(name, doc string, overrides ...policy.Attribute) policy.Child {
		parameter := exception("parameter", "Another action for one parameter.", named("Its name."))
		return policy.Child{Max: 1, Element: policy.Element{Name: name, Doc: doc, Attributes: overrides, Children: []policy.Child{parameter}}}
	}
	specified := override("specified-parameter-action", "What to do about those that the API's definition names.")
	unspecified := override("unspecified-parameter-action", "What to do about those that it does not name.")
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-parameters",
			Doc:  "Holds a request's headers, query and path against the API's definition.",
			Attributes: []policy.Attribute{
				action("specified-parameter-action", "What to do about parameters that the API's definition names, and that don't fit."),
				action("unspecified-parameter-action", "What to do about parameters that it does not name."),
				errorsVariable(),
			},
			OrderOpen: true,
			Children: []policy.Child{
				group("headers", "Other actions for headers.", specified, unspecified),
				group("query", "Other actions for query parameters.", specified, unspecified),
				group("path", "Another action for parameters of the path.", specified),
			},
		},
		Category: "content",
		Sections: policy.InboundOnly,
		Once:     true,
	}
}
