package jwtvalidate

import (
	"encoding/binary"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultCacheSize is how many verified tokens a Validator remembers.
const DefaultCacheSize = 10_000

// A verified is a token with the key that verified it. An unsigned token has none and
// is never cached.
type verified struct {
	token *Token
	tester

	text string      // the compact token
	slot int         // its place in the ring
	used atomic.Bool // hit since the hand last passed
}

// dead says that it is of no use to any rules.
func (e *verified) dead(now time.Time) bool {
	if e.remote != nil && e.remote.gone.Load() {
		return true
	}
	return !e.token.ExpiresAt.IsZero() && e.token.ExpiresAt.Before(now)
}

// A cache holds verified tokens by their text. It is split so that cores do not wait
// for each other; each part is a map beside a ring, and makes room with the clock
// algorithm: the hand passes over tokens used since it last came by. Nothing is ever
// scanned on a hit.
type cache struct{ shards []shard }

// A tail is the end of a token, and so of its signature: as good as random, and quicker
// to look up than the whole text, which is compared once then. Of two verified tokens
// with one tail the later stays; a forged one with the tail of another is just not
// found.
type tail [16]byte

func tailOf(text string) (t tail) {
	copy(t[:], text[max(0, len(text)-len(t)):])
	return t
}

type shard struct {
	mu      sync.RWMutex
	entries map[tail]*verified
	ring    []*verified // nil where a token was dropped
	limit   int         // of the ring's length
	free    []int       // those places
	hand    int
	_       [64]byte // shards on cache lines of their own
}

const shardCount = 16

// newCache makes a cache for size tokens; one that keeps nothing if size is negative.
func newCache(size int) *cache {
	if size < 0 {
		return &cache{}
	}
	if size == 0 {
		size = DefaultCacheSize
	}
	n := 1
	if size >= 64*shardCount {
		n = shardCount
	}
	c := &cache{shards: make([]shard, n)}
	for i := range c.shards {
		c.shards[i].entries = make(map[tail]*verified)
		c.shards[i].limit = (size + n - 1) / n
	}
	return c
}

// shard picks the part for a token; nil if there is none.
func (c *cache) shard(t tail) *shard {
	if len(c.shards) == 0 {
		return nil
	}
	h := binary.LittleEndian.Uint64(t[:8]) ^ binary.LittleEndian.Uint64(t[8:])
	return &c.shards[(h*spread>>32)%uint64(len(c.shards))]
}

// spread mixes the bits of Base64 characters (the multiplier of Fibonacci hashing).
const spread = 0x9E3779B97F4A7C15

// get finds a token; nil if it is not there.
func (c *cache) get(text string) *verified {
	t := tailOf(text)
	s := c.shard(t)
	if s == nil {
		return nil
	}
	s.mu.RLock()
	e := s.entries[t]
	s.mu.RUnlock()
	if e == nil || e.text != text {
		return nil
	}
	if !e.used.Load() { // written only if needed: a write would cost all cores
		e.used.Store(true)
	}
	return e
}

// put remembers a verified token, in place of an older entry of the same text.
func (c *cache) put(text string, e *verified, now time.Time) {
	t := tailOf(text)
	s := c.shard(t)
	if s == nil {
		return
	}
	e.text = strings.Clone(text) // the caller's memory may be reused
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.entries[t]; old != nil {
		s.drop(old)
	}
	e.slot = s.place(now)
	s.ring[e.slot] = e
	s.entries[t] = e
}

// remove forgets an entry, unless another has taken its place.
func (c *cache) remove(e *verified) {
	t := tailOf(e.text)
	s := c.shard(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[t] == e {
		s.drop(e)
	}
}

func (s *shard) drop(e *verified) {
	delete(s.entries, tailOf(e.text))
	s.ring[e.slot] = nil
	s.free = append(s.free, e.slot)
}

// place gives an empty place in the ring, made by dropping a token if need be.
func (s *shard) place(now time.Time) int {
	if n := len(s.free); n > 0 {
		slot := s.free[n-1]
		s.free = s.free[:n-1]
		return slot
	}
	if len(s.ring) < s.limit {
		s.ring = append(s.ring, nil)
		return len(s.ring) - 1
	}
	for {
		slot := s.hand
		s.hand = (s.hand + 1) % len(s.ring)
		if e := s.ring[slot]; e.dead(now) || !e.used.Swap(false) {
			delete(s.entries, tailOf(e.text))
			return slot
		}
	}
}

// len counts the tokens held.
func (c *cache) len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.RLock()
		n += len(s.entries)
		s.mu.RUnlock()
	}
	return n
}
