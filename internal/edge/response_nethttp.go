package edge

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// netHTTPWriter writes a response by way of net/http.
type netHTTPWriter struct {
	w        http.ResponseWriter
	closable bool // connections are closed with a header line: HTTP/1.1
	// closing ends the connection behind this response.
	closing bool
}

func (n *netHTTPWriter) writeHead(response *exchange.Response, length int64, _, closing bool) {
	h := n.w.Header()
	setLines(h, &response.Header)
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // or net/http would guess one
	}
	if length >= 0 && response.Status != http.StatusNoContent {
		h["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	}
	if (closing || n.closing) && n.closable {
		h["Connection"] = []string{"close"}
	}
	n.w.WriteHeader(response.Status)
}

func (n *netHTTPWriter) Write(p []byte) (int, error) { return n.w.Write(p) }

func (n *netHTTPWriter) flush() error {
	if f, ok := n.w.(interface{ FlushError() error }); ok {
		return f.FlushError()
	}
	return nil
}

// setLines puts the response's lines where net/http looks for them. Those that
// it treats itself are spelled as it spells them, the others as they came.
func setLines(h http.Header, lines *exchange.Header) {
	options := connectionOptionsOf(lines)
	values := make([]string, lines.Len())
	for name, value := range lines.All() {
		if ofConnection(name) || options.has(name) || strings.EqualFold(name, "Content-Length") {
			continue
		}
		switch {
		case strings.EqualFold(name, "Date"):
			name = "Date"
		case strings.EqualFold(name, "Content-Type"):
			name = "Content-Type"
		}
		if had, repeated := h[name]; repeated {
			h[name] = append(had, value)
			continue
		}
		values[0] = value
		h[name], values = values[:1:1], values[1:]
	}
}
