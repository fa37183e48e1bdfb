package part

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Message is the part of an exchange that edits change.
type Message struct {
	Header *exchange.Header
	Body   *exchange.Body
	// Host is where a changed Host header is kept; nil for a response.
	Host *string
}

// MessageOf is the message that statements of a section change: in inbound and
// backend the request, in outbound and on-error the response.
func MessageOf(r *policy.Run, section exchange.Section) Message {
	switch section {
	case exchange.Inbound, exchange.Backend:
		return RequestMessage(r)
	}
	return ResponseMessage(r.Response)
}

// RequestMessage is the request to the backend as a message.
func RequestMessage(r *policy.Run) Message {
	return Message{&r.Request.Header, &r.Request.Body, &r.Request.Host}
}

// ResponseMessage is a response as a message.
func ResponseMessage(response *exchange.Response) Message {
	return Message{Header: &response.Header, Body: &response.Body}
}

// setHeader puts values in place of the header's lines; without any it removes them.
func (m Message) setHeader(name string, values ...string) {
	m.Header.Set(name, values...)
	if m.Host != nil && strings.EqualFold(name, "Host") {
		*m.Host = strings.Join(values, ",")
	}
}

// Edit is what an element does to a message. The same edits serve statements of
// their own and those that make a message, such as return-response.
type Edit interface {
	Apply(r *policy.Run, m Message) error
}

// Step is an edit as a statement of its own, in a section.
func Step(e Edit, section exchange.Section) policy.Step {
	return policy.StepFunc(func(r *policy.Run) error { return e.Apply(r, MessageOf(r, section)) })
}

// OnOneLine reports whether s may stand in a header or status line.
func OnOneLine(s string) bool { return !strings.ContainsAny(s, "\r\n\x00") }
