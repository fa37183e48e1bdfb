package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// LLMContentSafety defines <llm-content-safety>.
func LLMContentSafety() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "llm-content-safety",
			Doc:  "Refuses a prompt that the content safety service finds harmful.",
			Attributes: []policy.Attribute{
				{Name: "backend-id", Doc: "Backend of the content safety service.", Type: policy.String, Required: true, Expression: true},
				{Name: "shield-prompt", Doc: "Look for attacks on the model too.", Type: policy.Bool, Default: "false", Expression: true},
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Max: 1, Element: policy.Element{
					Name: "categories", Doc: "Kinds of harm.",
					Attributes: []policy.Attribute{{Name: "output-type", Doc: "Severities 0, 2, 4, 6 or 0 to 7.", Type: policy.Enum,
						Values: []string{"FourSeverityLevels", "EightSeverityLevels"}, Default: "FourSeverityLevels", Expression: true}},
					Children: []policy.Child{{Min: 1, Element: policy.Element{Name: "category", Doc: "A kind of harm.", Attributes: []policy.Attribute{
						{Name: "name", Doc: "Its name.", Type: policy.Enum, Values: []string{"Hate", "SelfHarm", "Sexual", "Violence"}, Required: true, Expression: true},
						{Name: "threshold", Doc: "Severity from which on a prompt is refused.", Type: policy.Int, Max: 7, Required: true, Expression: true},
					}}}},
				}},
				{Max: 1, Element: policy.Element{Name: "blocklists", Doc: "Lists of the service.", Children: []policy.Child{
					{Min: 1, Element: policy.Element{Name: "id", Doc: "A list's id.", Text: policy.TrimmedText}}}}},
			},
		},
		Category: "ai",
		Sections: policy.InboundOnly,
	}
}
