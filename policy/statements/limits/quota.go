package limits

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// quotaSizes are the attributes that say how much a quota is; at least one of them
// has to be there.
func quotaSizes() []policy.Attribute {
	return []policy.Attribute{
		{Name: "calls", Doc: "Calls allowed in the period.", Type: policy.Int},
		{Name: "bandwidth", Doc: "Kilobytes allowed in the period.", Type: policy.Int},
	}
}

var quotaSizeNames = []string{"calls", "bandwidth"}

// Quota defines <quota>.
func Quota() *policy.Definition {
	period := policy.Attribute{Name: "renewal-period", Doc: "Seconds of the period; 0: it never ends.", Type: policy.Seconds, Required: true}
	// The table wants a period on the children too, the statement shows none.
	ownPeriod := period
	ownPeriod.Required, ownPeriod.RequiredOpen = false, true
	own := append(quotaSizes(), ownPeriod)
	operation := counted("operation", "A quota of its own for an operation of the API.", own)
	api := counted("api", "A quota of its own for an API of the product.", own)
	for _, e := range []*policy.Element{&operation, &api} {
		e.AtLeastOne = slices.Concat(e.AtLeastOne, [][]string{quotaSizeNames})
	}
	api.Children = []policy.Child{{Element: operation}}
	return &policy.Definition{
		Element: policy.Element{
			Name:       "quota",
			Doc:        "Refuses calls of a subscription that has used up what it may call or transfer in a period.",
			Attributes: append(quotaSizes(), period),
			AtLeastOne: [][]string{quotaSizeNames},
			Children:   []policy.Child{{Element: api}},
		},
		Category: "limits",
		Facts:    quotaFacts,
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeProduct},
		Once:     true,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &quota{limited: newLimited(n, newAllowance), scope: n.Site().Scope}
			inherit(&s.limited, n)
			return s, nil
		},
	}
}

// inherit gives children without a period that of what they stand in (chosen: the pages
// contradict each other).
func inherit(l *limited[allowance], n *policy.Node) {
	children := slices.Concat(n.ChildrenNamed("api"), n.ChildrenNamed("operation"))
	for i := range l.children {
		if !children[i].Has("renewal-period") {
			l.children[i].limit.period = l.limit.period
		}
		inherit(&l.children[i], children[i])
	}
}

type quota struct {
	limited limited[allowance]
	scope   exchange.Scope
}

// Run counts the call against each quota that it meets, if all of them allow it, and has
// its bytes counted once they are known.
func (s *quota) Run(r *policy.Run) error {
	if r.Subscription == nil {
		r.Note("quota", "No effect: the request has no subscription.")
		return nil
	}
	var allowances [most]*allowance
	var ids [most]policy.CounterID
	n := 0
	err := s.limited.met(r, func(at level, a *allowance) {
		allowances[n], ids[n] = a, counterID(r, "quota", s.scope, at)
		n++
	})
	if err != nil {
		return err
	}
	now, start := r.Clock.Now(), began(r.Subscription)
	var taken [most]*policy.Counter
	for i := range n {
		calls, bytes := allowances[i].counters(ids[i], now, start)
		refused := s.bandwidth(r, now, bytes)
		if refused == nil {
			refused = s.call(r, now, calls)
		}
		if refused != nil {
			for _, c := range taken {
				if c != nil {
					r.Env.Counters.Add(now, c, -1)
				}
			}
			return refused
		}
		taken[i] = calls
	}
	for i := range n {
		if allowances[i].hasBandwidth {
			s.countBytes(r, allowances[i], ids[i], start)
		}
	}
	return nil
}

// began is when the subscription did, from which its periods are counted.
func began(s *exchange.Subscription) time.Time {
	if s.StartDate != nil {
		return *s.StartDate
	}
	return s.CreatedDate
}

// call counts the call.
func (s *quota) call(r *policy.Run, now time.Time, c *policy.Counter) error {
	if c == nil {
		return nil
	}
	standing := r.Env.Counters.Take(now, c, 1)
	noteStanding(r, "quota", "calls", standing.Used, c.Limit)
	if !standing.Allowed {
		return outOfQuota(callVolume, untilEnd(c, now))
	}
	return nil
}

// bandwidth looks whether there are bytes left: how many the request takes is known at its
// end, so the last one may take too many.
func (s *quota) bandwidth(r *policy.Run, now time.Time, c *policy.Counter) error {
	if c == nil {
		return nil
	}
	standing := r.Env.Counters.Add(now, c, 0)
	noteStanding(r, "quota", "bytes", standing.Used, c.Limit)
	if !standing.Allowed {
		return outOfQuota(bandwidth, untilEnd(c, now))
	}
	return nil
}

// countBytes has the request's bytes counted in the period in which it ends.
func (s *quota) countBytes(r *policy.Run, a *allowance, id policy.CounterID, start time.Time) {
	whenDone(r, func(n int64) {
		now := r.Clock.Now()
		_, bytes := a.counters(id, now, start)
		r.Env.Counters.Add(now, bytes, n)
	})
}
