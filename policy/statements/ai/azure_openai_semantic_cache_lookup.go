package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// AzureOpenAISemanticCacheLookup defines <azure-openai-semantic-cache-lookup>.
func AzureOpenAISemanticCacheLookup() *policy.Definition {
	return semanticCacheLookup("azure-openai-semantic-cache-lookup")
}
