package edge

import (
	"io"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy/exchange"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newTestPool(clock exchange.Clock, perHost, total int) *pool {
	u := NewUpstream(UpstreamConfig{Clock: clock, MaxIdlePerHost: perHost, MaxIdle: total, IdleTimeout: time.Minute})
	return &u.pool
}

// pair is a connection for a pool and its other end.
func pair(t *testing.T, host string) (*backendConn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return newBackendConn(near, hostKey{scheme: "http", host: host, port: 80}), far
}

func key(host string) hostKey { return hostKey{scheme: "http", host: host, port: 80} }

// isClosed waits for nothing: a closed socket fails a write at once.
func isClosed(c *backendConn) bool {
	_, err := c.Write(nil)
	return err != nil
}

func TestPoolLastInFirstOut(t *testing.T) {
	p := newTestPool(exchange.NewVirtualClock(noon), 10, 10)
	a, _ := pair(t, "a")
	b, _ := pair(t, "a")
	other, _ := pair(t, "b")
	p.put(a)
	p.put(b)
	p.put(other)
	if got := []*backendConn{p.take(key("a")), p.take(key("a")), p.take(key("a"))}; !slices.Equal(got, []*backendConn{b, a, nil}) {
		t.Errorf("took %v, want the last, the first, none", got)
	}
	if c := p.take(hostKey{scheme: "https", host: "b", port: 80}); c != nil {
		t.Error("a connection served another scheme")
	}
	if c := p.take(hostKey{scheme: "http", host: "b", port: 81}); c != nil {
		t.Error("a connection served another port")
	}
	if c := p.take(key("b")); c != other || !c.reused {
		t.Errorf("took %v, want the other host's, marked as used before", c)
	}
}

func TestPoolBounds(t *testing.T) {
	clock := exchange.NewVirtualClock(noon)
	p := newTestPool(clock, 2, 3)
	var conns []*backendConn
	for _, host := range []string{"a", "a", "a", "b", "c"} {
		c, _ := pair(t, host)
		conns = append(conns, c)
		p.put(c)
		clock.Advance(time.Second)
	}
	// The third of a's pushed out its first; c's pushed out the oldest of all.
	var closed []int
	for i, c := range conns {
		if isClosed(c) {
			closed = append(closed, i)
		}
	}
	if want := []int{0, 1}; !slices.Equal(closed, want) || p.total != 3 {
		t.Errorf("closed are %v of 5 and %d are kept; want %v and 3", closed, p.total, want)
	}
}

func TestPoolIdleTimeout(t *testing.T) {
	clock := exchange.NewVirtualClock(noon)
	p := newTestPool(clock, 10, 10)
	old, farOld := pair(t, "a")
	young, farYoung := pair(t, "b")
	p.put(old)
	clock.Advance(30 * time.Second)
	p.put(young)
	clock.Advance(30 * time.Second)
	readEnd(t, farOld) // blocks until the sweep, in its own goroutine, has closed it
	if isClosed(young) {
		t.Error("the younger connection was closed with the older")
	}
	clock.Advance(30 * time.Second)
	readEnd(t, farYoung)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.total != 0 || len(p.idle) != 0 || p.stopSweep != nil {
		t.Errorf("an empty pool still has %d connections, %d hosts, a sweep planned: %t", p.total, len(p.idle), p.stopSweep != nil)
	}
}

// TestPoolTooOld: a connection whose time is over is not taken even if the sweep
// has not come yet.
func TestPoolTooOld(t *testing.T) {
	clock := exchange.NewVirtualClock(noon)
	p := newTestPool(clock, 10, 10)
	c, _ := pair(t, "a")
	p.put(c)
	p.stopSweep()
	clock.Advance(time.Minute)
	if p.take(key("a")) != nil || !isClosed(c) {
		t.Error("a connection was taken after the idle timeout, or left open")
	}
}

// TestSendUnusable: nothing is sent over a connection that ended, or has bytes waiting.
func TestSendUnusable(t *testing.T) {
	messages := map[string]*message{
		"whole":      {bytes: []byte("GET / HTTP/1.1\r\n\r\n")},
		"and a rest": {bytes: []byte("POST / HTTP/1.1\r\n\r\n"), data: []byte("rest")},
	}
	for name, m := range messages {
		t.Run(name, func(t *testing.T) {
			p := newTestPool(exchange.NewVirtualClock(noon), 10, 10)
			ended, far := pair(t, "a")
			far.Close()
			readEnd(t, ended.Conn)
			p.put(ended)
			if n, err := p.take(key("a")).send(m); n != 0 || err == nil {
				t.Errorf("over a connection that ended: %d bytes, %v", n, err)
			}
			stray, far := pair(t, "a")
			io.WriteString(far, "HTTP/1.1 408 Request Timeout\r\n\r\n")
			p.put(stray)
			prober, err := hosts.NewProber(stray.Conn)
			if err != nil {
				t.Fatal(err)
			}
			for { // until the bytes have come
				if err := prober.Probe(); err != nil {
					break
				}
				runtime.Gosched()
			}
			if n, err := p.take(key("a")).send(m); n != 0 || err == nil {
				t.Errorf("over a connection with bytes waiting: %d bytes, %v", n, err)
			}
			stray.Close()
			if n, err := far.Read(make([]byte, 1)); n != 0 || err == nil {
				t.Error("some of the request went out")
			}
		})
	}
}

func TestPoolClose(t *testing.T) {
	p := newTestPool(exchange.NewVirtualClock(noon), 10, 10)
	idle, _ := pair(t, "a")
	late, _ := pair(t, "a")
	p.put(idle)
	p.close()
	p.put(late)
	if !isClosed(idle) || !isClosed(late) || p.total != 0 || p.stopSweep != nil {
		t.Error("a closed pool keeps connections or a sweep")
	}
}

func readEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Fatalf("reading the other end gave %d, %v; want its end", n, err)
	}
}
