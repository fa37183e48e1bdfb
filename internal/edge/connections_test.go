package edge_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// TestIdleConnectionClosed: a backend that closes connections after its
// keep-alive timeout costs no request.
func TestIdleConnectionClosed(t *testing.T) {
	closed := make(chan struct{}, 1)
	addr := listenRaw(t, func(conn net.Conn) {
		readRequest(newReader(conn))
		io.WriteString(conn, ok)
		conn.Close()
		closed <- struct{}{}
	})
	u, d := newCountedUpstream(t)
	for i := range 20 {
		if got := receive(u.Send(context.Background(), get(addr))); got.body != "ok" {
			t.Fatalf("request %d: %+v", i, got)
		}
		<-closed
	}
	if d.open.Load() > 1 {
		t.Errorf("%d connections are open, want at most the last", d.open.Load())
	}
}

// TestStrayBytes: what a backend sends between two requests is not taken for the
// answer to the second.
func TestStrayBytes(t *testing.T) {
	sent := make(chan struct{}, 2)
	addr := listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		readRequest(r)
		io.WriteString(conn, ok)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
		sent <- struct{}{}
		readRequest(r)
	})
	u := newUpstream(t)
	for i := range 2 {
		if got := receive(u.Send(context.Background(), get(addr))); got.body != "ok" {
			t.Fatalf("request %d: %+v", i, got)
		}
		<-sent
	}
}

// TestCloseIdle: what carries no request is closed, and the upstream goes on.
func TestCloseIdle(t *testing.T) {
	addr := listenRaw(t, answering(ok))
	u, d := newCountedUpstream(t)
	for range 2 {
		receive(u.Send(context.Background(), get(addr)))
		u.CloseIdle()
	}
	if d.dialed.Load() != 2 || d.open.Load() != 0 {
		t.Errorf("%d connections, %d of them open; want 2, 0", d.dialed.Load(), d.open.Load())
	}
}

// TestOneWrite: a request goes out with one write, its body in it.
func TestOneWrite(t *testing.T) {
	addr := listenRaw(t, answering(ok))
	for name, body := range map[string]*exchange.Body{
		"no body":      nil,
		"in memory":    inMemory(strings.Repeat("x", 60_000)),
		"small stream": stream(strings.Repeat("x", 16<<10), 16<<10),
	} {
		u, d := newCountedUpstream(t)
		got := receive(u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body}))
		if got.body != "ok" || d.writes.Load() != 1 {
			t.Errorf("%s: %d writes, want 1 (%+v)", name, d.writes.Load(), got)
		}
	}
}

// TestConcurrentRequests: 500 requests over 16 goroutines, each gets its own
// answer, and no more connections are opened than are used at once.
func TestConcurrentRequests(t *testing.T) {
	addr := listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		for {
			request, body, ok := readRequest(r)
			if !ok {
				return
			}
			answer := request.RequestURI + body
			if len(answer)%2 == 0 {
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
			} else {
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(answer), answer)
			}
		}
	})
	u, d := newCountedUpstream(t)
	var (
		group sync.WaitGroup
		next  atomic.Int32
	)
	for range 16 {
		group.Go(func() {
			for n := next.Add(1); n <= 500; n = next.Add(1) {
				path := fmt.Sprintf("/%d", n)
				out := policy.Outgoing{Method: "GET", URL: urlOf(addr, path, "")}
				want := path
				if n%3 == 0 {
					body := strings.Repeat("x", int(n)*100)
					out.Method, out.Body = "POST", stream(body, -1)
					want += body
				}
				if got := receive(u.Send(context.Background(), &out)); got.body != want || got.err != "" {
					t.Errorf("%s: got %d bytes (%q), want %d", path, len(got.body), got.err, len(want))
				}
			}
		})
	}
	group.Wait()
	// Beside the 16 in use, as many may be with an upload that is about to end.
	if d.dialed.Load() > 32 {
		t.Errorf("%d connections were opened for 16 at once", d.dialed.Load())
	}
	u.Close()
	noGoroutines(t)
	if d.open.Load() != 0 {
		t.Errorf("%d connections are open after Close", d.open.Load())
	}
}

// TestCalls: what happened on the wire is told.
func TestCalls(t *testing.T) {
	addr := listenRaw(t, answering("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-B: c\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n"))
	u := newUpstream(t)
	start := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	clock := exchange.NewVirtualClock(start)
	calls := exchange.NewCalls(clock, 10)
	for range 2 {
		out := get(addr)
		out.Header.Add("X-A", "b")
		receive(u.Send(exchange.WithCalls(context.Background(), calls), out))
	}
	told, _ := calls.Take()
	if len(told) != 2 {
		t.Fatalf("%d calls were told", len(told))
	}
	for i, call := range told {
		c := call.Connection
		if c == nil || c.Address != addr.String() || c.Protocol != "HTTP/1.1" || c.Reused != (i == 1) || (c.Connect > 0) != (i == 0) || c.TLS != 0 || c.FirstByte <= 0 {
			t.Errorf("call %d went over %+v", i, c)
		}
		call.Connection = nil
		want := exchange.CallReport{
			Method: "GET", URL: urlOf(addr, "/", ""), Header: []exchange.Field{{Name: "X-A", Value: "b"}}, Start: start,
			Status: 200, Reason: "OK", ResponseHeader: []exchange.Field{{Name: "X-B", Value: "c"}}, Ended: true,
			Notes: []string{"The interim response 103 was skipped.", "The response's trailers were dropped."},
		}
		if diff := cmp.Diff(want, call); diff != "" {
			t.Errorf("call %d: want (-), told (+)\n%s", i, diff)
		}
	}
}

// TestTLSConnections: over TLS an idle connection is used again too, until the
// backend closes it.
func TestTLSConnections(t *testing.T) {
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") }))
	closed := make(chan struct{}, 8)
	backend.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	backend.StartTLS()
	defer backend.Close()
	addr := backend.Listener.Addr().(*net.TCPAddr)
	config := backend.Client().Transport.(*http.Transport).TLSClientConfig
	var dialed atomic.Int32
	u := edge.NewUpstream(edge.UpstreamConfig{Dial: func(ctx context.Context, scheme, host string, port int) (net.Conn, error) {
		if scheme != "https" {
			t.Errorf("dialed scheme %s", scheme)
		}
		dialed.Add(1)
		d := tls.Dialer{Config: config}
		return d.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	}})
	defer u.Close()
	out := get(addr)
	out.URL.Scheme = "https"
	for i := range 6 {
		if i == 3 {
			backend.Config.SetKeepAlivesEnabled(false) // closes what is idle
			<-closed
			backend.Config.SetKeepAlivesEnabled(true)
		}
		if got := receive(u.Send(context.Background(), out)); got.body != "ok" {
			t.Fatalf("request %d: %+v", i, got)
		}
	}
	if dialed.Load() != 2 {
		t.Errorf("six requests with one closing between them took %d connections, want 2", dialed.Load())
	}
}
