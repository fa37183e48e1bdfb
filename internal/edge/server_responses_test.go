package edge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// TestResponseBytes: what the client gets for what the handler left.
func TestResponseBytes(t *testing.T) {
	consumed := exchange.BytesBody([]byte("gone"))
	consumed.Consume(100)
	bytesBody := func(s string) exchange.Body { return exchange.BytesBody([]byte(s)) }
	streamBody := func(s string, length int64) exchange.Body { return *stream(s, length) }
	var replaced exchange.Body
	replaced.Replace([]byte("new body"))
	tests := []struct {
		name, method string
		response     exchange.Response
		want         string
	}{
		{"in memory", "GET", exchange.Response{Status: 200, Header: lines("Content-Type", "text/plain"), Body: bytesBody("hello")},
			"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"},
		{"no type is guessed", "GET", exchange.Response{Status: 200, Body: bytesBody("<html>")},
			"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"},
		{"stream of known length", "GET", exchange.Response{Status: 200, Header: lines("Content-Length", "5"), Body: streamBody("hello", 5)},
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		{"stream of unknown length", "GET", exchange.Response{Status: 200, Body: streamBody("hello", -1)},
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n4\r\nello\r\n0\r\n\r\n"},
		{"replaced", "GET", exchange.Response{Status: 200, Header: lines("content-length", "999"), Body: replaced},
			"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nnew body"},
		{"consumed", "GET", exchange.Response{Status: 200, Header: lines("Content-Length", "4"), Body: consumed},
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"empty", "GET", exchange.Response{Status: 200},
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		{"204", "GET", exchange.Response{Status: 204, Header: lines("Content-Length", "0")},
			"HTTP/1.1 204 No Content\r\n\r\n"},
		{"204 with a body", "GET", exchange.Response{Status: 204, Body: bytesBody("hello")},
			"HTTP/1.1 204 No Content\r\n\r\n"},
		{"304", "GET", exchange.Response{Status: 304, Header: lines("ETag", "a")},
			"HTTP/1.1 304 Not Modified\r\nETag: a\r\n\r\n"},
		{"HEAD of a backend", "HEAD", exchange.Response{Status: 200, Header: lines("Content-Length", "5", "Content-Type", "a/b")},
			"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\n"},
		{"HEAD of the gateway's own", "HEAD", exchange.Response{Status: 401, Body: bytesBody("denied")},
			"HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\n"},
		{"HEAD without a length", "HEAD", exchange.Response{Status: 200},
			"HTTP/1.1 200 OK\r\n\r\n"},
		{"HEAD with a stream", "HEAD", exchange.Response{Status: 200, Body: streamBody("hello", 5)},
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
		{"spelling and repeats", "GET", exchange.Response{Status: 200, Header: lines("x-ms-request-id", "1", "Set-Cookie", "a=1", "X-B", "2", "Set-Cookie", "b=2", "WWW-Authenticate", "x")},
			"HTTP/1.1 200 OK\r\nx-ms-request-id: 1\r\nSet-Cookie: a=1\r\nX-B: 2\r\nSet-Cookie: b=2\r\nWWW-Authenticate: x\r\nContent-Length: 0\r\n\r\n"},
		{"special lines in other spellings", "GET", exchange.Response{Status: 200, Header: lines("content-type", "a/b", "CONTENT-LENGTH", "77", "date", "Mon, 23 Nov 2026 16:00:00 GMT", "server", "s"), Body: bytesBody("x")},
			"HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ndate: Mon, 23 Nov 2026 16:00:00 GMT\r\nserver: s\r\nContent-Length: 1\r\n\r\nx"},
		{"connection lines", "GET", exchange.Response{Status: 200, Header: lines("Connection", "X-Hop", "X-Hop", "1", "Keep-Alive", "a", "Transfer-Encoding", "gzip", "Trailer", "X-T", "Upgrade", "h2c", "Via", "kept")},
			"HTTP/1.1 200 OK\r\nVia: kept\r\nContent-Length: 0\r\n\r\n"},
		{"reason phrase", "GET", exchange.Response{Status: 401, Reason: "Access Denied"},
			"HTTP/1.1 401 Access Denied\r\nContent-Length: 0\r\n\r\n"},
		{"unknown status", "GET", exchange.Response{Status: 299, Reason: "Fine"},
			"HTTP/1.1 299 Fine\r\nContent-Length: 0\r\n\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			done := newResults()
			s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: func(x *exchange.Exchange) { x.Response = &test.response }})
			got := ask(t, s, test.method+" / HTTP/1.1\r\nHost: a\r\n\r\n")
			if got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if done.text(); strings.Contains(got, "Date:") {
				t.Errorf("a second Date: %q", got)
			}
		})
	}
}

// TestDate: the backend's Date goes through; a response without one gets one.
func TestDate(t *testing.T) {
	const date = "Mon, 01 Jan 2001 00:00:00 GMT"
	for _, header := range []exchange.Header{lines("date", date), {}} {
		config, client := tlsFixture(t, false)
		config.Handler = respondWith(200, header, exchange.Body{})
		response, err := client.Get("https://" + serve(t, config).Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		got := response.Header.Values("Date")
		if len(got) != 1 || header.Len() == 1 && got[0] != date {
			t.Errorf("got Date %q for %q", got, show(&header))
		}
	}
}

// TestHandlerFails: whatever a handler does wrong, the client gets the general
// 500 with the request's id and no word of the cause, and the log has it once.
func TestHandlerFails(t *testing.T) {
	tests := []struct {
		name    string
		handler func(*exchange.Exchange)
		log     string
	}{
		{"panic", func(x *exchange.Exchange) { panic("secret cause") }, "panic: secret cause"},
		{"panic behind a response", func(x *exchange.Exchange) {
			x.Response = &exchange.Response{Status: 200}
			panic(errors.New("secret cause"))
		}, "panic: secret cause"},
		{"no response", func(x *exchange.Exchange) {}, "there is no response"},
		{"status of an interim response", respondWith(101, exchange.Header{}, exchange.Body{}), "101 is not the status of a final response"},
		{"no status", respondWith(0, exchange.Header{}, exchange.Body{}), "0 is not the status of a final response"},
		{"line break in a header", respondWith(200, lines("X-A", "secret\r\nX-B: c"), exchange.Body{}), "the value of header X-A holds a line break or another control character"},
		{"not a header name", respondWith(200, lines("X A", "secret"), exchange.Body{}), `\"X A\" is not a header name`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var (
				log  logBuffer
				done = newResults()
				id   = make(chan string, 1)
			)
			s := serve(t, edge.ServerConfig{Log: log.logger(), OnDone: done.onDone, Handler: func(x *exchange.Exchange) {
				id <- x.ID
				test.handler(x)
			}})
			got := ask(t, s, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			activity := <-id
			want := "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 111\r\n\r\n" +
				`{ "statusCode": 500, "message": "Internal server error", "activityId": "` + activity + `" }`
			if got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			result := <-done.done
			if result.Status != 500 || result.BytesOut != 111 || result.Err == nil || result.ClientGone || done.twice() != 0 {
				t.Errorf("OnDone was told %+v", result)
			}
			if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, test.log) || !strings.Contains(text, activity) {
				t.Errorf("the log has %q\nwant one line with %q and %s", text, test.log, activity)
			}
			if strings.HasPrefix(test.name, "panic") != strings.Contains(log.String(), "server_responses_test.go") {
				t.Errorf("the log should have a stack for a panic, and only then: %q", log.String())
			}
		})
	}
}

// TestPanicWhileSending: the response has begun, so all that is left is to cut
// it.
func TestPanicWhileSending(t *testing.T) {
	var log logBuffer
	done := newResults()
	s := serve(t, edge.ServerConfig{Log: log.logger(), OnDone: done.onDone,
		Handler: respondWith(200, exchange.Header{}, exchange.StreamBody(panicking{}, -1))})
	c := dialRaw(t, s.PlainAddr())
	c.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if got, want := c.rest(t), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := done.text(), "status 200, 0 bytes, error: panic: out of order"; got != want {
		t.Errorf("OnDone was told %s, want %s", got, want)
	}
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "out of order") {
		t.Errorf("the log has %q, want one line with the panic", text)
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("out of order") }
func (panicking) Close() error             { return nil }

// TestTruncation: when the backend's body breaks off, the client gets what there
// was and can see that it is not all.
func TestTruncation(t *testing.T) {
	tests := []struct {
		name, answer string
		want, told   string
	}{
		{"sized", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "status 200, 5 bytes"},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "status 200, 5 bytes"},
		{"before the first byte", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "status 200, 0 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log logBuffer
			done := newResults()
			u := newUpstream(t)
			s := serve(t, edge.ServerConfig{Log: log.logger(), OnDone: done.onDone, Handler: forward(u, listenRaw(t, answerOnce(test.answer)))})
			c := dialRaw(t, s.PlainAddr())
			c.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			if got := c.rest(t); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			want := test.told + ", error: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"
			if got := done.text(); got != want {
				t.Errorf("OnDone was told %s\nwant %s", got, want)
			}
			if log.String() != "" {
				t.Errorf("the log has %q; it is the backend's fault and stands in OnDone", log.String())
			}
		})
	}
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("over TLS, HTTP/2 %t", http2), func(t *testing.T) {
			config, client := tlsFixture(t, http2)
			config.Handler = forward(newUpstream(t), listenRaw(t, answerOnce(tests[1].answer)))
			response, err := client.Get("https://" + serve(t, config).Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(response.Body); string(body) != "hello" || err == nil {
				t.Errorf("got %q, %v; want hello and an error", body, err)
			}
		})
	}
}

