package testrun

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func TestClockSleep(t *testing.T) {
	c := NewClock(epoch)
	var fired []time.Duration
	since := func() time.Duration { return c.Now().Sub(epoch) }
	for _, d := range []time.Duration{3 * time.Second, time.Second, 7 * time.Second} {
		c.AfterFunc(d, func() { fired = append(fired, since()) })
	}
	stop := c.AfterFunc(2*time.Second, func() { t.Error("a timer that was stopped fires") })
	if !stop() || stop() {
		t.Error("stop doesn't report whether it came in time")
	}
	if err := exchange.Sleep(t.Context(), c, 5*time.Second); err != nil || since() != 5*time.Second {
		t.Errorf("sleeping 5s ends with %v after %v", err, since())
	}
	if want := []time.Duration{time.Second, 3 * time.Second}; !slices.Equal(fired, want) {
		t.Errorf("timers fire at %v, want %v", fired, want)
	}
	c.Advance(time.Minute)
	if len(fired) != 3 || fired[2] != 7*time.Second || since() != 65*time.Second {
		t.Errorf("after a minute timers have fired at %v, and it is %v", fired, since())
	}
}

// A sleeper is awake as soon as its context has ended, also by a timer.
func TestClockTimeout(t *testing.T) {
	c := NewClock(epoch)
	limit := exchange.WithLimit(t.Context(), c, 2*time.Second)
	err := exchange.Sleep(limit, c, time.Hour)
	if limit.Stop() || !errors.Is(err, context.DeadlineExceeded) || c.Now().Sub(epoch) != 2*time.Second {
		t.Errorf("sleeping with a limit of 2s ends with %v after %v", err, c.Now().Sub(epoch))
	}
}

// Of several that run at once one has the turn at a time, in the same order each time.
func TestClockRun(t *testing.T) {
	for range 100 {
		c := NewClock(epoch)
		var log []string
		step := func(name string, waits ...time.Duration) func() {
			return func() {
				for _, d := range waits {
					log = append(log, name+" "+c.Now().Sub(epoch).String())
					if err := exchange.Sleep(context.Background(), c, d); err != nil {
						t.Error(err)
					}
				}
				log = append(log, name+" ends "+c.Now().Sub(epoch).String())
			}
		}
		c.Run(step("a", 2*time.Second, time.Second), step("b", time.Second), step("c"), step("d", 3*time.Second))
		want := []string{"a 0s", "b 0s", "c ends 0s", "d 0s", "b ends 1s", "a 2s", "d ends 3s", "a ends 3s"}
		if !slices.Equal(log, want) {
			t.Fatalf("this happened: %q, want %q", log, want)
		}
	}
}

// Of those who enter one has the turn at a time, and time passes only when all wait.
func TestClockEnter(t *testing.T) {
	c := NewClock(epoch)
	inside := 0
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			c.Enter()
			defer c.Leave()
			for range 3 {
				if inside++; inside != 1 { // the race detector sees it, too
					t.Errorf("%d have the turn", inside)
				}
				began := c.Now()
				runtime.Gosched()
				if now := c.Now(); !now.Equal(began) {
					t.Errorf("the clock moved by %s while somebody computed", now.Sub(began))
				}
				inside--
				if err := exchange.Sleep(t.Context(), c, time.Duration(i%5)*time.Second); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	c.Enter() // nobody has it
	c.Leave()
}
