package judge

import (
	"bufio"
	"net"
	"sync"

	"github.com/apimulator/apimulator/policy/exchange"
)

// A Backend is nothing but TCP: who runs it speaks for it, request by request.
type Backend struct {
	listener net.Listener
	arrivals chan *arrival
	closing  chan struct{}
	group    sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

// arrival is a request that has begun to come. The connection stands still until
// it is let go.
type arrival struct {
	conn   *net.TCPConn
	r      *bufio.Reader
	first  bool      // on its connection
	letGo  chan bool // whether the connection goes on to its next request
	writer writer
}

// release lets the connection go on to its next request.
func (a *arrival) release() { a.letGo <- true }

// drop ends the connection.
func (a *arrival) drop() {
	a.conn.Close()
	a.letGo <- false
}

// NewBackend listens on a free port of loopback until Close.
func NewBackend() (*Backend, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &Backend{listener: l, arrivals: make(chan *arrival), closing: make(chan struct{})}
	b.group.Go(b.accept)
	return b, nil
}

// Addr is where it listens.
func (b *Backend) Addr() *net.TCPAddr { return b.listener.Addr().(*net.TCPAddr) }

// Close ends all connections and waits for what serves them.
func (b *Backend) Close() {
	close(b.closing)
	b.listener.Close()
	b.mu.Lock()
	for _, conn := range b.conns {
		conn.Close()
	}
	b.mu.Unlock()
	b.group.Wait()
}

// drain calls see for each request that nobody has waited for. Its edge is closed, so
// that no other can come; what it left half sent is closed too.
func (b *Backend) drain(see func(*arrival)) error {
	// Connections are accepted in their order: behind this one there is none.
	last, err := net.Dial("tcp", b.Addr().String())
	if err != nil {
		return err
	}
	defer last.Close()
	if _, err := last.Write([]byte("\n")); err != nil {
		return err
	}
	ended := make(chan struct{})
	for {
		select {
		case a := <-b.arrivals:
			if a.conn.RemoteAddr().String() == last.LocalAddr().String() {
				b.listener.Close()
				go func() {
					b.group.Wait()
					close(ended)
				}()
			} else {
				see(a)
			}
			a.drop()
		case <-ended:
			return nil
		}
	}
}

func (b *Backend) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		b.conns = append(b.conns, conn)
		b.mu.Unlock()
		b.group.Go(func() { b.serve(conn.(*net.TCPConn)) })
	}
}

func (b *Backend) serve(conn *net.TCPConn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for first := true; ; first = false {
		if _, err := r.Peek(1); err != nil {
			return
		}
		conn.SetDeadline(exchange.System.Now().Add(patience))
		a := &arrival{conn: conn, r: r, first: first, letGo: make(chan bool, 1), writer: writer{conn: conn}}
		select {
		case b.arrivals <- a:
		case <-b.closing:
			return
		}
		select {
		case goOn := <-a.letGo:
			if !goOn {
				return
			}
		case <-b.closing:
			return
		}
		a.writer.wait()
	}
}

// writer writes in the background, one after the other: who sends much must not
// keep the conversation from going on.
type writer struct {
	conn net.Conn
	last chan struct{} // closed when all before is written
}

// send writes data, byte by byte if slowly. What can't be written is lost: the other
// side's silence tells.
func (w *writer) send(data []byte, slowly bool) {
	before, done := w.last, make(chan struct{})
	w.last = done
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		size := len(data)
		if slowly {
			size = 1
		}
		for len(data) > 0 {
			n, err := w.conn.Write(data[:min(size, len(data))])
			if err != nil {
				return
			}
			data = data[n:]
		}
	}()
}

// wait returns when all is written.
func (w *writer) wait() {
	if w.last != nil {
		<-w.last
	}
}
