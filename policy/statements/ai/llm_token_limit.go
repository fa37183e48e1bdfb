package ai

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// LLMTokenLimit defines <llm-token-limit>.
func LLMTokenLimit() *policy.Definition {
	e := tokenLimit("llm-token-limit")
	// The table of its page calls it compulsory, an example there leaves it out.
	estimate := &e.Attributes[slices.IndexFunc(e.Attributes, func(a policy.Attribute) bool { return a.Name == "estimate-prompt-tokens" })]
	estimate.Required, estimate.RequiredOpen = false, true
	return &policy.Definition{
		Element:  e,
		Category: "ai",
		Facts:    llmTokenLimitFacts,
		Sections: policy.InboundOnly,
		Compile:  newLimitStep,
	}
}
