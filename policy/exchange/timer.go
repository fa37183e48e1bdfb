package exchange

import (
	"container/heap"
	"math"
	"time"
)

// A timer is a call to come. It is a part of who is called, so that waiting takes no
// memory of its own.
type timer struct {
	at    time.Duration // by [Elapsed]
	who   timed
	place int // in timers
}

// timed is who is called when a timer is due, in a goroutine of its own.
type timed interface{ timeUp() }

// A timerClock is a clock that runs such timers: one of this package's, but [System].
type timerClock interface {
	// wait has t.who called when d has passed. t waits for nothing else.
	wait(t *timer, d time.Duration)
	// stop prevents that, and reports whether it came in time.
	stop(t *timer) bool
}

// afterFunc is AfterFunc of a timerClock.
func afterFunc(c timerClock, d time.Duration, f func()) (stop func() bool) {
	t := &timer{who: timedFunc(f)}
	c.wait(t, d)
	return func() bool { return c.stop(t) }
}

type timedFunc func()

func (f timedFunc) timeUp() { f() }

// timers are those of a clock that wait, as a heap: the earliest is the first. The clock's
// lock guards it.
type timers []*timer

// add has t due d after now, and reports whether it is the first.
func (s *timers) add(t *timer, now, d time.Duration) bool {
	if t.at = now + d; d > 0 && t.at < now {
		t.at = math.MaxInt64
	}
	heap.Push(s, t)
	return t.place == 0
}

func (s *timers) remove(t *timer) bool {
	if t.place >= len(*s) || (*s)[t.place] != t {
		return false
	}
	heap.Remove(s, t.place)
	return true
}

// fire calls those that are due at now.
func (s *timers) fire(now time.Duration) {
	for len(*s) > 0 && (*s)[0].at <= now {
		go heap.Pop(s).(*timer).who.timeUp()
	}
}

// Len is part of heap.Interface, as are the other methods.
func (s timers) Len() int           { return len(s) }
func (s timers) Less(i, j int) bool { return s[i].at < s[j].at }

// Swap keeps the places.
func (s timers) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].place, s[j].place = i, j
}

// Push appends a *timer.
func (s *timers) Push(t any) {
	t.(*timer).place = len(*s)
	*s = append(*s, t.(*timer))
}

// Pop takes off the last one.
func (s *timers) Pop() any {
	last := len(*s) - 1
	t := (*s)[last]
	(*s)[last] = nil
	*s = (*s)[:last]
	return t
}
