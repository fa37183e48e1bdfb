package edge_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// pipeBody is a request's stream that a test writes by hand.
func pipeBody(length int64) (*io.PipeWriter, *exchange.Body) {
	r, w := io.Pipe()
	b := exchange.StreamBody(r, length)
	return w, &b
}

// TestUploads: bodies that are too large for one write arrive whole and in
// order, and the connection serves again.
func TestUploads(t *testing.T) {
	text := strings.Repeat("0123456789abcde\n", 20_000)
	for name, body := range map[string]func() *exchange.Body{
		"in memory":      func() *exchange.Body { return inMemory(text) },
		"known length":   func() *exchange.Body { return stream(text, int64(len(text))) },
		"unknown length": func() *exchange.Body { return stream(text, -1) },
	} {
		t.Run(name, func(t *testing.T) {
			bodies := make(chan string, 3)
			addr := listenRaw(t, func(conn net.Conn) {
				r := newReader(conn)
				for {
					_, body, isThere := readRequest(r)
					if !isThere {
						return
					}
					bodies <- body
					io.WriteString(conn, ok)
				}
			})
			u, d := newCountedUpstream(t)
			for range 3 {
				got := receive(u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body()}))
				if got.body != "ok" {
					t.Fatalf("got %+v", got)
				}
				noGoroutines(t) // the upload has given the connection back
				if body := <-bodies; body != text {
					t.Fatalf("the backend got %d bytes that are not the %d sent", len(body), len(text))
				}
			}
			if d.dialed.Load() != 1 {
				t.Errorf("three requests took %d connections, want 1", d.dialed.Load())
			}
		})
	}
	noGoroutines(t)
}

// TestEarlyResponse: a final response that comes before the request is through
// is delivered, and the connection not used again.
func TestEarlyResponse(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\n\r\ntoo large",
		"HTTP/1.1 413 Content Too Large\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ntoo large\r\n0\r\n\r\n",
		"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n",
	} {
		for _, length := range []int64{-1, 1 << 30} {
			t.Run(fmt.Sprintf("%d %.80q", length, answer), func(t *testing.T) {
				closed := make(chan struct{})
				addr := listenRaw(t, func(conn net.Conn) {
					r := bufio.NewReader(conn)
					if _, err := http.ReadRequest(r); err != nil {
						return
					}
					io.WriteString(conn, answer)
					io.Copy(io.Discard, r)
					close(closed)
				})
				u, d := newCountedUpstream(t)
				writer, body := pipeBody(length)
				got := receive(u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body}))
				if !strings.HasPrefix(got.head, "413 ") || got.err != "" || !strings.HasSuffix(answer, got.body) && got.body != "too large" {
					t.Errorf("got %+v", got)
				}
				<-closed
				if d.open.Load() != 0 {
					t.Error("the connection is still open")
				}
				// The upload notices with the next bytes, and lets go of the stream.
				for {
					if _, err := writer.Write([]byte("more")); err != nil {
						break
					}
				}
				noGoroutines(t)
			})
		}
	}
}

// TestFullDuplex: the response's body comes while the request's is still being
// sent.
func TestFullDuplex(t *testing.T) {
	addr := listenRaw(t, func(conn net.Conn) {
		r := bufio.NewReader(conn)
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
		one := make([]byte, 1)
		for {
			if _, err := io.ReadFull(request.Body, one); err != nil {
				break
			}
			fmt.Fprintf(conn, "1\r\n%s\r\n", one)
		}
		io.WriteString(conn, "0\r\n\r\n")
		readRequest(r)
	})
	u, d := newCountedUpstream(t)
	writer, body := pipeBody(-1)
	response, err := u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body})
	if err != nil {
		t.Fatal(err)
	}
	echo, _ := response.Body.Reader()
	for _, c := range "hello" {
		fmt.Fprintf(writer, "%c", c)
		one := make([]byte, 1)
		if _, err := io.ReadFull(echo, one); err != nil || rune(one[0]) != c {
			t.Fatalf("sent %q, got %q back, %v", c, one, err)
		}
	}
	writer.Close()
	if rest, err := io.ReadAll(echo); len(rest) > 0 || err != nil {
		t.Errorf("the end: %q, %v", rest, err)
	}
	// The upload has let go of the connection, or is about to.
	noGoroutines(t)
	if d.open.Load() != 1 {
		t.Errorf("%d connections are open, want the one that can serve again", d.open.Load())
	}
}