// TestBodyOfWrongLength: a stream that is not as long as it was said to be.
func TestBodyOfWrongLength(t *testing.T) {
	for length, want := range map[int64]string{
		10: "status 200, 5 bytes, error: the body ended after 5 of 10 bytes: unexpected EOF",
		3:  "status 200, 1 bytes, error: the body is longer than the 3 bytes that were announced",
	} {
		done := newResults()
		s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: respondWith(200, exchange.Header{}, *stream("hello", length))})
		c := dialRaw(t, s.PlainAddr())
		c.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		c.rest(t)
		if got := done.text(); got != want {
			t.Errorf("OnDone was told %s\nwant %s", got, want)
		}
	}
}

// TestEventsTogether: what has come together goes out together, one write for
// all.
func TestEventsTogether(t *testing.T) {
	addr := listenRaw(t, answering("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"))
	s := serve(t, edge.ServerConfig{Handler: forward(newUpstream(t), addr)})
	count := &flushCounter{header: http.Header{}}
	request, _ := http.NewRequest("GET", "http://gateway/", nil)
	request.RequestURI, request.RemoteAddr = "/", "127.0.0.1:1"
	s.ServeHTTP(count, request)
	if count.body.String() != "abc" || count.flushes != 0 {
		t.Errorf("got %q with %d flushes, want abc with none but the end's", count.body.String(), count.flushes)
	}
}

