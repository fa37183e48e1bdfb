package ai

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// charge is what a request has charged one counter with: first what its prompt is
// estimated at, then what it has spent. However many statements name a counter, a request
// charges it once.
type charge struct {
	counter policy.Counter
	amount  int64
	limits  int // how many statements have let the request pass
}

// charges are those of a run.
type charges struct{ all []*charge }

// chargeOf is the run's for a counter.
func chargeOf(r *policy.Run, counter policy.Counter) *charge {
	c := policy.Keep[charges](r)
	for _, other := range c.all {
		if other.counter.CounterID == counter.CounterID {
			return other
		}
	}
	one := &charge{counter: counter}
	c.all = append(c.all, one)
	return one
}

// reserve charges n tokens if the limit allows them. Without any it asks whether the
// counter is below its limit or, with full, not above: a token quota refuses when it is
// passed, not when it is met (observed.md 3.8).
func (c *charge) reserve(r *policy.Run, limit *policy.Counter, n int64, full bool) policy.Standing {
	now := r.Clock.Now()
	var s policy.Standing
	switch more := n - c.amount; {
	case more > 0:
		if s = r.Env.Counters.Take(now, limit, more); s.Allowed {
			c.amount = n
		}
	default:
		s = r.Env.Counters.Add(now, limit, 0)
		// What the request itself has charged by another statement is no reason to
		// refuse it.
		if full || c.limits > 0 {
			s.Allowed = s.Used <= limit.Limit
		}
	}
	if s.Allowed {
		c.limits++
	}
	return s
}

// release takes the charge back, unless other statements stand by it.
func (c *charge) release(r *policy.Run) {
	if c.limits--; c.limits == 0 && c.amount != 0 {
		r.Env.Counters.Add(r.Clock.Now(), &c.counter, -c.amount)
		c.amount = 0
	}
}

// settle charges what was spent in the end, and tells how limit stands.
func (c *charge) settle(r *policy.Run, limit *policy.Counter, n int64) policy.Standing {
	change := n - c.amount
	c.amount = n
	return r.Env.Counters.Add(r.Clock.Now(), limit, change)
}

var quotaPeriods = []string{"Hourly", "Daily", "Weekly", "Monthly", "Yearly"}

// quotaUnit names a quota's counter by its period.
func quotaUnit(period string) string {
	return quotaUnits[max(slices.Index(quotaPeriods, period), 0)]
}

var quotaUnits = []string{"tokens an hour", "tokens a day", "tokens a week", "tokens a month", "tokens a year"}
