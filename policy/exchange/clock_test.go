package exchange

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// movable is a clock of the tests and how to let its time pass.
type movable struct {
	Clock
	pass func(d time.Duration)
}

// clocks are the ways in which time passes.
func clocks() map[string]movable {
	virtual := NewVirtualClock(start)
	moved := NewMovableClock(NewVirtualClock(start))
	base, movedBase := NewVirtualClock(start), NewMovableClock(NewVirtualClock(start))
	return map[string]movable{
		"virtual":             {virtual, virtual.Advance},
		"moved":               {moved, moved.Advance},
		"whose base runs":     {NewMovableClock(base), base.Advance},
		"whose base is moved": {NewMovableClock(movedBase), movedBase.Advance},
	}
}

// fired is a timer's channel.
func fired(c Clock, d time.Duration) (<-chan struct{}, func() bool) {
	ch := make(chan struct{})
	return ch, c.AfterFunc(d, func() { close(ch) })
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestTimers(t *testing.T) {
	for name, c := range clocks() {
		t.Run(name, func(t *testing.T) {
			if !c.Now().Equal(start) {
				t.Fatalf("starts at %s", c.Now())
			}
			early, stopEarly := fired(c, 5*time.Second)
			late, _ := fired(c, 10*time.Second)
			never, stopNever := fired(c, 7*time.Second)
			if !stopNever() || stopNever() {
				t.Error("stopping in time reports true, and once")
			}
			c.pass(4 * time.Second)
			if isClosed(early) {
				t.Error("fired before its time")
			}
			c.pass(time.Second)
			<-early
			if stopEarly() {
				t.Error("stopped after it fired")
			}
			c.pass(4999 * time.Millisecond)
			if isClosed(late) {
				t.Error("the second fired before its time")
			}
			c.pass(time.Millisecond)
			<-late
			now, _ := fired(c, 0)
			<-now
			past, _ := fired(c, -time.Second)
			<-past
			c.pass(-time.Hour)
			if want := start.Add(10 * time.Second); !c.Now().Equal(want) {
				t.Errorf("it is %s, want %s", c.Now(), want)
			}
			if isClosed(never) {
				t.Error("a stopped timer fired")
			}
		})
	}
}

// A timer of a movable clock fires when base's time and the advances together have
// come to it.
func TestMovableClockAddsUp(t *testing.T) {
	base := NewVirtualClock(start)
	c := NewMovableClock(base)
	ch, _ := fired(c, 10*time.Second)
	c.Advance(3 * time.Second)
	base.Advance(3 * time.Second)
	c.Advance(3 * time.Second)
	if isClosed(ch) {
		t.Error("fired after 9 of 10 seconds")
	}
	if want := start.Add(9 * time.Second); c.Offset() != 6*time.Second || !c.Now().Equal(want) {
		t.Errorf("it is %s, %s ahead", c.Now(), c.Offset())
	}
	base.Advance(time.Second)
	<-ch
}

// A movable clock has its base wait for one timer at a time, and for none in the end.
func TestMovableClockLeavesNothing(t *testing.T) {
	base := NewVirtualClock(start)
	c := NewMovableClock(base)
	ch, _ := fired(c, time.Hour)
	for range 100 {
		_, stop := fired(c, 2*time.Hour)
		defer stop()
		_, stop = fired(c, 30*time.Minute)
		stop()
	}
	if len(base.timers) != 1 {
		t.Errorf("the base has %d timers, want 1", len(base.timers))
	}
	c.Advance(time.Hour)
	<-ch
	if len(c.timers) != 100 {
		t.Errorf("%d timers wait, want 100", len(c.timers))
	}
	c.Advance(time.Hour)
	base.Advance(3 * time.Hour) // an alarm for nobody
	eventually(func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.alarm == nil
	})
	if len(base.timers) != 0 || len(c.timers) != 0 {
		t.Errorf("%d timers are left at the base, %d at the clock", len(base.timers), len(c.timers))
	}
}

// eventually returns when something holds that other goroutines bring about.
func eventually(holds func() bool) {
	for !holds() {
		runtime.Gosched()
	}
}

func TestTimersConcurrently(t *testing.T) {
	for name, c := range clocks() {
		t.Run(name, func(t *testing.T) {
			var count atomic.Int64
			var set, done sync.WaitGroup
			for range 4 {
				set.Go(func() {
					for i := range 50 {
						done.Add(1)
						stop := c.AfterFunc(time.Duration(i%7)*time.Second, func() {
							count.Add(1)
							done.Done()
						})
						if i%3 == 0 && stop() {
							count.Add(1)
							done.Done()
						}
					}
				})
				set.Go(func() {
					for range 10 {
						c.pass(time.Second)
						c.Now()
					}
				})
			}
			set.Wait()
			c.pass(time.Minute)
			done.Wait()
			if count.Load() != 200 {
				t.Errorf("%d of 200 timers fired or were stopped", count.Load())
			}
		})
	}
}

func TestSystem(t *testing.T) {
	ch, stop := fired(System, 0)
	<-ch
	if stop() {
		t.Error("stopped after it fired")
	}
	_, stop = fired(System, time.Hour)
	if !stop() {
		t.Error("not stopped in time")
	}
}

func TestWithTimeout(t *testing.T) {
	c := NewVirtualClock(start)
	ctx, cancel := WithTimeout(context.Background(), c, time.Second)
	c.Advance(999 * time.Millisecond)
	if ctx.Err() != nil {
		t.Error("ended before its time")
	}
	c.Advance(time.Millisecond)
	<-ctx.Done()
	cancel()
	if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
		t.Errorf("cause %v, want DeadlineExceeded", cause)
	}
	ctx, cancel = WithTimeout(context.Background(), c, time.Second)
	cancel()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) || len(c.timers) != 0 {
		t.Errorf("cancelled: cause %v, %d timers left", cause, len(c.timers))
	}
	parent, leave := context.WithCancelCause(context.Background())
	ctx, cancel = WithTimeout(parent, c, time.Second)
	defer cancel()
	gone := errors.New("gone")
	leave(gone)
	if cause := context.Cause(ctx); !errors.Is(cause, gone) {
		t.Errorf("cause %v, want the parent's", cause)
	}
}

// TestTimerFarAway: the longest time there is does not come around.
func TestTimerFarAway(t *testing.T) {
	for name, c := range clocks() {
		t.Run(name, func(t *testing.T) {
			c.pass(time.Hour)
			far, stop := fired(c, math.MaxInt64)
			near, _ := fired(c, time.Minute)
			c.pass(time.Minute)
			<-near
			if isClosed(far) || !stop() {
				t.Error("it has fired")
			}
		})
	}
}

// TestElapsed: what elapses is what Now shows, whatever clock it is.
func TestElapsed(t *testing.T) {
	all := clocks()
	virtual := NewVirtualClock(start)
	all["another"] = movable{struct{ Clock }{virtual}, virtual.Advance}
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			before, now := Elapsed(c), c.Now()
			c.pass(time.Minute)
			if got, want := Elapsed(c)-before, c.Now().Sub(now); got != want || want != time.Minute {
				t.Errorf("%v have elapsed, and Now shows %v", got, want)
			}
		})
	}
	before, now := Elapsed(System), System.Now()
	for System.Now().Sub(now) < time.Millisecond {
	}
	if got := Elapsed(System) - before; got < time.Millisecond || got > time.Minute {
		t.Errorf("%v have elapsed in a millisecond", got)
	}
}
