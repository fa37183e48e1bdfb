package exchange

import (
	"context"
	"sync"
	"sync/atomic"
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

// Elapsed is how far a clock has come since some moment of its own: two of them tell how long
// something takes. Of the system's clock, or one that runs with it, it costs half of what Now
// does.
func Elapsed(c Clock) time.Duration {
	switch c := c.(type) {
	case systemClock:
		return time.Since(started)
	case *MovableClock:
		return Elapsed(c.base) + c.Offset()
	case *VirtualClock:
		return c.elapsed()
	}
	return time.Duration(c.Now().UnixNano())
}

var started = time.Now()

// A MovableClock runs with another clock but can be set forward: the emulator's
// clock, which the management listener moves. The zero value is not ready; use
// [NewMovableClock].
type MovableClock struct {
	base   Clock
	offset atomic.Int64 // a time.Duration

	mu     sync.Mutex
	timers timers
	// Of all timers base waits for the first. One that is stopped leaves it waiting: most
	// are, and the next alarm is due soon enough.
	alarm   func() bool   // stops it; nil: none is set
	alarmAt time.Duration // by base
}

// NewMovableClock gives a clock that shows base's time plus what Advance added.
func NewMovableClock(base Clock) *MovableClock { return &MovableClock{base: base} }

// Now is base's time plus the sum of all advances.
func (c *MovableClock) Now() time.Time { return c.base.Now().Add(c.Offset()) }

// Offset is how far the clock is ahead of its base.
func (c *MovableClock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Advance moves the clock forward by d (not negative) and fires the timers that
// became due.
func (c *MovableClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset.Add(int64(max(d, 0)))
	c.run()
}

// AfterFunc fires when the clock has come d further, be it that base has run or
// that Advance was called.
func (c *MovableClock) AfterFunc(d time.Duration, f func()) func() bool { return afterFunc(c, d, f) }

func (c *MovableClock) wait(t *timer, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timers.add(t, Elapsed(c), d) {
		c.run()
	}
}

func (c *MovableClock) stop(t *timer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timers.remove(t)
}

// run fires what is due, and sets the alarm for what is not. mu is held.
func (c *MovableClock) run() {
	c.timers.fire(Elapsed(c))
	if len(c.timers) == 0 {
		return
	}
	at := c.timers[0].at - c.Offset()
	if c.alarm != nil {
		if at >= c.alarmAt {
			return
		}
		c.alarm()
	}
	c.alarmAt = at
	c.alarm = c.base.AfterFunc(at-Elapsed(c.base), c.wake)
}

// wake is the alarm.
func (c *MovableClock) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alarm = nil
	c.run()
}

// A VirtualClock stands still until Advance moves it; tests use it. The zero
// value shows the zero time; use [NewVirtualClock] for another start.
type VirtualClock struct {
	start time.Time

	mu     sync.Mutex
	ran    time.Duration // since
	timers timers
}

// NewVirtualClock gives a clock that stands at start.
func NewVirtualClock(start time.Time) *VirtualClock { return &VirtualClock{start: start} }

// Now is where the clock stands.
func (c *VirtualClock) Now() time.Time { return c.start.Add(c.elapsed()) }

func (c *VirtualClock) elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ran
}

// Advance moves the clock forward by d (not negative) and fires, in their own
// goroutines, the timers that became due.
func (c *VirtualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran += max(d, 0)
	c.timers.fire(c.ran)
}

// AfterFunc fires when Advance has come to d from now; at once if d is not
// positive.
func (c *VirtualClock) AfterFunc(d time.Duration, f func()) func() bool { return afterFunc(c, d, f) }

func (c *VirtualClock) wait(t *timer, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timers.add(t, c.ran, d) {
		c.timers.fire(c.ran)
	}
}

func (c *VirtualClock) stop(t *timer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timers.remove(t)
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
