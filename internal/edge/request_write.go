package edge

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// smallBody is the most bytes of a body in memory that go out in one write
	// with the head.
	smallBody = 64 << 10
	// smallStream is the most bytes of a stream of known length that are waited
	// for, in order to do the same. A client's usual request is below it.
	smallStream = 16 << 10
)

// message is a request ready for the wire.
type message struct {
	// bytes is the head, and behind it the whole body unless there is a rest.
	bytes []byte
	// What is sent behind bytes: data in memory, or a stream. A stream's length
	// is -1 where it is sent in chunks.
	data   []byte
	stream io.ReadCloser
	length int64
	// expects says that the rest waits for 100 Continue.
	expects bool

	memory *[]byte // where bytes came from
}

// large reports whether there is more to send than bytes.
func (m *message) large() bool { return m.data != nil || m.stream != nil }

var messageMemory = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// release gives the memory back, and closes a stream that nobody took over.
func (m *message) release() {
	if m.stream != nil {
		m.stream.Close()
	}
	if m.memory != nil && cap(m.bytes) <= 2*smallBody {
		reuse(m.bytes)
		*m.memory = m.bytes[:0]
		messageMemory.Put(m.memory)
	}
	*m = message{}
}

// newMessage makes the request's bytes and takes its body. What would not be
// the request that was meant, once on the wire, is refused.
func newMessage(out *policy.Outgoing) (message, error) {
	m := message{memory: messageMemory.Get().(*[]byte)}
	m.bytes = *m.memory
	length, err := m.takeBody(out.Body)
	m.expects = out.ContinueWithin > 0 && length != 0
	if err == nil {
		m.bytes, err = appendHead(m.bytes, out, length)
	}
	if err != nil {
		m.release()
		return message{}, err
	}
	if len(m.data) <= smallBody && !m.expects {
		m.bytes, m.data = append(m.bytes, m.data...), nil
	}
	return m, nil
}

// takeBody takes the body and gives its length, -1 where only the stream knows.
func (m *message) takeBody(body *exchange.Body) (int64, error) {
	if body == nil {
		return 0, nil
	}
	if data, ok := body.InMemory(); ok {
		m.data = data
		return int64(len(data)), nil
	}
	length := body.Length()
	stream, err := body.Reader()
	if err != nil {
		return 0, err
	}
	m.stream, m.length = stream, length
	return length, nil
}

// appendHead appends the request line and the header lines. length is the
// body's, -1 if it is sent in chunks.
func appendHead(b []byte, out *policy.Outgoing, length int64) ([]byte, error) {
	if !exchange.IsToken(out.Method) || out.Method == http.MethodConnect {
		return b, fmt.Errorf("%q is not a method that can be sent", clip(out.Method))
	}
	if err := checkAddress(&out.URL); err != nil {
		return b, err
	}
	b = append(b, out.Method...)
	b = append(b, ' ')
	if out.URL.Path == "" {
		b = append(b, '/')
	}
	b = append(b, out.URL.Path...)
	if out.URL.RawQuery != "" {
		b = append(b, '?')
		b = append(b, out.URL.RawQuery...)
	}
	b = append(b, " HTTP/1.1\r\nHost: "...)
	switch {
	case out.Host == "":
		b = out.URL.AppendAuthority(b)
	case !validTarget(out.Host):
		return b, fmt.Errorf("%q is no value of a Host header", clip(out.Host))
	default:
		b = append(b, out.Host...)
	}
	b = append(b, "\r\n"...)
	b, err := appendLines(b, &out.Header)
	if err != nil {
		return b, err
	}
	if out.ContinueWithin > 0 && length != 0 {
		b = append(b, "Expect: 100-continue\r\n"...)
	}
	return append(appendFraming(b, out.Method, length), "\r\n"...), nil
}

// checkAddress refuses what would end the request line or the Host line early,
// or be no path.
func checkAddress(u *exchange.URL) error {
	switch {
	case u.Host == "" || !validTarget(u.Host) || strings.ContainsAny(u.Host, `/?#@\`):
		return fmt.Errorf("%q is not a host", clip(u.Host))
	case u.Path != "" && u.Path[0] != '/':
		return fmt.Errorf("the path %q does not begin with /", clip(u.Path))
	case !validTarget(u.Path):
		return fmt.Errorf("the path of %s holds a blank or a control character; it has to be escaped", u.Host)
	case !validTarget(u.RawQuery):
		return fmt.Errorf("the query of %s holds a blank or a control character; it has to be escaped", u.Host)
	}
	return nil
}

func validTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// appendLines appends the header lines that are passed on, as they are. A value
// is never part of an error: it may be a key.
func appendLines(b []byte, h *exchange.Header) ([]byte, error) {
	for name, value := range h.All() {
		if ofConnection(name) || ofRequestFraming(name) {
			continue
		}
		if !exchange.IsToken(name) {
			return b, fmt.Errorf("%q is not a header name", clip(name))
		}
		if !validValue(value) {
			return b, fmt.Errorf("the value of header %s holds a line break or another control character", name)
		}
		b = append(b, name...)
		b = append(b, ": "...)
		b = append(b, value...)
		b = append(b, "\r\n"...)
	}
	return b, nil
}

// appendFraming appends the line that says where the body ends. A method that
// usually has a body says so even when there is none (RFC 9110 section 8.6).
func appendFraming(b []byte, method string, length int64) []byte {
	if length < 0 {
		return append(b, "Transfer-Encoding: chunked\r\n"...)
	}
	if length == 0 && method != http.MethodPost && method != http.MethodPut && method != http.MethodPatch {
		return b
	}
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, length, 10)
	return append(b, "\r\n"...)
}

// collect reads a small stream into bytes, so that the request goes out in one
// write. At the end of ctx it returns, whether the stream does or not.
func (m *message) collect(ctx context.Context) error {
	head := len(m.bytes)
	m.bytes = append(m.bytes, make([]byte, m.length)...)
	stream, body := m.stream, m.bytes[head:]
	m.stream = nil
	done := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(stream, body)
		stream.Close()
		done <- early(err)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		m.memory, m.bytes = nil, nil // they are still written to
		return context.Cause(ctx)
	}
}
