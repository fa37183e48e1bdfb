package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// LLMEmitTokenMetric defines <llm-emit-token-metric>.
func LLMEmitTokenMetric() *policy.Definition {
	return emitTokenMetric("llm-emit-token-metric")
}
