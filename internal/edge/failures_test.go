package edge_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// TestBrokenWhileIdle: an idle connection that turns out to be broken at the
// write, before one byte went out, is replaced once.
func TestBrokenWhileIdle(t *testing.T) {
	var requests atomic.Int32
	addr := listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		for {
			if _, _, ok := readRequest(r); !ok {
				return
			}
			requests.Add(1)
			io.WriteString(conn, ok)
		}
	})
	t.Run("replaced", func(t *testing.T) {
		u, d := newCountedUpstream(t)
		d.beforeWrite = func(_ net.Conn, number int) error {
			if number > 1 {
				return syscall.EPIPE
			}
			return nil
		}
		for i := range 3 {
			if got := receive(u.Send(context.Background(), get(addr))); got.body != "ok" {
				t.Fatalf("request %d: %+v", i, got)
			}
		}
		if d.dialed.Load() != 3 || d.open.Load() != 1 || requests.Load() != 3 {
			t.Errorf("got %d connections, %d of them open, %d requests; want 3, 1, 3", d.dialed.Load(), d.open.Load(), requests.Load())
		}
	})
	t.Run("a fresh one is not", func(t *testing.T) {
		u, d := newCountedUpstream(t)
		d.beforeWrite = func(net.Conn, int) error { return syscall.EPIPE }
		got := receive(u.Send(context.Background(), get(addr)))
		if want := "BackendConnectionFailure: The underlying connection was closed: An unexpected error occurred on a send.: broken pipe"; got.err != want {
			t.Errorf("got  %q\nwant %q", got.err, want)
		}
		if d.dialed.Load() != 1 || d.open.Load() != 0 {
			t.Errorf("got %d connections, %d of them open; want 1, 0", d.dialed.Load(), d.open.Load())
		}
	})
	t.Run("nor is the one in its place", func(t *testing.T) {
		u, d := newCountedUpstream(t)
		receive(u.Send(context.Background(), get(addr)))
		d.beforeWrite = func(net.Conn, int) error { return syscall.EPIPE }
		if got := receive(u.Send(context.Background(), get(addr))); got.err == "" {
			t.Errorf("got %+v, want an error", got)
		}
		if d.dialed.Load() != 2 || d.open.Load() != 0 {
			t.Errorf("got %d connections, %d of them open; want 2, 0", d.dialed.Load(), d.open.Load())
		}
	})
}

// TestBrokenAndNoOther: of a connection that broke while idle nothing is told, where no other
// can be made.
func TestBrokenAndNoOther(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		for r := newReader(conn); ; {
			if _, _, more := readRequest(r); !more {
				return
			}
			io.WriteString(conn, ok)
		}
	}()
	u, d := newCountedUpstream(t)
	if got := receive(u.Send(context.Background(), get(addr))); got.body != "ok" {
		t.Fatalf("got %+v", got)
	}
	l.Close()
	d.beforeWrite = func(net.Conn, int) error { return syscall.EPIPE }
	calls := exchange.NewCalls(exchange.System, 1)
	if got := receive(u.Send(exchange.WithCalls(context.Background(), calls), get(addr))); got.err == "" {
		t.Fatalf("got %+v, want an error", got)
	}
	if told, _ := calls.Take(); len(told) != 1 || told[0].Connection == nil || told[0].Connection.Reused || told[0].Connection.Protocol != "" {
		t.Errorf("got %+v, want the failed attempt to connect alone", told)
	}
}

// TestClosedAtTheWorstMoment: the backend closes an idle connection after it was
// found in order and before the request is written. The bytes go out into the
// void, so the request fails rather than to be sent again.
func TestClosedAtTheWorstMoment(t *testing.T) {
	var requests atomic.Int32
	closeNow, closed := make(chan struct{}), make(chan struct{})
	addr := listenRaw(t, func(conn net.Conn) {
		if _, _, ok := readRequest(newReader(conn)); ok {
			requests.Add(1)
		}
		io.WriteString(conn, ok)
		<-closeNow
		conn.Close()
		closed <- struct{}{}
	})
	u, d := newCountedUpstream(t)
	d.beforeWrite = func(_ net.Conn, number int) error {
		if number == 2 {
			closeNow <- struct{}{}
			<-closed
		}
		return nil
	}
	receive(u.Send(context.Background(), get(addr)))
	got := receive(u.Send(context.Background(), get(addr)))
	if !strings.HasPrefix(got.err, "BackendConnectionFailure: ") {
		t.Errorf("got %+v, want BackendConnectionFailure", got)
	}
	if requests.Load() != 1 || d.dialed.Load() != 1 {
		t.Errorf("%d requests arrived over %d connections, want 1 over 1", requests.Load(), d.dialed.Load())
	}
	close(closeNow)
}

