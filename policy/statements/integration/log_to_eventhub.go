package integration

import (
	"github.com/apimulator/apimulator/policy"
)

// LogToEventHub defines <log-to-eventhub>.
func LogToEventHub() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "log-to-eventhub",
			Doc:  "Sends its text to an event hub, the first 200 KB of it.",
			Attributes: []policy.Attribute{
				{Name: "logger-id", Doc: "Logger of the service.", Type: policy.String, Required: true},
				{Name: "partition-id", Doc: "The hub's partition, by its number.", Type: policy.String},
				{Name: "partition-key", Doc: "Or a value that decides on it.", Type: policy.String, Expression: true},
			},
			AtMostOne: [][]string{{"partition-id", "partition-key"}},
			Text:      policy.TrimmedText,
		},
		Category: "integration",
		Sections: policy.AnySection,
	}
}
