package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func slidingBy(key string, limit int64, length time.Duration) *policy.Counter {
	return &policy.Counter{CounterID: policy.CounterID{Statement: "rate-limit-by-key", Unit: "calls", Key: key}, Limit: limit, Length: length}
}

func TestSliding(t *testing.T) {
	var s Counters
	c := slidingBy("a", 3, time.Minute)
	for _, step := range []struct {
		at      time.Duration
		n       int64
		allowed bool
		used    int64
		wait    time.Duration
	}{
		{0, 1, true, 1, 0},
		{10 * time.Second, 1, true, 2, 0},
		{20 * time.Second, 1, true, 3, 0},
		{30 * time.Second, 1, false, 3, 30 * time.Second},
		{30 * time.Second, 2, false, 3, 40 * time.Second},
		{30 * time.Second, 4, false, 3, 0}, // never
		{time.Minute - 1, 1, false, 3, 1},
		{time.Minute, 1, true, 3, 0}, // the first is a minute old
		{time.Minute, 1, false, 3, 10 * time.Second},
		{50 * time.Second, 1, false, 3, 10 * time.Second}, // one who comes late
		{5 * time.Minute, 3, true, 3, 0},
	} {
		got := s.Take(noon.Add(step.at), c, step.n)
		if want := (policy.Standing{Allowed: step.allowed, Used: step.used, Wait: step.wait}); got != want {
			t.Errorf("at %s, %d more: %+v, want %+v", step.at, step.n, got, want)
		}
	}
	if got := s.Add(noon.Add(5*time.Minute), c, -1); !got.Allowed || got.Used != 2 || got.Left(3) != 1 {
		t.Errorf("one taken back: %+v", got)
	}
	if got := s.Add(noon.Add(5*time.Minute), c, 10); got.Allowed || got.Used != 12 || got.Wait != time.Minute || got.Left(3) != 0 {
		t.Errorf("counted above the limit: %+v", got)
	}
	if got := s.Take(noon, slidingBy("b", 3, time.Minute), 1); !got.Allowed {
		t.Errorf("another key: %+v", got)
	}
}

// Two statements may look at one key through windows of different lengths.
func TestSlidingLengths(t *testing.T) {
	var s Counters
	long, short := slidingBy("a", 5, 5*time.Minute), slidingBy("a", 2, time.Minute)
	s.Take(noon, long, 2)
	if got := s.Take(noon.Add(30*time.Second), short, 1); got.Allowed || got.Wait != 30*time.Second {
		t.Errorf("two within the minute: %+v", got)
	}
	if got := s.Take(noon.Add(time.Minute), short, 2); !got.Allowed || got.Used != 2 {
		t.Errorf("a minute later: %+v", got)
	}
	if got := s.Add(noon.Add(4*time.Minute), long, 0); got.Used != 4 {
		t.Errorf("within five minutes: %+v, want 4", got)
	}
}

// A sliding counter is held against one that keeps every time: it never lets more through,
// and as long as it is small it lets the same through.
func TestSlidingAgainstModel(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 1))
		limit := int64(1 + random.IntN(20))
		if seed%2 == 1 {
			limit = 2000 // more than are kept exactly
		}
		var s Counters
		c := slidingBy("a", limit, time.Minute)
		now := noon
		var taken []time.Time
		for range 20_000 {
			now = now.Add(time.Duration(random.Int64N(int64(2 * time.Minute / time.Duration(limit)))))
			for len(taken) > 0 && !now.Before(taken[0].Add(time.Minute)) {
				taken = taken[1:]
			}
			allowed := s.Take(now, c, 1).Allowed
			fits := int64(len(taken)) < limit
			if allowed && !fits || limit <= exactEntries && allowed != fits {
				t.Fatalf("seed %d, limit %d: with %d in the last minute one more is allowed: %v", seed, limit, len(taken), allowed)
			}
			if allowed {
				taken = append(taken, now)
			}
		}
		log := s.shards[shardOf(&s, c)].counters[c.CounterID].tally.(*sliding)
		if n := len(log.entries); n > exactEntries+parts+1 {
			t.Errorf("limit %d: %d entries are kept", limit, n)
		}
	}
}

func shardOf(s *Counters, c *policy.Counter) int {
	for i := range s.shards {
		if s.shards[i].counters[c.CounterID] != nil {
			return i
		}
	}
	return -1
}

