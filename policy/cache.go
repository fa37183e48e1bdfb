package policy

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/apimulator/apimulator/policy/expr"
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

// A value in a cache is an entry: when it is to be computed anew, which <cache-value>
// asks, and the value itself.

const refreshSize = 8

// PackCached is the entry of a value; a zero refresh says that it is good until it
// expires. The error is a [*expr.PackError], or the machine's.
func PackCached(m *expr.Machine, v any, refresh time.Time) ([]byte, error) {
	packed, err := m.Pack(v)
	if err != nil {
		return nil, err
	}
	nanos := int64(0)
	if !refresh.IsZero() {
		nanos = refresh.UnixNano()
	}
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, refreshSize+len(packed)), uint64(nanos)), packed...), nil
}

// UnpackCached reads an entry. It takes any bytes.
func UnpackCached(m *expr.Machine, entry []byte) (v any, refresh time.Time, err error) {
	if len(entry) < refreshSize {
		return nil, time.Time{}, errors.New("these are not the bytes of a value that was kept")
	}
	if nanos := int64(binary.BigEndian.Uint64(entry)); nanos != 0 {
		refresh = time.Unix(0, nanos)
	}
	v, err = m.Unpack(entry[refreshSize:])
	return v, refresh, err
}

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
