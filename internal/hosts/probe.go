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

// Probe tells whether a connection that sat idle between two requests can carry
// another: nil if nothing is waiting on it. Bytes are as bad as an end, since no
// answer is due; a TLS connection ends with bytes, its close notification. Probe
// takes nothing from the connection and doesn't wait.
//
// Of a TLS connection that has not been read from since the handshake it may say
// that bytes are waiting: the server's session tickets.
func Probe(conn net.Conn) error {
	p, err := NewProber(conn)
	if err != nil {
		return err
	}
	return p.Probe()
}

// A Prober is [Probe] for one connection again and again. One goroutine at a time may use
// it.
type Prober struct {
	raw     syscall.RawConn
	look    func(fd uintptr)
	waiting error
}

// NewProber makes one; the error says why the connection can't be probed.
func NewProber(conn net.Conn) (*Prober, error) {
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
	p := &Prober{raw: raw}
	p.look = func(fd uintptr) { p.waiting = peek(fd) }
	return p, nil
}

// Probe is [Probe] of the connection.
func (p *Prober) Probe() error {
	// Control, not Read: Read would queue up behind another reader and give the
	// error of a deadline that has passed.
	if err := p.raw.Control(p.look); err != nil {
		return err
	}
	return p.waiting
}
