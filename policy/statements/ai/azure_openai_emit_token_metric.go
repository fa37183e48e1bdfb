package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// AzureOpenAIEmitTokenMetric defines <azure-openai-emit-token-metric>.
func AzureOpenAIEmitTokenMetric() *policy.Definition {
	return emitTokenMetric("azure-openai-emit-token-metric",
		policy.Attribute{Name: "value", Doc: "Of no use; an older page lists it.", Type: policy.Number, Default: "1", Expression: true})
}