func TestFixed(t *testing.T) {
	var s Counters
	in := func(start time.Duration, limit int64) *policy.Counter {
		return &policy.Counter{CounterID: policy.CounterID{Statement: "quota", Key: "a"}, Window: policy.Fixed, Limit: limit, Start: noon.Add(start), End: noon.Add(start + time.Hour)}
	}
	for _, step := range []struct {
		at, window time.Duration
		n          int64
		want       policy.Standing
	}{
		{0, 0, 2, policy.Standing{Allowed: true, Used: 2}},
		{time.Minute, 0, 1, policy.Standing{Used: 2, Wait: 59 * time.Minute}},
		{time.Minute, 0, 3, policy.Standing{Used: 2}}, // never
		{time.Hour, time.Hour, 1, policy.Standing{Allowed: true, Used: 1}},
		{time.Hour, 0, 1, policy.Standing{Allowed: true, Used: 2}}, // one who comes late
		{3 * time.Hour, 3 * time.Hour, 2, policy.Standing{Allowed: true, Used: 2}},
	} {
		if got := s.Take(noon.Add(step.at), in(step.window, 2), step.n); got != step.want {
			t.Errorf("at %s, window %s, %d more: %+v, want %+v", step.at, step.window, step.n, got, step.want)
		}
	}
	never := &policy.Counter{CounterID: policy.CounterID{Key: "never"}, Window: policy.Fixed, Limit: 1}
	s.Take(noon, never, 1)
	if got := s.Take(noon.AddDate(100, 0, 0), never, 1); got.Allowed || got.Wait != 0 {
		t.Errorf("a window without end: %+v", got)
	}
}

func TestRefilling(t *testing.T) {
	var s Counters
	c := &policy.Counter{CounterID: policy.CounterID{Statement: "llm-token-limit", Key: "a"}, Window: policy.Refilling, Limit: 10, Length: time.Minute}
	for _, step := range []struct {
		at   time.Duration
		n    int64
		want policy.Standing
	}{
		{0, 0, policy.Standing{Allowed: true}},
		{10 * time.Second, 35, policy.Standing{Used: 35, Wait: 3 * time.Minute}}, // observed.md 3.9
		{70 * time.Second, 0, policy.Standing{Used: 25, Wait: 2 * time.Minute}},
		{150 * time.Second, 0, policy.Standing{Used: 15, Wait: 40 * time.Second}},
		{190 * time.Second, 0, policy.Standing{Allowed: true, Used: 5}},
		{190 * time.Second, -9, policy.Standing{Allowed: true}},
		{191 * time.Second, 10, policy.Standing{Used: 10, Wait: time.Minute}}, // a new window begins
		{251 * time.Second, 0, policy.Standing{Allowed: true}},
	} {
		if got := s.Add(noon.Add(step.at), c, step.n); got != step.want {
			t.Errorf("at %s, %d: %+v, want %+v", step.at, step.n, got, step.want)
		}
	}
	s.Add(noon.Add(time.Hour), c, 8)
	if got, want := s.Take(noon.Add(time.Hour+time.Second), c, 3), (policy.Standing{Used: 8, Wait: 59 * time.Second}); got != want {
		t.Errorf("three more beside eight: %+v, want %+v", got, want)
	}
}

// 64 clients at once, over windows that the clock moves through: exactly as many calls are
// let through as there is room for, in each.
func TestManyClients(t *testing.T) {
	const clients, calls, limit, keys = 64, 50, 100, 3
	for _, window := range []policy.Window{policy.Sliding, policy.Fixed, policy.Refilling} {
		t.Run(window.String(), func(t *testing.T) {
			var s Counters
			clock := exchange.NewVirtualClock(noon)
			for round := range 5 {
				var all sync.WaitGroup
				var mu sync.Mutex
				allowed := make(map[string]int)
				for client := range clients {
					all.Go(func() {
						for i := range calls {
							key := fmt.Sprint((client + i) % keys)
							start := clock.Now().Truncate(time.Minute)
							c := &policy.Counter{CounterID: policy.CounterID{Key: key}, Window: window, Limit: limit, Length: time.Minute, Start: start, End: start.Add(time.Minute)}
							if s.Take(clock.Now(), c, 1).Allowed {
								mu.Lock()
								allowed[key]++
								mu.Unlock()
							}
							clock.Advance(time.Millisecond) // 3.2 seconds a round
						}
					})
				}
				all.Wait()
				for key, n := range allowed {
					if n != limit || len(allowed) != keys {
						t.Errorf("round %d: %d calls of %s, want %d", round, n, key, limit)
					}
				}
				clock.Advance(time.Minute)
				if window == policy.Fixed {
					clock.Advance(clock.Now().Truncate(time.Minute).Add(time.Minute).Sub(clock.Now()))
				}
			}
		})
	}
}

