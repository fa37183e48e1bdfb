package edge_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// TestExchangeOfRequest: what the handler sees of a request.
func TestExchangeOfRequest(t *testing.T) {
	tests := []struct {
		name, request string
		want          string // method and address, header lines, body
	}{
		{"get", "GET /a?b=c HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"GET http://gateway/a?b=c\nHost: gateway\n"},
		{"target untouched", "GET //a/../b%2Fc/./d//%e4%C3/?a=%20+&&b=/../?&c HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"GET http://gateway//a/../b%2Fc/./d//%e4%C3/?a=%20+&&b=/../?&c\nHost: gateway\n"},
		{"port", "GET / HTTP/1.1\r\nHost: Gateway.Example:8443\r\n\r\n",
			"GET http://Gateway.Example:8443/\nHost: Gateway.Example:8443\n"},
		{"IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
			"GET http://[::1]/\nHost: [::1]:80\n"},
		{"absolute form", "GET http://other:81//a%2F?b HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"GET http://other:81//a%2F?b\nHost: other:81\n"},
		{"absolute form, host only", "GET http://other HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"GET http://other/\nHost: other\n"},
		{"absolute form without a path", "GET http://other?b HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"GET http://other/?b\nHost: other\n"},
		{"header lines", "GET / HTTP/1.1\r\nHost: gateway\r\nx-b: 1\r\nX-A: 2\r\nx-b: 3\r\nAccept: a, b\r\nConnection: keep-alive\r\n\r\n",
			"GET http://gateway/\nHost: gateway\nAccept: a, b\nConnection: keep-alive\nX-A: 2\nX-B: 1\nX-B: 3\n"},
		{"sized body", "POST / HTTP/1.1\r\nHost: gateway\r\nContent-Length: 5\r\n\r\nhello",
			"POST http://gateway/\nHost: gateway\nContent-Length: 5\n5 bytes: hello"},
		{"chunked body", "POST / HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
			"POST http://gateway/\nHost: gateway\n-1 bytes: hello"},
		{"empty body", "POST / HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n",
			"POST http://gateway/\nHost: gateway\nContent-Length: 0\n"},
		{"own method", "PURGE / HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"PURGE http://gateway/\nHost: gateway\n"},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: gateway\r\n\r\n",
			"OPTIONS http://gateway*\nHost: gateway\n"},
		{"an offer of HTTP/2", "GET / HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n",
			"GET http://gateway/\nHost: gateway\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\n"},
		{"lines of the connection", "GET / HTTP/1.1\r\nHost: gateway\r\nConnection: x-hop, keep-alive\r\nX-Hop: 1\r\nX-Kept: 2\r\n\r\n",
			"GET http://gateway/\nHost: gateway\nConnection: x-hop, keep-alive\nX-Kept: 2\n"},
		{"claims about the client", "GET / HTTP/1.1\r\nHost: gateway\r\nX-Forwarded-For: 10.1.2.3\r\nForwarded: for=10.1.2.3\r\n\r\n",
			"GET http://gateway/\nHost: gateway\nForwarded: for=10.1.2.3\nX-Forwarded-For: 10.1.2.3\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clock := exchange.NewVirtualClock(start)
			seen := make(chan string, 1)
			s := serve(t, edge.ServerConfig{Clock: clock, Handler: func(x *exchange.Exchange) {
				text := x.Request.Method + " " + x.Request.OriginalURL.String() + "\n" + show(&x.Request.Header)
				if x.Request.Body.Exists() {
					length := x.Request.Body.Length()
					body, err := x.Request.Body.Buffer(100)
					text += fmt.Sprintf("%d bytes: %s", length, body)
					if err != nil {
						text += err.Error()
					}
				}
				seen <- text
				if x.Request.ClientIP != "127.0.0.1" || !x.Timestamp.Equal(start) || x.Clock != clock || x.Request.URL != x.Request.OriginalURL {
					t.Errorf("client %s, timestamp %v, URL %v", x.Request.ClientIP, x.Timestamp, x.Request.URL)
				}
				respondWith(204, exchange.Header{}, exchange.Body{})(x)
			}})
			answer := ask(t, s, test.request)
			if answer != "HTTP/1.1 204 No Content\r\n\r\n" {
				t.Fatalf("got %q", answer)
			}
			if got := <-seen; got != test.want {
				t.Errorf("%q\ngot  %q\nwant %q", test.request, got, test.want)
			}
		})
	}
}

// TestExchangeID: each exchange has a random GUID of version 4.
func TestExchangeID(t *testing.T) {
	ids := make(chan string, 2)
	s := serve(t, edge.ServerConfig{Handler: func(x *exchange.Exchange) {
		ids <- x.ID
		respondWith(204, exchange.Header{}, exchange.Body{})(x)
	}})
	ask(t, s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	ask(t, s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	first, second := <-ids, <-ids
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if !form.MatchString(first) || !form.MatchString(second) || first == second {
		t.Errorf("got %s and %s, want two GUIDs of version 4", first, second)
	}
}

// TestRefused: what the edge answers itself. The handler does not run; OnDone is
// told all the same. What net/http refuses is in testdata/wire.
func TestRefused(t *testing.T) {
	// By way of net/http lines are sorted.
	const sorted, form = "HTTP/1.1 %s\r\nContent-Length: %[2]d\r\nContent-Type: application/json\r\n\r\n%[3]s", "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
	refused := func(form, status, message string) string {
		body := fmt.Sprintf(`{ "statusCode": %s, "message": "%s" }`, status[:3], message)
		return fmt.Sprintf(form, status, len(body), body)
	}
	const websocket = "GET /chat HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	tests := []struct {
		name, request, want string
	}{
		{"WebSocket", websocket,
			refused(sorted, "501 Not Implemented", "A WebSocket connection is not emulated.")},
		{"other protocol", "GET / HTTP/1.1\r\nHost: gateway\r\nConnection: keep-alive, upgrade\r\nUpgrade: TLS/1.0, \"x\r\n\r\n",
			refused(sorted, "501 Not Implemented", "The protocol that the request wants to upgrade to is not emulated.")},
		{"CONNECT", "CONNECT gateway:443 HTTP/1.1\r\nHost: gateway:443\r\n\r\n",
			refused(sorted, "501 Not Implemented", "CONNECT is not served: this is a gateway, not a proxy.")},
		{"long target", "GET /" + strings.Repeat("a", 16<<10) + " HTTP/1.1\r\nHost: gateway\r\n\r\n",
			refused(form, "414 Request-Uri Too Long", "The request's target is longer than 16384 bytes.")},
		{"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
			refused(sorted, "400 Bad Request", "Bad request: it names no host.")},
		{"no host", "GET / HTTP/1.0\r\n\r\n",
			strings.Replace(refused(sorted, "400 Bad Request", "Bad request: it names no host."), "HTTP/1.1", "HTTP/1.0", 1)},
		{"bad port", "GET / HTTP/1.1\r\nHost: gateway:99999\r\n\r\n",
			refused(form, "400 Bad Request", "Bad request: the port of its host is not a number from 1 to 65535.")},
		{"star", "GET * HTTP/1.1\r\nHost: gateway\r\n\r\n",
			refused(sorted, "400 Bad Request", "Bad request: the target is neither a path nor an absolute address.")},
		{"declared too large", "POST / HTTP/1.1\r\nHost: gateway\r\nContent-Length: 1001\r\n\r\n" + strings.Repeat("x", 1001),
			refused(form, "413 Request Entity Too Large", "The request's body is larger than 1000 bytes.")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			done := newResults()
			s := serve(t, edge.ServerConfig{MaxBodyBytes: 1000, OnDone: done.onDone, Handler: func(x *exchange.Exchange) {
				t.Error("the handler ran")
			}})
			if got := ask(t, s, test.request); got != test.want {
				t.Errorf("%q\ngot  %q\nwant %q", clip(test.request), got, test.want)
			}
			_, body, _ := strings.Cut(test.want, "\r\n\r\n")
			if got, want := done.text(), fmt.Sprintf("status %s, %d bytes", test.want[9:12], len(body)); got != want {
				t.Errorf("OnDone was told %s, want %s", got, want)
			}
			if done.twice() != 0 {
				t.Error("OnDone was told twice")
			}
		})
	}
}

// TestBodyTooLarge: a stream that turns out to be too large ends the exchange,
// and says why.
func TestBodyTooLarge(t *testing.T) {
	done := newResults()
	s := serve(t, edge.ServerConfig{MaxBodyBytes: 1000, OnDone: done.onDone, Handler: func(x *exchange.Exchange) {
		_, err := x.Request.Body.Buffer(1 << 20)
		var tooLarge *exchange.BodyTooLargeError
		if !errors.As(err, &tooLarge) || tooLarge.Limit != 1000 {
			t.Errorf("reading gave %v, want a BodyTooLargeError of 1000 bytes", err)
		}
		if cause := context.Cause(x.Context); cause != err {
			t.Errorf("the context's cause is %v, want %v", cause, err)
		}
		respondWith(413, exchange.Header{}, exchange.Body{})(x)
	}})
	got := ask(t, s, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"+strings.Repeat("x", 1001)+"\r\n0\r\n\r\n")
	if want := "HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := done.text(), "status 413, 0 bytes"; got != want {
		t.Errorf("OnDone was told %s, want %s", got, want)
	}
}

// TestClientBreaksOff: a body that the client doesn't send to its end ends the
// exchange.
func TestClientBreaksOff(t *testing.T) {
	for name, request := range map[string]string{
		"sized":         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello",
		"chunked":       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"not in chunks": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nhello, this is no chunk\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			done := newResults()
			s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: func(x *exchange.Exchange) {
				if _, err := x.Request.Body.Buffer(1 << 20); err == nil {
					t.Error("the body was read to an end that it does not have")
				}
				<-x.Context.Done()
				if cause := context.Cause(x.Context); cause != context.Canceled {
					t.Errorf("the context's cause is %v, want context.Canceled", cause)
				}
				respondWith(500, exchange.Header{}, exchange.Body{})(x)
			}})
			c := dialRaw(t, s.PlainAddr())
			c.send(request)
			c.CloseWrite()
			if got, want := done.text(), "status 500, 0 bytes, client gone"; got != want {
				t.Errorf("OnDone was told %s, want %s", got, want)
			}
		})
	}
}

// TestNoBodyOverHTTP2: a request without a body has none in either protocol.
func TestNoBodyOverHTTP2(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		config, client := tlsFixture(t, http2)
		exists := make(chan bool, 1)
		config.Handler = func(x *exchange.Exchange) {
			exists <- x.Request.Body.Exists()
			x.Response = &exchange.Response{Status: 204}
		}
		response, err := client.Get("https://" + serve(t, config).Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if want := map[bool]int{false: 1, true: 2}[http2]; response.ProtoMajor != want {
			t.Fatalf("HTTP/%d was spoken, want HTTP/%d", response.ProtoMajor, want)
		}
		if <-exists {
			t.Errorf("over HTTP/%d a GET has a body", response.ProtoMajor)
		}
	}
}
