package hosts

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// tunnel connects the client of a CONNECT request to an address, until both
// sides are done, one of them breaks, nothing has moved for TunnelIdleTimeout,
// or the request's context ends.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request, address string) {
	party, err := connect(r.Context(), onThisMachine(address))
	if err != nil {
		answerUnreachable(w, r, err)
		return
	}
	defer party.Close()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, http.StatusInternalServerError, fmt.Sprintf("%q: %v", r.URL.Host, err))
		return
	}
	defer client.Close()

	s := &splice{client: client, party: party, stillUsed: func() {
		deadline := p.clock.Now().Add(TunnelIdleTimeout)
		client.SetDeadline(deadline)
		party.SetDeadline(deadline)
	}}
	s.stillUsed()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	defer context.AfterFunc(r.Context(), s.cut)()

	// The client need not wait for the 200: its first bytes may be in the
	// server's buffer. The rest comes from the connection itself, since the
	// buffer's reader ends the request's context when the client's side ends.
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	var upward sync.WaitGroup
	upward.Go(func() { s.copy(party, io.MultiReader(bytes.NewReader(early), client)) })
	s.copy(client, party)
	upward.Wait()
}

// A splice is the two connections of a tunnel.
type splice struct {
	client, party net.Conn
	stillUsed     func() // puts the idle deadline off; both ways count
}

// copy moves bytes one way until that way ends; the other way may go on.
func (s *splice) copy(to net.Conn, from io.Reader) {
	_, err := io.Copy(to, readerFunc(func(b []byte) (int, error) {
		n, err := from.Read(b)
		if n > 0 {
			s.stillUsed()
		}
		return n, err
	}))
	if err == nil {
		err = closeWrite(to)
	}
	if err != nil {
		s.cut()
	}
}

func (s *splice) cut() {
	s.client.Close()
	s.party.Close()
}

func closeWrite(conn net.Conn) error {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return conn.Close()
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
