package edge_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// TestListeners: HTTPS with HTTP/2 and HTTP/1.1, and HTTP beside it, lead to the
// same handler.
func TestListeners(t *testing.T) {
	config, http1 := tlsFixture(t, false)
	_, http2 := tlsFixture(t, true)
	config.PlainAddress = "127.0.0.1:0"
	config.Handler = func(x *exchange.Exchange) {
		u := x.Request.OriginalURL
		respondWith(200, lines("X-Scheme", u.Scheme), exchange.BytesBody([]byte(u.PathAndQuery())))(x)
	}
	s := serve(t, config)
	tests := []struct {
		client *http.Client
		scheme string
		addr   net.Addr
		major  int
	}{
		{http1, "https", s.Addr(), 1},
		{http2, "https", s.Addr(), 2},
		{http1, "http", s.PlainAddr(), 1},
	}
	for _, test := range tests {
		response, err := test.client.Get(test.scheme + "://" + test.addr.String() + "/a%2Fb?c=%20")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.ProtoMajor != test.major || response.Header.Get("X-Scheme") != test.scheme || string(body) != "/a%2Fb?c=%20" {
			t.Errorf("%s, HTTP/%d: got HTTP/%d, %v, %q", test.scheme, test.major, response.ProtoMajor, response.Header, body)
		}
	}
}

func TestListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	certificate := &tls.Config{}
	tests := []struct {
		config edge.ServerConfig
		want   string
	}{
		{edge.ServerConfig{}, "the server has no address to listen on"},
		{edge.ServerConfig{Address: "127.0.0.1:0"}, "the server has no certificate for 127.0.0.1:0"},
		{edge.ServerConfig{Address: address, TLS: certificate},
			"cannot listen on " + address + ": another program does already; stop it, or choose another address with --listen (port 0 takes a free one)"},
		{edge.ServerConfig{Address: "127.0.0.1:0", TLS: certificate, PlainAddress: address},
			"cannot listen on " + address + ": another program does already; stop it, or choose another address with --http (port 0 takes a free one)"},
		{edge.ServerConfig{PlainAddress: "127.0.0.1:http-"},
			"cannot listen on 127.0.0.1:http-: listen tcp: lookup tcp/http-: unknown port; choose another address with --http"},
	}
	for _, test := range tests {
		if _, err := edge.NewServer(test.config); err == nil || err.Error() != test.want {
			t.Errorf("%+v\ngot  %v\nwant %s", test.config, err, test.want)
		}
	}
}

