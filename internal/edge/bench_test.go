package edge_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The benchmarks measure what a bare proxied request costs, beside what the
// standard library takes for it: a GET over loopback, answered with 1 kB.
//
//	go test -run - -bench . -benchmem ./internal/edge

// kilobyteBackend answers each request head with the same bytes, as cheaply as
// a backend can.
func kilobyteBackend(b *testing.B) *net.TCPAddr {
	body := strings.Repeat("x", 1024)
	answer := []byte("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 16:00:00 GMT\r\nContent-Type: application/json\r\n" +
		"X-Request-Id: 5f0e\r\nServer: kilobyte\r\nContent-Length: 1024\r\n\r\n" + body)
	return listenRaw(b, func(conn net.Conn) {
		r := bufio.NewReader(conn)
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) == 2 {
				conn.Write(answer)
			}
		}
	})
}

func benchmarkHeader() [][2]string {
	return [][2]string{
		{"Accept", "application/json"},
		{"Accept-Encoding", "gzip, deflate"},
		{"Authorization", "Bearer " + strings.Repeat("a", 200)},
		{"Ocp-Apim-Subscription-Key", "0123456789abcdef0123456789abcdef"},
		{"User-Agent", "benchmark"},
	}
}

func BenchmarkUpstream(b *testing.B) {
	addr := kilobyteBackend(b)
	u := edge.NewUpstream(edge.UpstreamConfig{Dial: dialDirect})
	defer u.Close()
	var h exchange.Header
	for _, line := range benchmarkHeader() {
		h.Add(line[0], line[1])
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		response, err := u.Send(ctx, &policy.Outgoing{Method: "GET", URL: urlOf(addr, "/a/b", "q=1"), Header: h})
		if err != nil {
			b.Fatal(err)
		}
		data, err := response.Body.Buffer(1 << 20)
		if len(data) != 1024 || err != nil {
			b.Fatal(len(data), err)
		}
	}
}

func BenchmarkTransport(b *testing.B) {
	addr := kilobyteBackend(b)
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	h := http.Header{}
	for _, line := range benchmarkHeader() {
		h.Add(line[0], line[1])
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	target, _ := url.Parse("http://" + addr.String() + "/a/b?q=1")
	b.ReportAllocs()
	for b.Loop() {
		r := (&http.Request{Method: "GET", URL: target, Header: h, Host: target.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
		response, err := transport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		data, err := io.ReadAll(response.Body)
		response.Body.Close()
		if len(data) != 1024 || err != nil {
			b.Fatal(len(data), err)
		}
	}
}

// benchmarkProxy measures a proxy with one client, where waiting counts most,
// and with 64, where work does.
func benchmarkProxy(b *testing.B, proxy net.Addr) {
	b.Run("1 client", func(b *testing.B) {
		c := newBenchmarkClient(b, proxy)
		b.ReportAllocs()
		for b.Loop() {
			c.roundTrip(b)
		}
	})
	b.Run("64 clients", func(b *testing.B) {
		b.SetParallelism((64 + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
		b.ReportAllocs()
		b.RunParallel(func(p *testing.PB) {
			c := newBenchmarkClient(b, proxy)
			for p.Next() {
				c.roundTrip(b)
			}
		})
	})
}

// benchmarkClient sends the same request over and over on one connection.
type benchmarkClient struct {
	conn    net.Conn
	r       *bufio.Reader
	request []byte
}

func newBenchmarkClient(b *testing.B, proxy net.Addr) *benchmarkClient {
	conn, err := net.Dial("tcp", proxy.String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	request := []byte("GET /a/b?q=1 HTTP/1.1\r\nHost: gateway\r\n")
	for _, line := range benchmarkHeader() {
		request = fmt.Appendf(request, "%s: %s\r\n", line[0], line[1])
	}
	return &benchmarkClient{conn, bufio.NewReader(conn), append(request, "\r\n"...)}
}

func (c *benchmarkClient) roundTrip(b *testing.B) {
	if _, err := c.conn.Write(c.request); err != nil {
		b.Error(err)
		return
	}
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			b.Error(err)
			return
		}
		if len(line) == 2 {
			break
		}
	}
	if _, err := c.r.Discard(1024); err != nil {
		b.Error(err)
	}
}

func BenchmarkProxy(b *testing.B) {
	b.Run("edge", func(b *testing.B) {
		addr := kilobyteBackend(b)
		u := edge.NewUpstream(edge.UpstreamConfig{Dial: dialDirect})
		defer u.Close()
		benchmarkProxy(b, serve(b, edge.ServerConfig{Handler: forward(u, addr)}).PlainAddr())
	})
	b.Run("ReverseProxy", func(b *testing.B) {
		target := &url.URL{Scheme: "http", Host: kilobyteBackend(b).String()}
		transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 128}
		defer transport.CloseIdleConnections()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		s := &http.Server{Handler: &httputil.ReverseProxy{
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
			Transport: transport,
		}}
		defer s.Close()
		go s.Serve(l)
		benchmarkProxy(b, l.Addr())
	})
}
