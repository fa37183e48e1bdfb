package exchange

import (
	"context"
	"sync"
	"time"
)

// Calls are the requests that one step of an exchange sends. They are written by who
// sends them, in whatever goroutine, and read when the exchange is done. A nil Calls takes
// none: nobody listens.
type Calls struct {
	clock Clock
	most  int

	mu      sync.Mutex
	begun   []*Call
	dropped int
	taken   bool
}

// NewCalls takes up to most calls, whose times are clock's.
func NewCalls(clock Clock, most int) *Calls { return &Calls{clock: clock, most: most} }

type callsKey struct{}

// WithCalls is ctx for what a step does: the requests that are sent under it are told to
// calls. Nil ends what a context above it says.
func WithCalls(ctx context.Context, calls *Calls) context.Context {
	return context.WithValue(ctx, callsKey{}, calls)
}

// CallsIn is to whom the requests under ctx are told; nil: to nobody.
func CallsIn(ctx context.Context) *Calls {
	calls, _ := ctx.Value(callsKey{}).(*Calls)
	return calls
}

// Begin tells of a request that goes out now. secrets are names of header lines whose
// values are secret whatever they are called. The result is nil if nobody listens.
func (c *Calls) Begin(method string, u URL, header []Field, secrets []string) *Call {
	if c == nil {
		return nil
	}
	call := &Call{clock: c.clock, report: CallReport{Method: method, URL: u, Header: header, Secrets: secrets, Start: c.clock.Now()}}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.taken:
		return nil
	case len(c.begun) >= c.most:
		c.dropped++
		return nil
	}
	c.begun = append(c.begun, call)
	return call
}

// Take gives what became of the calls so far, and how many there were beyond the most.
// What comes later is not kept.
func (c *Calls) Take() (reports []CallReport, dropped int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = true
	for _, call := range c.begun {
		reports = append(reports, call.take())
	}
	c.begun = nil
	return reports, c.dropped
}

// Call is a request under way. Its methods may be called in any goroutine, and of a nil
// Call: nobody listens.
type Call struct {
	clock Clock

	mu     sync.Mutex
	report CallReport
	ready  time.Time // when the connection was there, by the real time
}

// CallReport is a request that left the gateway, and what became of it. Its texts may hold
// secrets.
type CallReport struct {
	Method  string
	URL     URL
	Header  []Field
	Secrets []string // names of header lines whose values are secret
	Start   time.Time
	// Connection is nil where none was looked for.
	Connection *CallConnection
	// Status of the response; 0: there is none.
	Status         int
	Reason         string
	ResponseHeader []Field
	// Fault is why there is no response, or not all of it.
	Fault string
	Notes []string
	// Ended is set when the response has been read to its end or given up, and Total is
	// how long that took.
	Ended bool
	Total time.Duration
}

// CallConnection is what a request went over. Its times are real ones; what was not done has
// taken none.
type CallConnection struct {
	Address  string // of the other end, with its port
	Protocol string // HTTP/1.1 or HTTP/2; "": that did not come out
	Reused   bool   // it had carried a request before
	// DNS, Connect and TLS made the connection; FirstByte is from then, or from taking one
	// that was there, to the response's first byte.
	DNS, Connect, TLS, FirstByte time.Duration
}

// take gives the report, which does not change any more.
func (c *Call) take() CallReport {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.report
	c.report.Ended = true
	return taken
}

// update changes the report, unless it has ended.
func (c *Call) update(f func(*CallReport)) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.report.Ended {
		f(&c.report)
	}
}

// Connecting tells what making a connection took, or has come to so far.
func (c *Call) Connecting(f func(*CallConnection)) {
	c.update(func(r *CallReport) {
		made := CallConnection{}
		if r.Connection != nil {
			made = *r.Connection // that of a report that was taken stays
		}
		f(&made)
		r.Connection = &made
	})
}

// Connected tells over which connection the request goes. One that this call made is not
// reused, even if it was put aside in between.
func (c *Call) Connected(address, protocol string, reused bool) {
	c.Connecting(func(made *CallConnection) {
		made.Address, made.Protocol, made.Reused = address, protocol, reused && made.Connect == 0
		c.ready = System.Now()
	})
}

// FirstByte tells that the response begins.
func (c *Call) FirstByte() {
	c.Connecting(func(made *CallConnection) {
		if made.FirstByte == 0 {
			made.FirstByte = System.Now().Sub(c.ready)
		}
	})
}

// Note tells something else.
func (c *Call) Note(text string) {
	c.update(func(r *CallReport) { r.Notes = append(r.Notes, text) })
}

// Answered tells the response's head.
func (c *Call) Answered(status int, reason string, header []Field) {
	c.update(func(r *CallReport) { r.Status, r.Reason, r.ResponseHeader = status, reason, header })
}

// End tells that it is over; err is why there is no response, or not all of it. Only the
// first end counts.
func (c *Call) End(err error) {
	c.update(func(r *CallReport) {
		r.Ended, r.Total = true, c.clock.Now().Sub(r.Start)
		if err != nil {
			r.Fault = err.Error()
		}
	})
}
