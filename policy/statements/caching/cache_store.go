package caching

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CacheStore defines <cache-store>.
func CacheStore() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-store",
			Doc:  "Keeps the response for cache-lookup.",
			Attributes: []policy.Attribute{
				duration(),
				{Name: "cache-response", Doc: "Keep it whatever its status; without, only a 200.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "caching",
		Sections: []exchange.Section{exchange.Outbound},
		Once:     true,
		Keeps:    "cache-lookup",
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &cacheStore{duration: n.Duration("duration"), anyStatus: n.Bool("cache-response"), explicit: n.Has("cache-response")}, nil
		},
	}
}

type cacheStore struct {
	duration  policy.Operand[time.Duration]
	anyStatus policy.Operand[bool]
	explicit  bool // cache-response is written
}

// Run has the response kept under the key of the lookup before it. It is not held up:
// its bytes are collected as they go to the client.
func (s *cacheStore) Run(r *policy.Run) error {
	l := policy.Keep[handedLookup](r).lookup
	if l == nil {
		r.Note("cache-store", "No <cache-lookup> has looked for this response, so it is not kept.")
		return nil
	}
	life, err := s.duration.Get(r)
	if err != nil {
		return err
	}
	kept, err := s.keeps(r)
	if err != nil || !kept || life <= 0 {
		return err
	}
	if r.Response.Body.Consumed() {
		r.Note("cache-store", "warning: the response's body is gone, so it is not kept: an expression read it without preserveContent: true")
		return nil
	}
	head := headOf(r.Response, r.Clock.Now(), life)
	l.apply(r.Response, life)
	t := &collector{run: r, lookup: l, head: head, life: life}
	if !r.Response.Body.Exists() {
		t.End(nil)
		return nil
	}
	r.Note("cache-store", "Response will be buffered during streaming and stored in the cache after it is received in full.")
	r.Response.Body.Tap(t)
	return nil
}

// keeps reports whether the response is one to keep. An explicit cache-response="false"
// is like none; strictly it says never, as it is commonly read (policies-2.yaml).
func (s *cacheStore) keeps(r *policy.Run) (bool, error) {
	anyStatus, err := s.anyStatus.Get(r)
	if err != nil || anyStatus {
		return anyStatus, err
	}
	if r.Env.Strict && s.explicit || r.Response.Status != 200 {
		r.Note("cache-store", "The response is not kept: its status is not 200, or cache-response is false.")
		return false, nil
	}
	return true, nil
}

// collector keeps a response once its body has come whole.
type collector struct {
	run    *policy.Run
	lookup *lookup
	head   *stored
	life   time.Duration
	full   bool // it is too large to keep
}

// Write is part of exchange.Tap.
func (c *collector) Write(p []byte) {
	if c.full || len(c.head.body)+len(p) > policy.MaxCached {
		c.full, c.head.body = true, nil
		return
	}
	c.head.body = append(c.head.body, p...)
}

// End is part of exchange.Tap.
func (c *collector) End(err error) {
	switch {
	case c.full:
		c.run.Note("cache-store", "warning: the response is too large for the cache, so it is not kept")
	case err != nil:
		c.run.Note("cache-store", "warning: the response did not come whole, so it is not kept")
	default:
		// Its time runs from when the response was at hand, so that what a client was
		// told of it holds.
		if left := c.life - c.run.Clock.Now().Sub(c.head.at); left > 0 {
			_ = c.lookup.set(c.run, c.lookup.key, c.head.bytes(), left)
		}
	}
}
