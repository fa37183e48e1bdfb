package edge

import (
	"bufio"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy/exchange"
)

// readBufferSize is how much is read ahead from a backend's connection.
const readBufferSize = 4096

// backendConn is a connection to a backend and what was read ahead from it.
type backendConn struct {
	net.Conn
	key       hostKey
	reader    *bufio.Reader
	head      []byte        // memory for response heads
	reused    bool          // it has carried a request before
	idleSince time.Duration // by exchange.Elapsed of the pool's clock
	prober    *hosts.Prober // nil until it has been idle
	// call is told when the first byte comes; nil: nobody is.
	call *exchange.Call
}

func newBackendConn(conn net.Conn, key hostKey) *backendConn {
	c := &backendConn{Conn: conn, key: key}
	c.reader = bufio.NewReaderSize(c, readBufferSize)
	return c
}

// Read reads from the connection itself.
func (c *backendConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.call != nil && n > 0 {
		c.call.FirstByte()
		c.call = nil
	}
	return n, err
}

// send sends what a message has in bytes. Over a connection that was idle nothing goes out if
// the backend has closed it, or sent what nobody asked for.
func (c *backendConn) send(m *message) (n int, err error) {
	if !c.reused {
		return c.Write(m.bytes)
	}
	if c.prober == nil {
		if c.prober, err = hosts.NewProber(c.Conn); err != nil {
			return 0, err
		}
	}
	if !m.large() {
		return c.prober.Ask(m.bytes) // and waits: what comes next is the response
	}
	if err := c.prober.Probe(); err != nil {
		return 0, err
	}
	return c.Write(m.bytes)
}

// pool keeps idle connections. The one used last is taken first, so that the
// others can grow old and be closed.
type pool struct {
	clock       exchange.Clock
	idleTimeout time.Duration
	maxPerHost  int
	maxTotal    int

	mu        sync.Mutex
	idle      map[hostKey]*idleConns
	total     int
	stopSweep func() bool // nil while no sweep is due
	closed    bool
}

// idleConns are those of one host, from the oldest to the newest; there may be none.
type idleConns struct{ conns []*backendConn }

// take gives an idle connection, or nil. Whether it still works shows in use.
func (p *pool) take(key hostKey) *backendConn {
	for {
		c := p.newest(key)
		if c == nil {
			return nil
		}
		if exchange.Elapsed(p.clock)-c.idleSince < p.idleTimeout {
			c.reused = true
			return c
		}
		c.Close()
	}
}

func (p *pool) newest(key hostKey) *backendConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[key]
	if list == nil || len(list.conns) == 0 {
		return nil
	}
	last := len(list.conns) - 1
	c := list.conns[last]
	list.conns = slices.Delete(list.conns, last, last+1)
	p.total--
	return c
}

// has reports whether there is an idle connection.
func (p *pool) has(key hostKey) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[key]
	return list != nil && len(list.conns) > 0
}

// put keeps a connection for the next request, or closes it where there is no
// room for it.
func (p *pool) put(c *backendConn) {
	c.idleSince = exchange.Elapsed(p.clock)
	if surplus := p.add(c); surplus != nil {
		surplus.Close()
	}
}

// add takes a connection in and gives the one that has to go for it, if any.
func (p *pool) add(c *backendConn) (surplus *backendConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return c
	}
	list := p.idle[c.key]
	if list == nil {
		list = &idleConns{}
		p.idle[c.key] = list
	}
	switch {
	case len(list.conns) >= p.maxPerHost:
		surplus = p.removeOldest(list)
	case p.total >= p.maxTotal:
		surplus = p.removeOldest(p.oldest())
	}
	list.conns = append(list.conns, c)
	p.total++
	p.planSweep(p.idleTimeout)
	return surplus
}

// oldest has the connection that has been idle longest; there must be one.
func (p *pool) oldest() (oldest *idleConns) {
	for _, list := range p.idle {
		if len(list.conns) > 0 && (oldest == nil || list.conns[0].idleSince < oldest.conns[0].idleSince) {
			oldest = list
		}
	}
	return oldest
}

func (p *pool) removeOldest(list *idleConns) *backendConn {
	c := list.conns[0]
	list.conns = slices.Delete(list.conns, 0, 1)
	p.total--
	return c
}

// planSweep sees to it that there is a sweep in d, or earlier, as long as
// connections are idle.
func (p *pool) planSweep(d time.Duration) {
	if p.stopSweep == nil {
		p.stopSweep = p.clock.AfterFunc(d, p.sweep)
	}
}

// sweep closes the connections that have been idle for too long.
func (p *pool) sweep() {
	for _, c := range p.expired() {
		c.Close()
	}
}

func (p *pool) expired() (old []*backendConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.stopSweep = nil
	now := exchange.Elapsed(p.clock)
	for p.total > 0 {
		list := p.oldest()
		if age := now - list.conns[0].idleSince; age < p.idleTimeout {
			p.planSweep(p.idleTimeout - age)
			break
		}
		old = append(old, p.removeOldest(list))
	}
	maps.DeleteFunc(p.idle, func(_ hostKey, list *idleConns) bool { return len(list.conns) == 0 })
	return old
}

// close closes what is idle. After that nothing is kept.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	if p.stopSweep != nil {
		p.stopSweep()
		p.stopSweep = nil
	}
	p.mu.Unlock()
	p.closeIdle()
}

// closeIdle closes what is idle now.
func (p *pool) closeIdle() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.total = make(map[hostKey]*idleConns), 0
	p.mu.Unlock()
	for _, list := range idle {
		for _, c := range list.conns {
			c.Close()
		}
	}
}
