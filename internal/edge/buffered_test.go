package edge_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// flushRecorder has the method by which the server flushes.
type flushRecorder struct{ *httptest.ResponseRecorder }

func (r flushRecorder) FlushError() error {
	r.Flush()
	return nil
}

// TestBuffered: what a policy asks to be collected is not flushed piece by piece.
func TestBuffered(t *testing.T) {
	for _, test := range []struct {
		name        string
		buffered    bool
		contentType string
		want        bool // flushed
	}{
		{"unknown length", false, "text/plain", true},
		{"unknown length, collected", true, "text/plain", false},
		{"event stream", false, "text/event-stream", true},
		{"event stream, collected", true, "text/event-stream", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := edge.NewServer(edge.ServerConfig{PlainAddress: "127.0.0.1:0", Handler: func(x *exchange.Exchange) {
				x.Response = &exchange.Response{
					Status: 200, Buffered: test.buffered,
					Header: exchange.NewHeader(exchange.Field{Name: "Content-Type", Value: test.contentType}),
					Body:   exchange.StreamBody(io.NopCloser(strings.NewReader("data: 1\n\n")), -1),
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			recorder := flushRecorder{httptest.NewRecorder()}
			s.ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
			if recorder.Body.String() != "data: 1\n\n" {
				t.Errorf("body %q", recorder.Body)
			}
			if recorder.Flushed != test.want {
				t.Errorf("flushed: %v, want %v", recorder.Flushed, test.want)
			}
		})
	}
}
