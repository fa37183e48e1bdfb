package trace

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"sync"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// Kept is how many records a Recorder keeps at most; older ones are dropped.
	Kept = 5000
	// keptBytes is about how much memory they take at most.
	keptBytes = 64 << 20
	// What one record holds at most; texts are cut to so many bytes.
	maxSteps = 1000
	maxNotes = 100
	maxText  = 4096
	maxSeen  = 200 // expressions of one step
)

// Recorder keeps the last records: [Kept] at most, and fewer where they are large. The
// zero value is ready.
type Recorder struct {
	// Finished, if set, is called with each record when its request is done, by
	// whichever goroutine that is.
	Finished func(*Record)
	// Hidden, if set, is called before Finished with what the request kept secret, and what
	// is shown in place of each.
	Hidden func(secrets map[string]string)
	// ShowSecrets leaves secrets in the records.
	ShowSecrets bool
	// PerSecond is how many requests are recorded in a second at most, so that recording
	// costs next to nothing under load; 0: all, negative: none.
	PerSecond int
	// KeepRaw keeps the newest requests as they came, so that they can be sent again; see
	// [Raw].
	KeepRaw bool
	// MaxBytes is about how much memory the records take at most; 0: 64 MB.
	MaxBytes int

	rate rate

	mu        sync.Mutex
	kept      []*Record // the oldest first
	bytes     int
	raws      raws
	followers map[chan *Record]struct{}
}

// behind is how many records a follower may be behind.
const behind = 256

// Follow gives each record from now on, until stop is called. A reader that is too far
// behind misses some.
func (c *Recorder) Follow() (records <-chan *Record, stop func()) {
	ch := make(chan *Record, behind)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.followers == nil {
		c.followers = make(map[chan *Record]struct{})
	}
	c.followers[ch] = struct{}{}
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.followers, ch)
	}
}

// Start begins the record of x and makes it x's observer. The record shows none of
// secrets, which may be nil; keys are the names of header lines and query parameters in
// which a key may stand, besides those that every record masks. Where too many requests
// came within the second, x is not recorded: the result is nil, and x has no observer.
func (c *Recorder) Start(x *exchange.Exchange, secrets *Secrets, keys ...string) *Record {
	if c.PerSecond < 0 || c.PerSecond > 0 && !c.rate.admits(x.Timestamp, c.PerSecond) {
		return nil
	}
	r := &Record{
		ID: x.ID, Time: x.Timestamp, Method: x.Request.Method, URL: clip(MaskURL(&x.Request.OriginalURL, keys...)),
		ClientIP: x.Request.ClientIP, Steps: make([]Step, 0, 8), clock: x.Clock, secrets: secrets,
	}
	r.Request = message(&x.Request.Header, &x.Request.Body, keys)
	r.state.keys, r.state.own = keys, make(found)
	r.state.own.address(&x.Request.OriginalURL, keys)
	if c.KeepRaw {
		r.raw = newRaw(x)
		if x.Context != nil {
			x.Context = context.WithValue(x.Context, rawKey{}, r.raw)
		}
	}
	r.state.compare(x)
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
	r.Unrecorded = c.rate.take()
	r.Elapsed = r.clock.Now().Sub(r.Time)
	r.Status, r.BytesOut, r.Cut = end.Status, end.BytesOut, end.Cut
	r.belongs(x)
	if x.Response != nil {
		r.Response = message(&x.Response.Header, &x.Response.Body, r.state.keys)
	}
	if e := x.LastError; e != nil {
		r.LastError = &Error{e.Source, e.Reason, clip(e.Message), e.Scope, e.Section, e.Path, e.PolicyID}
	}
	r.changed(x)
	own := r.state.own
	own.exchange(x, r.state.keys)
	r.takeCalls(own)
	raw := r.raw
	if raw != nil {
		raw.finish(x, r.state.keys)
		raw.complete(r, x)
		raw.secrets(own)
	}
	own.body(r.Request.Body)
	own.body(r.Response.Body)
	mask := masks(r.secrets, NewSecrets(own))
	if raw != nil {
		raw.own, raw.mask = own, mask
	}
	if !c.ShowSecrets {
		r.Each(mask)
		r.Request.Body, r.Response.Body = maskBody(r.Request.Body), maskBody(r.Response.Body)
	}
	for i := range r.Steps {
		if t := r.Steps[i].Token; t != nil {
			t.cut()
		}
	}
	r.state, r.secrets, r.raw = state{}, nil, nil
	c.keep(r, raw)
	if c.Hidden != nil {
		c.Hidden(own)
	}
	if c.Finished != nil {
		c.Finished(r)
	}
}

