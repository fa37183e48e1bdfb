package policy

import (
	"context"
	"errors"
	"slices"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

// Step is a compiled statement. One step serves all requests at once, so it
// keeps nothing of a run.
//
// A step that answers the client itself sets Response and returns
// [ErrResponded]. Any other error is a failure: an [*exchange.Failure] says what
// the client gets, of which the engine fills in where it arose; another error is
// a 500.
type Step interface {
	Run(r *Run) error
}

// StepFunc is a function as a Step.
type StepFunc func(r *Run) error

// Run calls f.
func (f StepFunc) Run(r *Run) error { return f(r) }

// ErrResponded ends the sections: the response is complete.
var ErrResponded = errors.New("policy: the statement has answered the client")

// Run is one exchange in one environment, on its way through a program.
type Run struct {
	*exchange.Exchange
	Env *Env

	machine expr.Machine
	program *Program
	section exchange.Section
	level   int // of program.levels: whose section runs
	atEnd   []func(r *Run)
	kept    []any
	found   string  // the statement that answered from a cache, until outbound goes on
	branch  *branch // nil: it is the request itself
}

// Found is what a statement of inbound returns that has response from a cache: the
// backend is not asked, and outbound goes on after the statement that keeps what lookup,
// the statement's name, finds (Definition.Keeps). What stands before that has been done
// to the response already. Where there is none, all of outbound runs.
func (r *Run) Found(response *exchange.Response, lookup string) error {
	if r.Response != nil {
		r.Response.Body.Close()
	}
	r.Response, r.found = response, lookup
	return ErrResponded
}

// Keep is the T of this run, which statements of one package share by it: a zero T the
// first time.
func Keep[T any](r *Run) *T {
	if r.branch != nil {
		r = r.branch.fork.root
	}
	for _, k := range r.kept {
		if t, ok := k.(*T); ok {
			return t
		}
	}
	t := new(T)
	r.kept = append(r.kept, t)
	return t
}

// AtEnd has f called when all sections have ended, on-error too, and the response's head
// is yet to be sent: f may still change it.
func (r *Run) AtEnd(f func(r *Run)) { r.atEnd = append(r.atEnd, f) }

// end calls what was left for the end.
func (r *Run) end() {
	for _, f := range r.atEnd {
		f(r)
	}
}

// Block is statements that run one after another: a section, or what stands in
// a statement that holds others.
type Block []statement

type statement struct {
	site  *exchange.Site // nil for a statement that leaves no trace of its own
	step  Step
	keeps []string // the Definition.Keeps of the statement and those in it
}

// passes reports whether outbound does not begin yet with a response that was found: s
// stands before what keeps such responses, or is it, or holds it.
func (r *Run) passes(s *statement) bool {
	if s.site == nil {
		return false // <base/>, in which it may stand
	}
	if slices.Contains(s.keeps, r.found) {
		r.found = ""
	}
	return true
}

// Run runs the statements until one fails or answers the client.
func (b Block) Run(r *Run) error {
	for i := range b {
		if r.overtaken() {
			return overtakenFailure()
		}
		if r.found != "" && r.passes(&b[i]) {
			continue
		}
		if err := b[i].run(r); err != nil {
			return err
		}
	}
	return nil
}

// Each is the statements, a block for each.
func (b Block) Each() []Block {
	blocks := make([]Block, len(b))
	for i := range b {
		blocks[i] = b[i : i+1]
	}
	return blocks
}

func (s *statement) run(r *Run) error {
	if s.site == nil {
		return s.step.Run(r)
	}
	before := r.Context
	if r.Observer != nil {
		r.Observer.Enter(r.Exchange, s.site)
		r.Context = exchange.WithCalls(before, r.Observer.Calls(r.Exchange))
	}
	err := s.timed(r)
	if r.Observer != nil {
		r.Observer.Leave(r.Exchange, s.site, outcome(err), err)
		r.Context = before
	}
	return err
}

// judged runs the statement's step; an error that it fails with is a failure in its place.
func (s *statement) judged(r *Run) error {
	err := s.step.Run(r)
	if err != nil && r.overtaken() {
		err = overtakenFailure() // whatever it says of a context that ended
	}
	if err != nil && err != ErrResponded {
		err = s.failure(r, err)
	}
	return err
}

// At fills in that err, a failure, arose at path, as LastError.Path has it.
func At(path string, err error) error {
	if f, ok := errors.AsType[*exchange.Failure](err); ok && f.Path == "" {
		f.Path = path
	}
	return err
}

func outcome(err error) exchange.Outcome {
	switch err {
	case nil:
		return exchange.Continued
	case ErrResponded:
		return exchange.Responded
	}
	return exchange.Failed
}

// failure makes of err what the client will be told, and fills in where it
// arose. A failure of a nested statement keeps its own place.
func (s *statement) failure(r *Run, err error) error {
	f, ok := errors.AsType[*exchange.Failure](err)
	if !ok {
		f = r.general(err)
	}
	if f.Source == "" {
		f.Source = s.site.Statement
	}
	if f.Scope == "" {
		f.Scope, f.Section, f.PolicyID = string(s.site.Scope), string(s.site.Section), s.site.PolicyID
	}
	if f.Path == "" {
		f.Path = s.site.Path
	}
	return f
}

// general is the failure for an error that says nothing of its own.
func (r *Run) general(err error) *exchange.Failure {
	f := &exchange.Failure{Status: 500, Err: err}
	f.Reason, f.Message = exchange.ReasonInternal, exchange.MessageInternal
	var tooLarge *exchange.BodyTooLargeError
	switch {
	case r.Context.Err() != nil && errors.Is(context.Cause(r.Context), context.Canceled):
		f.Reason, f.Message = exchange.ReasonClientConnectionFailure, exchange.MessageClientGoneForwarding
	case errors.As(err, &tooLarge):
		f.Status, f.Reason, f.Message = 413, exchange.ReasonBodyTooLarge, tooLarge.Error()
	}
	f.Detail = err.Error()
	return f
}

// base runs the same section of the next wider scope.
func (r *Run) base() error {
	r.level++
	defer func() { r.level-- }()
	return r.runLevel()
}

func (r *Run) runLevel() error {
	if r.level >= len(r.program.levels) {
		return nil
	}
	return r.program.levels[r.level].sections[r.section].Run(r)
}
