package store

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Backends keeps the state of circuit breakers and the turns of pools, by the ids of
// backends. The zero value is ready.
type Backends struct {
	mu       sync.Mutex
	breakers map[string]*breaker
	pools    map[string]*turns
}

var _ policy.Backends = (*Backends)(nil)

// maxBackends is how many ids are kept: beyond it, those of backends that no reload has
// kept are forgotten. A service has fewer.
const maxBackends = 4096

// breaker is the state of one circuit breaker. The lock of Backends guards it: what
// happens under it is a few comparisons.
type breaker struct {
	rule      *exchange.Breaker
	openUntil time.Time // zero: it is closed
	failures  []time.Time
	next      int // of failures, once it is full: the oldest
	shares    shares
}

// Pick is part of [policy.Backends].
func (b *Backends) Pick(e *exchange.BackendEntity, session string, now time.Time) (picked *exchange.BackendEntity, its string, open time.Time) {
	if e.Pool == nil {
		if e.Breaker == nil {
			return e, "", time.Time{}
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if until := b.openUntil(e, now); !until.IsZero() {
			return nil, "", until
		}
		return e, "", time.Time{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	m, open := b.member(e, session, now)
	if m == nil {
		return nil, "", open
	}
	return m.Backend, m.Session, time.Time{}
}

// openUntil is when e's breaker closes; zero: it is closed. mu is held.
func (b *Backends) openUntil(e *exchange.BackendEntity, now time.Time) time.Time {
	s := b.breakers[e.ID]
	if e.Breaker == nil || s == nil || !s.openUntil.After(now) {
		return time.Time{}
	}
	return s.openUntil
}

// Report is part of [policy.Backends]. What ends while the breaker is open began before
// it tripped, and does not count.
func (b *Backends) Report(e *exchange.BackendEntity, c policy.BackendCall, now time.Time) (open time.Time, tripped bool) {
	if e.Breaker == nil {
		return time.Time{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.breakerOf(e)
	switch {
	case s.openUntil.After(now):
		return time.Time{}, false
	case !s.openUntil.IsZero():
		s.clear()
	}
	if !s.count(e.Breaker.Fails(c.Status, c.Reason), now) {
		return time.Time{}, false
	}
	s.clear()
	d := e.Breaker.TripDuration
	if e.Breaker.AcceptRetryAfter && c.RetryAfter > 0 {
		d = c.RetryAfter
	}
	s.openUntil = now.Add(d)
	return s.openUntil, true
}

// breakerOf is the state of e's breaker. One whose rule a reload has changed begins
// anew. mu is held.
func (b *Backends) breakerOf(e *exchange.BackendEntity) *breaker {
	s := b.breakers[e.ID]
	if s == nil {
		if b.breakers == nil {
			b.breakers = make(map[string]*breaker)
		}
		if len(b.breakers) >= maxBackends {
			clear(b.breakers) // which so many reloads with new names have filled
		}
		s = &breaker{rule: e.Breaker}
		b.breakers[e.ID] = s
	}
	if s.rule != e.Breaker {
		if !reflect.DeepEqual(s.rule, e.Breaker) {
			*s = breaker{}
		}
		s.rule = e.Breaker
	}
	return s
}

func (s *breaker) clear() {
	s.openUntil, s.failures, s.next, s.shares = time.Time{}, s.failures[:0], 0, shares{}
}

// count takes in a request, and reports whether it trips the breaker. The window slides:
// no page says of what form it is.
func (s *breaker) count(failed bool, now time.Time) bool {
	if s.rule.Count == 0 {
		s.shares.add(failed, now, s.rule.Interval)
		return failed && s.shares.failed*100 >= s.rule.Percentage*s.shares.total
	}
	if !failed {
		return false
	}
	if len(s.failures) < s.rule.Count {
		s.failures = append(s.failures, now)
	} else {
		s.failures[s.next] = now
		s.next = (s.next + 1) % s.rule.Count
	}
	if len(s.failures) < s.rule.Count {
		return false
	}
	return now.Sub(s.failures[s.next]) < s.rule.Interval
}

// shareSlots is how many pieces of the interval are counted apart, for a percentage.
const shareSlots = 64

// shares counts requests and failures of the last interval, to a 64th of it.
type shares struct {
	slots         [shareSlots]struct{ total, failed int }
	newest        int64 // number of the slot, since the zero time
	total, failed int
}

func (s *shares) add(failed bool, now time.Time, interval time.Duration) {
	length := max(interval/shareSlots, 1)
	number := now.UnixNano() / int64(length)
	for n := max(s.newest, number-shareSlots) + 1; n <= number; n++ {
		slot := &s.slots[n%shareSlots]
		s.total, s.failed = s.total-slot.total, s.failed-slot.failed
		slot.total, slot.failed = 0, 0
	}
	s.newest = max(s.newest, number)
	slot := &s.slots[s.newest%shareSlots]
	slot.total++
	s.total++
	if failed {
		slot.failed++
		s.failed++
	}
}

// BackendState is the state of a backend's circuit breaker, for people.
type BackendState struct {
	ID string
	// Failures that count now.
	Failures int
	// Open says that the breaker is tripped, until then; zero: it is not.
	Open time.Time
}

// Snapshot is the state of all breakers that have counted something, by their ids.
func (b *Backends) Snapshot(now time.Time) []BackendState {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []BackendState
	for id, s := range b.breakers {
		state := BackendState{ID: id, Failures: s.shares.failed}
		for _, at := range s.failures {
			if now.Sub(at) < s.rule.Interval {
				state.Failures++
			}
		}
		if s.openUntil.After(now) {
			state.Open = s.openUntil
		}
		all = append(all, state)
	}
	slices.SortFunc(all, func(x, y BackendState) int { return cmp.Compare(x.ID, y.ID) })
	return all
}

// Reset closes the breaker of a backend, and begins its pool's turns anew; "" stands for
// all.
func (b *Backends) Reset(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := func(other string) bool { return id == "" || id == other }
	maps.DeleteFunc(b.breakers, func(other string, _ *breaker) bool { return all(other) })
	maps.DeleteFunc(b.pools, func(other string, _ *turns) bool { return all(other) })
}