// flushCounter is a ResponseWriter that counts flushes.
type flushCounter struct {
	header  http.Header
	body    strings.Builder
	flushes int
}

func (c *flushCounter) Header() http.Header         { return c.header }
func (c *flushCounter) WriteHeader(int)             {}
func (c *flushCounter) Write(p []byte) (int, error) { return c.body.Write(p) }
func (c *flushCounter) FlushError() error           { c.flushes++; return nil }

// TestClientGone: a client that leaves ends what is done on its behalf.
func TestClientGone(t *testing.T) {
	tests := []struct {
		name, answer string
		request      string
		head         bool // the client waits for the response's head
		want         string
	}{
		{"while the backend is silent", "", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false, "status 500, "},
		{"after its whole body", "", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", false, "status 500, "},
		{"while events come", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, "status 200, 9 bytes, client gone, error: context canceled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			arrived, closed := make(chan struct{}), make(chan struct{})
			addr := listenRaw(t, func(conn net.Conn) {
				r := newReader(conn)
				readRequest(r)
				io.WriteString(conn, test.answer)
				close(arrived)
				r.ReadByte()
				close(closed)
			})
			done := newResults()
			u, d := newCountedUpstream(t)
			s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: forward(u, addr)})
			c := dialRaw(t, s.PlainAddr())
			c.send(test.request)
			<-arrived
			if test.head {
				c.head(t)
				c.next(t, "9\r\ndata: a\n\n\r\n")
			}
			c.Close()
			<-closed
			if got := done.text(); !strings.HasPrefix(got, test.want) || !strings.Contains(got, "client gone") {
				t.Errorf("OnDone was told %s, want %s...", got, test.want)
			}
			if d.open.Load() != 0 {
				t.Error("the connection to the backend is still open")
			}
		})
	}
}

// TestClientGoneHTTP2: the same for one request of a connection that lives on.
func TestClientGoneHTTP2(t *testing.T) {
	config, client := tlsFixture(t, true)
	gone := make(chan error, 1)
	started := make(chan struct{})
	config.Handler = func(x *exchange.Exchange) {
		if x.Request.URL.Path == "/wait" {
			close(started)
			<-x.Context.Done()
			gone <- context.Cause(x.Context)
		}
		respondWith(204, exchange.Header{}, exchange.Body{})(x)
	}
	s := serve(t, config)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	request, _ := http.NewRequestWithContext(ctx, "GET", "https://"+s.Addr().String()+"/wait", nil)
	if _, err := client.Do(request); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if cause := <-gone; cause != context.Canceled {
		t.Errorf("the context's cause is %v, want context.Canceled", cause)
	}
	response, err := client.Get("https://" + s.Addr().String() + "/")
	if err != nil || response.StatusCode != 204 || response.ProtoMajor != 2 {
		t.Errorf("the next request: %v, %v", response, err)
	}
}