// TestBrokenWhileWriting: when some bytes are out, the request is not sent again;
// but if the backend has answered what it got, that is the response.
func TestBrokenWhileWriting(t *testing.T) {
	for answer, want := range map[string]received{
		"": {err: "BackendConnectionFailure: The underlying connection was closed: An unexpected error occurred on a send.: broken pipe"},
		"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n": {head: "413 Content Too Large\nContent-Length: 0\n"},
	} {
		for name, body := range map[string]*exchange.Body{"in memory": inMemory("hello"), "stream": stream("hello", -1)} {
			addr := listenRaw(t, func(conn net.Conn) {
				io.ReadFull(conn, make([]byte, 10))
				io.WriteString(conn, answer)
				conn.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, conn)
			})
			u, d := newCountedUpstream(t)
			d.cutAfter = 10
			got := receive(u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body}))
			if got != want {
				t.Errorf("%s, answered with %q\ngot  %+v\nwant %+v", name, answer, got, want)
			}
			if d.dialed.Load() != 1 || d.open.Load() != 0 {
				t.Errorf("%s: %d connections, %d of them open; want 1, 0", name, d.dialed.Load(), d.open.Load())
			}
		}
	}
	noGoroutines(t)
}

// TestDeliveredOnce: a request that a backend has read is never sent again,
// whatever becomes of it.
func TestDeliveredOnce(t *testing.T) {
	for _, test := range []struct {
		name  string
		reuse bool
		want  string
	}{
		{"fresh connection", false, "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: EOF"},
		{"used connection", true, "BackendConnectionFailure: The underlying connection was closed: A connection that was expected to be kept alive was closed by the server.: EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var requests atomic.Int32
			addr := listenRaw(t, func(conn net.Conn) {
				r := newReader(conn)
				if test.reuse {
					readRequest(r)
					io.WriteString(conn, ok)
				}
				for {
					if _, _, ok := readRequest(r); !ok {
						return
					}
					requests.Add(1)
					conn.(*net.TCPConn).CloseWrite()
				}
			})
			u := newUpstream(t)
			if test.reuse {
				receive(u.Send(context.Background(), get(addr)))
			}
			got := receive(u.Send(context.Background(), get(addr)))
			if got.err != test.want {
				t.Errorf("got  %q\nwant %q", got.err, test.want)
			}
			if requests.Load() != 1 {
				t.Errorf("the backend got the request %d times", requests.Load())
			}
		})
	}
}

// TestReset: a backend that resets the connection.
func TestReset(t *testing.T) {
	addr := listenRaw(t, func(conn net.Conn) {
		readRequest(newReader(conn))
		conn.(*net.TCPConn).SetLinger(0)
	})
	got := receive(newUpstream(t).Send(context.Background(), get(addr)))
	want := "BackendConnectionFailure: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.: "
	if !strings.HasPrefix(got.err, want) {
		t.Errorf("got  %q\nwant %q...", got.err, want)
	}
}

