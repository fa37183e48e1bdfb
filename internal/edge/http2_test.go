package edge_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tellingServer tells what it got. kind is h2, h1 (both over TLS) or h2c.
func tellingServer(t *testing.T, kind string) exchange.URL {
	return runServer(t, kind, nil, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Add("X-Two", "a")
		w.Header().Add("X-Two", "b")
		fmt.Fprintf(w, "%s %s %s host=%s agent=%q key=%s [%s]", r.Proto, r.Method, r.RequestURI, r.Host, r.UserAgent(), r.Header.Get("X-Key"), body)
	})
}

func runServer(t *testing.T, kind string, c *tls.Config, handler http.HandlerFunc) exchange.URL {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.TLS = c
	switch kind {
	case "h2":
		s.EnableHTTP2 = true
		s.StartTLS()
	case "h1":
		s.StartTLS()
	default:
		var protocols http.Protocols
		protocols.SetUnencryptedHTTP2(true)
		s.Config.Protocols = &protocols
		s.Start()
	}
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	return exchange.URL{Scheme: u.Scheme, Host: u.Hostname(), Port: port}
}

// newTLSUpstream trusts whoever it meets, and counts its connections.
func newTLSUpstream(t *testing.T) (*edge.Upstream, *atomic.Int32) {
	dialed := new(atomic.Int32)
	dial := func(ctx context.Context, scheme, host string, port int, o hosts.DialOptions) (net.Conn, error) {
		dialed.Add(1)
		address := net.JoinHostPort(host, strconv.Itoa(port))
		if scheme == "http" {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}
		c := &tls.Config{InsecureSkipVerify: true, NextProtos: o.Protocols}
		if o.Certificate != nil {
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return o.Certificate, nil }
		}
		return (&tls.Dialer{Config: c}).DialContext(ctx, "tcp", address)
	}
	u := edge.NewUpstream(edge.UpstreamConfig{DialWith: dial, Dial: func(ctx context.Context, scheme, host string, port int) (net.Conn, error) {
		return dial(ctx, scheme, host, port, hosts.DialOptions{})
	}})
	t.Cleanup(u.Close)
	return u, dialed
}

