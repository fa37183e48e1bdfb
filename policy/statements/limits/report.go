package limits

import (
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// report is where a rate tells how it stands; "" is nowhere.
type report struct {
	retryHeader, retryVariable         string
	remainingHeader, remainingVariable string
	totalHeader                        string
}

func newReport(n *policy.Node) report {
	named := func(name string) string {
		value, _ := n.String(name).Constant()
		return value
	}
	return report{
		retryHeader: named("retry-after-header-name"), retryVariable: named("retry-after-variable-name"),
		remainingHeader: named("remaining-calls-header-name"), remainingVariable: named("remaining-calls-variable-name"),
		totalHeader: named("total-calls-header-name"),
	}
}

// remaining tells how many calls are left. Chosen: the variable is an int, as the
// attribute's own numbers are.
func (p *report) remaining(r *policy.Run, left int64) {
	if p.remainingVariable != "" {
		r.Variables.Set(p.remainingVariable, int32(left))
	}
}

// hasHeaders reports whether headers has something to do.
func (p *report) hasHeaders() bool { return p.remainingHeader != "" || p.totalHeader != "" }

// headers puts the calls left, and the calls allowed, on the response. Chosen: on a
// refusal too, for the page wants them after each execution.
func (p *report) headers(r *policy.Run, left, total int64) {
	if p.remainingHeader != "" {
		r.Response.Header.Set(p.remainingHeader, strconv.FormatInt(left, 10))
	}
	if p.totalHeader != "" {
		r.Response.Header.Set(p.totalHeader, strconv.FormatInt(total, 10))
	}
}

// refuse is the failure of one call too many. LastError has the short text of the page, the
// client the recorded one with the seconds (observed.md 3.1).
func (p *report) refuse(r *policy.Run, wait time.Duration) error {
	seconds := exchange.Seconds(wait)
	if p.retryVariable != "" {
		r.Variables.Set(p.retryVariable, int32(seconds))
	}
	f := &exchange.Failure{Status: 429, ClientMessage: exchange.MessageTryAgain(exchange.MessageRateLimitExceeded, wait)}
	f.Reason, f.Message = exchange.ReasonRateLimitExceeded, exchange.MessageRateLimitExceeded
	if p.retryHeader != "" {
		f.Header = []exchange.Field{{Name: p.retryHeader, Value: strconv.FormatInt(seconds, 10)}}
	}
	return f
}

// noteStanding tells the trace how a counter stands, without its key, which may be secret.
func noteStanding(r *policy.Run, statement, unit string, used, limit int64) {
	if r.Observed() {
		r.Note(statement, "The counter stands at "+strconv.FormatInt(used, 10)+" of "+strconv.FormatInt(limit, 10)+" "+unit+".")
	}
}
