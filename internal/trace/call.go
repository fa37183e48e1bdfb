package trace

import (
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// maxCalls is how many calls of one step are kept.
const maxCalls = 100

// Call is a request that a statement sent, or made somebody send.
type Call struct {
	Method string        `json:"method"`
	URL    string        `json:"url"`              // secrets masked
	Start  time.Duration `json:"startNanoseconds"` // since the request came
	// Elapsed is until the response's body was read, or given up.
	Elapsed time.Duration `json:"elapsedNanoseconds"`
	// Unfinished: it was under way when the record was made. Elapsed is 0 then.
	Unfinished bool `json:"unfinished,omitempty"`
	// Connection is nil where there was none: in the test runner, or of a call that failed
	// before.
	Connection *Connection `json:"connection,omitempty"`
	Status     int         `json:"status,omitempty"` // 0: there is no response
	Fault      string      `json:"fault,omitempty"`  // why, or why it is not whole
	Notes      []string    `json:"notes,omitempty"`
	Request    []Header    `json:"requestHeader"`
	Response   []Header    `json:"responseHeader,omitempty"`
}

// Connection is what a call went over. What took no time was not needed.
type Connection struct {
	Address   string        `json:"address,omitempty"`  // of the other end, with its port
	Protocol  string        `json:"protocol,omitempty"` // "": that did not come out
	Reused    bool          `json:"reused,omitempty"`
	DNS       time.Duration `json:"dnsNanoseconds,omitempty"`
	Connect   time.Duration `json:"connectNanoseconds,omitempty"`
	TLS       time.Duration `json:"tlsNanoseconds,omitempty"`
	FirstByte time.Duration `json:"firstByteNanoseconds,omitempty"` // since the connection was there
}

// Calls is to whom the calls of the step under way are told; part of exchange.Observer.
func (r *Record) Calls(x *exchange.Exchange) *exchange.Calls {
	n := len(r.open)
	if n == 0 || r.open[n-1] == dropped {
		return nil
	}
	calls := exchange.NewCalls(r.clock, maxCalls)
	if r.calls == nil {
		r.calls = make(map[int]*exchange.Calls)
	}
	r.calls[r.open[n-1]] = calls
	return calls
}

// takeCalls puts into the steps what became of their calls, and adds what they keep secret
// to own.
func (r *Record) takeCalls(own found) {
	for i, calls := range r.calls {
		s := &r.Steps[i]
		reports, dropped := calls.Take()
		s.DroppedCalls = dropped
		for k := range reports {
			report := &reports[k]
			keys := slices.Concat(report.Secrets, r.state.keys)
			own.address(&report.URL, keys)
			own.header(report.Header, keys)
			own.header(report.ResponseHeader, keys)
			s.Calls = append(s.Calls, r.call(report, keys))
		}
	}
	r.calls = nil
}

func (r *Record) call(c *exchange.CallReport, keys []string) Call {
	call := Call{
		Method: clip(c.Method), URL: clip(MaskURL(&c.URL, keys...)), Start: c.Start.Sub(r.Time), Elapsed: c.Total, Unfinished: !c.Ended,
		Status: c.Status, Fault: clip(c.Fault), Request: headers(c.Header, keys), Response: headers(c.ResponseHeader, keys),
	}
	for _, n := range c.Notes[:min(len(c.Notes), maxNotes)] {
		call.Notes = append(call.Notes, clip(n))
	}
	if made := c.Connection; made != nil {
		connection := Connection(*made)
		call.Connection = &connection
	}
	return call
}

func headers(fields []exchange.Field, keys []string) []Header {
	all := make([]Header, 0, len(fields))
	for _, f := range fields {
		all = append(all, Header{f.Name, shownHeader(f.Name, clip(f.Value), keys)})
	}
	return all
}

func (c *Call) each(f func(string) string) {
	c.Method, c.URL, c.Fault = f(c.Method), f(c.URL), f(c.Fault)
	for i := range c.Notes {
		c.Notes[i] = f(c.Notes[i])
	}
	for _, header := range [][]Header{c.Request, c.Response} {
		for i := range header {
			header[i].Value = f(header[i].Value)
		}
	}
}
