package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"runtime"
	"syscall"
	"time"
)

// A loop is the clients and the backend of a measurement in one thread: sockets that don't
// block, one epoll, prepared bytes. So one core is enough to keep a proxy on another busy;
// Go's own network poller and its goroutines would cost more than a fast proxy does.
type loop struct {
	epoll      int
	listener   int
	port       int
	conns      []*conn // by file descriptor
	streams    []*conn // backend connections that send events
	nextStream int     // whose turn it is
	buffer     []byte
	events     [256]syscall.EpollEvent

	// keepHead has the backend keep the last request it got in lastHead.
	keepHead bool
	lastHead []byte

	// Of the measurement under way.
	load *load
	err  error
}

// conn is one connection, of a client if load is set, else of the backend.
type conn struct {
	fd      int
	client  bool
	partial []byte // what has come of an incomplete head

	// A client's.
	sent     time.Time
	waiting  bool // for an answer
	left     int  // bytes of its body still to come
	streamed bool // the answer is a stream

	// A backend's.
	due   time.Time     // when the next event is to be sent, if every is set
	every time.Duration // 0: when one has arrived
}

func newLoop() (*loop, error) {
	runtime.LockOSThread() // never unlocked: the thread is the loop's
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		return nil, err
	}
	l := &loop{epoll: epoll, buffer: make([]byte, 256<<10)}
	if l.listener, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0); err != nil {
		return nil, err
	}
	if err := syscall.Bind(l.listener, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, err
	}
	if err := syscall.Listen(l.listener, 1024); err != nil {
		return nil, err
	}
	name, err := syscall.Getsockname(l.listener)
	if err != nil {
		return nil, err
	}
	l.port = name.(*syscall.SockaddrInet4).Port
	return l, l.watch(l.listener, syscall.EPOLLIN)
}

// backend is the backend's address.
func (l *loop) backend() string { return fmt.Sprintf("127.0.0.1:%d", l.port) }

func (l *loop) watch(fd int, events uint32) error {
	return syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd)})
}

// add takes a connection's socket in.
func (l *loop) add(c *conn) error {
	// A connection that can't be set so is slower, which the rows would tell.
	_ = syscall.SetsockoptInt(c.fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	for len(l.conns) <= c.fd {
		l.conns = append(l.conns, nil)
	}
	l.conns[c.fd] = c
	return l.watch(c.fd, syscall.EPOLLIN|syscall.EPOLLRDHUP)
}

// dial opens a client's connection.
func (l *loop) dial(address string) (*conn, error) {
	a, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return nil, err
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	to := &syscall.SockaddrInet4{Port: a.Port}
	copy(to.Addr[:], a.IP.To4())
	if err := syscall.Connect(fd, to); err != nil {
		syscall.Close(fd)
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	c := &conn{fd: fd, client: true}
	return c, l.add(c)
}

func (l *loop) close(c *conn) {
	if l.conns[c.fd] != c {
		return
	}
	l.conns[c.fd] = nil
	syscall.Close(c.fd)
	for i, s := range l.streams {
		if s == c {
			l.streams = append(l.streams[:i], l.streams[i+1:]...)
			break
		}
	}
}

// turn waits for what happens next, at most so long, and deals with it.
func (l *loop) turn(most time.Duration) error {
	if len(l.streams) > 0 {
		most = min(most, l.sendEvents())
	}
	n, err := syscall.EpollWait(l.epoll, l.events[:], int((most+time.Millisecond-1)/time.Millisecond))
	if err != nil && err != syscall.EINTR {
		return err
	}
	for _, e := range l.events[:max(n, 0)] {
		fd := int(e.Fd)
		if fd == l.listener {
			l.accept()
			continue
		}
		if c := l.conns[fd]; c != nil {
			l.readable(c)
		}
	}
	return l.err
}

func (l *loop) accept() {
	for {
		fd, _, err := syscall.Accept4(l.listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		if err != nil {
			return
		}
		if err := l.add(&conn{fd: fd}); err != nil {
			l.err = err
		}
	}
}

func (l *loop) readable(c *conn) {
	n, err := syscall.Read(c.fd, l.buffer)
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return
	case err != nil || n == 0:
		l.close(c)
		if c.client {
			l.load.gone(l, c)
		}
	case c.client:
		l.load.got(l, c, l.buffer[:n])
	default:
		l.requested(c, l.buffer[:n])
	}
}

var endOfHead = []byte("\r\n\r\n")

// head adds what came to a connection's partial head. It is nil until the head is whole;
// rest is what follows.
func (c *conn) head(data []byte) (head, rest []byte) {
	if len(c.partial) > 0 {
		c.partial = append(c.partial, data...)
		data = c.partial
	}
	end := bytes.Index(data, endOfHead)
	if end < 0 {
		if len(c.partial) == 0 {
			c.partial = append(c.partial, data...)
		}
		return nil, nil
	}
	c.partial = c.partial[:0]
	return data[:end+len(endOfHead)], data[end+len(endOfHead):]
}

// write sends all of data; a socket without room for so little is an error.
func (l *loop) write(c *conn, data []byte) bool {
	n, err := syscall.Write(c.fd, data)
	if err == nil && n < len(data) {
		err = errors.New("a connection has no room for a message")
	}
	if err != nil {
		l.close(c)
		if c.client {
			l.load.gone(l, c)
		}
	}
	return err == nil
}