// TestNeverServed: a server that is closed before it served gives its address
// back.
func TestNeverServed(t *testing.T) {
	first, err := edge.NewServer(edge.ServerConfig{PlainAddress: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	address := first.PlainAddr().String()
	if first.Addr() != nil {
		t.Errorf("there is no TLS, yet Addr is %v", first.Addr())
	}
	first.Close()
	second, err := edge.NewServer(edge.ServerConfig{PlainAddress: address})
	if err != nil {
		t.Fatalf("the address is still taken: %v", err)
	}
	second.Shutdown(context.Background())
	if err := second.Serve(); err != nil {
		t.Errorf("Serve after Shutdown: %v, want nil", err)
	}
}

// TestShutdown: requests under way are finished, new ones not taken.
func TestShutdown(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	s := serve(t, edge.ServerConfig{Handler: func(x *exchange.Exchange) {
		close(begun)
		<-goOn
		respondWith(200, exchange.Header{}, exchange.BytesBody([]byte("done")))(x)
	}})
	address := s.PlainAddr().String()
	c := dialRaw(t, s.PlainAddr())
	c.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	<-begun

	impatient, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown without patience: %v, want context.Canceled", err)
	}
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Error("a new connection was taken")
	}
	close(goOn)
	if err := s.Shutdown(context.Background()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if got, want := c.rest(t), "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone"; !strings.HasSuffix(got, "\r\n\r\ndone") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRoute: what another handler takes is no exchange.
func TestRoute(t *testing.T) {
	done := newResults()
	s := serve(t, edge.ServerConfig{
		Handler: respondWith(204, exchange.Header{}, exchange.Body{}),
		OnDone:  done.onDone,
		Route: func(host string) http.Handler {
			if host != "login.example" {
				return nil
			}
			return http.RedirectHandler("/elsewhere", http.StatusFound)
		},
	})
	if got := ask(t, s, "HEAD / HTTP/1.1\r\nHost: login.example\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 302 Found\r\n") {
		t.Errorf("the routed host: got %q", got)
	}
	if got := ask(t, s, "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"); got != "HTTP/1.1 204 No Content\r\n\r\n" {
		t.Errorf("any other host: got %q", got)
	}
	if got := done.text(); got != "status 204, 0 bytes" || len(done.done) != 0 {
		t.Errorf("OnDone was told %s, and %d more", got, len(done.done))
	}
}

// TestEarlyResponseToClient: a response that the backend gives before it has the
// whole request reaches a client that is still sending, or has stopped to.
func TestEarlyResponseToClient(t *testing.T) {
	for _, head := range []string{
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat("x", 1000),
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	} {
		for _, answer := range []string{
			"HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\n\r\ntoo large",
			"HTTP/1.1 413 Content Too Large\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ntoo large\r\n0\r\n\r\n",
		} {
			t.Run(fmt.Sprintf("%.50q %.50q", head[17:], answer[34:]), func(t *testing.T) {
				t.Parallel() // each waits for lingerTime
				addr := listenRaw(t, func(conn net.Conn) {
					r := bufio.NewReader(conn)
					if _, err := http.ReadRequest(r); err != nil {
						return
					}
					io.WriteString(conn, answer)
					io.Copy(io.Discard, r)
				})
				done := newResults()
				u, d := newCountedUpstream(t)
				s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: forward(u, addr)})
				c := dialRaw(t, s.PlainAddr())
				c.send(head)
				got := c.rest(t) // the client sends nothing more and does not hang up
				if !strings.HasPrefix(got, "HTTP/1.1 413 ") || !strings.Contains(got, "\r\nConnection: close\r\n") || !strings.Contains(got, "too large") {
					t.Errorf("got %q", got)
				}
				if got, want := done.text(), "status 413, 9 bytes"; got != want {
					t.Errorf("OnDone was told %s, want %s", got, want)
				}
				if d.open.Load() != 0 {
					t.Error("the connection to the backend is still open")
				}
			})
		}
	}
}

// TestBackendDiesWhileUploading: a client that is still sending gets the answer
// whole.
func TestBackendDiesWhileUploading(t *testing.T) {
	for _, head := range []string{"Content-Length: 1000000\r\n\r\n" + strings.Repeat("x", 1000), "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"} {
		t.Run(head[:14], func(t *testing.T) {
			t.Parallel() // each waits for lingerTime
			addr := listenRaw(t, func(conn net.Conn) {
				http.ReadRequest(bufio.NewReader(conn))
				conn.(*net.TCPConn).SetLinger(0)
			})
			done := newResults()
			s := serve(t, edge.ServerConfig{OnDone: done.onDone, Handler: forward(newUpstream(t), addr)})
			c := dialRaw(t, s.PlainAddr())
			c.send("POST / HTTP/1.1\r\nHost: a\r\n" + head)
			got := c.head(t)
			c.send("5\r\nhello\r\n")
			if got += c.rest(t); !strings.HasPrefix(got, "HTTP/1.1 500 ") || !strings.HasSuffix(got, `" }`) {
				t.Errorf("got %q", got)
			}
			if got, want := done.text(), "status 500, 111 bytes"; got != want {
				t.Errorf("OnDone was told %s, want %s", got, want)
			}
		})
	}
}

