package edge

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// accept takes connections until the listener is closed.
func (s *Server) accept(l net.Listener, secure bool) error {
	const shortest, longest = 5 * time.Millisecond, time.Second
	pause := shortest
	for {
		conn, err := l.Accept()
		if err != nil {
			var temporary interface{ Temporary() bool }
			switch {
			case s.stopping.Load():
				return http.ErrServerClosed
			case !errors.As(err, &temporary) || !temporary.Temporary(): // too many open files, say
				return err
			}
			s.config.Log.Warn("accepting a connection failed", "error", err, "again", pause)
			exchange.Sleep(s.context, exchange.System, pause)
			pause = min(2*pause, longest)
			continue
		}
		pause = shortest
		go s.begin(conn, secure)
	}
}

// begin serves a connection.
func (s *Server) begin(conn net.Conn, secure bool) {
	if !secure {
		s.serveFront(newFrontConn(s, conn, nil))
		return
	}
	shaken, err := s.shake(conn)
	if err != nil {
		conn.Close()
		return
	}
	state := shaken.ConnectionState()
	if state.NegotiatedProtocol == "h2" {
		s.handed.give(shaken)
		return
	}
	s.serveFront(newFrontConn(s, shaken, &state))
}

// shake does the TLS handshake.
func (s *Server) shake(conn net.Conn) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(s.context, s.config.ReadHeaderTimeout)
	defer cancel()
	shaken := tls.Server(conn, s.http.TLSConfig)
	err := shaken.HandshakeContext(ctx)
	if err == nil {
		return shaken, nil
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) && record.Conn != nil && speaksHTTP(record.RecordHeader) {
		io.WriteString(record.Conn, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
	}
	if s.stopping.Load() {
		return nil, err // it was cut short
	}
	s.config.Log.Warn("a TLS handshake failed", "client", conn.RemoteAddr().String(), "error", err)
	return nil, err
}

// speaksHTTP reports whether what should have begun a handshake begins a request.
func speaksHTTP(begin [5]byte) bool {
	switch string(begin[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "PATCH", "DELET":
		return true
	}
	return false
}

// serveFront serves a connection that Shutdown and Close know of.
func (s *Server) serveFront(c *frontConn) {
	s.mu.Lock()
	if s.stopping.Load() {
		s.mu.Unlock()
		c.conn.Close()
		return
	}
	s.fronts[c] = struct{}{}
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.fronts, c)
	}()
	c.serve()
}

// stop has no new connection or request begin. Connections that wait for a request end;
// with all, the others do as well.
func (s *Server) stop(all bool) {
	s.mu.Lock()
	s.stopping.Store(true)
	s.mu.Unlock()
	s.closeListeners() // before a client can see that its connection ends
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.fronts {
		if all || !c.busy.Load() {
			c.conn.Close()
		}
	}
}
