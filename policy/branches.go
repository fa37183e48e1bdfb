package policy

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Branches of a request run side by side, each on variables and a response of its own.
// What takes time is truly concurrent: calls to backends, reading their answers, waiting,
// fetching tokens. What computes has the turn: one branch at a time, with its own state
// put into the exchange. So the expression language, whose objects branches share, needs
// no locks, and the request is changed in an order that can be told.

// Branches runs blocks side by side. With first, the first that ends decides and the
// others are cancelled; without, all of them run, unless one fails or answers the client,
// which cancels the others. Afterwards the variables and responses of those that counted
// are put into the exchange in the order of blocks; of the others nothing is left.
func (r *Run) Branches(blocks []Block, first bool) error {
	f := r.fork(blocks, first)
	if r.branch != nil {
		r.branch.give()
	}
	all := make([]func(), len(f.branches))
	for i, b := range f.branches {
		all[i] = b.goOn
	}
	exchange.Together(f.clock, all...)
	if r.branch != nil {
		r.branch.take()
	} else {
		f.before.into(r.Exchange)
	}
	return f.join(r)
}

// errOvertaken is why a branch is cancelled.
var errOvertaken = errors.New("another branch of <wait> has ended")

// turn is who computes. All branches of a request share it, nested ones too.
type turn struct {
	mu     sync.Mutex
	holder *branch // nil: nobody
}

// fork is branches that began together.
type fork struct {
	turn     *turn
	root     *Run           // the request itself
	env      *Env           // not a branch's
	clock    exchange.Clock // not a branch's
	before   state
	first    bool
	branches []*branch
	decided  *branch // who cancelled the others
	panicked any
}

// state is what each branch has of its own in the exchange.
type state struct {
	context   context.Context
	clock     exchange.Clock
	observer  exchange.Observer
	variables exchange.Variables
	response  *exchange.Response
}

func stateOf(x *exchange.Exchange) state {
	return state{x.Context, x.Clock, x.Observer, x.Variables, x.Response}
}

func (s *state) into(x *exchange.Exchange) {
	x.Context, x.Clock, x.Observer, x.Variables, x.Response = s.context, s.clock, s.observer, s.variables, s.response
}

// branch is one of them.
type branch struct {
	fork   *fork
	run    *Run
	block  Block
	state  state
	cancel context.CancelCauseFunc
	ended  bool
	err    error
}

// branchKey marks the contexts of a branch; what runs in the background has none.
type branchKey struct{}

func (r *Run) fork(blocks []Block, first bool) *fork {
	f := &fork{turn: &turn{}, root: r, env: r.Env, clock: r.Clock, before: stateOf(r.Exchange), first: first}
	if r.branch != nil {
		outer := r.branch.fork
		f.turn, f.root, f.env, f.clock = outer.turn, outer.root, outer.env, outer.clock
	}
	for _, block := range blocks {
		b := &branch{fork: f, block: block, state: f.before}
		var ctx context.Context
		ctx, b.cancel = context.WithCancelCause(f.before.context)
		b.state.context = context.WithValue(ctx, branchKey{}, b)
		b.state.clock = &branchClock{f.clock, b}
		b.state.variables = f.before.variables.Fork()
		if o, ok := f.before.observer.(exchange.Forker); ok {
			b.state.observer = o.Fork()
		}
		env := *f.env
		env.Sender, env.Identity = &branchSender{f.env.Sender, b}, &branchIdentity{f.env.Identity, b}
		b.run = &Run{Exchange: r.Exchange, Env: &env, program: r.program, section: r.section, level: r.level, branch: b}
		f.branches = append(f.branches, b)
	}
	return f
}

// take waits for the turn and puts the branch's state into the exchange.
func (b *branch) take() {
	b.fork.turn.mu.Lock()
	b.fork.turn.holder = b
	b.state.into(b.run.Exchange)
}

// give keeps the branch's state and gives the turn up.
func (b *branch) give() {
	b.state = stateOf(b.run.Exchange)
	b.fork.turn.holder = nil
	b.fork.turn.mu.Unlock()
}

// goOn runs the branch. Chosen: one that was overtaken before it began does not begin.
func (b *branch) goOn() {
	f := b.fork
	b.take()
	defer b.give()
	defer func() {
		if v := recover(); v != nil {
			f.panicked = v
			f.decide(b)
		}
	}()
	if b.err = b.block.Run(b.run); b.run.overtaken() {
		return
	}
	if b.ended = true; f.first || b.err != nil {
		f.decide(b)
	}
}

