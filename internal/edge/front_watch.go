package edge

import (
	"context"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// watchAfter is how long a request may take before somebody listens whether its client is
// still there. Most are over by then, and cost nothing.
const watchAfter = 25 * time.Millisecond

// A watcher notices that a client leaves while its request is under way: a Read of the
// connection, in which nothing is to come before the response, ends.
type watcher struct {
	conn  *frontConn
	timer *time.Timer

	mu      sync.Mutex
	ended   sync.Cond // reading became false
	active  bool      // a request is under way
	due     bool      // it takes long
	blocked bool      // its body is still to be read
	reading bool
	gone    bool
	life    *exchange.Lifetime // of the request
	byte    [1]byte
	got     bool // a byte of the next request
}

func (w *watcher) init(c *frontConn) {
	w.conn, w.ended.L = c, &w.mu
	w.timer = time.AfterFunc(time.Hour, w.fire)
	w.timer.Stop()
}

// begin is called when a request begins; its life ends when its client leaves.
func (w *watcher) begin(life *exchange.Lifetime) {
	w.mu.Lock()
	w.active, w.due, w.blocked, w.gone, w.life = true, false, w.conn.pending > 0, false, life
	w.mu.Unlock()
	w.timer.Reset(watchAfter)
}

func (w *watcher) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = true
	w.start()
}

// unblock is called when the request's body has been read.
func (w *watcher) unblock() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blocked = false
	w.start()
}

// start begins to read if it is time to.
func (w *watcher) start() {
	if w.active && w.due && !w.blocked && !w.reading && !w.got {
		w.reading = true
		w.conn.waitForever()
		go w.read()
	}
}

func (w *watcher) read() {
	n, err := w.conn.conn.Read(w.byte[:])
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reading = false
	switch {
	case n == 1:
		w.got = true
	case err != nil && w.active:
		w.gone = true
		w.life.End(context.Canceled)
	}
	w.ended.Broadcast()
}

// end is called when the request is over. Nobody reads the connection afterwards; a byte
// that came too early is among those to be read. It tells whether the client is there.
func (w *watcher) end() (alive bool) {
	w.timer.Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.active, w.life = false, nil
	if w.reading {
		w.conn.conn.SetReadDeadline(time.Unix(1, 0)) // in the past: the Read ends
		for w.reading {
			w.ended.Wait()
		}
		w.conn.conn.SetReadDeadline(time.Time{})
	}
	if w.got {
		w.got = false
		w.conn.in = append(w.conn.in, w.byte[0])
	}
	return !w.gone
}
