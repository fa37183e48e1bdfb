package part

import (
	"time"

	"github.com/apimulator/apimulator/policy"
)

// CollectResponse has keep called with the response as it is now, as [Stored.Bytes], once
// its body has come whole, and with how long it is good then: its time runs from now, so
// that what a client is told of it holds. The body is not held up, but collected as it
// goes to the client. One that breaks off, that is too large for a cache, or that an
// expression has taken is not kept.
func CollectResponse(r *policy.Run, statement string, life time.Duration, keep func(data []byte, left time.Duration)) {
	if life <= 0 {
		return
	}
	if r.Response.Body.Consumed() {
		r.Note(statement, "warning: the response's body is gone, so it is not kept: an expression read it without preserveContent: true")
		return
	}
	c := &collector{run: r, statement: statement, head: headOf(r.Response, r.Clock.Now(), life), keep: keep}
	r.Note(statement, "Response will be buffered during streaming and stored in the cache after it is received in full.")
	r.Response.Body.Tap(c)
}

type collector struct {
	run       *policy.Run
	statement string
	head      *Stored
	keep      func(data []byte, left time.Duration)
	full      bool // it is too large to keep
}

// Write is part of exchange.Tap.
func (c *collector) Write(p []byte) {
	if c.full || len(c.head.Body)+len(p) > policy.MaxCached {
		c.full, c.head.Body = true, nil
		return
	}
	c.head.Body = append(c.head.Body, p...)
}

// End is part of exchange.Tap.
func (c *collector) End(err error) {
	switch {
	case c.full:
		c.run.Note(c.statement, "warning: the response is too large for the cache, so it is not kept")
	case err != nil:
		c.run.Note(c.statement, "warning: the response did not come whole, so it is not kept")
	default:
		if left := c.head.Life - c.run.Clock.Now().Sub(c.head.At); left > 0 {
			c.keep(c.head.Bytes(), left)
		}
	}
}
