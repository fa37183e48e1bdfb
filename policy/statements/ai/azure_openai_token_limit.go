package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// AzureOpenAITokenLimit defines <azure-openai-token-limit>.
func AzureOpenAITokenLimit() *policy.Definition {
	return &policy.Definition{
		Element:  tokenLimit("azure-openai-token-limit"),
		Category: "ai",
		Facts:    azureTokenLimitFacts,
		Sections: policy.InboundOnly,
		Compile:  newLimitStep,
	}
}