// TestSourceFails: when the request's own stream fails, the backend does not get
// what looks like the whole, and the error does not blame it.
func TestSourceFails(t *testing.T) {
	broken := errors.New("the client hung up")
	for _, length := range []int64{10, 100_000, -1} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			endings := make(chan error, 1)
			addr := listenRaw(t, func(conn net.Conn) {
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err == nil {
					_, err = io.Copy(io.Discard, request.Body)
				}
				endings <- err
			})
			u, d := newCountedUpstream(t)
			writer, body := pipeBody(length)
			go func() {
				writer.Write([]byte("hello"))
				writer.CloseWithError(broken)
			}()
			_, err := u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body})
			var failure *policy.SendError
			if !errors.As(err, &failure) || failure.Reason != exchange.ReasonClientConnectionFailure ||
				failure.Message != "The operation was canceled." || !errors.Is(err, broken) {
				t.Errorf("got %v, want ClientConnectionFailure, wrapping %v", err, broken)
			}
			// A small stream is waited for, so no connection was needed yet.
			if length != 10 {
				if err := <-endings; err == nil {
					t.Error("the backend saw a whole request")
				}
			}
			if d.open.Load() != 0 {
				t.Error("the connection is still open")
			}
			noGoroutines(t)
		})
	}
}

// TestSourceEndsEarly: a stream shorter than it was said to be.
func TestSourceEndsEarly(t *testing.T) {
	for _, length := range []int64{10, 100_000} {
		addr := listenRaw(t, func(conn net.Conn) { readRequest(newReader(conn)) })
		_, err := newUpstream(t).Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: stream("hello", length)})
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(errorText(err), "ClientConnectionFailure: ") {
			t.Errorf("5 of %d bytes: got %v, want a ClientConnectionFailure that wraps io.ErrUnexpectedEOF", length, err)
		}
	}
}

// TestTimeoutWhileUploading: a client that stalls holds nothing up.
func TestTimeoutWhileUploading(t *testing.T) {
	for _, length := range []int64{10, 100_000, -1} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			addr := listenRaw(t, func(conn net.Conn) { readRequest(newReader(conn)) })
			clock := exchange.NewVirtualClock(start)
			ctx, cancel := exchange.WithTimeout(context.Background(), clock, time.Minute)
			defer cancel()
			u, d := newCountedUpstream(t)
			writer, body := pipeBody(length)
			go func() {
				writer.Write([]byte("hello")) // returns when it was read
				clock.Advance(time.Minute)
			}()
			_, err := u.Send(ctx, &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: body})
			if err != context.DeadlineExceeded {
				t.Errorf("got %v, want context.DeadlineExceeded", err)
			}
			if d.open.Load() != 0 {
				t.Error("the connection is still open")
			}
			writer.Close() // the stream is its owner's to end
			noGoroutines(t)
		})
	}
}

// TestRefusedUpload: a backend that answers and closes without reading a large
// body in memory.
func TestRefusedUpload(t *testing.T) {
	addr := listenRaw(t, func(conn net.Conn) {
		r := bufio.NewReader(conn)
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		io.WriteString(conn, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, r)
	})
	u, d := newCountedUpstream(t)
	got := receive(u.Send(context.Background(), &policy.Outgoing{Method: "POST", URL: urlOf(addr, "/", ""), Body: inMemory(strings.Repeat("x", 10<<20))}))
	if !strings.HasPrefix(got.head, "401 ") || got.body != "no" {
		t.Errorf("got %+v", got)
	}
	noGoroutines(t)
	if d.open.Load() != 0 {
		t.Error("the connection is still open")
	}
}
