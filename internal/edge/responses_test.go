package edge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// received is what a response came to.
type received struct {
	head string // "200 OK", then a line for each header line
	body string
	err  string // of the response, or of its body
}

func receive(response *exchange.Response, err error) received {
	if err != nil {
		return received{err: errorText(err)}
	}
	got := received{head: fmt.Sprintf("%d %s\n", response.Status, response.Reason) + show(&response.Header)}
	r, err := response.Body.Reader()
	if err != nil {
		return received{err: err.Error()}
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	got.body, got.err = string(body), errorText(err)
	return got
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	if failure := (*policy.SendError)(nil); errors.As(err, &failure) {
		return failure.Reason + ": " + err.Error()
	}
	return err.Error()
}

const violation = "BackendConnectionFailure: The server committed a protocol violation. Section="

// TestResponses reads what a backend may answer, byte for byte. The connection
// is closed behind it.
func TestResponses(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	tests := []struct {
		name   string
		method string
		answer string
		want   received
	}{
		{"sized", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			received{"200 OK\nContent-Length: 5\n", "hello", ""}},
		{"sized and long", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + long,
			received{"200 OK\nContent-Length: 100000\n", long, ""}},
		{"empty", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
			received{"200 OK\nContent-Length: 0\n", "", ""}},
		{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
			received{"200 OK\n", "hello", ""}},
		{"chunked with trailers", "GET", "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
			received{"200 OK\n", "hello", ""}},
		{"until close", "GET", "HTTP/1.1 200 OK\r\n\r\nhello",
			received{"200 OK\n", "hello", ""}},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello",
			received{"200 OK\nServer: old\n", "hello", ""}},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
			received{"200 OK\nContent-Length: 5\n", "", ""}},
		{"204", "GET", "HTTP/1.1 204 No Content\r\n\r\n",
			received{"204 No Content\n", "", ""}},
		{"304 with a length", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n",
			received{"304 Not Modified\nContent-Length: 5\nETag: \"a\"\n", "", ""}},
		{"interim responses", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
			received{"200 OK\nContent-Length: 1\n", "a", ""}},
		{"order, spelling and repeats", "GET", "HTTP/1.1 200 OK\r\nx-b: 1\r\nSet-Cookie: a\r\nX-A:2  \r\nset-cookie:\tb\r\nContent-Length: 0\r\nX-Empty:\r\n\r\n",
			received{"200 OK\nx-b: 1\nSet-Cookie: a\nX-A: 2\nset-cookie: b\nContent-Length: 0\nX-Empty: \n", "", ""}},
		{"connection lines", "GET", "HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: close\r\nUpgrade: h2c\r\nTE: a\r\nVia: kept\r\nContent-Length: 0\r\n\r\n",
			received{"200 OK\nVia: kept\nContent-Length: 0\n", "", ""}},
		{"own status and reason", "GET", "HTTP/1.1 299 Fine, thank you\r\nContent-Length: 0\r\n\r\n",
			received{"299 Fine, thank you\nContent-Length: 0\n", "", ""}},
		{"no reason", "GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
			received{"200 \nContent-Length: 0\n", "", ""}},
		{"the same length twice", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
			received{"200 OK\nContent-Length: 2\nContent-Length: 2\n", "ok", ""}},

		{"nothing", "GET", "",
			received{err: "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: EOF"}},
		{"head cut short", "GET", "HTTP/1.1 200 OK\r\nContent-Le",
			received{err: "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"}},
		{"sized body cut short", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
			received{"200 OK\nContent-Length: 5\n", "hel", "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"}},
		{"chunk cut short", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
			received{"200 OK\n", "hel", "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"}},
		{"no last chunk", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
			received{"200 OK\n", "hello", "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"}},
		{"trailers cut short", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n",
			received{"200 OK\n", "hello", "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: unexpected EOF"}},
		{"only interim responses", "GET", "HTTP/1.1 100 Continue\r\n\r\n",
			received{err: "BackendConnectionFailure: The underlying connection was closed: The connection was closed unexpectedly.: EOF"}},

		{"length and chunks", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			received{err: violation + "ResponseHeader: there are both Content-Length and Transfer-Encoding"}},
		{"two lengths", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
			received{err: violation + "ResponseHeader: two Content-Length lines differ: 5 and 6"}},
		{"list of lengths", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
			received{err: violation + `ResponseHeader: Content-Length is "5, 5", not a number of bytes`}},
		{"negative length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
			received{err: violation + `ResponseHeader: Content-Length is "-5", not a number of bytes`}},
		{"signed length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
			received{err: violation + `ResponseHeader: Content-Length is "+5", not a number of bytes`}},
		{"length too large", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello",
			received{err: violation + `ResponseHeader: Content-Length is "9223372036854775808", not a number of bytes`}},
		{"two codings", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
			received{err: violation + `ResponseHeader: Transfer-Encoding is "gzip, chunked"; only chunked, once, is understood`}},
		{"chunked twice", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
			received{err: violation + `ResponseHeader: Transfer-Encoding is "chunked"; only chunked, once, is understood`}},
		{"chunks in HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			received{err: violation + "ResponseHeader: Transfer-Encoding does not exist in HTTP/1.0"}},
		{"continued line", "GET", "HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\n\r\n",
			received{err: violation + "ResponseHeader: line 3 continues the line before it, which is obsolete and ambiguous"}},
		{"blank before the colon", "GET", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
			received{err: violation + `ResponseHeader: line 2 has "Content-Length " where a header name is due`}},
		{"line without a colon", "GET", "HTTP/1.1 200 OK\r\nhello\r\n\r\n",
			received{err: violation + "ResponseHeader: line 2 has no colon"}},
		{"control character", "GET", "HTTP/1.1 200 OK\r\nX-A: a\x00b\r\n\r\n",
			received{err: violation + "ResponseHeader: the value of X-A holds a control character"}},
		{"CR inside a line", "GET", "HTTP/1.1 200 OK\r\nX-A: a\rb\r\n\r\n",
			received{err: violation + "ResponseHeader: the value of X-A holds a control character"}},
		{"LF without CR", "GET", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
			received{err: violation + "ResponseHeader: line 1 ends in LF without CR"}},
		{"not HTTP", "GET", "SSH-2.0-OpenSSH_9.6\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "SSH-2.0-OpenSSH_9.6" does not begin a response of HTTP/1.1 or HTTP/1.0`}},
		{"HTTP/2", "GET", "HTTP/2.0 200 OK\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "HTTP/2.0 200 OK" does not begin a response of HTTP/1.1 or HTTP/1.0`}},
		{"empty first line", "GET", "\r\nHTTP/1.1 200 OK\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "" does not begin a response of HTTP/1.1 or HTTP/1.0`}},
		{"status of four digits", "GET", "HTTP/1.1 2000 OK\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "HTTP/1.1 2000 OK" is no status line`}},
		{"status below 100", "GET", "HTTP/1.1 099 OK\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "HTTP/1.1 099 OK" is no status line`}},
		{"status with a sign", "GET", "HTTP/1.1 +20 OK\r\n\r\n",
			received{err: violation + `ResponseStatusLine: "HTTP/1.1 +20 OK" is no status line`}},
		{"switch of protocols", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
			received{err: violation + "ResponseStatusLine: the backend switches protocols, which it was not asked for"}},
		{"too many interim responses", "GET", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 11) + "HTTP/1.1 200 OK\r\n\r\n",
			received{err: violation + "ResponseHeader: there are more than 10 interim responses"}},
		{"too many lines", "GET", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 200) + "\r\n",
			received{err: violation + "ResponseHeader: the head has more than 200 lines"}},
		{"head too large", "GET", "HTTP/1.1 200 OK\r\nX-A: " + long + "\r\n\r\n",
			received{err: violation + "ResponseHeader: the head is larger than 65536 bytes"}},

		{"chunk size not a number", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
			received{"200 OK\n", "", violation + `ResponseBody: "hello" is not a chunk's size`}},
		{"chunk size with a prefix", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
			received{"200 OK\n", "", violation + `ResponseBody: "0x5" is not a chunk's size`}},
		{"negative chunk size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
			received{"200 OK\n", "", violation + `ResponseBody: "-5" is not a chunk's size`}},
		{"chunk size too large", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nhello\r\n",
			received{"200 OK\n", "", violation + `ResponseBody: "10000000000000000" is not a chunk's size`}},
		{"no chunk size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n;x=y\r\nhello\r\n",
			received{"200 OK\n", "", violation + `ResponseBody: ";x=y" is not a chunk's size`}},
		{"chunk longer than its size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
			received{"200 OK\n", "hell", violation + "ResponseBody: a chunk is longer than it says"}},
		{"chunk line without CR", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
			received{"200 OK\n", "", violation + "ResponseBody: a chunk's size line ends in LF without CR"}},
		{"chunk line too long", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + strings.Repeat("x", 5000) + "\r\nhello\r\n0\r\n\r\n",
			received{"200 OK\n", "", violation + "ResponseBody: a chunk's size line is longer than 4096 bytes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := listenRaw(t, answerOnce(test.answer))
			u, d := newCountedUpstream(t)
			got := receive(u.Send(context.Background(), &policy.Outgoing{Method: test.method, URL: urlOf(addr, "/", "")}))
			if got != test.want {
				t.Errorf("%q\ngot  %q\nwant %q", clip(test.answer), got, test.want)
			}
			if got.err != "" && d.open.Load() != 0 {
				t.Errorf("%q: the connection is still open", clip(test.answer))
			}
		})
	}
}

func clip(s string) string { return s[:min(len(s), 200)] }

// answerOnce reads one request, sends the answer and ends the connection in an
// orderly way: it waits for the other side to close.
func answerOnce(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		if _, _, ok := readRequest(newReader(conn)); !ok {
			return
		}
		io.WriteString(conn, answer)
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
	}
}

// TestBodyEndsEarly: the error can be told from a clean end.
func TestBodyEndsEarly(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
	} {
		u := newUpstream(t)
		response, err := u.Send(context.Background(), get(listenRaw(t, answerOnce(answer))))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := response.Body.Buffer(100); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: reading the body gave %v, want io.ErrUnexpectedEOF", answer, err)
		}
	}
}

