package edge_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/edge/judge"
	"github.com/apimulator/apimulator/policy/exchange"
)

// FuzzWire sends any bytes, beginning with those of the table's rows. What the backend
// gets whole must be requests that net/http finds in these bytes, in their order: none
// more than there are, each with its own method, target, body, and no line that it
// doesn't have.
func FuzzWire(f *testing.F) {
	rows, err := judge.Rows("testdata/wire")
	if err != nil {
		f.Fatal(err)
	}
	for _, row := range rows {
		if sent := row.Sent(); len(sent) <= 4<<10 { // larger ones are slow, and say no more
			f.Add(sent)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return // longer ones are slow, and say no more
		}
		backend, err := judge.NewBackend()
		if err != nil {
			t.Fatal(err)
		}
		defer backend.Close()
		e := startEdge(t, backend.Addr())
		want := requestsIn(data)
		got, err := backend.Collect(func() {
			defer e.Close()
			if err := converse(e.Addr, data, want); err != nil {
				t.Errorf("%q: %v", data, err)
			}
		})
		if err != nil {
			t.Errorf("%q: the backend got what is no request: %v", data, err)
		}
		rest := want
		for _, r := range got {
			i := slices.IndexFunc(rest, func(w *http.Request) bool { return same(r, w) })
			if i < 0 {
				t.Fatalf("%q: the backend got %+v, which is not among the %d requests there", data, r, len(want))
			}
			rest = rest[i+1:]
		}
	})
}

// requestsIn are the whole requests that net/http reads. Their bodies are in memory.
func requestsIn(data []byte) (all []*http.Request) {
	r := bufio.NewReader(bytes.NewReader(data))
	for {
		// Some of the line ends before a request may be passed over.
		for begun, _ := r.Peek(4); len(begun) > 0 && (begun[0] == '\r' || begun[0] == '\n'); begun = begun[1:] {
			r.Discard(1)
		}
		request, err := http.ReadRequest(r)
		if err != nil {
			return all
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return all
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		request.ContentLength = int64(len(body))
		all = append(all, request)
	}
}

// same reports whether the backend's request is the client's.
func same(got judge.Request, want *http.Request) bool {
	target := want.RequestURI
	if _, after, absolute := strings.Cut(target, "://"); absolute && target[0] != '/' {
		target = "/"
		if path := strings.IndexAny(after, "/?"); path >= 0 {
			target = "/" + strings.TrimPrefix(after[path:], "/")
		}
	}
	target = strings.TrimSuffix(target, "?") // an empty query is none
	for _, field := range got.Fields {
		name, value, _ := strings.Cut(field, ": ")
		switch name {
		case "host", "content-length", "transfer-encoding":
		default:
			if !slices.ContainsFunc(want.Header.Values(name), func(v string) bool { return strings.Trim(v, " \t") == value }) {
				return false
			}
		}
	}
	body, _ := io.ReadAll(want.Body)
	want.Body = io.NopCloser(bytes.NewReader(body))
	return got.Method == want.Method && got.Target == target && got.Body == string(body)
}

// converse sends the bytes and waits for as many responses as there are requests, or
// until the edge has closed the connection.
func converse(edge net.Addr, data []byte, requests []*http.Request) error {
	conn, err := net.Dial("tcp", edge.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(exchange.System.Now().Add(20 * time.Second))
	conn.Write(data) // what is refused halfway need not arrive
	r := bufio.NewReader(conn)
	for len(requests) > 0 && err == nil {
		var response *http.Response
		if response, err = http.ReadResponse(r, requests[0]); err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			if response.StatusCode >= 200 {
				requests = requests[1:]
			}
		}
	}
	if err == nil {
		conn.(*net.TCPConn).CloseWrite()
		_, err = io.Copy(io.Discard, r)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("the edge neither answers nor closes the connection")
	}
	return nil
}
