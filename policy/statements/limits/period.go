package limits

import (
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// allowance is what a quota allows in a period; a size that is not given does not limit.
type allowance struct {
	calls, kilobytes       int64
	hasCalls, hasBandwidth bool
	period                 int64 // seconds; 0: it never ends
}

func newAllowance(n *policy.Node) allowance {
	calls, _ := n.Int("calls").Constant()
	kilobytes, _ := n.Int("bandwidth").Constant()
	period, _ := n.Duration("renewal-period").Constant()
	return allowance{int64(calls), int64(kilobytes), n.Has("calls"), n.Has("bandwidth"), int64(period / time.Second)}
}

// kilobyte is 1,024 bytes (chosen: no page says which).
const kilobyte = 1024

// counters are those of calls and of bandwidth in the period that is now, where periods
// are counted from a start. One that is not limited is nil.
func (a *allowance) counters(id policy.CounterID, now, start time.Time) (calls, bytes *policy.Counter) {
	c := policy.Counter{CounterID: id, Window: policy.Fixed}
	if a.period > 0 {
		// Seconds from year 1 on don't fit a time.Duration.
		since := now.Unix() - start.Unix()
		n := since / a.period
		if since%a.period < 0 {
			n--
		}
		c.Start = time.Unix(start.Unix()+n*a.period, 0)
		c.End = c.Start.Add(time.Duration(a.period) * time.Second)
		c.Period, c.Since = a.period, start.Unix()
	}
	if a.hasCalls {
		calls = new(c)
		calls.Unit, calls.Limit = "calls", a.calls
	}
	if a.hasBandwidth {
		bytes = new(c)
		bytes.Unit, bytes.Limit = "bytes", a.kilobytes*kilobyte
	}
	return calls, bytes
}

// outOfQuota is the failure of a quota that is used up; what is "call volume" or
// "bandwidth".
func outOfQuota(what string, wait time.Duration) error {
	f := &exchange.Failure{Status: 403}
	f.Reason, f.Message = exchange.ReasonQuotaExceeded, exchange.MessageOutOfQuota(what, wait)
	if wait > 0 {
		f.Header = []exchange.Field{{Name: "Retry-After", Value: strconv.FormatInt(exchange.Seconds(wait), 10)}}
	}
	return f
}

// untilEnd is how long the counter's period goes on; 0: for ever.
func untilEnd(c *policy.Counter, now time.Time) time.Duration {
	if c.End.IsZero() {
		return 0
	}
	return c.End.Sub(now)
}

const (
	callVolume = "call volume"
	bandwidth  = "bandwidth"
)
