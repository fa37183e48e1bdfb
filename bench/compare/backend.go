package main

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// What the backend answers: 1 kB, or by the path a stream of events.
const (
	plainPath = "/"
	// onePath is a stream of one event, which comes behind the head.
	onePath = "/events/one"
	// pacedPath is an event every 10 ms, as long as somebody reads.
	pacedPath = "/events/paced"
	// keptPath is an event for each that arrives, the first at once.
	keptPath = "/events/kept"

	pace = 10 * time.Millisecond
)

var (
	answerBody = bytes.Repeat([]byte("x"), 1024)
	answer     = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n%s", len(answerBody), answerBody)
	streamHead = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
	lastChunk  = []byte("0\r\n\r\n")
	eventsPath = []byte(" /events/")
)

// requested deals with what a proxy sends: requests without bodies, one at a time.
func (l *loop) requested(c *conn, data []byte) {
	head, rest := c.head(data)
	if head == nil {
		return
	}
	if l.keepHead {
		l.lastHead = append(l.lastHead[:0], head...)
	}
	if len(rest) > 0 {
		l.err = fmt.Errorf("the backend got %d bytes behind a request", len(rest))
		return
	}
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	if !bytes.Contains(line, eventsPath) {
		l.write(c, answer)
		return
	}
	l.write(c, streamHead)
	switch {
	case bytes.Contains(line, []byte(onePath)):
		l.write(c, event(time.Now()))
		l.write(c, lastChunk)
	case bytes.Contains(line, []byte(pacedPath)):
		// Spread over the pace, so that the streams don't come in step.
		c.due, c.every = time.Now().Add(pace*time.Duration(len(l.streams)%16)/16), pace
		l.streams = append(l.streams, c)
	default:
		l.streams = append(l.streams, c)
		l.write(c, event(time.Now()))
	}
}

// event is a chunk with an event like those of a chat model. It carries the time of its
// sending, and has one opening brace, by which events are counted.
func event(now time.Time) []byte {
	data := append(make([]byte, 0, 256), "data: {\"t\":"...)
	data = strconv.AppendInt(data, now.UnixNano(), 10)
	data = append(data, `,"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o","content":" reliable and affordable","finish_reason":null}`+"\n\n"...)
	chunk := strconv.AppendInt(make([]byte, 0, len(data)+8), int64(len(data)), 16)
	chunk = append(chunk, "\r\n"...)
	chunk = append(chunk, data...)
	return append(chunk, "\r\n"...)
}

// sendEvents sends what is due, and says when the next is.
func (l *loop) sendEvents() time.Duration {
	now := time.Now()
	next := time.Second
	for i := len(l.streams) - 1; i >= 0; i-- { // one that ends leaves the slice
		c := l.streams[i]
		if c.every == 0 {
			continue
		}
		if !now.Before(c.due) {
			c.due = c.due.Add(c.every)
			if !l.write(c, event(now)) {
				continue
			}
		}
		next = min(next, max(c.due.Sub(now), 0))
	}
	return next
}

// delivered is called when clients got events: as many are sent anew, on the streams in
// turn. So there are always as many under way as streams, and what is counted is events
// that passed one by one; of a stream without bound a proxy passes what has gathered.
func (l *loop) delivered(n int) {
	for range n {
		if len(l.streams) == 0 {
			return
		}
		l.nextStream++
		if c := l.streams[l.nextStream%len(l.streams)]; c.every == 0 {
			l.write(c, event(time.Now()))
		}
	}
}