// No minute, wherever it begins, has more than the limit.
func TestManyClientsInAnyWindow(t *testing.T) {
	const clients, limit = 64, 40
	for _, amount := range []int64{1, 3} {
		var s Counters
		clock := exchange.NewVirtualClock(noon)
		var mu sync.Mutex
		var times []time.Time
		for tick := range 200 {
			var all sync.WaitGroup
			for client := range clients {
				all.Go(func() {
					now := clock.Now()
					if (client+tick)%8 == 0 && s.Take(now, slidingBy("a", limit, time.Minute), amount).Allowed {
						mu.Lock()
						times = append(times, now)
						mu.Unlock()
					}
				})
			}
			all.Wait()
			clock.Advance(2700 * time.Millisecond)
		}
		for i, at := range times {
			n := int64(0)
			for _, other := range times[i:] {
				if other.Before(at.Add(time.Minute)) {
					n += amount
				}
			}
			if n > limit {
				t.Fatalf("%d within a minute, the limit is %d", n, limit)
			}
		}
		if got, least := int64(len(times))*amount, int64(limit-2)*9; got < least {
			t.Errorf("%d were let through in nine minutes, want at least %d", got, least)
		}
	}
}

// Counters that are forgotten make room, and a flood of keys does not grow without end.
func TestBoundedNumber(t *testing.T) {
	s := Counters{Most: 100 * shards}
	count := func() (n int) {
		for i := range s.shards {
			n += len(s.shards[i].counters)
		}
		return n
	}
	now := noon
	for i := range 20_000 {
		now = now.Add(time.Second)
		s.Take(now, slidingBy(fmt.Sprint(i), 5, time.Minute), 1)
	}
	if n := count(); n > 64*shards {
		t.Errorf("%d counters are kept, of which 60 are not forgotten", n)
	}
	for i := range 20_000 {
		s.Take(now, slidingBy(fmt.Sprint("flood", i), 5, time.Minute), 1)
	}
	if n := count(); n > s.Most {
		t.Errorf("%d counters are kept, want at most %d", n, s.Most)
	}
}

func TestSnapshotSetReset(t *testing.T) {
	var s Counters
	a := slidingBy("a", 3, time.Minute)
	s.Set(noon, "rate-limit-by-key", "a", "", 2)
	if got := s.Take(noon, a, 1); !got.Allowed || got.Used != 3 {
		t.Errorf("after a counter was set before it was there: %+v", got)
	}
	s.Set(noon, "rate-limit-by-key", "a", "calls", 1)
	quota := &policy.Counter{CounterID: policy.CounterID{Statement: "quota", Unit: "calls", Key: "gold", Product: "p"}, Window: policy.Fixed, Limit: 9, Start: noon, End: noon.Add(time.Hour)}
	s.Take(noon, quota, 4)
	s.Take(noon.Add(-time.Hour), slidingBy("forgotten", 1, time.Minute), 1)
	got := s.Snapshot(noon.Add(time.Second))
	want := []policy.CounterState{
		{CounterID: quota.CounterID, Window: policy.Fixed, Used: 4, Limit: 9, Renews: noon.Add(time.Hour)},
		{CounterID: a.CounterID, Window: policy.Sliding, Used: 1, Limit: 3, Length: time.Minute, Renews: noon.Add(time.Minute)},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	s.Reset(func(id policy.CounterID) bool { return strings.HasPrefix(id.Statement, "quota") })
	if got := s.Snapshot(noon); len(got) != 1 || got[0].Key != "a" {
		t.Errorf("after the quota was reset: %+v", got)
	}
	s.Reset(nil)
	if got := s.Snapshot(noon); len(got) != 0 {
		t.Errorf("after all was reset: %+v", got)
	}
}

func BenchmarkCounters(b *testing.B) {
	for _, limit := range []int64{10, 100_000} {
		b.Run(fmt.Sprintf("sliding/limit=%d", limit), func(b *testing.B) {
			b.ReportAllocs()
			var s Counters
			c, now := slidingBy("key", limit, time.Minute), noon
			for b.Loop() {
				now = now.Add(time.Millisecond)
				s.Take(now, c, 1)
			}
		})
	}
	for _, window := range []policy.Window{policy.Fixed, policy.Refilling} {
		b.Run(window.String(), func(b *testing.B) {
			b.ReportAllocs()
			var s Counters
			c := &policy.Counter{CounterID: policy.CounterID{Key: "a"}, Window: window, Limit: 1000, Length: time.Minute, Start: noon, End: noon.Add(time.Hour)}
			for b.Loop() {
				s.Take(noon, c, 1)
			}
		})
	}
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		var s Counters
		b.RunParallel(func(p *testing.PB) {
			c, now := slidingBy("key", 1000, time.Minute), noon
			for p.Next() {
				now = now.Add(time.Millisecond)
				s.Take(now, c, 1)
			}
		})
	})
}
