package ai

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// LLMEmitTokenMetric defines <llm-emit-token-metric>.
func LLMEmitTokenMetric() *policy.Definition {
	d := emitTokenMetric("llm-emit-token-metric")
	d.Facts = slices.Concat(d.Facts, llmTokenMetricFacts)
	return d
}
