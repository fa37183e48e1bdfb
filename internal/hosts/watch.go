package hosts

import (
	"context"
	"crypto/tls"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Watch is ctx for the connection of a call, which is told what making it takes, and, if
// net/http sends the request, over which connection that goes. A nil call is told nothing.
func Watch(ctx context.Context, call *exchange.Call) context.Context {
	if call == nil {
		return ctx
	}
	w := &watch{call: call}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { w.begin(&w.dns) },
		DNSDone: func(httptrace.DNSDoneInfo) {
			w.end(&w.dns, func(c *exchange.CallConnection, took time.Duration) { c.DNS = took })
		},
		ConnectStart: func(_, address string) {
			w.begin(&w.connect)
			call.Connecting(func(c *exchange.CallConnection) { c.Address = address })
		},
		ConnectDone: func(_, _ string, err error) {
			// It may be a try at one of several addresses.
			w.end(&w.connect, func(c *exchange.CallConnection, took time.Duration) { c.Connect = took })
		},
		TLSHandshakeStart: func() { w.begin(&w.tls) },
		TLSHandshakeDone: func(tls.ConnectionState, error) {
			w.end(&w.tls, func(c *exchange.CallConnection, took time.Duration) { c.TLS = took })
		},
		GotConn: func(g httptrace.GotConnInfo) {
			call.Connected(g.Conn.RemoteAddr().String(), "", g.Reused)
		},
		GotFirstResponseByte: call.FirstByte,
	})
}

// A watch measures, in whatever goroutine something happens.
type watch struct {
	call *exchange.Call

	mu                sync.Mutex
	dns, connect, tls time.Time // when each began first
}

func (w *watch) begin(at *time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if at.IsZero() {
		*at = exchange.System.Now()
	}
}

func (w *watch) end(at *time.Time, set func(c *exchange.CallConnection, took time.Duration)) {
	w.mu.Lock()
	took := exchange.System.Now().Sub(*at)
	w.mu.Unlock()
	w.call.Connecting(func(c *exchange.CallConnection) { set(c, max(took, 1)) })
}

// Told is next, of whose requests the step learns for which they are made.
func Told(next http.RoundTripper) http.RoundTripper { return told{next} }

type told struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t told) RoundTrip(r *http.Request) (*http.Response, error) {
	call := beginCall(r)
	if call == nil {
		return t.next.RoundTrip(r)
	}
	// What is called makes calls of its own perhaps, where it is in this process.
	ctx := exchange.WithCalls(r.Context(), nil)
	response, err := t.next.RoundTrip(r.WithContext(Watch(ctx, call)))
	if err != nil {
		call.End(err)
		return nil, err
	}
	call.Connecting(func(c *exchange.CallConnection) { c.Protocol = strings.TrimSuffix(response.Proto, ".0") })
	call.Answered(response.StatusCode, exchange.StatusText(response.StatusCode), fields(response.Header))
	response.Request = r
	response.Body = &toldBody{response.Body, call}
	return response, nil
}

// beginCall tells of a request; nil: nobody listens.
func beginCall(r *http.Request) *exchange.Call {
	calls := exchange.CallsIn(r.Context())
	if calls == nil {
		return nil
	}
	u, err := exchange.ParseURL(r.URL.String())
	if err != nil {
		return nil // and no connection either
	}
	return calls.Begin(r.Method, u, fields(r.Header), nil)
}

// fields are a header's lines, sorted by name.
func fields(h http.Header) []exchange.Field {
	var all []exchange.Field
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			all = append(all, exchange.Field{Name: name, Value: value})
		}
	}
	return all
}

// CloseIdleConnections is what http.Client looks for.
func (t told) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// toldBody tells the call when it has been read.
type toldBody struct {
	io.ReadCloser
	call *exchange.Call
}

func (b *toldBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch err {
	case nil:
	case io.EOF:
		b.call.End(nil)
	default:
		b.call.End(err)
	}
	return n, err
}

func (b *toldBody) Close() error {
	b.call.End(nil)
	return b.ReadCloser.Close()
}
