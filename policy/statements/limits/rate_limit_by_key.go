package limits

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
)

// RateLimitByKey defines <rate-limit-by-key>.
func RateLimitByKey() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "rate-limit-by-key",
			Doc:  "Refuses calls with the same key that come too often.",
			Attributes: slices.Concat([]policy.Attribute{
				{Name: "calls", Doc: "Calls allowed in the window.", Type: policy.Int, Required: true, Expression: true},
				{Name: "renewal-period", Doc: "Seconds of the window, which slides.", Type: policy.Seconds, Max: longestWindow, Required: true, Expression: true},
			}, increments(), rateReports()),
		},
		Category: "limits",
		Facts:    rateLimitByKeyFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &rateLimitByKey{
				calls: n.Int("calls"), period: n.Duration("renewal-period"), key: n.String("counter-key"),
				increment: newIncrement(n), report: newReport(n),
			}, nil
		},
	}
}

type rateLimitByKey struct {
	calls     policy.Operand[int]
	period    policy.Operand[time.Duration]
	key       policy.Operand[string]
	increment increment
	report    report
}

// Run counts the request, or looks whether there is room for one more where it is counted
// at its end.
func (s *rateLimitByKey) Run(r *policy.Run) error {
	c, err := s.counter(r)
	if err != nil {
		return err
	}
	var n int64
	if !s.increment.late {
		if n, err = s.increment.get(r); err != nil {
			return err
		}
	}
	standing := takeOrLook(r, c, n)
	noteStanding(r, "rate-limit-by-key", "calls", standing.Used, c.Limit)
	left := standing.Left(c.Limit)
	s.report.remaining(r, left)
	switch {
	case s.increment.late && standing.Allowed:
		s.increment.atEnd(r, "rate-limit-by-key", func(r *policy.Run, n int64) {
			standing := r.Env.Counters.Add(r.Clock.Now(), c, n)
			noteStanding(r, "rate-limit-by-key", "calls", standing.Used, c.Limit)
			s.report.headers(r, standing.Left(c.Limit), c.Limit)
		})
	case s.report.hasHeaders():
		r.AtEnd(func(r *policy.Run) { s.report.headers(r, left, c.Limit) })
	}
	if !standing.Allowed {
		return s.report.refuse(r, waitOr(standing, c.Length))
	}
	return nil
}

// counter is the one of the key. Statements of any scope with the same key count in one,
// each for itself: only quota-by-key's page says that a request counts once.
func (s *rateLimitByKey) counter(r *policy.Run) (*policy.Counter, error) {
	key, err := s.key.Get(r)
	if err != nil {
		return nil, err
	}
	calls, err := s.calls.Get(r)
	if err != nil {
		return nil, err
	}
	period, err := s.period.Get(r)
	id := policy.CounterID{Statement: "rate-limit-by-key", Unit: "calls", Key: key}
	return &policy.Counter{CounterID: id, Limit: int64(calls), Length: period}, err
}

// takeOrLook counts n, or only looks whether one more is allowed if n is 0.
func takeOrLook(r *policy.Run, c *policy.Counter, n int64) policy.Standing {
	if n == 0 {
		return r.Env.Counters.Add(r.Clock.Now(), c, 0)
	}
	return r.Env.Counters.Take(r.Clock.Now(), c, n)
}
