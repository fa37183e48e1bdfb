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
	for {
		wrapped, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = wrapped.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return fmt.Errorf("a %T is no socket, so whether it is still usable cannot be told", conn)
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	var waiting error
	// Control, not Read: Read would queue up behind another reader and give the
	// error of a deadline that has passed.
	if err := raw.Control(func(fd uintptr) { waiting = peek(fd) }); err != nil {
		return err
	}
	return waiting
}
