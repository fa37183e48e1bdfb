package exchange

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is where time comes from. Nothing in this project asks the operating
// system for the time except [System], so tests and the management listener can
// move it.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// AfterFunc calls f once, in its own goroutine, when d has passed. The
	// returned function stops that and reports whether it came in time.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// System is the operating system's clock.
var System Clock = systemClock{}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

// A MovableClock runs with another clock but can be set forward: the emulator's
// clock, which the management listener moves. The zero value is not ready; use
// [NewMovableClock].
type MovableClock struct {
	base Clock

	mu     sync.Mutex
	offset time.Duration
	timers timerSet
}

// NewMovableClock gives a clock that shows base's time plus what Advance added.
func NewMovableClock(base Clock) *MovableClock { return &MovableClock{base: base} }

// Now is base's time plus the sum of all advances.
func (c *MovableClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *MovableClock) now() time.Time { return c.base.Now().Add(c.offset) }

// Offset is how far the clock is ahead of its base.
func (c *MovableClock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Advance moves the clock forward by d (not negative) and fires the timers that
// became due.
func (c *MovableClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += max(d, 0)
	for _, t := range c.timers.due(c.now()) {
		t.stop()
		t.fire()
	}
	for _, t := range c.timers {
		t.stop()
		c.start(t)
	}
}

// AfterFunc fires when the clock has come d further, be it that base has run or
// that Advance was called.
func (c *MovableClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.timers.add(c.now().Add(d), f)
	c.start(t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		t.stop()
		return c.timers.remove(t)
	}
}

// start has base wait for what is left of t.
func (c *MovableClock) start(t *timer) {
	t.stop = c.base.AfterFunc(t.at.Sub(c.now()), func() {
		if c.remove(t) {
			t.f()
		}
	})
}

func (c *MovableClock) remove(t *timer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timers.remove(t)
}

// A VirtualClock stands still until Advance moves it; tests use it. The zero
// value shows the zero time; use [NewVirtualClock] for another start.
type VirtualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers timerSet
}

// NewVirtualClock gives a clock that stands at start.
func NewVirtualClock(start time.Time) *VirtualClock { return &VirtualClock{now: start} }

// Now is where the clock stands.
func (c *VirtualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward by d (not negative) and fires, in their own
// goroutines, the timers that became due.
func (c *VirtualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
	c.fireDue()
}

func (c *VirtualClock) fireDue() {
	for _, t := range c.timers.due(c.now) {
		t.fire()
	}
}

// AfterFunc fires when Advance has come to d from now; at once if d is not
// positive.
func (c *VirtualClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.timers.add(c.now.Add(d), f)
	c.fireDue()
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.timers.remove(t)
	}
}

type timer struct {
	at   time.Time
	f    func()
	stop func() bool // of a MovableClock: stops its base's timer
}

func (t *timer) fire() { go t.f() }

// timerSet is the waiting timers of a clock; the clock's lock guards it.
type timerSet []*timer

func (s *timerSet) add(at time.Time, f func()) *timer {
	t := &timer{at: at, f: f}
	*s = append(*s, t)
	return t
}

func (s *timerSet) remove(t *timer) bool {
	i := slices.Index(*s, t)
	if i < 0 {
		return false
	}
	*s = slices.Delete(*s, i, i+1)
	return true
}

// due takes the timers at or before now out of the set, earliest first.
func (s *timerSet) due(now time.Time) []*timer {
	var due []*timer
	*s = slices.DeleteFunc(*s, func(t *timer) bool {
		if t.at.After(now) {
			return false
		}
		due = append(due, t)
		return true
	})
	slices.SortStableFunc(due, func(a, b *timer) int { return a.at.Compare(b.at) })
	return due
}

// WithTimeout is context.WithTimeout by a clock: the returned context is
// cancelled with cause context.DeadlineExceeded once d has passed on it.
func WithTimeout(ctx context.Context, clock Clock, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := clock.AfterFunc(d, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		stop()
		cancel(context.Canceled)
	}
}

// WithLimit is WithTimeout for the first part of something: stop ends the limit
// but not the context, which lives as long as ctx. It reports whether it came in
// time.
func WithLimit(ctx context.Context, clock Clock, d time.Duration) (limited context.Context, stop func() bool) {
	limited, cancel := context.WithCancelCause(ctx)
	return limited, clock.AfterFunc(d, func() { cancel(context.DeadlineExceeded) })
}

// A Sleeper is a clock that knows what waiting on it means; a test's may move
// itself forward.
type Sleeper interface {
	// Sleep returns when d has passed, or with the cause when ctx ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// Sleep waits until d has passed by a clock. It ends early, with the cause, when
// ctx does.
func Sleep(ctx context.Context, clock Clock, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s, ok := clock.(Sleeper); ok {
		return s.Sleep(ctx, d)
	}
	awake := make(chan struct{})
	stop := clock.AfterFunc(d, func() { close(awake) })
	select {
	case <-awake:
		return nil
	case <-ctx.Done():
		stop()
		return context.Cause(ctx)
	}
}

// A Runner is a clock that says who goes on of those that run at once.
type Runner interface {
	// Run runs all at once and returns when all have ended.
	Run(all ...func())
}

// Together runs all at once, as far as a clock goes, and returns when all have ended.
func Together(clock Clock, all ...func()) {
	if r, ok := clock.(Runner); ok {
		r.Run(all...)
		return
	}
	var running sync.WaitGroup
	for _, f := range all {
		running.Go(f)
	}
	running.Wait()
}
