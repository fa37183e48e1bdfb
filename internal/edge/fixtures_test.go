package edge_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

var start = time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)

// listenRaw runs a backend that is nothing but TCP: serve speaks for it on each
// connection, which is closed afterwards.
func listenRaw(t testing.TB, serve func(net.Conn)) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		mu    sync.Mutex
		conns []net.Conn
		group sync.WaitGroup
	)
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			group.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		group.Wait()
	})
	return l.Addr().(*net.TCPAddr)
}

// readRequest reads one request from a raw backend's connection and its body to
// the end; ok is false when there is none.
func readRequest(r *bufio.Reader) (request *http.Request, body string, ok bool) {
	request, err := http.ReadRequest(r)
	if err != nil {
		return nil, "", false
	}
	data, err := io.ReadAll(request.Body)
	return request, string(data), err == nil
}

func newReader(conn net.Conn) *bufio.Reader { return bufio.NewReader(conn) }

// answering is a raw backend's life: each request gets the same bytes.
func answering(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		r := bufio.NewReader(conn)
		for {
			if _, _, ok := readRequest(r); !ok {
				return
			}
			io.WriteString(conn, answer)
		}
	}
}

// dialDirect is the plainest UpstreamConfig.Dial.
func dialDirect(ctx context.Context, scheme, host string, port int) (net.Conn, error) {
	if scheme != "http" {
		return nil, errors.New("these tests dial http only")
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}

// dialCounter dials directly, counts, and lets a test have its hand in writing.
type dialCounter struct {
	dialed atomic.Int32
	open   atomic.Int32
	writes atomic.Int32
	// beforeWrite, if set, is called with the number of the write on its
	// connection, from 1 on; its error fails the write before any byte is sent.
	beforeWrite func(conn net.Conn, number int) error
	// cutAfter, if it is not 0, is how many bytes of a write go out before it
	// fails.
	cutAfter int
}

func (d *dialCounter) dial(ctx context.Context, scheme, host string, port int) (net.Conn, error) {
	conn, err := dialDirect(ctx, scheme, host, port)
	if err != nil {
		return nil, err
	}
	d.dialed.Add(1)
	d.open.Add(1)
	return &countedConn{Conn: conn, counter: d}, nil
}

type countedConn struct {
	net.Conn
	counter *dialCounter
	number  int
	closed  sync.Once
}

// NetConn is for hosts.Prober, which looks for the socket.
func (c *countedConn) NetConn() net.Conn { return c.Conn }

func (c *countedConn) Write(p []byte) (int, error) {
	c.number++
	c.counter.writes.Add(1)
	if c.counter.beforeWrite != nil {
		if err := c.counter.beforeWrite(c.Conn, c.number); err != nil {
			return 0, err
		}
	}
	if c.counter.cutAfter > 0 {
		n, _ := c.Conn.Write(p[:c.counter.cutAfter])
		return n, syscall.EPIPE
	}
	return c.Conn.Write(p)
}

func (c *countedConn) Close() error {
	c.closed.Do(func() { c.counter.open.Add(-1) })
	return c.Conn.Close()
}

func newUpstream(t testing.TB) *edge.Upstream {
	u, _ := newCountedUpstream(t)
	return u
}

func newCountedUpstream(t testing.TB) (*edge.Upstream, *dialCounter) {
	d := &dialCounter{}
	u := edge.NewUpstream(edge.UpstreamConfig{Dial: d.dial})
	t.Cleanup(u.Close)
	return u, d
}

func urlOf(addr *net.TCPAddr, path, query string) exchange.URL {
	return exchange.URL{Scheme: "http", Host: "127.0.0.1", Port: addr.Port, Path: path, RawQuery: query}
}

func get(addr *net.TCPAddr) *policy.Outgoing {
	return &policy.Outgoing{Method: "GET", URL: urlOf(addr, "/", "")}
}

func lines(pairs ...string) exchange.Header {
	var h exchange.Header
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// show is a header as text, a line each.
func show(h *exchange.Header) string {
	var b strings.Builder
	for name, value := range h.All() {
		b.WriteString(name + ": " + value + "\n")
	}
	return b.String()
}

// serve runs a server on a free port until the test's end: with TLS if the
// configuration has a certificate.
func serve(t testing.TB, c edge.ServerConfig) *edge.Server {
	t.Helper()
	if c.TLS != nil {
		c.Address = "127.0.0.1:0"
	} else {
		c.PlainAddress = "127.0.0.1:0"
	}
	s, err := edge.NewServer(c)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve() }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return s
}

// forward is a handler that does what a gateway without policies does.
func forward(u *edge.Upstream, backend *net.TCPAddr) func(*exchange.Exchange) {
	return func(x *exchange.Exchange) {
		response, err := u.Send(x.Context, &policy.Outgoing{
			Method: x.Request.Method,
			URL:    urlOf(backend, x.Request.URL.Path, x.Request.URL.RawQuery),
			Header: x.Request.Header,
			Body:   &x.Request.Body,
		})
		if err != nil {
			failure := exchange.Failure{Status: 500, Err: err}
			x.Response = failure.Response(x.ID)
			return
		}
		x.Response = response
	}
}

// eventually waits until a condition holds that other goroutines bring about;
// nothing tells the test when. It spins for a bounded number of turns.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for range 2_000_000 {
		if holds() {
			return
		}
		runtime.Gosched()
	}
	t.Fatalf("%s: that did not happen", what)
}

// noGoroutines waits until no goroutine but the test's own is in this package's
// code.
func noGoroutines(t testing.TB) {
	t.Helper()
	eventually(t, "the end of all goroutines", func() bool { return !goroutineIn("internal/edge.(") })
}

// goroutineIn reports whether a goroutine other than the caller's is in a
// function of that name.
func goroutineIn(function string) bool {
	buffer := make([]byte, 1<<20)
	stacks := string(buffer[:runtime.Stack(buffer, true)])
	_, others, _ := strings.Cut(stacks, "\n\n") // the first one is the caller's
	return strings.Contains(others, function)
}