// decide cancels all but b.
func (f *fork) decide(b *branch) {
	f.decided = b
	for _, other := range f.branches {
		if other != b {
			other.cancel(errOvertaken)
		}
	}
}

// overtaken reports whether the run is a branch that another one has cancelled.
func (r *Run) overtaken() bool {
	return r.branch != nil && errors.Is(context.Cause(r.Context), errOvertaken)
}

// overtakenFailure is how the trace shows a statement that was cancelled.
func overtakenFailure() *exchange.Failure {
	f := &exchange.Failure{Status: 500, Err: errOvertaken}
	f.Reason, f.Message = exchange.ReasonOvertaken, exchange.MessageOvertaken
	return f
}

// join puts what the branches did into the exchange, whose state is that of before.
func (f *fork) join(r *Run) error {
	if f.panicked != nil {
		panic(f.panicked)
	}
	o, forked := r.Observer.(exchange.Forker)
	for _, b := range f.branches {
		if forked {
			o.Join(b.state.observer)
		}
		if !b.ended || f.first && b != f.decided {
			continue
		}
		r.Variables.Merge(&b.state.variables)
		if b.state.response != f.before.response {
			r.Response = b.state.response
		}
		r.atEnd = append(r.atEnd, b.run.atEnd...)
	}
	// What came of a branch may still be read: its context ends with the request.
	r.OnDone(func(exchange.End) {
		for _, b := range f.branches {
			b.cancel(context.Canceled)
		}
	})
	if f.decided == nil {
		return nil
	}
	if f.decided.err == ErrResponded {
		r.Response, r.found = f.decided.state.response, f.decided.run.found
	}
	return f.decided.err
}

// away gives the turn up while f takes its time, if ctx is of the branch.
func (b *branch) away(ctx context.Context, f func()) {
	if ctx.Value(branchKey{}) != b {
		f()
		return
	}
	b.give()
	defer b.take()
	f()
}

// branchClock lets others compute while the branch sleeps.
type branchClock struct {
	exchange.Clock
	branch *branch
}

// Sleep is part of exchange.Sleeper.
func (c *branchClock) Sleep(ctx context.Context, d time.Duration) (err error) {
	c.branch.away(ctx, func() { err = exchange.Sleep(ctx, c.Clock, d) })
	return err
}

// branchIdentity lets others compute while the branch waits for a token.
type branchIdentity struct {
	next   IdentitySource
	branch *branch
}

// Token is part of IdentitySource.
func (i *branchIdentity) Token(ctx context.Context, resource, clientID string) (t Token, err error) {
	i.branch.away(ctx, func() { t, err = i.next.Token(ctx, resource, clientID) })
	return t, err
}

// branchSender lets others compute while the branch waits for a backend.
type branchSender struct {
	next   Sender
	branch *branch
}

// Send is part of Sender.
func (s *branchSender) Send(ctx context.Context, request *Outgoing) (response *exchange.Response, err error) {
	b := s.branch
	if ctx.Value(branchKey{}) != b {
		return s.next.Send(ctx, request)
	}
	// The exchange is another branch's meanwhile: nothing of it is touched.
	own := *request
	own.Body = taken(request.Body)
	b.away(ctx, func() { response, err = s.next.Send(ctx, &own) })
	if err != nil {
		return nil, err
	}
	if _, here := response.Body.InMemory(); !here && !response.Body.Consumed() {
		length := response.Body.Length()
		stream, err := response.Body.Reader()
		if err != nil {
			return nil, err
		}
		response.Body = exchange.StreamBody(&branchStream{stream, b.fork.turn}, length)
	}
	return response, nil
}

// taken is a body for sending: a stream is taken out of it.
func taken(body *exchange.Body) *exchange.Body {
	if body == nil || !body.Exists() || body.Consumed() {
		return body
	}
	if data, here := body.InMemory(); here {
		own := exchange.BytesBody(data)
		return &own
	}
	length := body.Length()
	stream, err := body.Reader()
	if err != nil {
		return body // which the sender finds out, too
	}
	own := exchange.StreamBody(stream, length)
	return &own
}

// branchStream is an answer's body: whoever has the turn gives it up while it is read.
// When the branches have ended nobody has.
type branchStream struct {
	io.ReadCloser
	turn *turn
}

func (s *branchStream) Read(p []byte) (int, error) {
	if b := s.turn.holder; b != nil {
		b.give()
		defer b.take()
	}
	return s.ReadCloser.Read(p)
}
