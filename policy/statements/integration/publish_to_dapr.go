package integration

import (
	"github.com/apimulator/apimulator/policy"
)

// PublishToDapr defines <publish-to-dapr>.
func PublishToDapr() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "publish-to-dapr",
			Doc:  "Publishes its text to a topic, by way of Dapr beside a self-hosted gateway.",
			Attributes: append([]policy.Attribute{
				{Name: "pubsub-name", Doc: "The component; without it the topic is component/topic.", Type: policy.String, Expression: true},
				{Name: "topic", Doc: "The topic.", Type: policy.String, Required: true, Expression: true},
			}, daprCall()...),
			Text: policy.TrimmedText,
		},
		Category: "integration",
		Sections: policy.InboundOnly,
	}
}
