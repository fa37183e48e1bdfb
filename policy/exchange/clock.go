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
	return c.base.Now().Add(c.offset)
}

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
	c.offset += max(d, 0)
	due := c.timers.due(c.base.Now().Add(c.offset))
	c.mu.Unlock()
	for _, t := range due {
		t.fire()
	}
}

// AfterFunc fires when base has run for d, or earlier when Advance passes it.
func (c *MovableClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	t := c.timers.add(c.base.Now().Add(c.offset).Add(d), f)
	c.mu.Unlock()
	stopBase := c.base.AfterFunc(d, func() {
		if c.remove(t) {
			f()
		}
	})
	return func() bool {
		stopBase()
		return c.remove(t)
	}
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
	c.now = c.now.Add(max(d, 0))
	due := c.timers.due(c.now)
	c.mu.Unlock()
	for _, t := range due {
		t.fire()
	}
}

// AfterFunc fires when Advance has passed d from now.
func (c *VirtualClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	t := c.timers.add(c.now.Add(d), f)
	c.mu.Unlock()
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.timers.remove(t)
	}
}

type timer struct {
	at time.Time
	f  func()
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
