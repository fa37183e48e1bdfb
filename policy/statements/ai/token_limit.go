package ai

import (
	"github.com/apimulator/apimulator/policy"
)

// tokenLimit is what azure-openai-token-limit and llm-token-limit share. The page
// of the former knows no quota, in its last edition that was read; deployed
// documents have one (usage.md).
func tokenLimit(name string) policy.Element {
	return policy.Element{
		Name: name,
		Doc:  "Refuses requests to a language model whose tokens are above a rate or a quota.",
		Attributes: []policy.Attribute{
			{Name: "counter-key", Doc: "What is counted: each value has a counter of its own.", Type: policy.String, Required: true, Expression: true},
			{Name: "tokens-per-minute", Doc: "Tokens allowed per minute.", Type: policy.Int, ExpressionOpen: true},
			// Azure wants a long of an expression (observed.md, V17).
			{Name: "token-quota", Doc: "Tokens allowed in the quota's period; an expression has to give a long.", Type: policy.Long, Expression: true},
			{Name: "token-quota-period", Doc: "The quota's period.", Type: policy.Enum, Values: []string{"Hourly", "Daily", "Weekly", "Monthly", "Yearly"}, Expression: true},
			{Name: "estimate-prompt-tokens", Doc: "Count a prompt before it is sent, by an estimate.", Type: policy.Bool, Required: true, ExpressionOpen: true},
			{Name: "retry-after-header-name", Doc: "Response header with the seconds to wait.", Type: policy.String, Default: "Retry-After"},
			{Name: "retry-after-variable-name", Doc: "Variable with the seconds to wait.", Type: policy.String},
			{Name: "remaining-quota-tokens-header-name", Doc: "Response header with the tokens left of the quota.", Type: policy.String},
			{Name: "remaining-quota-tokens-variable-name", Doc: "Variable with the tokens left of the quota.", Type: policy.String},
			{Name: "remaining-tokens-header-name", Doc: "Response header with the tokens left of the rate.", Type: policy.String},
			{Name: "remaining-tokens-variable-name", Doc: "Variable with the tokens left of the rate.", Type: policy.String},
			{Name: "tokens-consumed-header-name", Doc: "Response header with the tokens used.", Type: policy.String},
			{Name: "tokens-consumed-variable-name", Doc: "Variable with the tokens used: estimated before the request is sent, then as told.", Type: policy.String, ExpressionOpen: true},
		},
		AtLeastOne: [][]string{{"tokens-per-minute", "token-quota"}},
		Together:   [][]string{{"token-quota", "token-quota-period"}},
	}
}
