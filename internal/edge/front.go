package edge

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// A frontConn is a client's connection as long as its requests are ordinary ones (see
// [ordinary]): read, handled and answered in one goroutine. At the first that is not, the
// connection goes over to net/http, with every byte of that request.
type frontConn struct {
	server *Server
	conn   net.Conn
	tls    *tls.ConnectionState // nil: without TLS
	ip     string               // the client's

	in      []byte // what was read and not yet used is in[at:]
	at      int
	watch   watcher
	busy    atomic.Bool // a request is under way
	out     frontWriter
	pending int64 // bytes of the request's body that are still on the connection

	patience time.Time // the read deadline that wait has set; zero: none
	here     string    // a host that the gateway serves
}

// Sizes of a connection's memory, in bytes.
const (
	readBuffer = 4 << 10
	// maxOrdinaryHead is the largest head that is read here.
	maxOrdinaryHead = 32 << 10
	// maxDiscard is how much of a body that nobody wanted is read to keep the connection.
	maxDiscard = 256 << 10
)

func newFrontConn(s *Server, conn net.Conn, state *tls.ConnectionState) *frontConn {
	c := &frontConn{server: s, conn: conn, tls: state, ip: clientIP(conn.RemoteAddr().String())}
	c.out.c = c
	c.watch.init(c)
	return c
}

// serve answers requests until the connection ends or goes over to net/http.
func (c *frontConn) serve() {
	defer func() {
		if v := recover(); v != nil {
			c.server.config.Log.Error("serving a connection failed", "panic", v, slog.String("stack", string(debug.Stack())))
			c.conn.Close()
		}
	}()
	for first := true; ; first = false {
		q, err := c.next(first)
		switch {
		case err == errNotOrdinary:
			c.handOver()
			return
		case err != nil:
			c.conn.Close()
			return
		}
		again := c.answer(q)
		c.busy.Store(false)
		if !again || c.server.stopping.Load() {
			c.conn.Close()
			return
		}
	}
}

// errNotOrdinary says that a request is net/http's to read.
var errNotOrdinary = errors.New("not an ordinary request")

// next reads a request's head. Its bytes are used up only if it is an ordinary one.
func (c *frontConn) next(first bool) (*frontRequest, error) {
	started := c.at < len(c.in)
	if !started {
		c.in, c.at = c.in[:0], 0
		if cap(c.in) > readBuffer {
			c.in = nil
		}
		wait := c.server.config.IdleTimeout
		if first {
			wait = c.server.config.ReadHeaderTimeout
		}
		c.wait(wait)
	}
	hurried := first && !started // the head's own bound is set
	passed := false              // what may stand before a request
	for {
		if started && !passed {
			passed = c.passEmptyLine()
			started = c.at < len(c.in)
		}
		if started && passed {
			c.busy.Store(true)
			head := c.in[c.at:]
			if end := bytes.Index(head, headEnd); end >= 0 {
				q := readOrdinary(string(head[:end+len("\r\n")]))
				if q == nil || !c.isHere(q.host) {
					return nil, errNotOrdinary
				}
				c.at += end + len(headEnd)
				reuse(head[:end+len(headEnd)])
				return q, nil
			}
			if len(head) >= maxOrdinaryHead || !mayBecomeOrdinary(head) {
				return nil, errNotOrdinary
			}
		}
		if started && !hurried {
			hurried = true
			c.wait(c.server.config.ReadHeaderTimeout)
		}
		n, err := c.fill()
		switch {
		case n > 0:
			started = true
		case err == io.EOF && started:
			return nil, errNotOrdinary // what is missing is net/http's to say
		case err != nil:
			return nil, err
		}
	}
}

// wait bounds the reads to come: to d, or to a little more where the deadline that is set
// already is good for that. So a connection that is used all the time does not set it for
// each request.
func (c *frontConn) wait(d time.Duration) {
	now, slack := exchange.System.Now(), d/8
	if left := c.patience.Sub(now); left < d || left > d+slack {
		c.patience = now.Add(d + slack)
		c.conn.SetReadDeadline(c.patience)
	}
}

// waitForever takes the bound away, for who reads while a request is under way.
func (c *frontConn) waitForever() {
	if !c.patience.IsZero() {
		c.patience = time.Time{}
		c.conn.SetReadDeadline(c.patience)
	}
}

var headEnd = []byte("\r\n\r\n")

