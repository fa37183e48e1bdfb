package trace

import (
	"github.com/apimulator/apimulator/policy/exchange"
)

// Message is a request or a response as far as a record shows it.
type Message struct {
	Header []Header `json:"header"`
	// Body is its beginning; "" of one that was neither in memory nor copied as it passed.
	Body string `json:"body,omitempty"`
}

// Header is a header line.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// message is what a record shows of a message; keys are names under which keys are sent.
func message(h *exchange.Header, b *exchange.Body, keys []string) Message {
	m := Message{Header: make([]Header, 0, h.Len())}
	for name, value := range h.All() {
		m.Header = append(m.Header, Header{name, shownHeader(name, clip(value), keys)})
	}
	if data, known := b.InMemory(); known {
		m.Body = clip(string(data[:min(len(data), maxText+1)]))
	}
	return m
}

func (m *Message) each(f func(string) string) {
	m.Body = f(m.Body)
	for i := range m.Header {
		m.Header[i].Value = f(m.Header[i].Value)
	}
}
