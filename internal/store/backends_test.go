package store

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

func rule(count, percentage int) *exchange.Breaker {
	return &exchange.Breaker{
		Count: count, Percentage: percentage, Interval: time.Minute, Statuses: []exchange.StatusRange{{Min: 500, Max: 599}},
		Reasons: []string{"timeout"}, TripDuration: 30 * time.Second, AcceptRetryAfter: true,
	}
}

func pool(members ...exchange.PoolMember) *exchange.BackendEntity {
	for i := range members {
		members[i].Session = "session-" + members[i].Backend.ID
	}
	return &exchange.BackendEntity{ID: "pool", Pool: &exchange.BackendPool{Members: members}}
}

// A step is "STATUS at SECONDS [retry SECONDS]", and what came of it.
func TestBreaker(t *testing.T) {
	for name, test := range map[string]struct {
		rule  *exchange.Breaker
		steps string // status@second[/retry]: "!" trips it
	}{
		"count":                        {rule(3, 0), "500@0 200@1 500@2 500@3!"},
		"the window slides":            {rule(3, 0), "500@0 500@30 500@60 500@90 500@119!"},
		"statuses that are none":       {rule(1, 0), "499@0 404@1 200@2 500@3!"},
		"reasons":                      {rule(1, 0), "0@0!"},
		"open ones count nothing":      {rule(1, 0), "500@0! 500@1 500@29 500@30!"},
		"counting begins anew":         {rule(2, 0), "500@0 500@1! 500@32 500@33!"},
		"Retry-After":                  {rule(1, 0), "500@0/5! 500@4 500@5!"},
		"percentage":                   {rule(0, 50), "200@0 200@1 200@2 500@3 500@4 500@5!"},
		"percentage of what is recent": {rule(0, 50), "200@0 200@1 200@2 500@90!"},
		"a success never trips":        {rule(0, 10), "200@0 200@1"},
	} {
		t.Run(name, func(t *testing.T) {
			var b Backends
			e := &exchange.BackendEntity{ID: "b", Breaker: test.rule}
			for _, step := range strings.Fields(test.steps) {
				var status, second, retry int
				plain := strings.TrimSuffix(step, "!")
				if strings.Contains(plain, "/") {
					fmt.Sscanf(plain, "%d@%d/%d", &status, &second, &retry)
				} else {
					fmt.Sscanf(plain, "%d@%d", &status, &second)
				}
				now := noon.Add(time.Duration(second) * time.Second)
				open, tripped := b.Report(e, policy.BackendCall{Status: status, Reason: "Timeout", RetryAfter: time.Duration(retry) * time.Second}, now)
				if tripped != (step != plain) {
					t.Fatalf("%s: tripped is %t", step, tripped)
				}
				picked, _, until := b.Pick(e, "", now)
				if want := 30 * time.Second; tripped {
					if retry > 0 {
						want = time.Duration(retry) * time.Second
					}
					if picked != nil || !until.Equal(open) || open.Sub(now) != want {
						t.Errorf("%s: picked %v until %s; want none for %s", step, picked, until, want)
					}
				}
			}
		})
	}
}

