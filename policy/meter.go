package policy

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Meter counts what policies do in all requests. Unlike an [exchange.Observer], which
// follows a few of them closely, it is told of every one: its methods, called in the
// goroutines of the requests, have to be quick.
type Meter interface {
	// Statement: the statement at site has ended after that time by x's clock, the
	// statements in it and its calls included; err is set if it failed.
	Statement(x *exchange.Exchange, site *exchange.Site, outcome exchange.Outcome, err error, took time.Duration)
	// Lookup: statement, the element's name, has looked something up in a cache.
	Lookup(statement string, found bool)
}

// LookedUp tells the meter, if there is one, what a statement found in a cache.
func (r *Run) LookedUp(statement string, found bool) {
	if r.Env.Meter != nil {
		r.Env.Meter.Lookup(statement, found)
	}
}

// timed runs the statement's step under the eyes of the meter, if there is one.
func (s *statement) timed(r *Run) error {
	if r.Env == nil || r.Env.Meter == nil {
		return s.judged(r)
	}
	began := exchange.Elapsed(r.Clock)
	err := s.judged(r)
	r.Env.Meter.Statement(r.Exchange, s.site, outcome(err), err, exchange.Elapsed(r.Clock)-began)
	return err
}
