package content

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// largestContent is the most bytes that are validated: the page says 4 MB.
const largestContent = 4 << 20

// ValidateContent defines <validate-content>.
func ValidateContent() *policy.Definition {
	open := func(name string, t policy.Type, def, doc string) policy.Attribute {
		return policy.Attribute{Name: name, Doc: doc, Type: t, Default: def, ExpressionOpen: true}
	}
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-content",
			Doc:  "Holds a body's size and content against the API's schemas.",
			Attributes: []policy.Attribute{
				action("unspecified-content-type-action", "What to do about a content type that the API's definition does not name."),
				{Name: "max-size", Doc: "The most bytes of a body.", Type: policy.Int, Max: largestContent, Required: true, Expression: true},
				action("size-exceeded-action", "What to do about a larger body."),
				errorsVariable(),
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Max: 1, Element: contentTypeMap()},
				{Element: policy.Element{Name: "content", Doc: "How bodies of a content type are validated.", Attributes: []policy.Attribute{
					open("type", policy.String, "", "The content type, once mapped; without it all of the API's definition."),
					{Name: "validate-as", Doc: "What it is taken as.", Type: policy.Enum, Values: []string{"json", "xml", "soap"}, Required: true, ExpressionOpen: true},
					open("schema-id", policy.String, "", "A schema of the service, in place of the API definition's."),
					open("schema-ref", policy.String, "", "Path to a part of a JSON schema, such as #/components/schemas/address."),
					// Missing from the table, but in the statement and all examples.
					{Name: "action", Doc: "What to do about a body that does not fit.", Type: policy.Enum, Values: actions, RequiredOpen: true, ExpressionOpen: true},
					open("allow-additional-properties", policy.Bool, "", "Take or refuse properties that the JSON schema does not name, whatever it says."),
					open("case-insensitive-property-names", policy.Bool, "false", "Compare names of JSON properties without regard to case."),
				}}},
			},
		},
		Category: "content",
		Facts:    validateContentFacts,
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError},
		Compile:  compileValidateContent,
	}
}

func contentTypeMap() policy.Element {
	return policy.Element{
		Name: "content-type-map",
		Doc:  "Content types to take in place of those that came in.",
		Attributes: []policy.Attribute{
			{Name: "any-content-type-value", Doc: "The one to take whatever came in.", Type: policy.String},
			{Name: "missing-content-type-value", Doc: "The one to take where none came in.", Type: policy.String},
		},
		Children: []policy.Child{{Element: policy.Element{
			Name: "type", Doc: "One to take in place of another.",
			Attributes: []policy.Attribute{
				{Name: "from", Doc: "The content type that came in.", Type: policy.String, ExpressionOpen: true},
				{Name: "when", Doc: "Or a condition.", Type: policy.Bool, Expression: true},
				{Name: "to", Doc: "The one to take.", Type: policy.String, Required: true, ExpressionOpen: true},
			},
			AtLeastOne: [][]string{{"from", "when"}},
		}}},
	}
}
