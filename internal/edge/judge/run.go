package judge

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// patience is how long a row waits for what has to come.
const patience = 10 * time.Second

// An Edge is what is judged, before a backend.
type Edge struct {
	// Addr is where it takes requests over HTTP/1.1 without TLS. All of them go on
	// to the backend, with their own path.
	Addr net.Addr
	// Adds names header lines that it adds to requests, in lower case.
	Adds []string
	// Close ends it, with all its connections.
	Close func()
}

// Start makes an edge before a backend.
type Start func(t testing.TB, backend *net.TCPAddr) Edge

// Run judges by the rows, each with an edge of its own. deviates names those that
// the edge is known not to hold, with the reason; such a row fails the test when it
// does hold.
func Run(t *testing.T, rows []*Row, start Start, deviates map[string]string) {
	known := 0
	for _, row := range rows {
		reason, deviating := deviates[row.Name]
		if deviating {
			known++
		}
		t.Run(row.Name, func(t *testing.T) {
			switch err := row.run(t, start); {
			case deviating && err == nil:
				t.Errorf("%s: the row holds; take it off the list of those that don't (%s)", row.file, reason)
			case !deviating && err != nil:
				t.Errorf("%s: row %s, %v", row.file, row.Name, err)
			}
		})
	}
	if known != len(deviates) {
		t.Errorf("%d rows are said not to hold, %d of them are there", len(deviates), known)
	}
}

// run lets the row happen, and then looks whether that was all.
func (row *Row) run(t *testing.T, start Start) error {
	backend, err := NewBackend()
	if err != nil {
		return err
	}
	defer backend.Close()
	edge := start(t, backend.Addr())
	c := &conversation{edge: edge, backend: backend}
	err = c.happen(row)
	edge.Close()
	surplus := backend.drain(func(a *arrival) {
		if broken := c.uncalled(a); broken != nil && err == nil {
			err = fmt.Errorf("at its end: %w", broken)
		}
	})
	return errors.Join(err, surplus)
}

// conversation is a row under way.
type conversation struct {
	edge    Edge
	backend *Backend

	client     *net.TCPConn
	r          *bufio.Reader
	writer     writer
	slowly     bool
	halfClosed bool
	toHEAD     bool     // the next response is to HEAD
	response   *message // that the client gets

	arrival *arrival // what the backend has to do with
	request *message
	last    *net.TCPConn // the connection of the request before
	cutOff  bool         // a request may come that is cut off
}