// passEmptyLine passes over an empty line before a request, which some clients send
// behind a body (RFC 9112 section 2.2). done tells that it is known whether there is one.
func (c *frontConn) passEmptyLine() (done bool) {
	begun := c.in[c.at:]
	if len(begun) == 1 && begun[0] == '\r' {
		return false
	}
	if bytes.HasPrefix(begun, headEnd[:2]) {
		c.at += 2
	}
	return true
}

// fill reads what there is, once.
func (c *frontConn) fill() (int, error) {
	if len(c.in) == cap(c.in) {
		grown := make([]byte, len(c.in)-c.at, max(readBuffer, 2*cap(c.in)))
		copy(grown, c.in[c.at:])
		c.in, c.at = grown, 0
	}
	n, err := c.conn.Read(c.in[len(c.in):cap(c.in)])
	c.in = c.in[:len(c.in)+n]
	return n, err
}

// handOver gives the connection to net/http.
func (c *frontConn) handOver() {
	c.waitForever()
	unread := c.in[c.at:]
	head, _, whole := bytes.Cut(unread, headEnd)
	alone := whole && !bytes.Contains(bytes.ToLower(head), []byte("content-length"))
	c.server.handed.give(&handedConn{Conn: c.conn, unread: unread, tls: c.tls, chunksAlone: alone})
}

// answer takes a request through the gateway; again tells that the connection can carry
// another one.
func (c *frontConn) answer(q *frontRequest) (again bool) {
	s := c.server
	defer q.life.End(context.Canceled)
	x := &q.x
	s.fill(x, &q.life, q.method, q.header, c.ip, c.tls)
	var body *clientBody
	if c.pending = q.length; q.length > 0 {
		c.waitForever()
		body = s.streamBody(x, &q.life, (*frontBody)(c), (*frontBody)(c), q.length)
	}
	refused := s.admit(x, c.tls != nil, q.host, q.target, q.length)
	c.out.begin(q.closing || s.stopping.Load())
	c.watch.begin(&q.life)
	q.answer = answer{out: &c.out, life: &q.life, x: x, toHEAD: q.method == "HEAD", body: body}
	whole := s.serve(&q.answer, refused)
	alive := c.watch.end()
	if err := c.out.end(whole); err != nil || !whole || !alive {
		return false
	}
	if c.out.closing {
		c.linger()
		return false
	}
	return c.discardBody()
}

// discardBody reads what nobody wanted of the request's body, so that the next request
// can follow.
func (c *frontConn) discardBody() bool {
	if c.pending == 0 {
		return true
	}
	c.wait(c.server.config.ReadHeaderTimeout)
	n, err := io.Copy(io.Discard, io.LimitReader((*frontBody)(c), maxDiscard))
	return err == nil && n <= maxDiscard && c.pending == 0
}

// linger lets a client that still sends read its response before the connection ends:
// closing at once could make its system throw the response away.
func (c *frontConn) linger() {
	if half, ok := c.conn.(interface{ CloseWrite() error }); ok && c.pending > 0 {
		half.CloseWrite()
		c.conn.SetReadDeadline(exchange.System.Now().Add(lingerTime))
		io.Copy(io.Discard, c.conn)
	}
}

// isHere reports whether requests to a host are the gateway's. Most of a connection are to
// the same one.
func (c *frontConn) isHere(host string) bool {
	route := c.server.config.Route
	if route == nil || host == c.here {
		return true
	}
	if route(host) != nil {
		return false
	}
	c.here = strings.Clone(host)
	return true
}

// frontBody reads the body of a connection's request.
type frontBody frontConn

func (b *frontBody) Read(p []byte) (int, error) {
	if b.pending == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.pending {
		p = p[:b.pending]
	}
	var n int
	var err error
	if b.at < len(b.in) {
		n = copy(p, b.in[b.at:])
		reuse(b.in[b.at : b.at+n])
		b.at += n
	} else if n, err = b.conn.Read(p); err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if b.pending -= int64(n); b.pending == 0 {
		b.watch.unblock()
		return n, io.EOF
	}
	return n, err
}

// Close is part of io.ReadCloser; what is left of the body is the connection's.
func (b *frontBody) Close() error { return nil }

// EnableFullDuplex is part of bodyControl: it always is.
func (b *frontBody) EnableFullDuplex() error { return nil }

// SetReadDeadline is part of bodyControl.
func (b *frontBody) SetReadDeadline(t time.Time) error { return b.conn.SetReadDeadline(t) }
