package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The load before the bare proxy, in this process: what it counts is what the backend
// answered.
func TestLoad(t *testing.T) {
	l, err := newLoop()
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(bareProxy(l.backend()))
	defer proxy.Close()
	address := strings.TrimPrefix(proxy.URL, "http://")
	status, body, err := once(l, address, request(plainPath, "token"))
	if err != nil || status != "200" || len(body) != 1024 {
		t.Fatalf("got %s, %d bytes, %v; want 200 and 1024", status, len(body), err)
	}
	nothing := func() {}
	for path, streams := range map[string]bool{plainPath: false, onePath: false, pacedPath: true, keptPath: true} {
		a := &load{address: address, requests: [][]byte{request(path, "token")}, status: "200", times: true}
		if _, err := l.run(a, 3, 0, 500*time.Millisecond, nothing, nothing); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if (a.answers == 0) != streams || (a.events == 0) != (path == plainPath) || len(a.elapsed) == 0 {
			t.Errorf("%s: %d answers, %d events, %d times", path, a.answers, a.events, len(a.elapsed))
		}
		if path == onePath && (a.answers > a.events+3 || a.events > a.answers+3) {
			t.Errorf("%d answers of one event each have %d events", a.answers, a.events)
		}
	}
	if len(l.streams) > 0 {
		t.Errorf("%d streams are left", len(l.streams))
	}
	a := &load{address: address, requests: [][]byte{request(plainPath, "token")}, status: "401"}
	if _, err := l.run(a, 1, 0, time.Second, nothing, nothing); err == nil || !strings.Contains(err.Error(), `"HTTP/1.1 200 OK`) {
		t.Errorf("an answer of another status: %v", err)
	}
}

func TestContentLength(t *testing.T) {
	for head, want := range map[string]int{
		"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n":        12,
		"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nA: b\r\n\r\n": 0,
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n":         -1,
		"HTTP/1.1 200 OK\r\n\r\n":                              -1,
	} {
		if got := contentLength([]byte(head)); got != want {
			t.Errorf("%q: got %d; want %d", head, got, want)
		}
	}
}

// A head may come in pieces.
func TestHead(t *testing.T) {
	c := new(conn)
	for _, piece := range []string{"GET / HT", "TP/1.1\r\nA: b\r\n\r"} {
		if head, _ := c.head([]byte(piece)); head != nil {
			t.Fatalf("after %q the head is %q", piece, head)
		}
	}
	if head, rest := c.head([]byte("\nbody")); string(head) != "GET / HTTP/1.1\r\nA: b\r\n\r\n" || string(rest) != "body" {
		t.Errorf("got %q and %q", head, rest)
	}
}
