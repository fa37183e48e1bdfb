package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// LLMSemanticCacheLookup defines <llm-semantic-cache-lookup>.
func LLMSemanticCacheLookup() *policy.Definition {
	return semanticCacheLookup("llm-semantic-cache-lookup")
}
