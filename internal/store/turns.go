package store

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// turns are whose turn it is in a pool: each member saves up its weight with every
// request, and the richest one gets it and pays for all. So the shares are exact, and
// the members of a heavier weight are spread evenly.
type turns struct {
	saved map[string]int // by the members' ids
}

// member is the member of the pool that a request goes to, nil if all are tripped: then
// until when the first one is. mu is held.
func (b *Backends) member(e *exchange.BackendEntity, session string, now time.Time) (m *exchange.PoolMember, open time.Time) {
	members := e.Pool.Members
	best, shared := 0, false // the group to ask; whether a member of it has a weight
	for i := range members {
		m := &members[i]
		if until := b.openUntil(m.Backend, now); !until.IsZero() {
			if open.IsZero() || until.Before(open) {
				open = until
			}
			continue
		}
		if e.Pool.Cookie != "" && session == m.Session {
			return m, time.Time{}
		}
		switch {
		case best == 0 || m.Priority < members[best-1].Priority:
			best, shared = i+1, m.Weight > 0
		case m.Priority == members[best-1].Priority:
			shared = shared || m.Weight > 0
		}
	}
	if best == 0 {
		return nil, open
	}
	return b.turnIn(e, members[best-1].Priority, shared, now), time.Time{}
}

// turnIn is the member of a group whose turn it is. A member without a weight gets
// requests only where none has one: then all are alike.
func (b *Backends) turnIn(e *exchange.BackendEntity, priority int, shared bool, now time.Time) *exchange.PoolMember {
	t := b.turnsOf(e)
	var chosen *exchange.PoolMember
	sum := 0
	for i := range e.Pool.Members {
		m := &e.Pool.Members[i]
		weight := m.Weight
		if !shared {
			weight = 1
		}
		if m.Priority != priority || weight == 0 || !b.openUntil(m.Backend, now).IsZero() {
			continue
		}
		sum += weight
		t.saved[m.Backend.ID] += weight
		if chosen == nil || t.saved[m.Backend.ID] > t.saved[chosen.Backend.ID] {
			chosen = m
		}
	}
	t.saved[chosen.Backend.ID] -= sum
	return chosen
}

func (b *Backends) turnsOf(e *exchange.BackendEntity) *turns {
	t := b.pools[e.ID]
	if t == nil || len(t.saved) > len(e.Pool.Members) { // a reload took some out
		if b.pools == nil || len(b.pools) >= maxBackends {
			b.pools = make(map[string]*turns)
		}
		t = &turns{saved: make(map[string]int, len(e.Pool.Members))}
		b.pools[e.ID] = t
	}
	return t
}
