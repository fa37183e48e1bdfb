package edge_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// rawClient is a client that is nothing but TCP.
type rawClient struct {
	*net.TCPConn
	r *bufio.Reader
}

func dialRaw(t testing.TB, addr net.Addr) rawClient {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return rawClient{conn.(*net.TCPConn), bufio.NewReader(conn)}
}

// send writes what stands there; lines end in CR LF.
func (c rawClient) send(text string) {
	io.WriteString(c, text)
}

// rest reads until the server closes.
func (c rawClient) rest(t testing.TB) string {
	t.Helper()
	data, err := io.ReadAll(c.r)
	if err != nil {
		t.Fatalf("reading to the connection's end: %v, after %q", err, data)
	}
	return withoutDate(string(data))
}

// head reads one response's head.
func (c rawClient) head(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			t.Fatalf("reading a head: %v, after %q", err, b.String())
		}
		if line == "\r\n" {
			return withoutDate(b.String())
		}
	}
}

// next reads as many bytes as text has, and wants them to be text.
func (c rawClient) next(t testing.TB, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if n, err := io.ReadFull(c.r, got); err != nil || string(got) != text {
		t.Fatalf("got %q, %v; want %q", got[:n], err, text)
	}
}

// withoutDate leaves out the Date that net/http adds.
func withoutDate(response string) string {
	before, rest, found := strings.Cut(response, "\r\nDate: ")
	if !found {
		return response
	}
	_, after, _ := strings.Cut(rest, "\r\n")
	return before + "\r\n" + after
}

// ask sends one request on a connection of its own and gives the response, byte
// for byte.
func ask(t testing.TB, s *edge.Server, request string) string {
	t.Helper()
	c := dialRaw(t, s.PlainAddr())
	defer c.Close()
	c.send(request)
	var got bytes.Buffer
	method, _, _ := strings.Cut(request, " ")
	response, err := http.ReadResponse(bufio.NewReaderSize(io.TeeReader(iotest.OneByteReader(c.r), &got), 16), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("reading a response: %v, after %q", err, got.String())
	}
	io.Copy(io.Discard, response.Body)
	return withoutDate(got.String())
}

// results collects what OnDone is told.
type results struct {
	mu   sync.Mutex
	seen map[*exchange.Exchange]int
	done chan edge.Result
}

func newResults() *results {
	return &results{seen: make(map[*exchange.Exchange]int), done: make(chan edge.Result, 1000)}
}

func (r *results) onDone(x *exchange.Exchange, result edge.Result) {
	r.mu.Lock()
	r.seen[x]++
	r.mu.Unlock()
	r.done <- result
}

// twice tells how many exchanges were reported more than once.
func (r *results) twice() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, times := range r.seen {
		if times != 1 {
			n++
		}
	}
	return n
}

func (r *results) text() string {
	result := <-r.done
	text := fmt.Sprintf("status %d, %d bytes", result.Status, result.BytesOut)
	if result.ClientGone {
		text += ", client gone"
	}
	if result.Err != nil {
		text += ", error: " + result.Err.Error()
	}
	return text
}

// logBuffer is a log to look at.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// tlsFixture gives a server's configuration with a certificate for 127.0.0.1 and
// a client that trusts it; http2 says whether that offers HTTP/2.
func tlsFixture(t testing.TB, http2 bool) (edge.ServerConfig, *http.Client) {
	t.Helper()
	other := httptest.NewTLSServer(http.NotFoundHandler())
	defer other.Close()
	transport := other.Client().Transport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.ForceAttemptHTTP2 = http2
	if !http2 {
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
	}
	t.Cleanup(transport.CloseIdleConnections)
	c := other.TLS.Clone()
	c.NextProtos = nil
	return edge.ServerConfig{TLS: c}, &http.Client{Transport: transport}
}

// respondWith is a handler that answers always the same.
func respondWith(status int, header exchange.Header, body exchange.Body) func(*exchange.Exchange) {
	return func(x *exchange.Exchange) {
		x.Response = &exchange.Response{Status: status, Header: header, Body: body}
	}
}
