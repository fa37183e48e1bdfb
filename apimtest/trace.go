package apimtest

import (
	"bytes"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
)

// A Trace is what happened to one request. Its fields are as things are; only URL and what
// [Trace.String] gives have secrets and tokens masked.
type Trace struct {
	ID     string // the request's
	Method string
	URL    string
	// API, Operation, Product and Subscription that the request was found to be for; ""
	// if none.
	API, Operation, Product, Subscription string
	Status                                int
	// Elapsed is how long it took on the gateway's clock.
	Elapsed time.Duration
	// Steps are the statements and built-in steps that ran, in order.
	Steps []Step
	// LastError is what policies see in context.LastError; nil if there is none.
	LastError *LastError
	// Cut is why the client did not get the response whole; "" if it did.
	Cut string

	gateway *Gateway
	record  *trace.Record
}

// A Step is a statement, or a built-in step of the gateway, that ran.
type Step struct {
	Name     string // the element's, or a built-in step's
	PolicyID string // the id attribute
	File     string // "" for a built-in step
	Line     int
	Scope    string // global, product, api, operation
	Section  string
	Depth    int    // of nesting
	Outcome  string // continued, responded or failed
	Reason   string // of a failure
	Message  string // of a failure, as policies see it
	Detail   string // for the developer only
	Notes    []string
}

// LastError is why a request failed, as context.LastError has it.
type LastError struct {
	Source, Reason, Message, Scope, Section, Path, PolicyID string
}

// Trace is the trace of the request that ended last: of one whose response has been read
// to its end. It ends the test if there was none.
func (g *Gateway) Trace() *Trace {
	g.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last == nil {
		g.t.Fatalf("apimtest: there is no trace: no request has come to its end at the gateway yet")
	}
	return g.traceOf(g.last)
}

func (g *Gateway) traceOf(r *trace.Record) *Trace {
	t := &Trace{
		ID: r.ID, Method: r.Method, URL: r.URL, API: r.API, Operation: r.Operation, Product: r.Product, Subscription: r.Subscription,
		Status: r.Status, Elapsed: r.Elapsed, Cut: r.Cut, gateway: g, record: r,
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		t.Steps = append(t.Steps, Step{s.Name, s.PolicyID, s.Document, s.Line, s.Scope, s.Section, s.Depth, s.Outcome, s.Reason, s.Message, s.Detail, append([]string(nil), s.Notes...)})
	}
	if e := r.LastError; e != nil {
		t.LastError = &LastError{e.Source, e.Reason, e.Message, e.Scope, e.Section, e.Path, e.PolicyID}
	}
	return t
}

// Ran reports whether something ran: a statement by its name ("set-header"), by its id
// ("#key") or by its place ("orders.xml:12"), which may also be a branch of choose. A
// place where nothing stands fails the test.
func (t *Trace) Ran(what string) bool {
	t.gateway.t.Helper()
	ran, err := t.gateway.world.Ran(what, t.record)
	if err != nil {
		t.gateway.fail("apimtest: Ran: %v", err)
	}
	return ran
}

// String is the trace as text for people.
func (t *Trace) String() string {
	var b bytes.Buffer
	t.record.Write(&b) // a buffer takes it
	return t.gateway.world.Mask(b.String())
}
