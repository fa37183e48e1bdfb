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
	// chunksAlone says of the first request that no Content-Length stands in its head.
	chunksAlone bool
}

// tookChunksAlone tells it of the request that is first to ask, and is false for those
// that follow, whose heads only net/http has seen.
func (c *handedConn) tookChunksAlone() (alone bool) {
	if c != nil {
		alone, c.chunksAlone = c.chunksAlone, false
	}
	return alone
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
	if h, ok := c.(*handedConn); ok {
		return context.WithValue(ctx, handedKey{}, h)
	}
	return ctx
}

// handedOf is the handed connection of a request; nil if it is none.
func handedOf(ctx context.Context) *handedConn {
	h, _ := ctx.Value(handedKey{}).(*handedConn)
	return h
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
