package store

import (
	"container/list"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cache keeps bytes under keys in memory: the built-in cache. It is bounded by what its
// entries take; the one that was used longest ago goes first. It outlives reloads, and
// nothing else, as in Azure. Make one with [NewCache].
type Cache struct {
	seed   maphash.Seed
	shards [cacheParts]cachePart
}

const (
	cacheParts = 16
	// entryCost is about what an entry takes besides its key and value.
	entryCost = 160
	// DefaultCacheSize is the bytes that a cache keeps if nobody says otherwise. Chosen:
	// enough for tests, and room for any one entry in each of its parts.
	DefaultCacheSize = 128 << 20
)

// cachePart is a part of a cache with a lock of its own.
type cachePart struct {
	mu      sync.Mutex
	limit   int64
	size    int64
	entries map[string]*list.Element // of *cacheEntry
	recent  list.List                // the one that was used last is in front
}

type cacheEntry struct {
	key            string
	value          []byte
	stored, expire time.Time
}

func (e *cacheEntry) cost() int64 { return int64(len(e.key)+len(e.value)) + entryCost }

// NewCache makes a cache that keeps at most size bytes.
func NewCache(size int64) *Cache {
	c := &Cache{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].limit = size / cacheParts
	}
	return c
}

func (c *Cache) shard(key string) *cachePart {
	return &c.shards[maphash.String(c.seed, key)%cacheParts]
}

// Get is part of policy.Cache. What has expired is dropped.
func (c *Cache) Get(_ context.Context, key string, now time.Time) ([]byte, bool, error) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.entries[key]
	if at == nil {
		return nil, false, nil
	}
	e := at.Value.(*cacheEntry)
	if !now.Before(e.expire) {
		s.drop(at)
		return nil, false, nil
	}
	s.recent.MoveToFront(at)
	return e.value, true, nil
}

// Set is part of policy.Cache. An entry that takes more than a sixteenth of the cache is
// an error; nothing is under its key then.
func (c *Cache) Set(_ context.Context, key string, value []byte, now, expires time.Time) error {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.entries[key]; at != nil {
		s.drop(at)
	}
	e := &cacheEntry{key, value, now, expires}
	switch {
	case !now.Before(expires):
		return nil
	case e.cost() > s.limit:
		return fmt.Errorf("an entry of %d bytes is too large for the cache", len(value))
	}
	if s.entries == nil {
		s.entries = make(map[string]*list.Element)
	}
	s.entries[key] = s.recent.PushFront(e)
	for s.size += e.cost(); s.size > s.limit; {
		s.drop(s.recent.Back())
	}
	return nil
}

// Remove is part of policy.Cache.
func (c *Cache) Remove(_ context.Context, key string) error {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.entries[key]; at != nil {
		s.drop(at)
	}
	return nil
}

// drop takes an entry out; mu is held.
func (s *cachePart) drop(at *list.Element) {
	e := s.recent.Remove(at).(*cacheEntry)
	delete(s.entries, e.key)
	s.size -= e.cost()
}

// Entry is what is kept under a key.
type Entry struct {
	Key             string
	Size            int // bytes of the value
	Stored, Expires time.Time
}

// Snapshot is what is kept at the time now, sorted by key.
func (c *Cache) Snapshot(now time.Time) []Entry {
	var all []Entry
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for at := s.recent.Front(); at != nil; at = at.Next() {
			if e := at.Value.(*cacheEntry); now.Before(e.expire) {
				all = append(all, Entry{e.key, len(e.value), e.stored, e.expire})
			}
		}
		s.mu.Unlock()
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// Reset drops everything.
func (c *Cache) Reset() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		clear(s.entries)
		s.recent.Init()
		s.size = 0
		s.mu.Unlock()
	}
}