func TestTurns(t *testing.T) {
	a, b, c := &exchange.BackendEntity{ID: "a", Breaker: rule(1, 0)}, &exchange.BackendEntity{ID: "b", Breaker: rule(1, 0)}, &exchange.BackendEntity{ID: "c"}
	fail := policy.BackendCall{Status: 500}
	for name, test := range map[string]struct {
		pool    *exchange.BackendEntity
		tripped []*exchange.BackendEntity
		want    string
	}{
		"round robin":                 {pool(exchange.PoolMember{Backend: a, Weight: 1}, exchange.PoolMember{Backend: b, Weight: 1}), nil, "abababab"},
		"by weight":                   {pool(exchange.PoolMember{Backend: a, Weight: 3}, exchange.PoolMember{Backend: b, Weight: 1}), nil, "aabaaaba"},
		"no weight, no share":         {pool(exchange.PoolMember{Backend: a, Weight: 0}, exchange.PoolMember{Backend: b, Weight: 1}), nil, "bbbbbbbb"},
		"no weights at all":           {pool(exchange.PoolMember{Backend: a}, exchange.PoolMember{Backend: b}), nil, "abababab"},
		"a tripped one is left out":   {pool(exchange.PoolMember{Backend: a, Weight: 1}, exchange.PoolMember{Backend: b, Weight: 1}), []*exchange.BackendEntity{a}, "bbbbbbbb"},
		"what has no weight steps in": {pool(exchange.PoolMember{Backend: a, Weight: 0}, exchange.PoolMember{Backend: b, Weight: 1}), []*exchange.BackendEntity{b}, "aaaaaaaa"},
		"the first group":             {pool(exchange.PoolMember{Backend: c, Priority: 2, Weight: 9}, exchange.PoolMember{Backend: a, Priority: 1, Weight: 1}), nil, "aaaaaaaa"},
		"the next group":              {pool(exchange.PoolMember{Backend: c, Priority: 2, Weight: 9}, exchange.PoolMember{Backend: a, Priority: 1, Weight: 1}), []*exchange.BackendEntity{a}, "cccccccc"},
		"nobody":                      {pool(exchange.PoolMember{Backend: a, Weight: 1}, exchange.PoolMember{Backend: b, Weight: 1}), []*exchange.BackendEntity{a, b}, "--------"},
	} {
		t.Run(name, func(t *testing.T) {
			var s Backends
			for i, e := range test.tripped {
				s.Report(e, fail, noon.Add(time.Duration(i)*time.Second))
			}
			got := ""
			for range 8 {
				e, _, open := s.Pick(test.pool, "", noon.Add(2*time.Second))
				if e == nil {
					got += "-"
					if want := noon.Add(30 * time.Second); !open.Equal(want) {
						t.Errorf("open until %s, want %s: that of the first", open, want)
					}
					continue
				}
				got += e.ID
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAffinity(t *testing.T) {
	a, b := &exchange.BackendEntity{ID: "a", Breaker: rule(1, 0)}, &exchange.BackendEntity{ID: "b"}
	p := pool(exchange.PoolMember{Backend: a, Weight: 1}, exchange.PoolMember{Backend: b, Weight: 1})
	var s Backends
	pick := func(session string) string {
		e, its, _ := s.Pick(p, session, noon)
		return e.ID + " " + its
	}
	if got := pick("session-b"); got != "a session-a" {
		t.Errorf("without affinity: %s", got)
	}
	p.Pool.Cookie = "Session"
	for range 3 {
		if got := pick("session-a"); got != "a session-a" {
			t.Errorf("with affinity: %s", got)
		}
	}
	s.Report(a, policy.BackendCall{Status: 500}, noon)
	if got := pick("session-a"); got != "b session-b" {
		t.Errorf("its member is tripped: %s", got)
	}
}

// State goes by the id and the rule: a reload that changes neither keeps it.
func TestBackendsOverReload(t *testing.T) {
	var s Backends
	s.Report(&exchange.BackendEntity{ID: "a", Breaker: rule(2, 0)}, policy.BackendCall{Status: 500}, noon)
	s.Report(&exchange.BackendEntity{ID: "b", Breaker: rule(2, 0)}, policy.BackendCall{Status: 500}, noon)
	if _, tripped := s.Report(&exchange.BackendEntity{ID: "a", Breaker: rule(2, 0)}, policy.BackendCall{Status: 500}, noon); !tripped {
		t.Error("a reload has forgotten a failure")
	}
	if _, tripped := s.Report(&exchange.BackendEntity{ID: "b", Breaker: rule(3, 0)}, policy.BackendCall{Status: 500}, noon); tripped {
		t.Error("a changed rule counts with the old one's failures")
	}
	snapshot := s.Snapshot(noon)
	if len(snapshot) != 2 || snapshot[0].ID != "a" || !snapshot[0].Open.Equal(noon.Add(30*time.Second)) || snapshot[1].Failures != 1 || !snapshot[1].Open.IsZero() {
		t.Errorf("the snapshot is %+v", snapshot)
	}
	s.Reset("a")
	if e, _, _ := s.Pick(&exchange.BackendEntity{ID: "a", Breaker: rule(2, 0)}, "", noon); e == nil {
		t.Error("a breaker that was reset is still tripped")
	}
	if s.Reset(""); len(s.Snapshot(noon)) != 0 {
		t.Error("something is left after all were reset")
	}
}

// Of failures at once exactly one trips the breaker, and shares stay exact.
func TestBackendsConcurrently(t *testing.T) {
	var s Backends
	e := &exchange.BackendEntity{ID: "e", Breaker: rule(640, 0)}
	a, b := &exchange.BackendEntity{ID: "a"}, &exchange.BackendEntity{ID: "b"}
	p := pool(exchange.PoolMember{Backend: a, Weight: 3}, exchange.PoolMember{Backend: b, Weight: 1})
	var trips, ofA atomic.Int32
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			for range 10 {
				if _, tripped := s.Report(e, policy.BackendCall{Status: 500}, noon); tripped {
					trips.Add(1)
				}
				if picked, _, _ := s.Pick(p, "", noon); picked == a {
					ofA.Add(1)
				}
			}
		})
	}
	group.Wait()
	if trips.Load() != 1 || ofA.Load() != 480 {
		t.Errorf("%d trips and %d requests, want 1 and 480", trips.Load(), ofA.Load())
	}
}

func BenchmarkPick(b *testing.B) {
	members := make([]exchange.PoolMember, 4)
	for i := range members {
		members[i] = exchange.PoolMember{Backend: &exchange.BackendEntity{ID: fmt.Sprint(i), Breaker: rule(3, 0)}, Weight: 1}
	}
	p := pool(members...)
	var s Backends
	b.ReportAllocs()
	for b.Loop() {
		e, _, _ := s.Pick(p, "", noon)
		s.Report(e, policy.BackendCall{Status: 200}, noon)
	}
}
