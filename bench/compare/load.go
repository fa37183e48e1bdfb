package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// load is the clients of one measurement: what they send, and what came of it.
type load struct {
	address  string
	requests [][]byte // in turn
	status   string   // that every answer has to have
	next     int
	times    bool // whether to keep each answer's time

	counting bool
	answers  int
	elapsed  []time.Duration // from a request to its answer, or to its first event
	events   int
	delays   []time.Duration // of events
}

// longestWarm is how long a target may take to have answered each request once.
const longestWarm = 30 * time.Second

// run keeps so many connections busy, warms up, at least until each request was sent once
// and answered, and counts for a time. began and ended are called at the ends of that.
func (l *loop) run(a *load, connections int, warm, measured time.Duration, began, ended func()) (time.Duration, error) {
	l.load, l.err = a, nil
	var clients []*conn
	defer func() {
		for _, c := range clients {
			l.close(c)
		}
		l.settle()
	}()
	for range connections {
		c, err := l.dial(a.address)
		if err != nil {
			return 0, err
		}
		clients = append(clients, c)
		a.send(l, c)
	}
	if err := l.warm(a, connections, warm); err != nil {
		return 0, err
	}
	began()
	start := time.Now()
	a.counting = true
	err := l.until(start.Add(measured))
	a.counting = false
	took := time.Since(start)
	ended()
	return took, err
}

func (l *loop) warm(a *load, connections int, least time.Duration) error {
	began := time.Now()
	if err := l.until(began.Add(least)); err != nil {
		return err
	}
	// One request is warm by then; and if it is for a stream it is never answered.
	for len(a.requests) > 1 && a.next < len(a.requests)+connections {
		if time.Since(began) > longestWarm {
			return fmt.Errorf("%d requests are not answered within %v", len(a.requests), longestWarm)
		}
		if err := l.turn(time.Second); err != nil {
			return err
		}
	}
	return nil
}

func (l *loop) until(end time.Time) error {
	for {
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		if err := l.turn(left); err != nil {
			return err
		}
	}
}

// settle lets the proxy close its streams, and ask for those that it has not asked for yet,
// so that the next measurement finds none: events on them would be lost. What it keeps is
// closed. Errors are nobody's any more.
func (l *loop) settle() {
	const turns = 3 // without a stream
	quiet := 0
	for end := time.Now().Add(5 * time.Second); quiet < turns && time.Now().Before(end); quiet++ {
		_ = l.turn(10 * time.Millisecond)
		l.err = nil
		if len(l.streams) > 0 {
			quiet = 0
		}
	}
	for len(l.streams) > 0 {
		l.close(l.streams[0])
	}
}

func (a *load) send(l *loop, c *conn) {
	c.waiting, c.streamed, c.left = true, false, 0
	c.sent = time.Now()
	l.write(c, a.requests[a.next%len(a.requests)])
	a.next++
}

// gone is called when a client's connection has ended.
func (a *load) gone(l *loop, c *conn) {
	l.err = errors.New("the proxy closed a connection")
}

var (
	lengthLine = []byte("\r\ncontent-length: ")
	openBrace  = []byte("{")
	timeMark   = []byte(`{"t":`)
)

// got deals with what a client received.
func (a *load) got(l *loop, c *conn, data []byte) {
	if !c.waiting {
		l.err = fmt.Errorf("%q came unasked", data[:min(len(data), 60)])
		return
	}
	if c.left == 0 && !c.streamed {
		head, rest := c.head(data)
		if head == nil {
			return
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 "+a.status)) {
			l.err = fmt.Errorf("the answer is %q, not %s", head[:min(len(head), 60)], a.status)
			return
		}
		data = rest
		c.left = contentLength(head)
		c.streamed = c.left < 0
	}
	if c.streamed {
		a.stream(l, c, data)
		return
	}
	if c.left -= len(data); c.left < 0 {
		l.err = errors.New("the answer is longer than its length")
	}
	if c.left <= 0 {
		a.answered(l, c)
	}
}

// contentLength is what a head says, -1 if it doesn't.
func contentLength(head []byte) int {
	at := bytes.Index(head, []byte("\r\nContent-Length: "))
	if at < 0 {
		at = bytes.Index(head, lengthLine)
	}
	if at < 0 {
		return -1
	}
	digits, _, _ := bytes.Cut(head[at+len(lengthLine):], []byte("\r"))
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}

// stream deals with a part of an answer in chunks. Events are counted by their one brace,
// which no proxy can split.
func (a *load) stream(l *loop, c *conn, data []byte) {
	if n := bytes.Count(data, openBrace); n > 0 {
		a.gotEvents(c, n, data)
		l.delivered(n)
	}
	if bytes.HasSuffix(data, lastChunk) {
		c.streamed = false
		a.answered(l, c)
	}
}

func (a *load) gotEvents(c *conn, n int, data []byte) {
	if !a.counting {
		return
	}
	a.events += n
	if a.times {
		now := time.Now()
		a.elapsed = append(a.elapsed, now.Sub(c.sent))
		a.delays = appendDelay(a.delays, data, now)
	}
}

// appendDelay adds how long the first event of data was under way, if its time is whole.
func appendDelay(delays []time.Duration, data []byte, now time.Time) []time.Duration {
	at := bytes.Index(data, timeMark)
	if at < 0 {
		return delays
	}
	digits, _, whole := bytes.Cut(data[at+len(timeMark):], []byte(","))
	sent, err := strconv.ParseInt(string(digits), 10, 64)
	if !whole || err != nil {
		return delays
	}
	return append(delays, now.Sub(time.Unix(0, sent)))
}

// answered ends an exchange and begins the next.
func (a *load) answered(l *loop, c *conn) {
	if a.counting {
		a.answers++
		if a.times && a.events == 0 {
			a.elapsed = append(a.elapsed, time.Since(c.sent))
		}
	}
	c.waiting = false
	a.send(l, c)
}
