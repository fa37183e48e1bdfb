package limits

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
)

// shortestPeriod is the least of a quota by key that renews.
const shortestPeriod = 300 * time.Second

// QuotaByKey defines <quota-by-key>.
func QuotaByKey() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "quota-by-key",
			Doc:  "Refuses calls with a key that has used up what it may call or transfer in a period.",
			Attributes: slices.Concat(quotaSizes(), []policy.Attribute{
				{Name: "renewal-period", Doc: "Seconds of the period, at least 300; 0: it never ends.", Type: policy.Seconds, Required: true},
				{Name: "first-period-start", Doc: "When the first period began.", Type: policy.DateTime, Default: "0001-01-01T00:00:00Z"},
			}, increments()),
			AtLeastOne: [][]string{quotaSizeNames},
			Check: func(n *policy.Node) policy.Diagnostics {
				if period, known := n.Duration("renewal-period").Constant(); known && period > 0 && period < shortestPeriod {
					v := n.Attr("renewal-period")
					return policy.Diagnostics{n.Fault(policy.Error, v, "The 'renewal-period' attribute is invalid - The value '%s' is invalid: it is 0 or at least 300.", v.Written())}
				}
				return nil
			},
		},
		Category: "limits",
		Facts:    quotaByKeyFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &quotaByKey{newAllowance(n), n.Time("first-period-start"), n.String("counter-key"), newIncrement(n)}, nil
		},
	}
}

type quotaByKey struct {
	allowance
	start     time.Time
	key       policy.Operand[string]
	increment increment
}

// raised are the counters of keys that the request has been counted in.
type raised struct{ ids []policy.CounterID }

// first reports whether the request is yet to be counted in a counter, and notes that it
// is: however many statements name a key, a request counts once.
func (s *raised) first(id policy.CounterID) bool {
	if slices.Contains(s.ids, id) {
		return false
	}
	s.ids = append(s.ids, id)
	return true
}

func (s *quotaByKey) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	id := policy.CounterID{Statement: "quota-by-key", Key: key}
	now := r.Clock.Now()
	calls, bytes := s.counters(id, now, s.start)
	if bytes != nil && !s.allows(r, now, bytes) {
		return outOfQuota(bandwidth, untilEnd(bytes, now))
	}
	n := int64(1)
	if !s.increment.late {
		if n, err = s.increment.get(r); err != nil {
			return err
		}
	}
	if calls != nil && !s.take(r, now, calls, n) {
		return outOfQuota(callVolume, untilEnd(calls, now))
	}
	switch {
	case s.increment.late:
		s.increment.atEnd(r, "quota-by-key", func(r *policy.Run, n int64) {
			if n == 0 {
				return
			}
			now := r.Clock.Now()
			if calls, _ := s.counters(id, now, s.start); calls != nil && policy.Keep[raised](r).first(calls.CounterID) {
				noteStanding(r, "quota-by-key", "calls", r.Env.Counters.Add(now, calls, n).Used, calls.Limit)
			}
			s.countBytes(r, id, bytes)
		})
	case n > 0:
		s.countBytes(r, id, bytes)
	}
	return nil
}

// allows looks whether there is room for one more.
func (s *quotaByKey) allows(r *policy.Run, now time.Time, c *policy.Counter) bool {
	standing := r.Env.Counters.Add(now, c, 0)
	noteStanding(r, "quota-by-key", c.Unit, standing.Used, c.Limit)
	return standing.Allowed
}

// take counts n calls, unless another statement has counted the request, or it counts at
// its end.
func (s *quotaByKey) take(r *policy.Run, now time.Time, c *policy.Counter, n int64) bool {
	counted := policy.Keep[raised](r)
	switch {
	case slices.Contains(counted.ids, c.CounterID):
		return r.Env.Counters.Add(now, c, 0).Used <= c.Limit
	case s.increment.late || n == 0:
		return s.allows(r, now, c)
	}
	standing := r.Env.Counters.Take(now, c, n)
	noteStanding(r, "quota-by-key", "calls", standing.Used, c.Limit)
	return standing.Allowed && counted.first(c.CounterID)
}

// countBytes has the request's bytes counted in the period in which it ends.
func (s *quotaByKey) countBytes(r *policy.Run, id policy.CounterID, bytes *policy.Counter) {
	if bytes == nil || !policy.Keep[raised](r).first(bytes.CounterID) {
		return
	}
	whenDone(r, func(n int64) {
		now := r.Clock.Now()
		_, bytes := s.counters(id, now, s.start)
		r.Env.Counters.Add(now, bytes, n)
	})
}
