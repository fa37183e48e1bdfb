package edge

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// lingerTime is how long a client may go on sending a body that nobody wants
// any more, after its response is out. Closing at once could make its system
// throw the response away unread.
const lingerTime = 500 * time.Millisecond

// errRequestBodyClosed is what reading a request's body gives after Close.
var errRequestBodyClosed = errors.New("the request's body is closed")

// bodyControl is what can be said of how a body is read; http.ResponseController has it.
type bodyControl interface {
	// EnableFullDuplex keeps the body readable while the response is written.
	EnableFullDuplex() error
	SetReadDeadline(time.Time) error
}

// clientBody is a request's body as its client sends it. A failure to read it
// ends the exchange's context: the client has gone, or doesn't keep to HTTP.
type clientBody struct {
	source  io.ReadCloser // the server closes it
	control bodyControl
	limit   int64 // 0: none
	life    *exchange.Lifetime
	taken   bool // somebody read it, or was to, when the response began

	reading sync.Mutex // held in a Read
	read    int64
	started atomic.Bool
	ended   atomic.Bool // io.EOF was reached
	closed  atomic.Bool
	failed  atomic.Bool
}

// Read reads from the client.
func (b *clientBody) Read(p []byte) (int, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.closed.Load() {
		return 0, errRequestBodyClosed
	}
	b.started.Store(true)
	n, err := b.source.Read(p)
	b.read += int64(n)
	switch {
	case b.limit > 0 && b.read > b.limit:
		return 0, b.fail(&exchange.BodyTooLargeError{Limit: b.limit})
	case err == io.EOF:
		b.ended.Store(true)
	case err != nil && b.closed.Load():
		err = errRequestBodyClosed
	case err != nil:
		b.failed.Store(true)
		b.fail(context.Canceled)
	}
	return n, err
}

// fail ends the exchange's context.
func (b *clientBody) fail(cause error) error {
	b.closed.Store(true)
	b.life.End(cause)
	return cause
}

// Close ends reading. A Read that waits for the client is left alone until
// finish: to break it off would break off the connection, and the client has
// yet to get its response.
func (b *clientBody) Close() error {
	b.closed.Store(true)
	return nil
}

// beginResponse is called before the response's head is written; consumed tells
// that the body was handed to somebody. A body that nobody has taken by then is
// left to net/http, which reads what is still coming and throws it away. One
// that is being read goes on being read, and if its end is still to come the
// connection has to be closed after the response.
func (b *clientBody) beginResponse(consumed bool) (closeAfter bool) {
	b.taken = consumed || b.started.Load()
	if !b.taken {
		b.closed.Store(true)
		return false
	}
	b.control.EnableFullDuplex()
	return !b.ended.Load()
}

// finish is called when the response is written: nobody reads the body after
// it. A Read that still waits gets lingerTime, for which flush sends out what
// there is of the response.
func (b *clientBody) finish(flush func() error) {
	b.closed.Store(true)
	if !b.taken || b.ended.Load() {
		return
	}
	flush()
	b.control.SetReadDeadline(exchange.System.Now().Add(lingerTime))
	b.reading.Lock() // once that Read has returned
	defer b.reading.Unlock()
}
