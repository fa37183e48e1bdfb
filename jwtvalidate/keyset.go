package jwtvalidate

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// RefreshInterval is how long a key set is used before it is fetched anew in the
	// background (policy reference: every hour).
	RefreshInterval = time.Hour
	// RefetchInterval is the least time between two fetches for an unknown kid, and
	// after a failed fetch (policy reference: at most once in five minutes).
	RefetchInterval = 5 * time.Minute
	// FirstRetry is the wait after the first failed fetch while there are no keys at
	// all; it doubles up to RefetchInterval. Chosen.
	FirstRetry = time.Second
	// DefaultFetchTimeout bounds a fetch, discovery document and key set together.
	DefaultFetchTimeout = 10 * time.Second
)

// A fetching is one fetch under way; done closes when its outcome is in place.
type fetching struct{ done chan struct{} }

// A keySet holds the issuer and the keys that a discovery URL leads to. What a request
// reads (current, refreshAt) is atomic; mu guards the decision when to fetch.
type keySet struct {
	url    string
	clock  Clock
	spawn  func(ctx context.Context, fetch func(context.Context)) // runs a fetch, with its timeout and ctx's values
	client *http.Client

	current   atomic.Pointer[snapshot] // the last good one; nil before the first
	refreshAt atomic.Int64             // when current is due, in Unix nanoseconds
	fetches   atomic.Int64             // begun so far

	mu        sync.Mutex
	underway  *fetching // nil if none
	allowedAt time.Time // a token may cause a fetch from then on
	usedAt    time.Time
	failures  int // before the first good fetch
	fetchedAt time.Time
	lastErr   error
	dropped   []DroppedKey
}

// refreshIfDue starts a fetch in the background if the keys at hand are an hour old.
func (s *keySet) refreshIfDue(ctx context.Context, now time.Time) {
	if now.UnixNano() < s.refreshAt.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underway == nil && s.current.Load() != nil && now.UnixNano() >= s.refreshAt.Load() {
		s.start(ctx)
	}
}

// request is called for a token that seen does not serve. It gives the fetch to wait
// for: the one under way, or a new one if it is allowed now and needed, since the keys
// at hand are not from a fetch after since. It gives nil if current is newer than seen,
// or if nothing is fetched.
func (s *keySet) request(ctx context.Context, seen *snapshot, since int64) *fetching {
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current.Load() != seen {
		return nil
	}
	fresh := seen != nil && seen.fetch > since
	if s.underway == nil && !fresh && !now.Before(s.allowedAt) {
		s.allowedAt = now.Add(RefetchInterval)
		s.start(ctx)
	}
	return s.underway
}

// prefetch starts the first fetch, unless it was started.
func (s *keySet) prefetch() {
	if s.current.Load() == nil {
		s.request(context.Background(), nil, 0)
	}
}

// start fetches in a goroutine of its own, so that a caller who gives up does not end
// it for the others: it has ctx's values, and not its end. mu is held.
func (s *keySet) start(ctx context.Context) {
	f := &fetching{done: make(chan struct{})}
	s.underway = f
	s.usedAt = s.clock.Now()
	number := s.fetches.Add(1)
	s.spawn(ctx, func(ctx context.Context) {
		outcome, err := load(ctx, s.client, s.url)
		if err == nil {
			outcome.snapshot.fetch = number
		}
		s.finish(outcome, err)
		close(f.done)
	})
}

// finish puts the outcome of a fetch in place.
func (s *keySet) finish(outcome fetched, err error) {
	now := s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underway = nil
	s.dropped, s.lastErr = outcome.dropped, err
	switch {
	case err == nil:
		first := s.current.Load() == nil
		for _, k := range outcome.snapshot.keys {
			k.set = s
		}
		outcome.snapshot.adopt(s.current.Load())
		s.current.Store(outcome.snapshot)
		s.fetchedAt = now
		s.refreshAt.Store(now.Add(RefreshInterval).UnixNano())
		if first {
			s.allowedAt = now // the first fetch was not made for an unknown kid
		}
	case s.current.Load() == nil:
		s.failures++
		s.allowedAt = now.Add(backoff(s.failures))
	default:
		s.allowedAt = now.Add(RefetchInterval)
		s.refreshAt.Store(s.allowedAt.UnixNano())
	}
}

// backoff is the wait after the given number of failures in a row.
func backoff(failures int) time.Duration {
	wait := FirstRetry
	for range failures - 1 {
		if wait *= 2; wait >= RefetchInterval {
			return RefetchInterval
		}
	}
	return wait
}

// lastUse is when a token last caused a fetch, which a set in use does every hour.
func (s *keySet) lastUse() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usedAt
}

// retire marks all keys as gone, when the set itself is dropped.
func (s *keySet) retire() {
	if current := s.current.Load(); current != nil {
		for _, k := range current.keys {
			k.gone.Store(true)
		}
	}
}

// A KeySetState describes a key set, for traces and for the management listener.
type KeySetState struct {
	// URL is the address of the discovery document.
	URL string
	// Issuer is the issuer of that document, with {tenantid} in it if it is a
	// template; empty while there are no keys.
	Issuer string
	// KeyIDs are the kids in use, in the order of the set; an empty text for a key
	// without one.
	KeyIDs []string
	// FetchedAt is when the keys in use came; zero while there are none.
	FetchedAt time.Time
	// RefetchAllowedAt is when an unknown kid may cause a fetch at the earliest.
	RefetchAllowedAt time.Time
	// Fetches counts the fetches started.
	Fetches int
	// Fetching says that one is under way.
	Fetching bool
	// LastError is what went wrong in the last fetch that ended; empty if nothing did.
	LastError string
	// Dropped are the keys of that fetch that are not used, and why.
	Dropped []DroppedKey
}

// outlook says from when on a token may cause a fetch, and what went wrong in the last.
func (s *keySet) outlook() (allowedAt time.Time, lastErr error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allowedAt, s.lastErr
}

// state takes a picture of the set.
func (s *keySet) state() KeySetState {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := KeySetState{
		URL:              s.url,
		FetchedAt:        s.fetchedAt,
		RefetchAllowedAt: s.allowedAt,
		Fetches:          int(s.fetches.Load()),
		Fetching:         s.underway != nil,
		Dropped:          slices.Clone(s.dropped),
	}
	if s.lastErr != nil {
		st.LastError = s.lastErr.Error()
	}
	if current := s.current.Load(); current != nil {
		st.Issuer = current.issuer
		for _, k := range current.keys {
			st.KeyIDs = append(st.KeyIDs, k.id)
		}
	}
	return st
}