// TestTimeoutWhileClientStalls: a client that doesn't go on with its body gets
// its answer when the gateway's patience is over.
func TestTimeoutWhileClientStalls(t *testing.T) {
	for _, length := range []int{10, 100_000} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			t.Parallel() // each waits for lingerTime
			addr := listenRaw(t, func(conn net.Conn) { readRequest(newReader(conn)) })
			clock := exchange.NewVirtualClock(start)
			done := newResults()
			u := newUpstream(t)
			begun := make(chan struct{})
			s := serve(t, edge.ServerConfig{Clock: clock, OnDone: done.onDone, Handler: func(x *exchange.Exchange) {
				ctx, cancel := exchange.WithTimeout(x.Context, clock, time.Minute)
				defer cancel()
				close(begun)
				_, err := u.Send(ctx, &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: &x.Request.Body})
				if err != context.DeadlineExceeded {
					t.Errorf("Send gave %v, want context.DeadlineExceeded", err)
				}
				respondWith(504, exchange.Header{}, exchange.Body{})(x)
			}})
			c := dialRaw(t, s.PlainAddr())
			c.send(fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\nhello", length))
			<-begun
			// Not before somebody waits for the client.
			eventually(t, "a Read of the client's body", func() bool { return goroutineIn("internal/edge.(*clientBody).Read") })
			clock.Advance(time.Minute)
			if got := c.rest(t); !strings.HasPrefix(got, "HTTP/1.1 504 ") || !strings.Contains(got, "\r\nConnection: close\r\n") {
				t.Errorf("got %q", got)
			}
			if got, want := done.text(), "status 504, 0 bytes"; got != want {
				t.Errorf("OnDone was told %s, want %s", got, want)
			}
		})
	}
}

// TestConcurrentClients: 500 requests of 16 clients through server and upstream;
// each gets its own answer, each is reported once, and nothing is left behind.
func TestConcurrentClients(t *testing.T) {
	addr := listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		for {
			request, body, ok := readRequest(r)
			if !ok {
				return
			}
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s", len(request.RequestURI)+len(body), request.RequestURI, body)
		}
	})
	done := newResults()
	u, d := newCountedUpstream(t)
	s, err := edge.NewServer(edge.ServerConfig{PlainAddress: "127.0.0.1:0", Handler: forward(u, addr), OnDone: done.onDone})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	var (
		group  sync.WaitGroup
		next   atomic.Int32
		client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	)
	for range 16 {
		group.Go(func() {
			for n := next.Add(1); n <= 500; n = next.Add(1) {
				path := fmt.Sprintf("/%d", n)
				body := strings.Repeat("x", int(n%7)*9000)
				response, err := client.Post("http://"+s.PlainAddr().String()+path, "text/plain", io.MultiReader(strings.NewReader(body)))
				if err != nil {
					t.Errorf("%s: %v", path, err)
					return
				}
				got, err := io.ReadAll(response.Body)
				response.Body.Close()
				if err != nil || string(got) != path+body {
					t.Errorf("%s: got %d bytes, %v; want %d", path, len(got), err, len(path+body))
				}
			}
		})
	}
	group.Wait()
	client.CloseIdleConnections()
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if len(done.done) != 500 || done.twice() != 0 {
		t.Errorf("%d ends were reported, %d exchanges more than once; want 500, 0", len(done.done), done.twice())
	}
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

// TestCloseDuringHandshake: a handshake that the server itself cuts short is no complaint.
func TestCloseDuringHandshake(t *testing.T) {
	var log logBuffer
	config, _ := tlsFixture(t, false)
	config.Log = log.logger()
	config.Handler = respondWith(200, exchange.Header{}, exchange.Body{})
	begun := make(chan struct{})
	config.TLS.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		close(begun)
		hello.Conn.Read(make([]byte, 1)) // until Close closes it: the client waits for our hello
		return nil, nil
	}
	s := serve(t, config)
	done := make(chan error, 1)
	go func() {
		_, err := tls.Dial("tcp", s.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		done <- err
	}()
	<-begun
	s.Close()
	if err := <-done; err == nil {
		t.Error("the handshake succeeds")
	}
	noGoroutines(t)
	if log.String() != "" {
		t.Errorf("the log says %q, want nothing", log.String())
	}
}
