package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// LLMSemanticCacheStore defines <llm-semantic-cache-store>.
func LLMSemanticCacheStore() *policy.Definition {
	return semanticCacheStore("llm-semantic-cache-store", "llm-semantic-cache-lookup")
}