// belongs writes down what the request belongs to.
func (r *Record) belongs(x *exchange.Exchange) {
	if x.API != nil {
		r.API = x.API.Name
		r.Target = &Target{Path: x.API.Path, Backend: x.API.ServiceURL, Version: x.API.Version, Revision: x.API.Revision}
	}
	if x.Operation != nil {
		r.Operation = x.Operation.Name
		if r.Target != nil {
			r.Target.Method, r.Target.Template = x.Operation.Method, x.Operation.URLTemplate
		}
	}
	if x.Product != nil {
		r.Product = x.Product.Name
	}
	if x.Subscription != nil {
		r.Subscription = x.Subscription.Name
	}
	if x.User != nil {
		r.User = &User{ID: x.User.ID, Groups: []string{}}
		for _, g := range x.User.Groups {
			r.User.Groups = append(r.User.Groups, g.Name)
		}
	}
}

// masks takes out of a text what must not be shown: the request's own secrets, those of
// the service, and what looks like one.
func masks(service, own *Secrets) func(string) string {
	return func(text string) string {
		if len(text) < shortest {
			return text
		}
		return service.Text(own.Mask(text))
	}
}

// keep puts the record among those that are kept, and lets the oldest go.
func (c *Recorder) keep(r *Record, raw *Raw) {
	r.size = 1024
	r.Each(func(text string) string { r.size += len(text); return text })
	for i := range r.Steps {
		s := &r.Steps[i]
		r.size += 400 + 300*len(s.Calls)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, r)
	c.bytes += r.size
	if raw != nil {
		c.raws.keep(r.ID, raw)
	}
	for ch := range c.followers {
		select {
		case ch <- r:
		default:
		}
	}
	for len(c.kept) > Kept || c.bytes > cmp.Or(c.MaxBytes, keptBytes) && len(c.kept) > 1 {
		c.bytes -= c.kept[0].size
		c.kept[0] = nil
		c.kept = c.kept[1:]
	}
}

// Len is how many records are kept.
func (c *Recorder) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.kept)
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
	for i := len(c.kept) - 1; i >= 0 && len(found) < n; i-- {
		found = append(found, c.kept[i])
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
		Scope: string(site.Scope), Section: string(site.Section), Depth: r.depth + len(r.open), Start: r.clock.Now().Sub(r.Time),
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
	s.Changes = append(s.Changes, r.state.compare(x)...)
	s.Elapsed = r.clock.Now().Sub(r.Time) - s.Start
	s.Outcome = outcome.String()
	if outcome == exchange.Failed {
		s.failed(err)
	}
}

// Handled is to be called when x, whose record r is, has run and its response has not begun
// yet.
func (r *Record) Handled(x *exchange.Exchange) {
	if r.raw != nil {
		r.raw.handled(x)
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

// Evaluated keeps an expression of the step under way; part of exchange.Observer.
func (r *Record) Evaluated(x *exchange.Exchange, e *exchange.Evaluation) {
	s := r.current("expression")
	if s == nil || len(s.Evaluations) >= maxSeen {
		return
	}
	kept := Evaluation{Source: clip(e.Source), Document: e.Document, Extent: extent(e.Extent), Seen: seen(e.Seen)}
	for _, p := range e.Parts {
		kept.Parts = append(kept.Parts, EvaluatedPart{clip(p.Source), extent(p.Extent), seen(p.Seen)})
	}
	s.Evaluations = append(s.Evaluations, kept)
}

func extent(e exchange.Extent) Extent { return Extent{e.Line, e.Col, e.EndLine, e.EndCol} }

func seen(s exchange.Seen) Seen { return Seen{s.Type, clip(s.Value), clip(s.Fault)} }

// changed gives what has changed outside of any statement to the last step.
func (r *Record) changed(x *exchange.Exchange) {
	if changes := r.state.compare(x); len(changes) > 0 && len(r.Steps) > 0 {
		s := &r.Steps[len(r.Steps)-1]
		s.Changes = append(s.Changes, changes...)
	}
}

// Fork is the record of one of several branches; part of exchange.Forker.
func (r *Record) Fork() exchange.Observer {
	f := &Record{Time: r.Time, clock: r.clock, depth: r.depth + len(r.open), state: r.state}
	f.state.own = make(found) // branches are beside one another
	return f
}

// Join puts a branch's steps behind those so far; part of exchange.Forker.
func (r *Record) Join(fork exchange.Observer) {
	f, ok := fork.(*Record)
	if !ok {
		return
	}
	maps.Copy(r.state.own, f.state.own)
	kept := f.Steps[:min(len(f.Steps), max(maxSteps-len(r.Steps), 0))]
	for i, calls := range f.calls {
		if i < len(kept) {
			if r.calls == nil {
				r.calls = make(map[int]*exchange.Calls)
			}
			r.calls[len(r.Steps)+i] = calls
		}
	}
	r.Steps = append(r.Steps, kept...)
	r.Dropped += f.Dropped + len(f.Steps) - len(kept)
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
	r.Steps = append(r.Steps, Step{Name: step, Depth: r.depth, Start: r.clock.Now().Sub(r.Time), Outcome: exchange.Continued.String()})
	return &r.Steps[len(r.Steps)-1]
}

// clipMark stands at the end of a text that was cut.
const clipMark = "…"

// clip cuts a text that is too long, between characters. A secret that the end cuts goes
// when the text is masked.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + clipMark
}