// TestConnectionReuse: after which responses the next request takes the same
// connection.
func TestConnectionReuse(t *testing.T) {
	tests := []struct {
		name, method, answer string
		want                 bool
	}{
		{"sized", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true},
		{"empty", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
		{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", true},
		{"trailers", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n", true},
		{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true},
		{"204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", true},
		{"304", "GET", "HTTP/1.1 304 Not Modified\r\n\r\n", true},
		{"interim", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", true},
		{"HTTP/1.0 kept", "GET", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", true},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false},
		{"close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", false},
		{"close among others", "GET", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok", false},
		{"more than announced", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := listenRaw(t, answering(test.answer))
			u, d := newCountedUpstream(t)
			for range 3 {
				got := receive(u.Send(context.Background(), &policy.Outgoing{Method: test.method, URL: urlOf(addr, "/", "")}))
				if got.err != "" {
					t.Fatalf("%q: %s", test.answer, got.err)
				}
			}
			if want := int32(map[bool]int{true: 1, false: 3}[test.want]); d.dialed.Load() != want {
				t.Errorf("%q: three requests took %d connections, want %d", test.answer, d.dialed.Load(), want)
			}
		})
	}
}

// TestBodyGivenUp: a body that is closed unread takes its connection with it.
func TestBodyGivenUp(t *testing.T) {
	addr := listenRaw(t, answering("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"))
	u, d := newCountedUpstream(t)
	response, err := u.Send(context.Background(), get(addr))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := response.Body.Reader()
	r.Close()
	if n, err := r.Read(make([]byte, 1)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("Read after Close gave %d, %v; want an error", n, err)
	}
	if d.open.Load() != 0 {
		t.Error("the connection is still open")
	}
}
