package hosts

import (
	"errors"
	"fmt"
	"net"
	"unsafe"

	"golang.org/x/sys/windows"
)

// pollFD is WSAPOLLFD, and the events are winsock2.h's.
type pollFD struct {
	socket   windows.Handle
	events   int16
	returned int16
}

const (
	pollReadNormal = 0x0100
	pollReadBand   = 0x0200
	pollHangUp     = 0x0002
)

var wsaPoll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// peek says what is waiting on a socket. Go's sockets block on Windows, where
// recv has no flag against it, so it asks WSAPoll with no time to wait.
func peek(fd uintptr) error {
	if err := wsaPoll.Find(); err != nil {
		return err
	}
	socket := pollFD{socket: windows.Handle(fd), events: pollReadNormal | pollReadBand}
	const one, noWait = 1, 0
	ready, _, err := wsaPoll.Call(uintptr(unsafe.Pointer(&socket)), one, noWait)
	switch {
	case int32(ready) < 0:
		return fmt.Errorf("WSAPoll: %w", err)
	case ready == 0:
		return nil
	case socket.returned&(pollReadNormal|pollReadBand) != 0 && socket.returned&pollHangUp == 0:
		return errStrayBytes
	}
	return errClosedByPeer
}

// isSocket: Go's sockets wait in calls of their own on Windows.
func isSocket(net.Conn) bool { return false }

func write(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