func TestHTTPVersions(t *testing.T) {
	for _, test := range []struct {
		server  string
		version policy.HTTPVersion
		want    string // protocol; "" if there is no response
	}{
		{"h2", policy.HTTP1, "HTTP/1.1"},
		{"h2", policy.HTTP2or1, "HTTP/2.0"},
		{"h2", policy.HTTP2, "HTTP/2.0"},
		{"h1", policy.HTTP2or1, "HTTP/1.1"},
		{"h1", policy.HTTP2, ""},
		{"h2c", policy.HTTP2, "HTTP/2.0"},
	} {
		t.Run(test.server+" "+test.version.String(), func(t *testing.T) {
			u, dialed := newTLSUpstream(t)
			target := tellingServer(t, test.server)
			target.Path, target.RawQuery = "/a//b%2Fc", "q=%20&Q"
			for range 2 {
				body := stream("hello", -1)
				response, err := u.Send(context.Background(), &policy.Outgoing{
					Method: "POST", URL: target, Host: "named.example", Header: lines("X-Key", "k", "Connection", "close", "Expect", "100-continue"), Body: body, Version: test.version,
				})
				if test.want == "" {
					var send *policy.SendError
					if !errors.As(err, &send) || send.Reason != exchange.ReasonBackendConnection || send.Message != "The server does not support HTTP/2." {
						t.Fatalf("got %v, %v", response, err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				got, err := response.Body.Buffer(1 << 10)
				want := test.want + ` POST /a//b%2Fc?q=%20&Q host=named.example agent="" key=k [hello]`
				if string(got) != want || err != nil || response.Status != 200 || response.Reason != "OK" {
					t.Errorf("got %d %s, %q, %v; want %q", response.Status, response.Reason, got, err, want)
				}
				if two := response.Header.Values("X-Two"); len(two) != 2 {
					t.Errorf("X-Two is %v", two)
				}
				if !body.Consumed() {
					t.Error("the request's body is still there")
				}
				// Who sends the body gives the connection back, if he ends after the response.
				eventually(t, "the body is sent", func() bool { return !goroutineIn("internal/edge.(*upload).run") })
			}
			if n := dialed.Load(); test.want != "" && n != 1 {
				t.Errorf("%d connections were made, want one", n)
			}
		})
	}
}

func TestHTTP2ClientLeaves(t *testing.T) {
	u, _ := newTLSUpstream(t)
	ctx, leave := context.WithCancelCause(context.Background())
	gone := errors.New("gone")
	target := runServer(t, "h2", nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/head" {
			leave(gone)
			<-r.Context().Done()
			return
		}
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	body, err := u.Send(ctx, &policy.Outgoing{Method: "GET", URL: target, Version: policy.HTTP2})
	if err != nil {
		t.Fatal(err)
	}
	target.Path = "/head"
	if _, err := u.Send(ctx, &policy.Outgoing{Method: "GET", URL: target, Version: policy.HTTP2}); err != gone {
		t.Errorf("the head's error is %v", err)
	}
	if _, err := body.Body.Buffer(1 << 10); err != gone {
		t.Errorf("the body's error is %v", err)
	}
}

func TestHTTP2NotSent(t *testing.T) {
	u, dialed := newTLSUpstream(t)
	_, err := u.Send(context.Background(), &policy.Outgoing{Method: "GET", URL: exchange.URL{Scheme: "https", Host: "h", Port: 443}, Header: lines("X", "a\nb"), Version: policy.HTTP2})
	if err == nil || strings.Contains(err.Error(), "a\nb") || dialed.Load() != 0 {
		t.Errorf("got %v", err)
	}
}

// A connection on which a certificate was shown serves requests with that one only.
func TestCertificateToBackend(t *testing.T) {
	target := runServer(t, "h2", &tls.Config{ClientAuth: tls.RequestClientCert}, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", len(r.TLS.PeerCertificates))
	})
	keys := httptest.NewTLSServer(nil)
	defer keys.Close()
	own := keys.TLS.Certificates[0]
	leaf, err := x509.ParseCertificate(own.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	u, _ := newTLSUpstream(t)
	for _, version := range []policy.HTTPVersion{policy.HTTP1, policy.HTTP2} {
		for i, c := range []*exchange.Certificate{nil, {Leaf: leaf, PrivateKey: own.PrivateKey}, nil} {
			response, err := u.Send(context.Background(), &policy.Outgoing{Method: "GET", URL: target, Certificate: c, Version: version})
			if err != nil {
				t.Fatal(err)
			}
			body, _ := response.Body.Buffer(100)
			if want := map[policy.HTTPVersion]string{policy.HTTP1: "HTTP/1.1 ", policy.HTTP2: "HTTP/2.0 "}[version] + strconv.Itoa(i%2); string(body) != want {
				t.Errorf("request %d got %s, want %s", i, body, want)
			}
		}
	}
	u, _ = newTLSUpstream(t)
	if _, err := u.Send(context.Background(), &policy.Outgoing{Method: "GET", URL: target, Certificate: &exchange.Certificate{Leaf: leaf}}); err == nil {
		t.Error("a certificate without a private key was shown")
	}
}

// An armedClock tells when its first timer runs.
type armedClock struct {
	*exchange.VirtualClock
	armed chan struct{}
}

func (c armedClock) AfterFunc(d time.Duration, f func()) func() bool {
	defer close(c.armed)
	return c.VirtualClock.AfterFunc(d, f)
}

func TestContinue(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	for name, test := range map[string]struct {
		interim string // what the backend says to the head
		body    *exchange.Body
		status  int // 0: no response in time
		got     string
	}{
		"said":              {"HTTP/1.1 100 Continue\r\n\r\n", inMemory("hello"), 200, "hello"},
		"said to a stream":  {"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", stream("hello", -1), 200, "hello"},
		"refused":           {"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", inMemory("hello"), 417, ""},
		"never":             {"", inMemory("hello"), 0, ""},
		"asked for nothing": {"", &exchange.Body{}, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			received := make(chan string, 1)
			clock := armedClock{exchange.NewVirtualClock(start), make(chan struct{})}
			addr := listenRaw(t, func(conn net.Conn) {
				r := newReader(conn)
				request, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				if request.ContentLength != 0 {
					if request.Header.Get("Expect") != "100-continue" {
						t.Error("the request does not expect 100 Continue")
					}
					io.WriteString(conn, test.interim)
					if test.interim == "" {
						<-clock.armed // the head may be here before the wait begins
						clock.Advance(5 * time.Second)
					}
				}
				body, _ := io.ReadAll(request.Body)
				received <- string(body)
				io.WriteString(conn, ok)
			})
			u := newUpstream(t)
			response, err := u.Send(context.Background(), &policy.Outgoing{
				Method: "POST", URL: urlOf(addr, "/", ""), Body: test.body, ContinueWithin: 5 * time.Second, Clock: clock,
			})
			switch {
			case test.status == 0:
				if err != policy.ErrNoContinue || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, %v", response, err)
				}
				return
			case err != nil:
				t.Fatal(err)
			case response.Status != test.status:
				t.Errorf("got %d", response.Status)
			}
			response.Body.Close()
			if test.status == 200 {
				if got := <-received; got != test.got {
					t.Errorf("the backend received %q", got)
				}
			}
		})
	}
}

func TestHTTP2Continue(t *testing.T) {
	clock := exchange.NewVirtualClock(start)
	target := runServer(t, "h2", nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/never" {
			clock.Advance(5 * time.Second)
			<-r.Context().Done()
			return
		}
		body, _ := io.ReadAll(r.Body) // which says 100 Continue
		w.Write(body)
	})
	u, _ := newTLSUpstream(t)
	for _, path := range []string{"/", "/never"} {
		target.Path = path
		response, err := u.Send(context.Background(), &policy.Outgoing{
			Method: "POST", URL: target, Body: inMemory("hello"), ContinueWithin: 5 * time.Second, Clock: clock, Version: policy.HTTP2,
		})
		if path == "/never" {
			if err != policy.ErrNoContinue {
				t.Errorf("got %v, %v", response, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if body, err := response.Body.Buffer(100); string(body) != "hello" || err != nil {
			t.Errorf("got %q, %v", body, err)
		}
	}
}

// What is for the backend alone does not follow a redirect elsewhere.
func TestRedirectLeavesSecrets(t *testing.T) {
	other := redirecting(t, 0, "")
	addr := redirecting(t, 302, "http://localhost:"+strconv.Itoa(other.Port)+"/to")
	u := newUpstream(t)
	response, err := u.Send(context.Background(), &policy.Outgoing{
		Method: "GET", URL: urlOf(addr, "/dir/from", ""), Header: lines("X-Key", "k", "Content-Type", "t"), Secrets: []string{"x-key"}, FollowRedirects: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := response.Body.Buffer(1 << 10); string(body) != "GET /to [] type=t auth= cookie= key=" {
		t.Errorf("the other backend got %s", body)
	}
}

// What is told of a call over HTTP/2, with TLS and without, and of one that falls back.
func TestHTTP2Calls(t *testing.T) {
	for _, test := range []struct {
		kind, protocol string
		version        policy.HTTPVersion
	}{{"h2", "HTTP/2", policy.HTTP2}, {"h2c", "HTTP/2", policy.HTTP2}, {"h1", "HTTP/1.1", policy.HTTP2or1}} {
		t.Run(test.kind, func(t *testing.T) {
			u, _ := newTLSUpstream(t)
			calls := exchange.NewCalls(exchange.System, 10)
			target := tellingServer(t, test.kind)
			target.Path = "/a"
			for range 2 {
				receive(u.Send(exchange.WithCalls(context.Background(), calls), &policy.Outgoing{Method: "GET", URL: target, Version: test.version}))
			}
			told, _ := calls.Take()
			if len(told) != 2 {
				t.Fatalf("%d calls were told", len(told))
			}
			for i, call := range told {
				c := call.Connection
				if call.Status != 200 || !call.Ended || call.Fault != "" || c == nil {
					t.Fatalf("call %d: %+v", i, call)
				}
				if c.Address != net.JoinHostPort(target.Host, strconv.Itoa(target.Port)) || c.Protocol != test.protocol || c.Reused != (i == 1) || (c.Connect > 0) != (i == 0) || c.FirstByte <= 0 {
					t.Errorf("call %d went over %+v", i, c)
				}
			}
		})
	}
}
