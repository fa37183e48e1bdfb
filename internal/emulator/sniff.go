package emulator

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// splitListener serves TLS and plain HTTP on one port: the parties' port speaks
// TLS for Entra ID and Azure OpenAI, plain HTTP for managed identity. A
// connection's first byte tells which.
type splitListener struct {
	net.Listener
	config *tls.Config

	ready   chan net.Conn
	done    chan struct{}
	closing sync.Once
}

// helloTimeout is how long a client may take to send its first byte.
const helloTimeout = 10 * time.Second

// tlsHandshake is the first byte of a TLS connection (RFC 8446 section 5.1).
const tlsHandshake = 0x16

func newSplitListener(l net.Listener, config *tls.Config) *splitListener {
	s := &splitListener{Listener: l, config: config, ready: make(chan net.Conn), done: make(chan struct{})}
	go s.accept()
	return s
}

func (s *splitListener) accept() {
	for {
		conn, err := s.Listener.Accept()
		if err != nil {
			s.closing.Do(func() { close(s.done) })
			return
		}
		go s.sniff(conn)
	}
}

func (s *splitListener) sniff(conn net.Conn) {
	r := bufio.NewReaderSize(conn, 16)
	_ = conn.SetReadDeadline(wallClock().Add(helloTimeout))
	first, err := r.Peek(1)
	if err != nil {
		conn.Close()
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	conn = &peekedConn{Conn: conn, reader: r}
	if first[0] == tlsHandshake {
		conn = tls.Server(conn, s.config)
	}
	select {
	case s.ready <- conn:
	case <-s.done:
		conn.Close()
	}
}

// Accept gives the next connection whose kind is known.
func (s *splitListener) Accept() (net.Conn, error) {
	select {
	case conn := <-s.ready:
		return conn, nil
	case <-s.done:
		return nil, net.ErrClosed
	}
}

// Close stops listening.
func (s *splitListener) Close() error {
	s.closing.Do(func() { close(s.done) })
	return s.Listener.Close()
}

type peekedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (c *peekedConn) Read(b []byte) (int, error) { return c.reader.Read(b) }
