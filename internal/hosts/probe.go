package hosts

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

var (
	errClosedByPeer = errors.New("the other side closed the connection")
	errStrayBytes   = errors.New("the other side sent bytes that nobody asked for")
)

// A Prober tells whether a connection that sat idle between two requests can carry
// another, again and again. One goroutine at a time may use it.
type Prober struct {
	conn    net.Conn
	raw     syscall.RawConn
	look    func(fd uintptr)
	waiting error // what look found

	// Of Ask, where conn is the socket itself and may be used beside Go's own calls.
	ask     func(fd uintptr) (done bool) // nil: it may not
	asked   bool
	request []byte
	written int
	failed  error
}

// NewProber makes one; the error says why the connection can't be probed.
func NewProber(conn net.Conn) (*Prober, error) {
	p := &Prober{conn: conn}
	if isSocket(conn) {
		p.ask = p.step
	}
	for {
		wrapped, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = wrapped.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("a %T is no socket, so whether it is still usable cannot be told", conn)
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil, err
	}
	p.raw = raw
	p.look = func(fd uintptr) { p.waiting = peek(fd) }
	return p, nil
}

// Probe gives nil if nothing is waiting on the connection. Bytes are as bad as an end, since
// no answer is due; a TLS connection ends with bytes, its close notification. It takes
// nothing from the connection and doesn't wait.
//
// Of a TLS connection that has not been read from since the handshake it may say that bytes
// are waiting: the server's session tickets.
func (p *Prober) Probe() error {
	// Control, not Read: Read would queue up behind another reader and give the
	// error of a deadline that has passed.
	if err := p.raw.Control(p.look); err != nil {
		return err
	}
	return p.waiting
}

// Ask is [Prober.Probe], and if that finds nothing, a Write of a request whole. It may wait
// until an answer comes, so that who reads it then finds it there: that spares a system call
// in vain for each request.
func (p *Prober) Ask(request []byte) (n int, err error) {
	if p.ask == nil {
		if err := p.Probe(); err != nil {
			return 0, err
		}
		return p.conn.Write(request)
	}
	p.asked, p.request, p.written, p.failed = false, request, 0, nil
	err = p.raw.Read(p.ask)
	p.request = nil
	switch {
	case p.failed != nil:
		return p.written, p.failed
	case !p.asked:
		return 0, err
	case p.written < len(request):
		n, err = p.conn.Write(request[p.written:])
		return p.written + n, err
	}
	return p.written, nil // should the connection have ended since, reading tells
}

// step is called with the connection's events taken back, and again when there is one. So
// what comes before it looks is found, and what comes afterwards is an event.
func (p *Prober) step(fd uintptr) (done bool) {
	if p.asked {
		return true
	}
	p.asked = true
	if p.failed = peek(fd); p.failed != nil {
		return true
	}
	p.written, p.failed = write(fd, p.request)
	return p.failed != nil || p.written < len(p.request)
}
