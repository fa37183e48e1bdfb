package ai

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// semanticCacheLookup is a statement that answers from a semantic cache.
func semanticCacheLookup(name string) *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: name,
			Doc:  "Answers a prompt that is close to an earlier one with the answer that was kept.",
			Attributes: []policy.Attribute{
				{Name: "score-threshold", Doc: "How far apart prompts may be, 0.0 to 1.0; the lower, the closer.", Type: policy.Number, Max: 1, Required: true, Expression: true},
				{Name: "embeddings-backend-id", Doc: "Backend that makes the embeddings.", Type: policy.String, Required: true, Expression: true},
				{Name: "embeddings-backend-auth", Doc: "Who asks it: the system-assigned identity.", Type: policy.Enum, Values: []string{"system-assigned"}, Required: true, Expression: true},
				{Name: "ignore-system-messages", Doc: "Compare without system messages.", Type: policy.Bool, Default: "false", Expression: true},
				{Name: "max-message-count", Doc: "Let longer dialogues pass by.", Type: policy.Int, Expression: true},
				{Name: "cache-id", Doc: "A cache of the service; the policy toolkit has it, no page does.", Type: policy.String},
			},
			Children: []policy.Child{{Element: policy.Element{Name: "vary-by", Doc: "A value by which answers are kept apart.", Text: policy.TrimmedText}}},
		},
		Category: "ai",
		Facts:    semanticLookupFacts,
		Sections: policy.InboundOnly,
		Once:     true,
		Compile:  compileSemanticLookup,
	}
}

// semanticCacheStore is a statement that fills a semantic cache, which lookup looks into.
func semanticCacheStore(name, lookup string) *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: name,
			Doc:  "Keeps the answer to a prompt.",
			Attributes: []policy.Attribute{
				{Name: "duration", Doc: "Seconds that it is kept.", Type: policy.Seconds, Required: true, Expression: true},
			},
		},
		Category: "ai",
		Facts:    semanticStoreFacts,
		Sections: []exchange.Section{exchange.Outbound},
		Once:     true,
		Keeps:    lookup,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &semanticStore{statement: n.Name, lookup: lookup, duration: n.Duration("duration")}, nil
		},
	}
}
