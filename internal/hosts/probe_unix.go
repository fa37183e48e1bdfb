//go:build unix

package hosts

import (
	"net"
	"syscall"
)

// isSocket reports whether conn adds nothing to a socket.
func isSocket(conn net.Conn) bool {
	_, ok := conn.(*net.TCPConn)
	return ok
}

// write writes what the socket takes at once.
func write(fd uintptr, b []byte) (int, error) {
	for {
		switch n, err := syscall.Write(int(fd), b); err {
		case nil:
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, nil
		default:
			return 0, err
		}
	}
}

// peek says what is waiting on a socket.
func peek(fd uintptr) error {
	var b [1]byte
	for {
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN || err == syscall.EWOULDBLOCK:
			return nil
		case err != nil:
			return err
		case n == 0:
			return errClosedByPeer
		}
		return errStrayBytes
	}
}