// TestDialErrors: the messages of connections that are not made.
func TestDialErrors(t *testing.T) {
	const host = "backend.example"
	tests := []struct {
		err  error
		want string
	}{
		{&hosts.DialError{Kind: hosts.NotResolved}, "The remote name could not be resolved: 'backend.example'"},
		{&hosts.DialError{Kind: hosts.Refused}, "Unable to connect to the remote server"},
		{&hosts.DialError{Kind: hosts.Timeout}, "Unable to connect to the remote server"},
		{&hosts.DialError{Kind: hosts.Other}, "Unable to connect to the remote server"},
		{&hosts.DialError{Kind: hosts.NotServed}, "Unable to connect to the remote server"},
		{&hosts.DialError{Kind: hosts.NotAllowed}, "Unable to connect to the remote server"},
		{&hosts.DialError{Kind: hosts.TLSUntrusted}, "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel."},
		{&hosts.DialError{Kind: hosts.TLS, Err: io.EOF}, "Authentication failed because the remote party has closed the transport stream."},
		{&hosts.DialError{Kind: hosts.TLS, Err: syscall.ECONNRESET}, "Authentication failed because the remote party has closed the transport stream."},
		{&hosts.DialError{Kind: hosts.TLS, Err: errors.New("protocol version not supported")}, "Authentication failed, see inner exception"},
		{errors.New("no network"), "Unable to connect to the remote server"},
	}
	for _, test := range tests {
		if dial, ok := test.err.(*hosts.DialError); ok && dial.Err == nil {
			dial.Err = errors.New("the cause")
		}
		u := edge.NewUpstream(edge.UpstreamConfig{Dial: func(context.Context, string, string, int) (net.Conn, error) { return nil, test.err }})
		_, err := u.Send(context.Background(), &policy.Outgoing{Method: "GET", URL: exchange.URL{Scheme: "http", Host: host, Port: 80}})
		var failure *policy.SendError
		if !errors.As(err, &failure) || failure.Message != test.want || failure.Reason != exchange.ReasonBackendConnection || !errors.Is(err, test.err) {
			t.Errorf("%v:\ngot  %v\nwant %s, wrapping the error", test.err, err, test.want)
		}
	}
}

// TestContextEnds: the end of the context ends everything at once, and its cause
// is the error.
func TestContextEnds(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		u, d := newCountedUpstream(t)
		if _, err := u.Send(ctx, get(&net.TCPAddr{Port: 1})); err != context.Canceled || d.dialed.Load() != 0 {
			t.Errorf("got %v after %d connections, want context.Canceled after none", err, d.dialed.Load())
		}
	})
	t.Run("while dialing", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		cause := errors.New("no patience")
		u := edge.NewUpstream(edge.UpstreamConfig{Dial: func(ctx context.Context, _, _ string, _ int) (net.Conn, error) {
			cancel(cause)
			return nil, ctx.Err()
		}})
		if _, err := u.Send(ctx, get(&net.TCPAddr{Port: 1})); err != cause {
			t.Errorf("got %v, want %v", err, cause)
		}
	})
	// The backend tells when it has the request, and when it finds the
	// connection closed.
	silent := func(t *testing.T, answer string) (addr *net.TCPAddr, arrived, closed chan struct{}) {
		arrived, closed = make(chan struct{}), make(chan struct{})
		addr = listenRaw(t, func(conn net.Conn) {
			r := newReader(conn)
			readRequest(r)
			io.WriteString(conn, answer)
			close(arrived)
			r.ReadByte()
			close(closed)
		})
		return addr, arrived, closed
	}
	t.Run("while waiting", func(t *testing.T) {
		addr, arrived, closed := silent(t, "")
		clock := exchange.NewVirtualClock(start)
		ctx, cancel := exchange.WithTimeout(context.Background(), clock, 20*time.Second)
		defer cancel()
		u, d := newCountedUpstream(t)
		go func() {
			<-arrived
			clock.Advance(20 * time.Second)
		}()
		if _, err := u.Send(ctx, get(addr)); err != context.DeadlineExceeded {
			t.Errorf("got %v, want context.DeadlineExceeded", err)
		}
		<-closed
		if d.open.Load() != 0 {
			t.Error("the connection is still open")
		}
	})
	t.Run("while the body comes", func(t *testing.T) {
		addr, _, closed := silent(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
		ctx, cancel := context.WithCancelCause(context.Background())
		u, d := newCountedUpstream(t)
		response, err := u.Send(ctx, get(addr))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := response.Body.Reader()
		if n, err := io.ReadFull(body, make([]byte, 5)); n != 5 {
			t.Fatal(n, err)
		}
		cause := errors.New("no patience")
		go cancel(cause)
		if _, err := body.Read(make([]byte, 1)); err != cause {
			t.Errorf("got %v, want %v", err, cause)
		}
		<-closed
		if d.open.Load() != 0 {
			t.Error("the connection is still open")
		}
	})
	t.Run("after the body", func(t *testing.T) {
		addr := listenRaw(t, answering(ok))
		u, d := newCountedUpstream(t)
		for range 3 {
			ctx, cancel := context.WithCancel(context.Background())
			receive(u.Send(ctx, get(addr)))
			cancel()
		}
		if d.dialed.Load() != 1 {
			t.Errorf("three requests took %d connections, want 1: a context that ended later broke one", d.dialed.Load())
		}
	})
	noGoroutines(t)
}
