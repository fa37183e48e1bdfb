package integration

import (
	"fmt"
	"unicode/utf8"

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
		Facts:    logToEventHubFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &logToEventHub{text: n.Content(), key: n.String("partition-key")}
			var known bool
			if s.logger, known = n.String("logger-id").Constant(); known && !n.KnowsLogger(s.logger) {
				return nil, n.Fault(policy.Error, n.Attr("logger-id"), "Logger not found: the service has no logger '%s'", n.Attr("logger-id").Written())
			}
			s.partition, _ = n.String("partition-id").Constant()
			return s, nil
		},
	}
}

// maxEvent is how much of a text is sent, 200 KB (policies-2.yaml, log-to-eventhub).
// Chosen: a KB has 1024 bytes, and no character is cut in two.
const maxEvent = 200 << 10

type logToEventHub struct {
	logger, partition string
	key               policy.Operand[string]
	text              policy.Operand[string]
}

// Run hands the text over; what becomes of it nobody waits for.
func (s *logToEventHub) Run(r *policy.Run) error {
	text, err := s.text.Get(r)
	if err != nil {
		return err
	}
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	whole := len(text)
	if whole > maxEvent {
		end := maxEvent
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	r.Log(policy.Event{Logger: s.logger, PartitionKey: key, PartitionID: s.partition, Body: []byte(text)})
	if r.Observed() {
		// Not the text, in which anything may stand.
		r.Note("log-to-eventhub", fmt.Sprintf("%d of %d bytes go to logger '%s'.", len(text), whole, s.logger))
	}
	return nil
}
