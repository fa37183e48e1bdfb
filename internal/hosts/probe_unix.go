//go:build unix

package hosts

import "syscall"

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
