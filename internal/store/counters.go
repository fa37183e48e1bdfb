package store

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy"
)

// Counters are the counters of limits. The zero value is ready, and holds so many at most
// that a flood of keys fills no memory: what has been forgotten makes room first, then
// what will be soonest.
type Counters struct {
	// Most is how many counters are kept; 0: a hundred thousand.
	Most int

	shards [shards]shard
}

var _ policy.Counters = (*Counters)(nil)

const (
	shards = 32
	most   = 100_000
	// looked is at how many counters a full shard looks to find one to drop.
	looked = 16
)

var seed = maphash.MakeSeed()

type shard struct {
	mu       sync.Mutex
	counters map[policy.CounterID]*counter
	presets  map[preset]int64
	sweepAt  int // how many counters make it look for forgotten ones
}

// preset is what Set names; no unit is any.
type preset struct{ statement, key, unit string }

// counter is one counter; its shard's lock guards it.
type counter struct {
	window policy.Window
	limit  int64
	length time.Duration
	tally  tally
}

// tally is what was counted, forgetting in its own way. Times never go back.
type tally interface {
	// at forgets what is old, and is what is left in c's window.
	at(now time.Time, c *policy.Counter) int64
	// add counts n, and is what is there now, not negative.
	add(now time.Time, c *policy.Counter, n int64) int64
	// wait is how long until n more are allowed, where n is at most the limit.
	wait(now time.Time, c *policy.Counter, n int64) time.Duration
	// set makes it stand at n.
	set(now time.Time, n int64)
	// ends is when all is forgotten; zero: never.
	ends() time.Time
}

// Take counts n if the limit allows it.
func (s *Counters) Take(now time.Time, c *policy.Counter, n int64) policy.Standing {
	sh := s.lock(&c.CounterID)
	defer sh.mu.Unlock()
	t := s.find(sh, now, c)
	used := t.at(now, c)
	if used+n > c.Limit {
		return policy.Standing{Used: used, Wait: t.waitFor(now, c, n)}
	}
	return policy.Standing{Allowed: true, Used: t.add(now, c, n)}
}

// Add counts n, whatever the limit.
func (s *Counters) Add(now time.Time, c *policy.Counter, n int64) policy.Standing {
	sh := s.lock(&c.CounterID)
	defer sh.mu.Unlock()
	t := s.find(sh, now, c)
	used := t.at(now, c)
	if n != 0 {
		used = t.add(now, c, n)
	}
	if used >= c.Limit {
		return policy.Standing{Used: used, Wait: t.waitFor(now, c, 1)}
	}
	return policy.Standing{Allowed: true, Used: used}
}

// lock locks the shard that a counter is in. Keys of clients must not choose it, so the
// seed is the process's own.
func (s *Counters) lock(id *policy.CounterID) *shard {
	sh := &s.shards[maphash.String(seed, id.Key)%shards]
	sh.mu.Lock()
	return sh
}

func (s *Counters) find(sh *shard, now time.Time, c *policy.Counter) *counter {
	t := sh.counters[c.CounterID]
	if t == nil {
		sh.room(now, max(cmp.Or(s.Most, most)/shards, 1))
		t = sh.make(now, c)
	}
	t.limit, t.length = c.Limit, c.Length
	return t
}

func (sh *shard) make(now time.Time, c *policy.Counter) *counter {
	t := &counter{window: c.Window}
	switch c.Window {
	case policy.Sliding:
		t.tally = &sliding{base: now}
	case policy.Fixed:
		t.tally = &fixed{}
	default:
		t.tally = &refilling{}
	}
	if sh.counters == nil {
		sh.counters = make(map[policy.CounterID]*counter)
	}
	id := c.CounterID
	id.Key = strings.Clone(id.Key) // it may be a part of the request
	sh.counters[id] = t
	for _, unit := range []string{"", c.Unit} {
		if n, ok := sh.presets[preset{c.Statement, c.Key, unit}]; ok {
			t.tally.at(now, c)
			t.tally.set(now, n)
		}
	}
	return t
}

func (t *counter) at(now time.Time, c *policy.Counter) int64 { return t.tally.at(now, c) }

func (t *counter) add(now time.Time, c *policy.Counter, n int64) int64 { return t.tally.add(now, c, n) }

// waitFor is how long until n more are allowed; 0 if they never are.
func (t *counter) waitFor(now time.Time, c *policy.Counter, n int64) time.Duration {
	if n > c.Limit {
		return 0
	}
	return max(t.tally.wait(now, c, n), 0)
}

// room makes room for one more counter, if the shard is to hold at most full.
func (sh *shard) room(now time.Time, full int) {
	if len(sh.counters) >= max(sh.sweepAt, looked) {
		for id, t := range sh.counters {
			if end := t.tally.ends(); !end.IsZero() && !end.After(now) {
				delete(sh.counters, id)
			}
		}
		sh.sweepAt = 2 * len(sh.counters)
	}
	if len(sh.counters) < full {
		return
	}
	var soonest policy.CounterID
	var soonestEnd time.Time
	n := 0
	for id, t := range sh.counters {
		end := t.tally.ends()
		if n == 0 || !end.IsZero() && (soonestEnd.IsZero() || end.Before(soonestEnd)) {
			soonest, soonestEnd = id, end
		}
		if n++; n == looked {
			break
		}
	}
	delete(sh.counters, soonest)
}

// Set makes the counters of a statement and a key stand at n, those of one unit or, if that
// is "", of all. Those that are yet to be begin there.
func (s *Counters) Set(now time.Time, statement, key, unit string, n int64) {
	sh := s.lock(&policy.CounterID{Key: key})
	defer sh.mu.Unlock()
	if sh.presets == nil {
		sh.presets = make(map[preset]int64)
	}
	sh.presets[preset{statement, key, unit}] = n
	for id, t := range sh.counters {
		if id.Statement == statement && id.Key == key && (unit == "" || id.Unit == unit) {
			t.tally.set(now, n)
		}
	}
}

// Reset forgets the counters that match picks; nil: all.
func (s *Counters) Reset(match func(policy.CounterID) bool) {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		for id := range sh.counters {
			if match == nil || match(id) {
				delete(sh.counters, id)
			}
		}
		clear(sh.presets)
		sh.mu.Unlock()
	}
}

// Snapshot is how the counters stand that are not forgotten, sorted by name.
func (s *Counters) Snapshot(now time.Time) []policy.CounterState {
	var all []policy.CounterState
	for i := range s.shards {
		all = s.shards[i].appendTo(all, now)
	}
	slices.SortFunc(all, func(a, b policy.CounterState) int {
		return cmp.Or(cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Product, b.Product), cmp.Compare(a.API, b.API),
			cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Since, b.Since))
	})
	return all
}

func (sh *shard) appendTo(all []policy.CounterState, now time.Time) []policy.CounterState {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for id, t := range sh.counters {
		end := t.tally.ends()
		if !end.IsZero() && !end.After(now) {
			continue
		}
		c := &policy.Counter{CounterID: id, Window: t.window, Limit: t.limit, Length: t.length}
		if f, ok := t.tally.(*fixed); ok {
			c.Start, c.End = f.start, f.end
		}
		all = append(all, policy.CounterState{CounterID: id, Window: t.window, Used: t.tally.at(now, c), Limit: t.limit, Length: t.length, Renews: end})
	}
	return all
}
