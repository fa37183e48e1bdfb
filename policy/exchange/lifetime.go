package exchange

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Lifetime is a context that is ended with a cause, which is its Err. What it costs is its
// own memory, which can be a part of something else's: no channel is made before somebody
// asks for Done, and who implements [Ender] learns of the end without a goroutine. The zero
// value is ready; it is not to be copied.
type Lifetime struct {
	parent context.Context // nil: it ends alone

	ended  atomic.Bool // after which err stays
	err    error
	mu     sync.Mutex
	done   chan struct{} // nil: nobody has asked for it
	enders []Ender
	room   [2]Ender // for enders
}

var _ context.Context = (*Lifetime)(nil)

// Ender is what ends with something else. End is called in the goroutine that ends that,
// with the cause, and must not wait for anything.
type Ender interface{ End(cause error) }

// NewLifetime gives a lifetime that ends with parent, at the latest.
func NewLifetime(parent context.Context) *Lifetime {
	l := &Lifetime{}
	l.under(parent, l)
	return l
}

// under has the lifetime of e end with parent.
func (l *Lifetime) under(parent context.Context, e Ender) {
	l.parent = parent
	Attach(parent, e)
}

// End ends it. Only the first cause counts.
func (l *Lifetime) End(cause error) {
	l.mu.Lock()
	if l.ended.Load() {
		l.mu.Unlock()
		return
	}
	l.err = cause
	l.ended.Store(true)
	if l.done != nil {
		close(l.done)
	}
	enders := l.enders
	l.enders = nil
	l.mu.Unlock()
	for _, e := range enders {
		e.End(cause)
	}
}

// Err is the cause once it has ended: [context.Cause] gives that, too.
func (l *Lifetime) Err() error {
	switch {
	case l.ended.Load():
		return l.err
	case l.parent != nil:
		return context.Cause(l.parent)
	}
	return nil
}

// Done is part of [context.Context].
func (l *Lifetime) Done() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		l.done = make(chan struct{})
		if l.ended.Load() {
			close(l.done)
		}
	}
	return l.done
}

// Deadline is its parent's.
func (l *Lifetime) Deadline() (time.Time, bool) {
	if l.parent == nil {
		return time.Time{}, false
	}
	return l.parent.Deadline()
}

// Value is its parent's.
func (l *Lifetime) Value(key any) any {
	if l.parent == nil {
		return nil
	}
	return l.parent.Value(key)
}

// AfterFunc is what package context looks for in contexts of others, so that those derived
// from this one need no goroutine.
func (l *Lifetime) AfterFunc(f func()) (stop func() bool) {
	e := &endFunc{f}
	l.attach(e)
	return func() bool { return l.detach(e) }
}

type endFunc struct{ f func() }

func (e *endFunc) End(error) { e.f() }

// attach has e ended with l: at once if l has ended.
func (l *Lifetime) attach(e Ender) {
	l.mu.Lock()
	if l.ended.Load() {
		l.mu.Unlock()
		e.End(l.err)
		return
	}
	if l.enders == nil {
		l.enders = l.room[:0]
	}
	l.enders = append(l.enders, e)
	l.mu.Unlock()
}

// detach prevents that, and reports whether it came in time.
func (l *Lifetime) detach(e Ender) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.enders, e)
	if i < 0 {
		return false
	}
	l.enders = slices.Delete(l.enders, i, i+1)
	return true
}

func (l *Lifetime) lifetime() *Lifetime { return l }

// An Attachment is by which an [Ender] ends with a context. The zero value is none.
type Attachment struct {
	lifetime *Lifetime
	ender    Ender
	stop     func() bool // of a context that is no Lifetime
}

// Attach has e ended when ctx ends, with its cause.
func Attach(ctx context.Context, e Ender) Attachment {
	if of, ok := ctx.(interface{ lifetime() *Lifetime }); ok {
		l := of.lifetime()
		l.attach(e)
		return Attachment{lifetime: l, ender: e}
	}
	if ctx.Done() == nil {
		return Attachment{}
	}
	return Attachment{stop: context.AfterFunc(ctx, func() { e.End(context.Cause(ctx)) })}
}

// Detach ends the attachment, and reports whether that came before the end of the context.
func (a *Attachment) Detach() bool {
	switch {
	case a.lifetime != nil:
		return a.lifetime.detach(a.ender)
	case a.stop != nil:
		return a.stop()
	}
	return true
}

// Limit is a lifetime whose first part is limited: it ends with [context.DeadlineExceeded]
// unless Stop comes in time.
type Limit struct {
	Lifetime
	timer timer
	clock timerClock
	stop  func() bool // of a clock that is none
}

// WithLimit gives a limit of d by clock, which ends with ctx at the latest.
func WithLimit(ctx context.Context, clock Clock, d time.Duration) *Limit {
	l := &Limit{}
	l.under(ctx, l)
	var ok bool
	if l.clock, ok = clock.(timerClock); ok {
		l.timer.who = l
		l.clock.wait(&l.timer, d)
	} else {
		l.stop = clock.AfterFunc(d, l.timeUp)
	}
	return l
}

func (l *Limit) timeUp() { l.End(context.DeadlineExceeded) }

// Stop ends the limit but not the context. It reports whether it came in time, as it does
// for nil: no limit.
func (l *Limit) Stop() bool {
	switch {
	case l == nil:
		return true
	case l.stop != nil:
		return l.stop()
	}
	return l.clock.stop(&l.timer)
}
