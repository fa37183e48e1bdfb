package expr

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Bounds of one evaluation. What passes one fails with a [*BoundError], which an
// expression cannot catch.
const (
	// MaxSteps is how many nodes and library calls are evaluated.
	MaxSteps = 10_000_000
	// MaxAllocation is how many bytes of values are made, roughly.
	MaxAllocation = 256 << 20
	// MaxCallDepth is how deep functions call each other.
	MaxCallDepth = 500
	// MaxTime is how long an evaluation takes, by the real clock: it bounds the
	// work, not the time that a policy sees.
	MaxTime = 10 * time.Second
)

// BoundError tells that an evaluation went beyond a bound.
type BoundError struct{ What string }

func (e *BoundError) Error() string { return "The expression was stopped: " + e.What + "." }

// Machine evaluates expressions, one at a time: it holds what an evaluation may
// use and how much it has used. Between evaluations that are to have the bounds
// for themselves, call Reset.
type Machine struct {
	Context context.Context
	// Clock is DateTime.Now's.
	Clock exchange.Clock
	// Exchange is context's; nil where there is none.
	Exchange *exchange.Exchange
	// Root is the value of context; [NewContext] makes one.
	Root any
	// KeepBodies lets a message body be read again that was read without
	// preserveContent: for trying expressions out.
	KeepBodies bool
	// BodyLimit is the most bytes of a message's body that are read; 0 is MaxBody.
	BodyLimit int64
	// Observer sees what an expression made by [Expression.Observed] computes.
	Observer Observer

	steps, allocated int
	depth            int
	began            time.Time // when the first 4096 steps were done
	values           stack
	free             *frame
	plain            frame                   // of expressions without variables
	running          map[*iteration]struct{} // iterators that are under way
}

// Spend counts n steps, such as the elements a library call goes through.
func (m *Machine) Spend(n int) error {
	m.steps += n
	if m.steps > MaxSteps {
		return &BoundError{fmt.Sprintf("it took more than %d steps", MaxSteps)}
	}
	if m.steps&0xFFF < n {
		return m.onTime()
	}
	return nil
}

// onTime looks whether the evaluation may go on.
func (m *Machine) onTime() error {
	if m.Context != nil && m.Context.Err() != nil {
		return context.Cause(m.Context)
	}
	now := exchange.System.Now()
	if m.began.IsZero() {
		m.began = now
	}
	if now.Sub(m.began) > MaxTime {
		return &BoundError{fmt.Sprintf("it took longer than %g seconds", MaxTime.Seconds())}
	}
	return nil
}

// Reset gives the next evaluation all of the bounds.
func (m *Machine) Reset() { m.steps, m.allocated, m.began = 0, 0, time.Time{} }

// tick counts one step.
func (m *Machine) tick() error {
	if m.steps++; m.steps&0xFFF != 0 {
		return nil
	}
	m.steps--
	return m.Spend(1)
}

// Allocate counts n bytes of new values.
func (m *Machine) Allocate(n int) error {
	m.allocated += n
	if m.allocated > MaxAllocation || n < 0 {
		return &BoundError{fmt.Sprintf("it made more than %d MB of values", MaxAllocation>>20)}
	}
	return nil
}

// Ref is a variable passed by out or ref.
type Ref struct{ Value any }

// Closure is a delegate's value: a lambda, a local function or a method group.
type Closure struct {
	Type *Type
	Call Func

	// method and target are what a delegate of a method compares by.
	method *functionCode
	target []any
	// list are the delegates that one made by + calls.
	list []*Closure
}

// Invoke calls a delegate.
func (m *Machine) Invoke(delegate any, args ...any) (any, error) {
	// The arguments go to the machine's stack, so that a caller need not make a
	// slice for them on the heap.
	values := m.push(len(args))
	copy(values, args)
	v, err := m.invoke(delegate, values)
	m.pop(values)
	return v, err
}

// invoke is Invoke with arguments that are on the stack.
func (m *Machine) invoke(delegate any, args []any) (any, error) {
	c, ok := delegate.(*Closure)
	if !ok || c == nil {
		return nil, dotnet.NullReference()
	}
	if err := m.enter(); err != nil {
		return nil, err
	}
	v, err := c.Call(m, args)
	m.leave()
	return v, err
}

func (m *Machine) enter() error {
	if m.depth++; m.depth > MaxCallDepth {
		m.depth--
		return &BoundError{fmt.Sprintf("functions called each other more than %d deep", MaxCallDepth)}
	}
	return m.Spend(1)
}

func (m *Machine) leave() { m.depth-- }

// Thrown is err as the exception that an expression can catch; false if it is
// none.
func Thrown(err error) (*dotnet.Exception, bool) {
	var e *dotnet.Exception
	ok := errors.As(err, &e)
	return e, ok
}
