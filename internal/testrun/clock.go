package testrun

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// A Clock is a test's time: it stands still while anybody computes, and leaps to the
// next timer when all who take part wait for one. Of several requests that run at once
// only one has the turn at a time, until it waits or is done, so a test goes the same
// way each time it is run.
type Clock struct {
	mu       sync.Mutex
	now      time.Time
	events   events
	sequence int
	ready    []*waiter // who goes on next, in order
	asleep   []*waiter
	held     bool // somebody has the turn by Enter
}

var (
	_ exchange.Clock   = (*Clock)(nil)
	_ exchange.Sleeper = (*Clock)(nil)
)

// NewClock gives a clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

// A waiter is a goroutine that goes on when it gets the turn.
type waiter struct {
	turn chan struct{}
	ctx  context.Context
	wake *event
}

func newWaiter(ctx context.Context) *waiter {
	return &waiter{turn: make(chan struct{}, 1), ctx: ctx}
}

// An event is what happens at a time: a waiter goes on, or f is called.
type event struct {
	at       time.Time
	sequence int
	index    int // in the heap; -1 outside
	waiter   *waiter
	f        func()
}

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc has f called when the clock comes to d from now, by whoever moves it.
func (c *Clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.add(d, &event{f: f})
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.remove(e)
	}
}

func (c *Clock) add(d time.Duration, e *event) *event {
	c.sequence++
	e.at, e.sequence = c.now.Add(max(d, 0)), c.sequence
	heap.Push(&c.events, e)
	return e
}

func (c *Clock) remove(e *event) bool {
	if e.index < 0 {
		return false
	}
	heap.Remove(&c.events, e.index)
	return true
}

// Sleep returns when d has passed, or with the cause when ctx ends. Who sleeps gives the
// turn to the others, and lets the time pass if there is nobody.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	w := newWaiter(ctx)
	c.mu.Lock()
	w.wake = c.add(d, &event{waiter: w})
	c.asleep = append(c.asleep, w)
	c.mu.Unlock()
	c.pass()
	<-w.turn
	return context.Cause(ctx)
}

// Enter waits for the turn, for requests that come whenever they like: so none computes
// while another one lets the time pass. Leave gives it up.
func (c *Clock) Enter() {
	c.mu.Lock()
	if !c.held {
		c.held = true
		c.mu.Unlock()
		return
	}
	w := newWaiter(context.Background())
	c.ready = append(c.ready, w)
	c.mu.Unlock()
	<-w.turn
}

// Leave gives the turn that Enter took to the others, and lets the time pass if they all
// wait.
func (c *Clock) Leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held = len(c.ready)+len(c.asleep) > 0; c.held {
		c.giveTurn()
	}
}

// pass gives the turn to who is ready, moving the clock on until somebody is.
func (c *Clock) pass() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.giveTurn()
}

// giveTurn is pass with mu held.
func (c *Clock) giveTurn() {
	for c.wakeEnded(); len(c.ready) == 0; c.wakeEnded() {
		if len(c.asleep) == 0 {
			c.held = false // all others are outside, and come back by Enter
			return
		}
		c.next()
	}
	w := c.ready[0]
	c.ready = c.ready[1:]
	w.turn <- struct{}{}
}

// next moves the clock to the first event and lets it happen. mu is held, but not while
// a timer's function runs.
func (c *Clock) next() {
	e := heap.Pop(&c.events).(*event)
	if e.at.After(c.now) {
		c.now = e.at
	}
	if e.waiter != nil {
		c.awake(e.waiter)
		return
	}
	c.mu.Unlock()
	e.f()
	c.mu.Lock()
	c.wakeEnded()
}

// wakeEnded wakes those whose context has ended. mu is held.
func (c *Clock) wakeEnded() {
	for _, w := range slices.Clone(c.asleep) {
		if w.ctx.Err() != nil {
			c.awake(w)
		}
	}
}

func (c *Clock) awake(w *waiter) {
	c.remove(w.wake)
	c.asleep = slices.DeleteFunc(c.asleep, func(other *waiter) bool { return other == w })
	c.ready = append(c.ready, w)
}

// Advance moves the clock by d, letting what is due on the way happen. Nobody may be
// running or waiting.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := c.now.Add(max(d, 0))
	for len(c.events) > 0 && !c.events[0].at.After(end) {
		c.next()
	}
	c.now = end
}

// Run runs all at once, as far as the clock goes: each has the turn until it waits.
func (c *Clock) Run(all ...func()) {
	if len(all) == 1 {
		all[0]()
		return
	}
	left := len(all)
	var group sync.WaitGroup
	c.mu.Lock()
	for _, f := range all {
		w := newWaiter(context.Background())
		c.ready = append(c.ready, w)
		group.Go(func() {
			<-w.turn
			f()
			if left--; left > 0 { // whoever has the turn counts
				c.pass()
			}
		})
	}
	c.mu.Unlock()
	c.pass()
	group.Wait()
}

// events is a heap: the earliest first, of the same time the one that was set first.
type events []*event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if c := e[i].at.Compare(e[j].at); c != 0 {
		return c < 0
	}
	return e[i].sequence < e[j].sequence
}
func (e events) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].index, e[j].index = i, j
}
func (e *events) Push(x any) {
	added := x.(*event)
	added.index = len(*e)
	*e = append(*e, added)
}
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*e = old[:len(old)-1]
	last.index = -1
	return last
}
