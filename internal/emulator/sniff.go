package emulator

import (
	"bufio"
	"context"
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

	ready  chan net.Conn
	failed chan error
	open   context.Context // until Close
	close  context.CancelFunc
	group  sync.WaitGroup // accept, and a sniff for each connection that is silent yet
}

// helloTimeout is how long a client may take to send its first byte.
const helloTimeout = 10 * time.Second

// tlsHandshake is the first byte of a TLS connection (RFC 8446 section 5.1).
const tlsHandshake = 0x16

func newSplitListener(l net.Listener, config *tls.Config) *splitListener {
	s := &splitListener{Listener: l, config: config, ready: make(chan net.Conn), failed: make(chan error)}
	s.open, s.close = context.WithCancel(context.Background())
	s.group.Go(s.accept)
	return s
}

// accept hands errors on: the server that calls Accept knows which of them pass,
// and waits before it asks again.
func (s *splitListener) accept() {
	for {
		conn, err := s.Listener.Accept()
		if err == nil {
			s.group.Go(func() { s.sniff(conn) })
			continue
		}
		select {
		case s.failed <- err:
		case <-s.open.Done():
			return
		}
	}
}

func (s *splitListener) sniff(conn net.Conn) {
	stop := context.AfterFunc(s.open, func() { conn.Close() })
	r := bufio.NewReaderSize(conn, 16)
	_ = conn.SetReadDeadline(wallClock().Add(helloTimeout))
	first, err := r.Peek(1)
	if !stop() || err != nil {
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
	case <-s.open.Done():
		conn.Close()
	}
}

// Accept gives the next connection whose kind is known.
func (s *splitListener) Accept() (net.Conn, error) {
	select {
	case conn := <-s.ready:
		return conn, nil
	case err := <-s.failed:
		return nil, err
	case <-s.open.Done():
		return nil, net.ErrClosed
	}
}

// Close stops listening and closes the connections that have sent nothing yet.
func (s *splitListener) Close() error {
	s.close()
	err := s.Listener.Close()
	s.group.Wait()
	return err
}

type peekedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (c *peekedConn) Read(b []byte) (int, error) { return c.reader.Read(b) }
