package limits

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// RateLimit defines <rate-limit>.
func RateLimit() *policy.Definition {
	own := []policy.Attribute{
		{Name: "calls", Doc: "Calls allowed in the window.", Type: policy.Int, Required: true},
		{Name: "renewal-period", Doc: "Seconds of the window, which slides.", Type: policy.Seconds, Max: longestWindow, Required: true},
	}
	api := counted("api", "A limit of its own for an API of the product.", own)
	api.Children = []policy.Child{{Element: counted("operation", "A limit of its own for an operation of the API.", own)}}
	return &policy.Definition{
		Element: policy.Element{
			Name:       "rate-limit",
			Doc:        "Refuses calls of a subscription that come too often.",
			Attributes: slices.Concat(own, rateReports()),
			Children:   []policy.Child{{Element: api}},
		},
		Category: "limits",
		Facts:    rateLimitFacts,
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeProduct, exchange.ScopeAPI, exchange.ScopeOperation},
		Once:     true,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &rateLimit{newLimited(n, newRate), newReport(n), n.Site().Scope}, nil
		},
	}
}

// longestWindow is the most seconds of a rate's window.
const longestWindow = 300

// rateReports are the attributes that tell callers and later statements how the
// limit of a rate stands.
func rateReports() []policy.Attribute {
	return []policy.Attribute{
		{Name: "retry-after-header-name", Doc: "Response header with the seconds to wait.", Type: policy.String, Default: "Retry-After"},
		{Name: "retry-after-variable-name", Doc: "Variable with the seconds to wait.", Type: policy.String},
		{Name: "remaining-calls-header-name", Doc: "Response header with the calls that are left.", Type: policy.String},
		{Name: "remaining-calls-variable-name", Doc: "Variable with the calls that are left.", Type: policy.String},
		{Name: "total-calls-header-name", Doc: "Response header with the calls that are allowed.", Type: policy.String},
	}
}

// rate is so many calls in a window.
type rate struct {
	calls  int64
	period time.Duration
}

func newRate(n *policy.Node) rate {
	calls, _ := n.Int("calls").Constant()
	period, _ := n.Duration("renewal-period").Constant()
	return rate{int64(calls), period}
}

type rateLimit struct {
	limits limited[rate]
	report report
	scope  exchange.Scope
}

// Run counts the call against each limit that it meets, if all of them allow it: a refused
// call counts nowhere (chosen: no source says).
func (s *rateLimit) Run(r *policy.Run) error {
	if r.Subscription == nil {
		r.Note("rate-limit", "No effect: the request has no subscription.")
		return nil
	}
	var counters [most]policy.Counter
	n := 0
	err := s.limits.met(r, func(at level, limit *rate) {
		counters[n] = policy.Counter{CounterID: counterID(r, "rate-limit", s.scope, at), Limit: limit.calls, Length: limit.period}
		counters[n].Unit = "calls"
		n++
	})
	if err != nil {
		return err
	}
	total := s.limits.limit.calls
	left, refused := s.take(r, counters[:n])
	s.report.remaining(r, left)
	if s.report.hasHeaders() {
		r.AtEnd(func(r *policy.Run) { s.report.headers(r, left, total) })
	}
	return refused
}

// take counts a call in all counters or in none. What is left is that of the narrowest
// limit (chosen: the page speaks of one).
func (s *rateLimit) take(r *policy.Run, counters []policy.Counter) (left int64, refused error) {
	now := r.Clock.Now()
	for i := range counters {
		c := &counters[i]
		standing := r.Env.Counters.Take(now, c, 1)
		noteStanding(r, "rate-limit", "calls", standing.Used, c.Limit)
		if !standing.Allowed {
			for k := range counters[:i] {
				r.Env.Counters.Add(now, &counters[k], -1)
			}
			return 0, s.report.refuse(r, waitOr(standing, c.Length))
		}
		if l := standing.Left(c.Limit); i == 0 || l < left {
			left = l
		}
	}
	return left, nil
}

// waitOr is how long to wait; a whole window where the limit allows no call at all.
func waitOr(s policy.Standing, window time.Duration) time.Duration {
	if s.Wait > 0 {
		return s.Wait
	}
	return window
}
