package trace

import (
	"context"
	"errors"
	"sync"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// Kept is how many records a Recorder keeps; older ones are dropped.
	Kept = 1000
	// What one record holds at most; texts are cut to so many bytes.
	maxSteps = 1000
	maxNotes = 100
	maxText  = 4096
)

// Recorder keeps the last [Kept] records. The zero value is ready.
type Recorder struct {
	// Finished, if set, is called with each record when its request is done, by
	// whichever goroutine that is.
	Finished func(*Record)

	mu   sync.Mutex
	ring [Kept]*Record
	next int
}

// Start begins the record of x and makes it x's observer. secret are query
// parameters to mask besides those that [MaskURL] knows.
func (c *Recorder) Start(x *exchange.Exchange, secret ...string) *Record {
	r := &Record{
		ID: x.ID, Time: x.Timestamp, Method: x.Request.Method, URL: clip(MaskURL(&x.Request.OriginalURL, secret...)),
		ClientIP: x.Request.ClientIP, Steps: make([]Step, 0, 8), clock: x.Clock,
	}
	x.Observer = r
	return r
}

// End is how the response went out.
type End struct {
	Status   int
	BytesOut int64
	Cut      string
}

// Finish completes the record of x, if it has one, and keeps it.
func (c *Recorder) Finish(x *exchange.Exchange, end End) {
	r, ok := x.Observer.(*Record)
	if !ok {
		return
	}
	x.Observer = nil
	r.Elapsed = r.clock.Now().Sub(r.Time)
	r.Status, r.BytesOut, r.Cut = end.Status, end.BytesOut, end.Cut
	if x.API != nil {
		r.API = x.API.Name
	}
	if x.Operation != nil {
		r.Operation = x.Operation.Name
	}
	if x.Product != nil {
		r.Product = x.Product.Name
	}
	if x.Subscription != nil {
		r.Subscription = x.Subscription.Name
	}
	if e := x.LastError; e != nil {
		r.LastError = &Error{e.Source, e.Reason, clip(e.Message), e.Scope, e.Section, e.Path, e.PolicyID}
	}
	c.mu.Lock()
	c.ring[c.next%Kept] = r
	c.next++
	c.mu.Unlock()
	if c.Finished != nil {
		c.Finished(r)
	}
}

// Last is the newest record, nil if there is none.
func (c *Recorder) Last() *Record {
	if all := c.Newest(1); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Newest are up to n records, the newest first.
func (c *Recorder) Newest(n int) []*Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := []*Record{}
	for i := c.next - 1; i >= 0 && i > c.next-1-Kept && len(found) < n; i-- {
		found = append(found, c.ring[i%Kept])
	}
	return found
}

// Find is the record of that id, nil if it is not kept (any more).
func (c *Recorder) Find(id string) *Record {
	for _, r := range c.Newest(Kept) {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Enter begins a step; part of exchange.Observer.
func (r *Record) Enter(x *exchange.Exchange, site *exchange.Site) {
	if len(r.Steps) >= maxSteps {
		r.Dropped++
		r.open = append(r.open, dropped)
		return
	}
	r.Steps = append(r.Steps, Step{
		Name: site.Statement, PolicyID: site.PolicyID, Document: site.Document, Line: site.Line,
		Scope: string(site.Scope), Section: string(site.Section), Depth: len(r.open), Start: r.clock.Now().Sub(r.Time),
	})
	r.open = append(r.open, len(r.Steps)-1)
}

// Leave ends a step; part of exchange.Observer.
func (r *Record) Leave(x *exchange.Exchange, site *exchange.Site, outcome exchange.Outcome, err error) {
	if len(r.open) == 0 {
		return
	}
	i := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if i == dropped {
		return
	}
	s := &r.Steps[i]
	s.Elapsed = r.clock.Now().Sub(r.Time) - s.Start
	s.Outcome = outcome.String()
	if outcome == exchange.Failed {
		s.failed(err)
	}
}

func (s *Step) failed(err error) {
	var f *exchange.Failure
	switch {
	case errors.As(err, &f):
		s.Reason, s.Message, s.Detail = f.Reason, clip(f.Message), clip(f.Detail)
	case errors.Is(err, context.Canceled):
		s.Reason = exchange.ReasonClientConnectionFailure
	default:
		s.Message = clip(err.Error())
	}
}

// Note tells of something in the step under way, or in a built-in step; part of
// exchange.Observer.
func (r *Record) Note(x *exchange.Exchange, step, text string) {
	switch s := r.current(step); {
	case s == nil || len(s.Notes) > maxNotes:
	case len(s.Notes) == maxNotes:
		s.Notes = append(s.Notes, "(further notes were left out)")
	default:
		s.Notes = append(s.Notes, clip(text))
	}
}

// Refused records that a built-in step refused the request.
func (r *Record) Refused(step string, f *exchange.Failure) {
	if s := r.builtIn(step); s != nil {
		s.Outcome = exchange.Failed.String()
		s.failed(f)
	}
}

func (r *Record) current(step string) *Step {
	n := len(r.open)
	switch {
	case n == 0:
		return r.builtIn(step)
	case r.open[n-1] == dropped:
		return nil
	}
	return &r.Steps[r.open[n-1]]
}

// builtIn is the built-in step of that name: the last one if it has it, or a new
// one.
func (r *Record) builtIn(step string) *Step {
	if n := len(r.Steps); n > 0 && r.Steps[n-1].Name == step && r.Steps[n-1].Document == "" {
		return &r.Steps[n-1]
	}
	if len(r.Steps) >= maxSteps {
		r.Dropped++
		return nil
	}
	r.Steps = append(r.Steps, Step{Name: step, Start: r.clock.Now().Sub(r.Time), Outcome: exchange.Continued.String()})
	return &r.Steps[len(r.Steps)-1]
}

// clip cuts a text that is too long, between characters.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
