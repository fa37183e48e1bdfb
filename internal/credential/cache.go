package credential

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	maxIdentities = 256
	maxToken      = 32 << 10

	longLife      = 2 * time.Hour    // a token that lives longer is refreshed at half its life
	refreshMargin = 5 * time.Minute  // before which another one is refreshed
	refreshPause  = 30 * time.Second // after a fetch failed while the old token is still good
	failurePause  = time.Second      // after a fetch failed and there is no token
	fetchTimeout  = time.Minute
)

// An entry is what the cache knows of one identity and resource.
type entry struct {
	held atomic.Pointer[held] // nil before the first token

	// Source.mu guards these.
	flight   *flight // the fetch under way, if any
	failure  error   // of the last fetch
	failedAt time.Time
}

// held is a token in the cache.
type held struct {
	token     policy.Token
	refreshAt time.Time
}

// A flight is a fetch; its outcome is there once done is closed.
type flight struct {
	done  chan struct{}
	token policy.Token
	err   error
}

// landed is the done of a flight that need not take off.
var landed = func() chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}()

// join gives the fetch under way or begins one, unless it is too early for that:
// then it is the last one's outcome. Whoever listens to ctx's calls is told of those that
// the fetch makes, which does not end with ctx.
func (s *Source) join(ctx context.Context, id identity) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return &flight{done: landed, err: s.explain(id, errClosed)}
	}
	e, err := s.entry(id)
	if err != nil {
		return &flight{done: landed, err: s.explain(id, err)}
	}
	if e.flight != nil {
		return e.flight
	}
	now, pause := s.clock.Now(), s.holdFailure
	if h := e.held.Load(); h != nil && now.Before(h.token.ExpiresOn) {
		if now.Before(h.refreshAt) {
			return &flight{done: landed, token: h.token}
		}
		pause = refreshPause
	}
	if e.failure != nil && now.Before(e.failedAt.Add(pause)) {
		return &flight{done: landed, err: e.failure}
	}
	return s.begin(exchange.CallsIn(ctx), id, e)
}

// begin starts a fetch; s.mu is held.
func (s *Source) begin(calls *exchange.Calls, id identity, e *entry) *flight {
	f := &flight{done: make(chan struct{})}
	e.flight = f
	s.running.Go(func() {
		token, kind, err := s.fetchOnce(exchange.WithCalls(s.context, calls), id)
		s.mu.Lock()
		defer s.mu.Unlock()
		now := s.clock.Now()
		if err == nil {
			s.issued.add(token.Value, issue{kind, id.resource, token.ExpiresOn})
			e.held.Store(&held{token, now.Add(refreshAfter(token.ExpiresOn.Sub(now)))})
		}
		e.failure, e.failedAt = err, now
		e.flight = nil
		f.token, f.err = token, err
		close(f.done)
	})
	return f
}

// fetchOnce fetches a token that can be used, or tells why there is none.
func (s *Source) fetchOnce(ctx context.Context, id identity) (policy.Token, Kind, error) {
	ctx, cancel := exchange.WithTimeout(ctx, s.clock, fetchTimeout)
	defer cancel()
	g, err := s.fetch(ctx, id)
	if err == nil {
		err = g.check(s.clock.Now())
	} else if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = fmt.Errorf("there was no answer within %v", fetchTimeout)
	} else if ctx.Err() != nil {
		err = errClosed
	}
	if err != nil {
		return policy.Token{}, 0, s.explain(id, err)
	}
	return policy.Token{Value: g.value, Authorization: "Bearer " + g.value, ExpiresOn: g.expiresOn}, g.kind, nil
}

// check finds what keeps a token from being used. A managed identity client
// accepts an empty one (identity.md 2.2).
func (g grant) check(now time.Time) error {
	switch {
	case g.value == "":
		return unusable("the endpoint answered without an access token")
	case len(g.value) > maxToken:
		return unusable(fmt.Sprintf("the access token has %d bytes, and more than %d do not go into a header", len(g.value), maxToken))
	case !now.Before(g.expiresOn):
		return unusable(fmt.Sprintf("the access token expired at %s, and the gateway's clock shows %s; set the clocks alike",
			g.expiresOn.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	}
	for i := range len(g.value) {
		if c := g.value[i]; c <= ' ' || c > '~' {
			return unusable("the access token holds characters that cannot stand in a header")
		}
	}
	return nil
}

// refreshAfter is how long a token is used, of the life it has left, before
// another one is fetched.
func refreshAfter(life time.Duration) time.Duration {
	if life > longLife {
		return life / 2
	}
	return max(life-refreshMargin, life/2)
}

// entry finds or adds the entry of an identity; s.mu is held. The cache being
// full, it takes the place of the one whose token expires first.
func (s *Source) entry(id identity) (*entry, error) {
	entries := *s.entries.Load()
	if e := entries[id]; e != nil {
		return e, nil
	}
	next := maps.Clone(entries)
	if len(next) >= maxIdentities {
		victim, ok := leastUseful(next)
		if !ok {
			return nil, unusable(fmt.Sprintf("tokens for %d identities and resources are being fetched already; let some of the requests end first", maxIdentities))
		}
		delete(next, victim)
	}
	e := &entry{}
	next[id] = e
	s.entries.Store(&next)
	return e, nil
}

// leastUseful is the entry whose token expires first, one without any before all
// others. Those that are being fetched stay.
func leastUseful(entries map[identity]*entry) (victim identity, ok bool) {
	var first time.Time
	for id, e := range entries {
		if e.flight != nil {
			continue
		}
		var expires time.Time
		if h := e.held.Load(); h != nil {
			expires = h.token.ExpiresOn
		}
		if !ok || expires.Before(first) {
			victim, first, ok = id, expires, true
		}
	}
	return victim, ok
}
