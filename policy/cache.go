package policy

import (
	"context"
	"time"
)

// Cache keeps bytes under keys for a while. What it is given and what it gives is shared:
// nobody changes it. An error says that the cache can't be reached; whoever asked goes on
// as if nothing were there.
type Cache interface {
	// Get is what is kept under key at the time now; false if there is nothing.
	Get(ctx context.Context, key string, now time.Time) (value []byte, ok bool, err error)
	// Set keeps value under key from now until expires, in place of what was there.
	Set(ctx context.Context, key string, value []byte, now, expires time.Time) error
	// Remove drops what is kept under key, if there is something.
	Remove(ctx context.Context, key string) error
}

// The kinds of what a cache keeps: its key begins with one. No source tells whether
// Azure keeps responses and values apart (selfhosted.md, External cache); here no value
// passes for a response.
const (
	CachedValue    = "value:"
	CachedResponse = "response:"
)

// MaxCached is the most bytes of one entry. Chosen: Azure's bound is that of the tier's
// cache.
const MaxCached = 4 << 20

// Vectors keeps bytes under places in a space of many dimensions, and finds the ones
// nearby.
type Vectors interface {
	// Nearest is the entry of a partition that is nearest to place at the time now, if
	// its cosine distance is most or less.
	Nearest(partition string, place []float32, most float64, now time.Time) (value []byte, distance float64, ok bool)
	// Add keeps value at place until expires. It keeps both slices.
	Add(partition string, place []float32, value []byte, now, expires time.Time)
}

// CacheFor is the cache that caching-type names: "external", "internal", or the external
// one if there is one, which is what any other word says. Nil: there is no such cache.
func (e *Env) CacheFor(cachingType string) Cache {
	switch {
	case cachingType == "internal":
		return e.Cache
	case cachingType == "external" || e.ExternalCache != nil:
		return e.ExternalCache
	}
	return e.Cache
}
