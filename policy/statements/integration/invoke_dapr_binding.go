package integration

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// InvokeDaprBinding defines <invoke-dapr-binding>.
func InvokeDaprBinding() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "invoke-dapr-binding",
			Doc:  "Triggers an external system, by way of Dapr beside a self-hosted gateway.",
			Attributes: append([]policy.Attribute{
				{Name: "name", Doc: "The binding.", Type: policy.String, Required: true, Expression: true},
				{Name: "operation", Doc: "Its operation.", Type: policy.String},
			}, daprCall()...),
			OrderOpen: true,
			Children: []policy.Child{
				{Max: 1, Element: policy.Element{Name: "metadata", Doc: "Metadata of the binding.", Children: []policy.Child{
					{Element: policy.Element{
						Name: "item", Doc: "A value.", Text: policy.TrimmedText,
						Attributes: []policy.Attribute{{Name: "key", Doc: "Its key.", Type: policy.String, Required: true, ExpressionOpen: true}},
					}}}}},
				{Max: 1, Element: policy.Element{Name: "data", Doc: "The content.", Text: policy.TrimmedText}},
			},
		},
		Category: "integration",
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError},
	}
}
