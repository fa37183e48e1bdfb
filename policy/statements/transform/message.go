package transform

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// message is the part of an exchange that set-header and set-body change: in
// inbound and backend the request, in outbound and on-error the response.
type message struct {
	header *exchange.Header
	body   *exchange.Body
	// host is where a changed Host header is kept; nil for a response.
	host *string
}

func messageOf(r *policy.Run, section exchange.Section) message {
	switch section {
	case exchange.Inbound, exchange.Backend:
		return message{&r.Request.Header, &r.Request.Body, &r.Request.Host}
	}
	return responseMessage(r.Response)
}

func responseMessage(response *exchange.Response) message {
	return message{header: &response.Header, body: &response.Body}
}

// setHeader puts values in place of the header's lines; without any it removes them.
func (m message) setHeader(name string, values ...string) {
	m.header.Set(name, values...)
	if m.host != nil && strings.EqualFold(name, "Host") {
		*m.host = strings.Join(values, ",")
	}
}

// onOneLine reports whether s may stand in a header or status line.
func onOneLine(s string) bool { return !strings.ContainsAny(s, "\r\n\x00") }

// edit is what a statement does to a message. return-response applies the same
// edits to the response it makes.
type edit interface {
	apply(r *policy.Run, m message) error
}

// editStep is an edit as a statement of its own.
type editStep struct {
	edit    edit
	section exchange.Section
}

func (s *editStep) Run(r *policy.Run) error {
	return s.edit.apply(r, messageOf(r, s.section))
}
