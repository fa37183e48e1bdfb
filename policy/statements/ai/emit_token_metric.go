package ai

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// emitTokenMetric is a statement that emits how many tokens requests use.
func emitTokenMetric(name string, more ...policy.Attribute) *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: name,
			Doc:  "Emits the tokens of prompt and completion as metrics, once the response is there.",
			Attributes: append([]policy.Attribute{
				{Name: "namespace", Doc: "Namespace of the metrics.", Type: policy.String, Default: "API Management"},
			}, more...),
			Children: []policy.Child{part.Dimensions()},
			Check:    part.CheckDimensions,
		},
		Category: "ai",
		Sections: policy.InboundOnly,
	}
}
