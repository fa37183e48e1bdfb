package edge_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// redirecting is a backend that answers /from with a redirect and tells of any
// other request what arrived.
func redirecting(t *testing.T, status int, location string) *net.TCPAddr {
	return listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		for {
			request, body, ok := readRequest(r)
			if !ok {
				return
			}
			if request.URL.Path == "/dir/from" {
				fmt.Fprintf(conn, "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 7\r\n\r\nsee yon", status, location)
				continue
			}
			h := request.Header
			text := fmt.Sprintf("%s %s [%s] type=%s auth=%s cookie=%s key=%s",
				request.Method, request.RequestURI, body, h.Get("Content-Type"), h.Get("Authorization"), h.Get("Cookie"), h.Get("X-Key"))
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(text))
			if request.Method != "HEAD" {
				io.WriteString(conn, text)
			}
		}
	})
}

func TestRedirects(t *testing.T) {
	other := redirecting(t, 0, "")
	const all = " auth=a cookie=c key=k"
	tests := []struct {
		name     string
		status   int
		location string
		method   string
		body     *exchange.Body
		want     string // what the last backend tells; "" if the redirect itself comes back
	}{
		{"301 of GET", 301, "/to", "GET", nil, "GET /to [] type=t" + all},
		{"301 of POST", 301, "/to", "POST", inMemory("b"), "GET /to [] type=" + all},
		{"302 of POST", 302, "/to", "POST", inMemory("b"), "GET /to [] type=" + all},
		{"302 of PUT", 302, "/to", "PUT", inMemory("b"), "PUT /to [b] type=t" + all},
		{"303 of POST", 303, "/to", "POST", inMemory("b"), "GET /to [] type=" + all},
		{"303 of PUT", 303, "/to", "PUT", inMemory("b"), "GET /to [] type=" + all},
		{"303 of POST with a stream", 303, "/to", "POST", stream("bb", -1), "GET /to [] type=" + all},
		{"307 of POST", 307, "/to", "POST", inMemory("b"), "POST /to [b] type=t" + all},
		{"308 of POST", 308, "/to", "POST", inMemory("b"), "POST /to [b] type=t" + all},
		{"307 with a stream", 307, "/to", "POST", stream("bb", -1), ""},
		{"307 with a small stream", 307, "/to", "POST", stream("bb", 2), ""},
		{"relative", 302, "to?x=1", "GET", nil, "GET /dir/to?x=1 [] type=t" + all},
		{"relative upward", 302, "../to", "GET", nil, "GET /to [] type=t" + all},
		{"escapes kept", 302, "/a%2Fb//c?q=%20", "GET", nil, "GET /a%2Fb//c?q=%20 [] type=t" + all},
		{"fragment left out", 302, "/to#part", "GET", nil, "GET /to [] type=t" + all},
		{"other origin", 302, "http://" + other.String() + "/to", "GET", nil, "GET /to [] type=t auth= cookie= key=k"},
		{"other scheme", 302, "ftp://example.com/", "GET", nil, ""},
		{"no location", 302, "", "GET", nil, ""},
		{"not a URL", 302, "http://[::1", "GET", nil, ""},
		{"300", 300, "/to", "GET", nil, ""},
		{"304", 304, "/to", "GET", nil, ""},
		{"305", 305, "/to", "GET", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := redirecting(t, test.status, test.location)
			out := &policy.Outgoing{Method: test.method, URL: urlOf(addr, "/dir/from", ""), Body: test.body, FollowRedirects: true,
				Header: lines("Content-Type", "t", "Authorization", "a", "Cookie", "c", "X-Key", "k")}
			got := receive(newUpstream(t).Send(context.Background(), out))
			if test.want == "" {
				if !strings.HasPrefix(got.head, fmt.Sprintf("%d Moved\n", test.status)) {
					t.Errorf("%d to %q: got %+v, want the redirect itself", test.status, test.location, got)
				}
				return
			}
			if got.body != test.want {
				t.Errorf("%d to %q\ngot  %q %s\nwant %q", test.status, test.location, got.body, got.err, test.want)
			}
		})
	}
}

// TestRedirectNotFollowed: unless it is asked for.
func TestRedirectNotFollowed(t *testing.T) {
	addr := redirecting(t, 302, "/to")
	got := receive(newUpstream(t).Send(context.Background(), &policy.Outgoing{Method: "GET", URL: urlOf(addr, "/dir/from", "")}))
	if want := "302 Moved\nLocation: /to\nContent-Length: 7\n"; got.head != want || got.body != "see yon" {
		t.Errorf("got %+v, want %q", got, want)
	}
}

// TestRedirectLoop: ten are followed.
func TestRedirectLoop(t *testing.T) {
	var requests atomic.Int32
	addr := listenRaw(t, func(conn net.Conn) {
		r := newReader(conn)
		for {
			if _, _, ok := readRequest(r); !ok {
				return
			}
			requests.Add(1)
			io.WriteString(conn, "HTTP/1.1 302 Found\r\nLocation: ?again\r\nContent-Length: 0\r\n\r\n")
		}
	})
	u, d := newCountedUpstream(t)
	calls := exchange.NewCalls(exchange.System, 100)
	out := &policy.Outgoing{Method: "GET", URL: urlOf(addr, "/a", "key=secret"), FollowRedirects: true}
	got := receive(u.Send(exchange.WithCalls(context.Background(), calls), out))
	want := fmt.Sprintf("BackendConnectionFailure: Too many automatic redirections were attempted.: 10 redirects were followed, the last one to http://%s/a", addr)
	if got.err != want {
		t.Errorf("got  %q\nwant %q", got.err, want)
	}
	u.Close()
	if requests.Load() != 11 || d.dialed.Load() != 1 || d.open.Load() != 0 {
		t.Errorf("%d requests over %d connections, %d of them open; want 11, 1, 0", requests.Load(), d.dialed.Load(), d.open.Load())
	}
	told, _ := calls.Take()
	if len(told) != 11 || told[10].Status != 302 || told[10].URL.RawQuery != "again" {
		t.Errorf("of the redirects it was told %+v", told)
	}
}
