package edge_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recorder is a backend that keeps the exact bytes of the one request on each
// connection.
type recorder struct {
	addr     *net.TCPAddr
	requests chan []byte
}

func newRecorder(t testing.TB, answer string) recorder {
	rec := recorder{requests: make(chan []byte, 16)}
	rec.addr = listenRaw(t, func(conn net.Conn) {
		var got bytes.Buffer
		request, err := http.ReadRequest(bufio.NewReaderSize(io.TeeReader(conn, &got), 16))
		if err != nil {
			rec.requests <- got.Bytes()
			return
		}
		io.Copy(io.Discard, request.Body)
		io.WriteString(conn, answer)
		io.Copy(&got, conn) // what nobody asked for would stand here
		rec.requests <- got.Bytes()
	})
	return rec
}

const emptyAnswer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

func stream(s string, length int64) *exchange.Body {
	// One byte at a time at first, as a network may deliver it.
	b := exchange.StreamBody(io.NopCloser(io.MultiReader(strings.NewReader(s[:1]), strings.NewReader(s[1:]))), length)
	return &b
}

func inMemory(s string) *exchange.Body {
	b := exchange.BytesBody([]byte(s))
	return &b
}

// TestRequestBytes compares what a backend gets with testdata/requests.
func TestRequestBytes(t *testing.T) {
	tests := []struct {
		name        string
		method      string
		path, query string
		host        string
		header      exchange.Header
		body        *exchange.Body
	}{
		{name: "get", method: "GET", path: "/a"},
		{name: "host-of-a-policy", method: "GET", path: "/a", host: "api.contoso.example:81", header: lines("Host", "gateway.example")},
		{name: "path-empty", method: "GET", path: "", query: "x=1"},
		{name: "path-untouched", method: "GET", path: "//a/../b%2Fc/./d//%e4%C3/", query: "a=%20+&&b=/../?&c"},
		{name: "header-order-and-spelling", method: "GET", path: "/",
			header: lines("x-lower", "1", "B", "2", "A", "3", "X-LOWER", "4", "b", "", "Accept", "a, b")},
		{name: "nothing-added", method: "GET", path: "/",
			header: lines("X-Forwarded-For", "10.0.0.1,10.0.0.2", "Accept-Encoding", "br")},
		{name: "connection-lines-dropped", method: "GET", path: "/",
			header: lines("Host", "gateway.example", "Connection", "keep-alive, X-Set", "X-Set", "by a policy", "x-kept", "2",
				"connection", "x-other", "Keep-Alive", "timeout=5", "Proxy-Connection", "keep-alive",
				"TE", "trailers", "Trailer", "X-Sum", "Upgrade", "h2c", "Transfer-Encoding", "chunked",
				"Content-Length", "17", "Expect", "100-continue")},
		{name: "post-without-body", method: "POST", path: "/"},
		{name: "put-without-body", method: "PUT", path: "/", body: &exchange.Body{}},
		{name: "patch-without-body", method: "PATCH", path: "/", body: inMemory("")},
		{name: "delete-without-body", method: "DELETE", path: "/"},
		{name: "post-in-memory", method: "POST", path: "/", body: inMemory(`{"a":1}`),
			header: lines("Content-Type", "application/json", "Content-Length", "999")},
		{name: "get-with-body", method: "GET", path: "/", body: inMemory("why not")},
		{name: "post-small-stream", method: "POST", path: "/", body: stream("a=1&b=2", 7)},
		{name: "post-chunked", method: "POST", path: "/", body: stream("unknown length", -1)},
		{name: "own-method", method: "PURGE", path: "/"},
		{name: "value-not-ascii", method: "GET", path: "/", header: lines("X-Name", "Zoë", "X-Tab", "a\tb")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rec := newRecorder(t, emptyAnswer)
			u := newUpstream(t)
			_, err := u.Send(context.Background(), &policy.Outgoing{
				Method: test.method, URL: urlOf(rec.addr, test.path, test.query), Host: test.host, Header: test.header, Body: test.body})
			if err != nil {
				t.Fatalf("Send: %v", err)
			}
			got := bytes.ReplaceAll(<-rec.requests, []byte(rec.addr.String()), []byte("BACKEND"))
			checkGolden(t, filepath.Join("testdata", "requests", test.name+".http"), got)
		})
	}
}

func checkGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the backend got\n%q\nwant (%s)\n%q", got, file, want)
	}
}

// TestRequestRefused: what would not be the request that was meant is not sent,
// and the error names the place but no value, which may be a secret.
func TestRequestRefused(t *testing.T) {
	consumed := stream("gone", 4)
	consumed.Reader()
	good := exchange.URL{Scheme: "http", Host: "backend.example", Port: 80, Path: "/"}
	with := func(change func(*exchange.URL)) exchange.URL {
		u := good
		change(&u)
		return u
	}
	tests := []struct {
		name string
		out  policy.Outgoing
		want string
	}{
		{"method with a blank", policy.Outgoing{Method: "GET /", URL: good}, `"GET /" is not a method that can be sent`},
		{"no method", policy.Outgoing{URL: good}, `"" is not a method that can be sent`},
		{"CONNECT", policy.Outgoing{Method: "CONNECT", URL: good}, `"CONNECT" is not a method that can be sent`},
		{"path with a line break", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.Path = "/a\r\nX: secret" })},
			"the path of backend.example holds a blank or a control character; it has to be escaped"},
		{"path with a blank", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.Path = "/a secret" })},
			"the path of backend.example holds a blank or a control character; it has to be escaped"},
		{"path without a slash", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.Path = "a" })}, `the path "a" does not begin with /`},
		{"query with NUL", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.RawQuery = "key=secret\x00" })},
			"the query of backend.example holds a blank or a control character; it has to be escaped"},
		{"host with a slash", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.Host = "a/b" })}, `"a/b" is not a host`},
		{"no host", policy.Outgoing{Method: "GET", URL: with(func(u *exchange.URL) { u.Host = "" })}, `"" is not a host`},
		{"header value with CR LF", policy.Outgoing{Method: "GET", URL: good, Header: lines("X-Key", "secret\r\nX-Evil: 1")},
			"the value of header X-Key holds a line break or another control character"},
		{"header value with LF", policy.Outgoing{Method: "GET", URL: good, Header: lines("X-Key", "secret\n")},
			"the value of header X-Key holds a line break or another control character"},
		{"header value with NUL", policy.Outgoing{Method: "GET", URL: good, Header: lines("X-Key", "secret\x00")},
			"the value of header X-Key holds a line break or another control character"},
		{"header name with a colon", policy.Outgoing{Method: "GET", URL: good, Header: lines("X:Y", "secret")}, `"X:Y" is not a header name`},
		{"no header name", policy.Outgoing{Method: "GET", URL: good, Header: lines("", "secret")}, `"" is not a header name`},
		{"body consumed", policy.Outgoing{Method: "POST", URL: good, Body: consumed}, "the message body has been read already and was not preserved"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := edge.NewUpstream(edge.UpstreamConfig{Dial: func(context.Context, string, string, int) (net.Conn, error) {
				t.Error("a connection was opened")
				return nil, io.EOF
			}})
			_, err := u.Send(context.Background(), &test.out)
			failure, ok := err.(*policy.SendError)
			if !ok {
				t.Fatalf("got error %v, want a *policy.SendError", err)
			}
			if want := "The request cannot be sent: " + test.want; failure.Message != want || failure.Reason != "BackendConnectionFailure" {
				t.Errorf("got %s: %q\nwant BackendConnectionFailure: %q", failure.Reason, failure.Message, want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells a value: %v", err)
			}
		})
	}
}
