package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// errBodyClosed is what reading a response's body gives after Close.
var errBodyClosed = errors.New("the response's body is closed")

// trip is one request to a backend and back. After the head it is the
// response's body.
type trip struct {
	ctx      context.Context
	attached exchange.Attachment // to ctx
	upstream *Upstream
	upload   *upload // what still sends the request; nil if it went out whole

	mu      sync.Mutex // abort comes from another goroutine
	aborted bool
	conn    *backendConn

	response  exchange.Response // here to be one piece of memory with the rest
	framing   framing
	remaining int64 // of a sized body
	chunks    chunkedReader
	call      *exchange.Call
	err       error // what Read gives from now on
}

// newTrip gives a trip that ends with ctx.
func newTrip(ctx context.Context, u *Upstream, call *exchange.Call) *trip {
	t := &trip{ctx: ctx, upstream: u, call: call}
	t.attached = exchange.Attach(ctx, t)
	return t
}

// run sends the request and reads the response's head.
func (t *trip) run(m *message, key hostKey, out *policy.Outgoing) (*exchange.Response, error) {
	if m.expects {
		return t.runExpecting(m, key, out)
	}
	if m.stream != nil && m.length >= 0 && m.length <= smallStream {
		if err := m.collect(t.ctx); err != nil {
			return nil, sourceFailure(err)
		}
	}
	sendErr := t.write(m, key, out)
	if sendErr != nil && t.conn == nil {
		return nil, sendErr
	}
	if sendErr == nil && m.large() {
		t.upload = startUpload(t, m)
		m.stream = nil // the upload closes it
	}
	err := t.readResponse(out)
	switch {
	case err != nil && sendErr != nil:
		return nil, sendErr
	case err != nil:
		return nil, err
	case sendErr != nil:
		t.framing.keepAlive = false
	}
	return t.deliver(), nil
}

// write gets a connection and writes the message's bytes. If it fails with a
// connection still there, some bytes were written: the backend may have
// answered before it stopped reading.
func (t *trip) write(m *message, key hostKey, out *policy.Outgoing) error {
	for {
		c, err := t.connect(key, out)
		if err != nil {
			return err
		}
		n, err := c.send(m)
		if err == nil {
			return nil
		}
		if n > 0 {
			return backendFailure(messageSend, err)
		}
		t.drop()
		if !c.reused {
			return backendFailure(messageSend, err)
		}
		// Not a byte went out: a connection that broke while idle, and the
		// request can safely go over another one.
		t.call.Connecting(func(made *exchange.CallConnection) { *made = exchange.CallConnection{} })
	}
}

// connect takes an idle connection, or opens one.
func (t *trip) connect(key hostKey, out *policy.Outgoing) (*backendConn, error) {
	c := t.upstream.pool.take(key)
	if c == nil {
		conn, err := t.upstream.open(hosts.Watch(t.ctx, t.call), key, out.Certificate)
		if err != nil {
			return nil, err
		}
		c = newBackendConn(conn, key)
	}
	if c.call = t.call; c.call != nil {
		c.call.Connected(c.RemoteAddr().String(), "HTTP/1.1", c.reused)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.aborted {
		c.Close()
		return nil, context.Cause(t.ctx)
	}
	t.conn = c
	return c, nil
}

// drop closes the connection and forgets it.
func (t *trip) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conn.Close()
	t.conn = nil
}

// End is part of [exchange.Ender]: ctx has ended. Closing a connection may take a while, for
// TLS says goodbye.
func (t *trip) End(error) { go t.abort() }

// abort breaks off what is under way.
func (t *trip) abort() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.aborted = true
	if t.conn != nil {
		t.conn.Close()
	}
}

// abandon ends a trip that got no response. An upload finds the connection
// closed.
func (t *trip) abandon() {
	t.attached.Detach()
	t.abort()
}

// readResponse reads up to the final response's head.
func (t *trip) readResponse(out *policy.Outgoing) error {
	for skipped := 0; ; skipped++ {
		head, err := t.readHead()
		if err != nil {
			return err
		}
		if !isInformational(head.status) {
			return t.accept(head, out)
		}
		if skipped == maxInformational {
			return t.receiveFailure(badHeader("there are more than %d interim responses", maxInformational), true)
		}
		if t.call != nil {
			t.call.Note(fmt.Sprintf("The interim response %d was skipped.", head.status))
		}
	}
}

func (t *trip) readHead() (responseHead, error) {
	text, err := readLines(t.conn.reader, t.conn.head)
	t.conn.head = text
	if err != nil {
		return responseHead{}, t.receiveFailure(err, len(text) > 0)
	}
	head, err := parseHead(string(text))
	reuse(text)
	if err != nil {
		return responseHead{}, t.receiveFailure(err, true)
	}
	return head, nil
}

// receiveFailure is the error of a response that did not come, or not whole;
// started tells that a byte of it had come. If the request's own stream failed,
// that is why.
func (t *trip) receiveFailure(err error, started bool) *policy.SendError {
	if t.upload != nil {
		if err := t.upload.sourceError(); err != nil {
			return sourceFailure(err)
		}
	}
	return receiveFailure(err, t.conn.reused && !started)
}

// accept makes the response of a final head.
func (t *trip) accept(head responseHead, out *policy.Outgoing) error {
	if head.status == http.StatusSwitchingProtocols {
		return t.receiveFailure(badStatusLine("the backend switches protocols, which it was not asked for"), true)
	}
	f, err := head.framing(out.Method)
	if err != nil {
		return t.receiveFailure(err, true)
	}
	t.framing = f
	h := exchange.NewHeader(head.fields...)
	fields := dropConnectionLines(head.fields, connectionOptionsOf(&h))
	t.response = exchange.Response{Status: head.status, Reason: head.reason, Header: exchange.NewHeader(fields...)}
	if t.call != nil {
		t.call.Answered(head.status, head.reason, t.response.Header.Fields())
	}
	return nil
}

// deliver gives the response its body. One that has come already, whole, is
// taken into memory, and the connection is free.
func (t *trip) deliver() *exchange.Response {
	switch t.framing.kind {
	case noBody:
		t.finish(io.EOF)
	case sized:
		t.remaining = t.framing.length
		if t.remaining > int64(t.conn.reader.Buffered()) {
			t.response.Body = exchange.StreamBody(t, t.remaining)
			break
		}
		data := make([]byte, t.remaining)
		io.ReadFull(t.conn.reader, data)
		t.finish(io.EOF)
		t.response.Body = exchange.BytesBody(data)
	case chunked:
		t.chunks.r = t.conn.reader
		t.response.Body = exchange.StreamBody(t, -1)
	case untilClose:
		t.response.Body = exchange.StreamBody(t, -1)
	}
	return &t.response
}