// happen takes the steps. The error says at which line it went otherwise.
func (c *conversation) happen(row *Row) error {
	conn, err := net.Dial("tcp", c.edge.Addr.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(exchange.System.Now().Add(patience))
	c.client, c.r, c.writer = conn.(*net.TCPConn), bufio.NewReader(conn), writer{conn: conn}
	c.toHEAD = bytes.HasPrefix(row.Sent(), []byte("HEAD "))
	defer c.letGo()
	for _, s := range row.steps {
		if err := c.do(s); err != nil {
			return fmt.Errorf("line %d, %s: %w", s.line, s.verb, err)
		}
	}
	return nil
}

func (c *conversation) do(s step) error {
	switch s.verb {
	case "C>":
		c.writer.send(s.bytes, c.slowly)
	case "C: slowly":
		c.slowly = true
	case "C: half-closes":
		c.writer.wait()
		c.halfClosed = true
		return c.client.CloseWrite()
	case "C: vanishes":
		c.writer.wait()
		c.client.SetLinger(0)
		return c.client.Close()
	case "C<":
		return c.clientGets(s)
	case "C<cut":
		c.cutOff = true
		return c.meanwhile(func() error { return c.clientGetsStatus(s) })
	case "C<status":
		return c.meanwhile(func() error { return c.clientGetsStatus(s) })
	case "C: closed":
		if !c.halfClosed { // to be told at once if it is open
			c.writer.send([]byte(probe), false)
		}
		return c.meanwhile(func() error { return closed(c.r) })
	case "C: open":
		return c.clientOpen()
	case "B<":
		return c.backendGets(s)
	default:
		return c.backendDoes(s)
	}
	return nil
}

// backendDoes are the steps on the connection of the request that came last.
func (c *conversation) backendDoes(s step) error {
	if c.arrival == nil {
		return errors.New("no request has come to the backend")
	}
	a := c.arrival
	switch s.verb {
	case "B>":
		a.writer.send(s.bytes, false)
	case "B: opened", "B: reused":
		if reused := !a.first && a.conn == c.last; reused != (s.verb == "B: reused") {
			return fmt.Errorf("the request came over the connection of the one before: %t", reused)
		}
	case "B: closes":
		a.writer.wait()
		return a.conn.CloseWrite()
	case "B: resets":
		a.writer.wait()
		a.conn.SetLinger(0)
		return a.conn.Close()
	case "B: closed":
		return closed(a.r)
	}
	return nil
}

func (c *conversation) clientGets(s step) (err error) {
	if c.response == nil {
		if c.response, err = readMessage(c.r, c.toHEAD); err != nil {
			return fmt.Errorf("the client got no response: %w", err)
		}
		c.toHEAD = c.toHEAD && c.response.status() < 200
		want, err := readMessage(bufio.NewReader(bytes.NewReader(s.bytes)), true)
		if err != nil {
			return fmt.Errorf("the row's response is none: %w", err)
		}
		if got, want := compared(c.response, want, "date", "connection"); got != want {
			return fmt.Errorf("the client got\n%swant\n%s", got, want)
		}
		_, s.bytes, _ = bytes.Cut(s.bytes, []byte("\r\n\r\n"))
	}
	going, err := check(&c.response.body, s)
	if !going {
		c.response = nil
	}
	return err
}

func (c *conversation) clientGetsStatus(s step) error {
	response, err := readMessage(c.r, c.toHEAD)
	switch {
	case err == io.EOF && slices.Contains(s.statuses, 0):
		return nil
	case err != nil:
		return fmt.Errorf("the client got no response: %w", err)
	}
	if !slices.Contains(s.statuses, response.status()) {
		return fmt.Errorf("the client got %s; want one of %d", clip(response.start), s.statuses)
	}
	_, err = io.Copy(io.Discard, &response.body)
	if err != nil && !(response.body.untilEnd && errors.Is(err, syscall.ECONNRESET)) { // the client was still sending
		return fmt.Errorf("the response's body: %w", err)
	}
	return nil
}

func (c *conversation) backendGets(s step) (err error) {
	if c.request == nil {
		if err = c.await(); err != nil {
			return err
		}
		if c.request, err = readMessage(c.arrival.r, false); err != nil {
			return fmt.Errorf("what the backend got is no request: %w", err)
		}
		if hosts := c.request.values("host"); len(hosts) != 1 || hosts[0] != c.backend.Addr().String() {
			return fmt.Errorf("the Host lines are %q; want %s once", hosts, c.backend.Addr())
		}
		want, err := readMessage(bufio.NewReader(bytes.NewReader(s.bytes)), true)
		if err != nil {
			return fmt.Errorf("the row's request is none: %w", err)
		}
		if got, want := compared(c.request, want, append([]string{"host"}, c.edge.Adds...)...); got != want {
			return fmt.Errorf("the backend got\n%swant\n%s", got, want)
		}
		_, s.bytes, _ = bytes.Cut(s.bytes, []byte("\r\n\r\n"))
	}
	going, err := check(&c.request.body, s)
	if !going {
		c.request = nil
	}
	return err
}

// await waits for the next request.
func (c *conversation) await() error {
	c.letGo()
	impatient := make(chan struct{})
	stop := exchange.System.AfterFunc(patience, func() { close(impatient) })
	defer stop()
	select {
	case c.arrival = <-c.backend.arrivals:
		return nil
	case <-impatient:
		return errors.New("no request came to the backend")
	}
}

// letGo is done with the request that came last.
func (c *conversation) letGo() {
	if c.arrival == nil {
		return
	}
	c.last = c.arrival.conn
	if c.request != nil { // not read to its end
		c.arrival.drop()
	} else {
		c.arrival.release()
	}
	c.arrival, c.request = nil, nil
}

// meanwhile does what waits for the client's connection. A request that comes to the
// backend in the meantime is one too many.
func (c *conversation) meanwhile(wait func() error) error {
	done := make(chan error, 1)
	go func() { done <- wait() }()
	c.letGo()
	for {
		select {
		case err := <-done:
			return err
		case a := <-c.backend.arrivals:
			err := c.uncalled(a)
			a.drop()
			if err != nil {
				c.client.Close()
				<-done
				return err
			}
		}
	}
}

// uncalled is the error of a request that the row doesn't have, nil if the row has it
// that one is cut off, and it is.
func (c *conversation) uncalled(a *arrival) error {
	begun := head(a.r)
	if !c.cutOff {
		return fmt.Errorf("the backend got %s", begun)
	}
	m, err := readMessage(a.r, false)
	if err == nil {
		_, err = io.Copy(io.Discard, &m.body)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		return nil
	}
	return fmt.Errorf("the request %s should be cut off; it ended with %v", begun, err)
}

const probe = "GET /probe HTTP/1.1\r\nHost: gateway\r\n\r\n"

// clientOpen sends another request on the client's connection, which must be the
// next one that the backend gets.
func (c *conversation) clientOpen() error {
	noContent := []byte("HTTP/1.1 204 No Content\r\n\r\n")
	c.writer.send([]byte(probe), false)
	if err := c.backendGets(step{verb: "B<", bytes: []byte("GET /probe HTTP/1.1\r\n\r\n")}); err != nil {
		return fmt.Errorf("the connection takes no other request: %w", err)
	}
	c.arrival.writer.send(noContent, false)
	c.toHEAD = false
	return c.clientGets(step{verb: "C<", bytes: noContent})
}

// closed waits for the end of a connection, before which nothing may come.
func closed(r *bufio.Reader) error {
	b, err := r.ReadByte()
	switch {
	case err == nil:
		r.UnreadByte()
		return fmt.Errorf("the connection should be closed, but %s came", head(r))
	case errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET):
		return nil
	}
	return fmt.Errorf("the connection is not closed: %w (%q)", err, b)
}

