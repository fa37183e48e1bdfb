package edge

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ordinaryHeads are read in the front, the others by net/http.
var ordinaryHeads = []string{
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"POST /a/b%20c?d=e&f=%2F HTTP/1.1\r\nHost: gateway.example:8443\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n",
	"DELETE /x HTTP/1.1\r\nhost:a\r\nx-a:  1 \t\r\nX-A: 2\r\nX-B:\r\nConnection: Close\r\nauthorization: Bearer x\r\n\r\n",
	"GET //x HTTP/1.1\r\nHost: [::1]:80\r\nX-Latin: caf\xe9\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
}

var unusualHeads = []string{
	"", "\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
	"CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n", "PRI /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: \r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1,1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: x\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-A\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-A\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nTrailer: X\r\n\r\n",
	"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nX\x80: b\r\n\r\n",
}

// readHead is readOrdinary for a head with its empty line.
func readHead(head string) *frontRequest {
	lines, ok := strings.CutSuffix(head, "\r\n")
	if !ok || !strings.HasSuffix(lines, "\r\n") {
		return nil
	}
	return readOrdinary(lines)
}

// TestOrdinary: what is ordinary is read as net/http reads it, and nothing that could be
// read in two ways is ordinary.
func TestOrdinary(t *testing.T) {
	for _, head := range ordinaryHeads {
		q := readHead(head)
		if q == nil {
			t.Errorf("%q is not taken for an ordinary request", head)
			continue
		}
		sameAsNetHTTP(t, head, q)
	}
	for _, head := range unusualHeads {
		if readHead(head) != nil {
			t.Errorf("%q is taken for an ordinary request", head)
		}
	}
}

func FuzzOrdinary(f *testing.F) {
	for _, heads := range [][]string{ordinaryHeads, unusualHeads} {
		for _, head := range heads {
			f.Add(head)
		}
	}
	f.Fuzz(func(t *testing.T, head string) {
		if end := strings.Index(head, "\r\n\r\n"); end >= 0 && end+4 != len(head) {
			return // a head ends there
		}
		if q := readHead(head); q != nil {
			sameAsNetHTTP(t, head, q)
		}
	})
}

// sameAsNetHTTP holds what was read against what net/http and the edge make of it.
func sameAsNetHTTP(t *testing.T, head string, q *frontRequest) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head)))
	if err != nil {
		t.Fatalf("net/http refuses %q: %v", head, err)
	}
	header := requestHeader(r)
	type request struct {
		Method, Target, Host string
		Header               any
		Length               int64
		Closing              bool
	}
	want := request{r.Method, r.RequestURI, r.Host, header.Fields(), r.ContentLength, r.Close}
	got := request{q.method, q.target, q.host, q.header.Fields(), q.length, q.closing}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-net/http +front)\n%s", head, diff)
	}
}
