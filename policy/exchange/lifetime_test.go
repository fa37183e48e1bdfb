package exchange

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// ending counts how often it is ended.
type ending struct {
	mu     sync.Mutex
	causes []error
}

func (e *ending) End(cause error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.causes = append(e.causes, cause)
}

var errOver = errors.New("over")

func TestLifetime(t *testing.T) {
	var l Lifetime
	var before, after, detached ending
	a := Attach(&l, &before)
	d := Attach(&l, &detached)
	if !d.Detach() || d.Detach() {
		t.Error("detaching in time reports true, and once")
	}
	if l.Err() != nil || context.Cause(&l) != nil || isDone(&l) {
		t.Error("it begins ended")
	}
	early := l.Done()
	l.End(errOver)
	l.End(context.Canceled)
	<-early
	<-l.Done()
	if l.Err() != errOver || context.Cause(&l) != errOver {
		t.Errorf("it ends with %v, of cause %v", l.Err(), context.Cause(&l))
	}
	Attach(&l, &after)
	if len(before.causes) != 1 || len(after.causes) != 1 || before.causes[0] != errOver || after.causes[0] != errOver || len(detached.causes) != 0 {
		t.Errorf("%v, %v and %v were told", before.causes, after.causes, detached.causes)
	}
	if a.Detach() {
		t.Error("detached in time after the end")
	}
}

func isDone(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// What is derived from a lifetime, by whichever package, ends with it, and gives its values.
func TestLifetimeAsParent(t *testing.T) {
	type key struct{}
	l := NewLifetime(context.WithValue(t.Context(), key{}, "value"))
	cancelled, cancel := context.WithCancel(l)
	defer cancel()
	lived := NewLifetime(l)
	limited := WithLimit(lived, NewVirtualClock(start), time.Hour)
	below, cancelBelow := context.WithCancelCause(limited)
	defer cancelBelow(nil)
	called := make(chan struct{})
	context.AfterFunc(l, func() { close(called) })
	stop := context.AfterFunc(l, func() { t.Error("called after it was stopped") })
	if !stop() {
		t.Error("not stopped in time")
	}
	l.End(errOver)
	<-called
	for i, ctx := range []context.Context{cancelled, lived, limited, below} {
		<-ctx.Done()
		if context.Cause(ctx) != errOver || ctx.Value(key{}) != "value" {
			t.Errorf("%d: ended with %v, value %v", i, context.Cause(ctx), ctx.Value(key{}))
		}
	}
}

// A lifetime ends with its parent, whichever it is.
func TestLifetimeEndsWithParent(t *testing.T) {
	deadline := time.Now().Add(time.Hour)
	timed, cancelTimed := context.WithDeadline(context.Background(), deadline)
	defer cancelTimed()
	parent, cancel := context.WithCancelCause(timed)
	l := NewLifetime(parent)
	if d, ok := l.Deadline(); !ok || !d.Equal(deadline) {
		t.Errorf("the deadline is %v, %v", d, ok)
	}
	done := l.Done()
	cancel(errOver)
	if l.Err() != errOver {
		t.Errorf("ended with %v", l.Err())
	}
	<-done
	var never Lifetime
	if _, ok := never.Deadline(); ok || never.Value("") != nil || NewLifetime(context.Background()).Err() != nil {
		t.Error("a lifetime without end has one")
	}
}

func TestWithLimit(t *testing.T) {
	virtual := NewVirtualClock(start)
	for name, c := range map[string]movable{
		"of the package": {virtual, virtual.Advance},
		"of another":     {struct{ Clock }{virtual}, virtual.Advance},
	} {
		l := WithLimit(context.Background(), c, time.Second)
		c.pass(999 * time.Millisecond)
		if !l.Stop() || l.Stop() {
			t.Errorf("%s: stopping in time reports true, and once", name)
		}
		c.pass(time.Hour)
		if l.Err() != nil {
			t.Errorf("%s: ended after its limit was stopped", name)
		}
		l = WithLimit(context.Background(), c, time.Second)
		var told ending
		Attach(l, &told)
		c.pass(time.Second)
		<-l.Done()
		if l.Stop() || !errors.Is(context.Cause(l), context.DeadlineExceeded) {
			t.Errorf("%s: cause %v, want DeadlineExceeded", name, context.Cause(l))
		}
		eventually(func() bool {
			told.mu.Lock()
			defer told.mu.Unlock()
			return len(told.causes) == 1
		})
	}
	if !(*Limit)(nil).Stop() {
		t.Error("no limit has passed")
	}
}

func TestLifetimeConcurrently(t *testing.T) {
	for range 200 {
		var l Lifetime
		var group sync.WaitGroup
		endings, detached := make([]ending, 4), make([]bool, 4)
		for i := range endings {
			group.Go(func() {
				a := Attach(&l, &endings[i])
				detached[i] = a.Detach()
			})
			group.Go(func() {
				l.End(errOver)
				<-l.Done()
			})
		}
		group.Wait()
		for i := range endings {
			if detached[i] == (len(endings[i].causes) == 1) {
				t.Errorf("told %d times; detached in time: %v", len(endings[i].causes), detached[i])
			}
		}
	}
}

func BenchmarkWithLimit(b *testing.B) {
	c := NewMovableClock(System)
	b.ReportAllocs()
	for b.Loop() {
		var request Lifetime
		l := WithLimit(&request, c, time.Minute)
		a := Attach(l, &l.Lifetime)
		a.Detach()
		l.Stop()
		request.End(context.Canceled)
	}
}
