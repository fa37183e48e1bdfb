package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy/exchange"
)

// copyBuffer is how much of a response's body is passed on at once.
const copyBuffer = 32 << 10

var copyMemory = sync.Pool{New: func() any { return new([copyBuffer]byte) }}

// errClientGone is why a response was not sent whole when its client left.
var errClientGone = errors.New("the client has gone")

// answer writes one response.
type answer struct {
	out    responseWriter
	life   *exchange.Lifetime // of the exchange
	x      *exchange.Exchange
	toHEAD bool        // the client's method, which policies may change for the backend
	body   *clientBody // the request's; nil if it has none

	status int
	sent   int64 // bytes of the body
}

// A responseWriter is the client's end of a connection.
type responseWriter interface {
	// writeHead writes status and header lines. The length of the body is -1 if it is not
	// known, bodiless says that none follows whatever the lines say, and closing that the
	// connection takes no other request.
	writeHead(response *exchange.Response, length int64, bodiless, closing bool)
	io.Writer
	// flush sends what was written.
	flush() error
}

// checkResponse says why a response can't be sent.
func checkResponse(response *exchange.Response) error {
	if response == nil {
		return errors.New("there is no response")
	}
	if response.Status < 200 || response.Status > 999 {
		return fmt.Errorf("%d is not the status of a final response", response.Status)
	}
	if !validValue(response.Reason) {
		return errors.New("the reason phrase holds a line break or another control character")
	}
	for name, value := range response.Header.All() {
		if !exchange.IsToken(name) {
			return fmt.Errorf("%q is not a header name", clip(name))
		}
		if !validValue(value) {
			return fmt.Errorf("the value of header %s holds a line break or another control character", name)
		}
	}
	return nil
}

// tryWrite is write, of which a panic is an error, too.
func (a *answer) tryWrite() (err error) {
	defer recovered(&err)
	return a.write()
}

// write sends the response. An error means that the client did not get all of it
// and must not take what it got for the whole.
func (a *answer) write() error {
	response := a.x.Response
	defer response.Body.Close()
	length := a.bodyLength(response)
	bodiless := a.bodiless(response)
	closing := a.body != nil && a.body.beginResponse(a.x.Request.Body.Consumed())
	a.status = response.Status
	a.out.writeHead(response, length, bodiless, closing)
	if length == 0 || bodiless {
		return nil
	}
	if data, ok := response.Body.InMemory(); ok {
		return a.put(data)
	}
	body, err := response.Body.Reader()
	if err != nil {
		return err
	}
	defer body.Close()
	return a.pass(body, length, !response.Buffered && (length < 0 || isEventStream(response)))
}

// bodiless reports whether the response has no body whatever its head says.
func (a *answer) bodiless(response *exchange.Response) bool {
	return a.toHEAD || response.Status == http.StatusNoContent || response.Status == http.StatusNotModified
}

// bodyLength is the length to announce, -1 if it is not known. A body that a
// policy consumed is gone: none is sent.
func (a *answer) bodyLength(response *exchange.Response) int64 {
	if response.Body.Exists() || !a.bodiless(response) {
		return response.Body.Length()
	}
	// A backend's answer to HEAD, and a 304, say how long a body would be.
	if text, ok := response.Header.Get("Content-Length"); ok {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}

func isEventStream(response *exchange.Response) bool {
	contentType, _ := response.Header.Get("Content-Type")
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(trimBlanks(mediaType), "text/event-stream")
}

// A readyReader knows whether its next Read returns without waiting. Of a body
// that doesn't, each Read is taken to wait.
type readyReader interface{ Ready() bool }

var _ readyReader = (*trip)(nil)

// pass passes on a body; length is -1 if it is not known. If it flushes, it does
// so whenever the next read might wait, so that nothing is ever held back.
func (a *answer) pass(body io.Reader, length int64, flushing bool) error {
	buffer := copyMemory.Get().(*[copyBuffer]byte)
	defer func() {
		reuse(buffer[:])
		copyMemory.Put(buffer)
	}()
	source, _ := body.(readyReader)
	for {
		if flushing && (source == nil || !source.Ready()) {
			if err := a.flush(); err != nil {
				return err
			}
		}
		n, err := body.Read(buffer[:])
		if length >= 0 && a.sent+int64(n) > length {
			return fmt.Errorf("the body is longer than the %d bytes that were announced", length)
		}
		if n > 0 {
			if err := a.put(buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF && a.sent < length:
			return fmt.Errorf("the body ended after %d of %d bytes: %w", a.sent, length, io.ErrUnexpectedEOF)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

func (a *answer) put(p []byte) error {
	n, err := a.out.Write(p)
	a.sent += int64(n)
	return clientGone(err)
}

func (a *answer) flush() error { return clientGone(a.out.flush()) }

// clientGone is the error of a write to the client.
func clientGone(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errClientGone, err)
}

// clientHasGone reports whether the exchange ended because its client left.
func (a *answer) clientHasGone(err error) bool {
	return errors.Is(err, errClientGone) || errors.Is(a.life.Err(), context.Canceled) || a.body != nil && a.body.failed.Load()
}
