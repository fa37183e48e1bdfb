package testrun

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// ofCounters are the good request when a limit is reached: of each counter that it
// touches.
func (r *refusals) ofCounters() {
	for _, c := range r.good.counters {
		if r.drafter.holdsSecret(c.Key) {
			continue
		}
		for _, value := range []int64{c.Limit, c.Limit + 1} { // some refuse when it is passed
			t := &draft{name: fmt.Sprintf("%sthe limit of %s is reached (%d %s)", r.prefix, c.Statement, c.Limit, c.Unit), request: r.good.request, set: setCounter(&c, value)}
			if r.err == nil {
				r.err = r.drafter.try(t)
			}
			if r.err == nil && t.status >= 400 {
				r.keep(t)
				break
			}
		}
	}
}

// setCounter is what a step sets.
func setCounter(c *policy.CounterState, value int64) string {
	return fmt.Sprintf("{counters: [{statement: %s, key: %s, unit: %s, value: %d}]}", scalar(c.Statement), scalar(c.Key), scalar(c.Unit), value)
}

// holdsSecret reports whether a text would tell a secret.
func (d *drafter) holdsSecret(text string) bool {
	for secret := range d.subject.secrets {
		if strings.Contains(text, secret) {
			return true
		}
	}
	return false
}
