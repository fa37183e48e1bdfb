package edge_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// echo answers with what came.
func echo(x *exchange.Exchange) {
	body, err := x.Request.Body.Buffer(1 << 20)
	text := fmt.Sprintf("%s %s %q %v", x.Request.Method, x.Request.OriginalURL.String(), body, err)
	respondWith(200, exchange.Header{}, exchange.BytesBody([]byte(text)))(x)
}

func echoed(text string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
}

// TestHandedOver: requests of all kinds follow each other on one connection, whoever
// reads them.
func TestHandedOver(t *testing.T) {
	const ordinary, chunked = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
	sized := func(n int) string {
		return fmt.Sprintf("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", n, strings.Repeat("c", n))
	}
	requests := []string{ordinary, sized(3), sized(100_000), ordinary, chunked, ordinary, sized(3), ordinary}
	answers := []string{
		`GET http://h/a "" <nil>`, `POST http://h/c "ccc" <nil>`, `POST http://h/c "` + strings.Repeat("c", 100_000) + `" <nil>`, `GET http://h/a "" <nil>`,
		`POST http://h/b "ab" <nil>`, `GET http://h/a "" <nil>`, `POST http://h/c "ccc" <nil>`, `GET http://h/a "" <nil>`,
	}
	want := ""
	for _, text := range answers {
		want += echoed(text)
	}
	everything := strings.Join(requests, "")
	for name, pieces := range map[string][]string{"one by one": requests, "all at once": {everything}, "in small pieces": cut(everything[:600], 7, everything[600:])} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, edge.ServerConfig{Handler: echo})
			c := dialRaw(t, s.PlainAddr())
			for _, piece := range pieces {
				c.send(piece)
			}
			c.CloseWrite()
			if got := withoutDates(c.rest(t)); got != want {
				t.Errorf("got  %q\nwant %q", clip(got), clip(want))
			}
		})
	}
}

// cut cuts a text into pieces of n bytes, and adds the rest.
func cut(text string, n int, rest string) (pieces []string) {
	for ; len(text) > n; text = text[n:] {
		pieces = append(pieces, text[:n])
	}
	return append(pieces, text, rest)
}

// withoutDates is a stream of responses without their Date lines.
func withoutDates(responses string) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(responses, "\r\n") {
		if !strings.HasPrefix(line, "Date: ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestHandedOverTLS: a connection's certificate and scheme are known to whoever reads its
// requests.
func TestHandedOverTLS(t *testing.T) {
	config, client := tlsFixture(t, false)
	config.Handler = echo
	s := serve(t, config)
	conn, err := tls.Dial("tcp", s.Addr().String(), client.Transport.(*http.Transport).TLSClientConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: close\r\n\r\n")
	got, err := io.ReadAll(conn)
	if want := echoed(`GET https://h/a "" <nil>`) + strings.Replace(echoed(`GET https://h/b "" <nil>`), "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1); withoutDates(string(got)) != want {
		t.Errorf("got  %q, %v\nwant %q", withoutDates(string(got)), err, want)
	}
}

// TestNextRequestWhileOneTakesLong: what comes while somebody listens whether the client
// is still there belongs to the next request.
func TestNextRequestWhileOneTakesLong(t *testing.T) {
	answer := make(chan struct{})
	s := serve(t, edge.ServerConfig{Handler: func(x *exchange.Exchange) {
		if x.Request.URL.Path == "/slow" {
			<-answer
		}
		echo(x)
	}})
	c := dialRaw(t, s.PlainAddr())
	c.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
	eventually(t, "somebody listens", func() bool { return goroutineIn("internal/edge.(*watcher).read") })
	c.send("GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	eventually(t, "nobody listens", func() bool { return !goroutineIn("internal/edge.(*watcher).read") })
	close(answer)
	if got := c.rest(t); !strings.Contains(got, "/slow") || !strings.Contains(got, "/next") || strings.Count(got, "HTTP/1.1 200 OK") != 2 {
		t.Errorf("got %q", got)
	}
}

// TestShutdownClosesIdle: connections that wait for a request end with Shutdown.
func TestShutdownClosesIdle(t *testing.T) {
	s := serve(t, edge.ServerConfig{Handler: echo})
	fresh, used := dialRaw(t, s.PlainAddr()), dialRaw(t, s.PlainAddr())
	used.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	used.next(t, "HTTP/1.1 200 OK\r\n")
	if err := s.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	fresh.rest(t)
	used.rest(t)
}

// TestHTTPToTLS: a client that forgot TLS is told so.
func TestHTTPToTLS(t *testing.T) {
	config, _ := tlsFixture(t, false)
	config.Handler = echo
	s := serve(t, config)
	c := dialRaw(t, s.Addr())
	c.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	if got := c.rest(t); !strings.HasPrefix(got, "HTTP/1.0 400 Bad Request\r\n") || !strings.Contains(got, "HTTP request to an HTTPS server") {
		t.Errorf("got %q", got)
	}
}
