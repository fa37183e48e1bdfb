package integration

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SendServiceBusMessage defines <send-service-bus-message>. Statement and sample of
// its page differ in the order of the children.
func SendServiceBusMessage() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "send-service-bus-message",
			Doc:  "Sends a message to a queue or a topic of Service Bus.",
			Attributes: []policy.Attribute{
				{Name: "queue-name", Doc: "The queue.", Type: policy.String, Expression: true},
				{Name: "topic-name", Doc: "Or the topic.", Type: policy.String, Expression: true},
				{Name: "namespace", Doc: "Host of the Service Bus namespace.", Type: policy.String, Expression: true},
				{Name: "client-id", Doc: "Client id of a user-assigned identity; without it the system-assigned one is used.", Type: policy.String, Expression: true},
			},
			OneOf: [][]string{{"queue-name", "topic-name"}},
			Children: []policy.Child{
				{Max: 1, Element: policy.Element{Name: "message-properties", Doc: "Properties of the message.", Children: []policy.Child{
					{Min: 1, Element: policy.Element{
						Name: "message-property", Doc: "A property's value.", Text: policy.TrimmedText,
						Attributes: []policy.Attribute{{Name: "name", Doc: "Its name.", Type: policy.String, Required: true}},
					}}}}},
				{Min: 1, Max: 1, Element: policy.Element{Name: "payload", Doc: "The message's content.", Text: policy.TrimmedText}},
			},
		},
		Category: "integration",
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError},
	}
}