// head is what has come of a message, for an error.
func head(r *bufio.Reader) string {
	r.Peek(1)
	begun, _ := r.Peek(r.Buffered())
	return clip(string(begun))
}

// compared gives two heads as texts, without some lines. How a body is framed is the
// edge's own choice, unless the row names its length.
func compared(got, want *message, without ...string) (string, string) {
	without = append(without, "transfer-encoding")
	// With 304 it may be there or not (RFC 9110 section 8.6).
	if len(want.values("content-length")) == 0 && (!got.bodiless || got.status() == http.StatusNotModified) {
		without = append(without, "content-length")
	}
	return got.text(without), want.text(without)
}

// text is a head's first line, of a response its status alone, and its lines.
func (m *message) text(without []string) string {
	var b strings.Builder
	if status := m.status(); status != 0 {
		fmt.Fprintf(&b, "%d\n", status)
	} else {
		fmt.Fprintln(&b, m.start)
	}
	for _, f := range m.fields {
		if name, _, _ := strings.Cut(f, ":"); !slices.Contains(without, name) {
			fmt.Fprintln(&b, clip(f))
		}
	}
	return b.String()
}

// check reads as much of the body as the step has, which must be the same, and
// then wants the ending. going says that more is to come.
func check(b *body, s step) (going bool, err error) {
	got := make([]byte, len(s.bytes))
	n, err := io.ReadFull(b, got)
	if len(got) > 0 && err != nil {
		return false, fmt.Errorf("the body ends with %w behind %s; want %s", err, clip(string(got[:n])), clip(string(s.bytes)))
	}
	if !bytes.Equal(got, s.bytes) {
		return false, fmt.Errorf("the body is %s; want %s", clip(string(got)), clip(string(s.bytes)))
	}
	if s.end == goesOn {
		return true, nil
	}
	n, err = b.Read(make([]byte, 1))
	cut := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
	switch {
	case n > 0:
		return false, fmt.Errorf("the body goes on behind %s", clip(string(got)))
	case s.end == cutOff && !cut:
		return false, fmt.Errorf("the message should be cut off behind %s; it ended with %v", clip(string(got)), err)
	case s.end == whole && err != io.EOF:
		return false, fmt.Errorf("the message should end behind %s; there is %w", clip(string(got)), err)
	}
	return false, nil
}
