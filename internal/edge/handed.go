package edge

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
)

// handedConn is a connection whose first bytes were read before it went over to net/http.
type handedConn struct {
	net.Conn
	unread []byte
	tls    *tls.ConnectionState // nil: without TLS
}

func (c *handedConn) Read(p []byte) (int, error) {
	if len(c.unread) > 0 {
		n := copy(p, c.unread)
		if c.unread = c.unread[n:]; len(c.unread) == 0 {
			c.unread = nil
		}
		return n, nil
	}
	return c.Conn.Read(p)
}

// CloseWrite is what net/http asks for to end a connection gently.
func (c *handedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}

type handedKey struct{}

// withHanded keeps what net/http can't see of a handed connection.
func withHanded(ctx context.Context, c net.Conn) context.Context {
	if h, ok := c.(*handedConn); ok && h.tls != nil {
		return context.WithValue(ctx, handedKey{}, h.tls)
	}
	return ctx
}

// handedTLS is the TLS state of a request's connection that net/http can't see.
func handedTLS(ctx context.Context) *tls.ConnectionState {
	state, _ := ctx.Value(handedKey{}).(*tls.ConnectionState)
	return state
}

// handedConns is the listener from which net/http accepts the connections that are handed
// to it.
type handedConns struct {
	address net.Addr
	conns   chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

func newHandedConns(address net.Addr) *handedConns {
	return &handedConns{address: address, conns: make(chan net.Conn), closed: make(chan struct{})}
}

// give hands a connection over, or closes it if net/http takes none any more.
func (h *handedConns) give(c net.Conn) {
	select {
	case h.conns <- c:
	case <-h.closed:
		c.Close()
	}
}

// Accept is part of net.Listener.
func (h *handedConns) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (h *handedConns) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

// Addr is part of net.Listener.
func (h *handedConns) Addr() net.Addr { return h.address }
