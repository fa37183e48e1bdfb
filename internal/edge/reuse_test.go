package edge_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// All tests of this package run with poisoned memory, so whatever lies in some that is used
// again makes them fail. Benchmarks don't: it takes time.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" {
		edge.Poison()
	}
	os.Exit(m.Run())
}

// kept is what a handler kept of an exchange, and what that was then.
type kept struct {
	x    *exchange.Exchange
	body []byte // of the response
	then string
}

// text is all that can be read of an exchange when it is over.
func (k *kept) text() string {
	r, response := &k.x.Request, k.x.Response
	return fmt.Sprintf("%s %s %s %s %s %q %q %d %s %q %q", k.x.ID, r.Method, r.OriginalURL.String(), r.URL.String(), r.ClientIP, r.Header.Fields(),
		r.MatchedParameters, response.Status, response.Reason, response.Header.Fields(), k.body)
}

// TestNothingIsRetained: what is kept of an exchange stays as it was, whatever comes over
// the same connections afterwards.
func TestNothingIsRetained(t *testing.T) {
	backend := listenRaw(t, func(conn net.Conn) {
		for r := bufio.NewReader(conn); ; {
			request, body, ok := readRequest(r)
			if !ok {
				return
			}
			fmt.Fprintf(conn, "HTTP/1.1 200 Right %s\r\nX-Echo: %s\r\nContent-Length: %d\r\n\r\n%s%s",
				request.Header.Get("X-Number"), request.Header.Get("X-Number"), len(request.RequestURI)+len(body), request.RequestURI, body)
		}
	})
	u, _ := newCountedUpstream(t)
	send := forward(u, backend)
	var mu sync.Mutex
	var all []*kept
	s := serve(t, edge.ServerConfig{
		Handler: func(x *exchange.Exchange) {
			send(x)
			data, err := x.Response.Body.Buffer(1 << 20)
			if err != nil {
				t.Error(err)
				return
			}
			k := &kept{x: x, body: data}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, k)
		},
		OnDone: func(x *exchange.Exchange, _ edge.Result) {
			mu.Lock()
			defer mu.Unlock()
			for _, k := range all {
				if k.x == x {
					k.then = k.text()
				}
			}
		},
	})
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for i := range 50 {
		body := strings.Repeat(string(rune('a'+i%26)), i*300%9000)
		request, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://%s/path/%d?query=%d", s.PlainAddr(), i, i), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Number", fmt.Sprint(i))
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		response.Body.Close()
		if want := fmt.Sprintf("/path/%d?query=%d%s", i, i, body); err != nil || string(got) != want || response.Header.Get("X-Echo") != fmt.Sprint(i) {
			t.Fatalf("%d: got %d bytes %.40q, %v", i, len(got), got, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(all) != 50 {
		t.Errorf("%d exchanges were kept, want 50", len(all))
	}
	for i, k := range all {
		if now := k.text(); now != k.then || bytes.Contains([]byte(now), []byte{0xdb}) || !strings.Contains(now, fmt.Sprintf("Right %d", i)) {
			t.Errorf("%d was %.300s, and is %.300s", i, k.then, now)
		}
	}
}
