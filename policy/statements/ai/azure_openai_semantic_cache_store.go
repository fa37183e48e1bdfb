package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// AzureOpenAISemanticCacheStore defines <azure-openai-semantic-cache-store>.
func AzureOpenAISemanticCacheStore() *policy.Definition {
	return semanticCacheStore("azure-openai-semantic-cache-store", "azure-openai-semantic-cache-lookup")
}
