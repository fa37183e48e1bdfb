package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// within compiles the body of a function: slots and results are its own.
func (c *compiler) within(fn *function, results map[*boundReturn]bound) *compiler {
	return &compiler{fn: fn, observed: c.observed, made: c.made, places: c.places, results: results}
}

// code compiles a function: its parameters, and its body, which is an expression
// or a block.
func (c *compiler) code(fn *function, x bound, block boundStmt) *functionCode {
	code := &functionCode{fn: fn}
	for _, v := range fn.captured {
		code.shared = append(code.shared, fn.captures[v])
	}
	for _, p := range fn.params {
		code.params = append(code.params, paramCode{slot: p.slot, cell: p.cell, ref: p.kind == refParameter || p.kind == outParameter})
	}
	code.enter = c.enter(fn.body)
	if x != nil {
		code.expr = c.expr(x)
	} else {
		code.body = c.stmt(block)
	}
	return code
}

// lambda compiles the making of a delegate. One that shares no variables is made
// once for all.
func (c *compiler) lambda(x *boundLambda) eval {
	fn := x.body.fn
	inner := c.within(fn, x.results)
	var code *functionCode
	if x.expr != nil {
		code = inner.code(fn, x.expr, nil)
	} else {
		code = inner.code(fn, nil, x.body.block)
	}
	t := x.t
	if len(fn.captured) == 0 && !fn.typed {
		v := &functionValue{code: code}
		made := &Closure{Type: t, Call: v.call}
		return func(*frame) (any, error) { return made, nil }
	}
	slots := c.capturedSlots(fn)
	return func(f *frame) (any, error) {
		v := &functionValue{code: code, captured: make([]any, len(slots)), types: f.types}
		for i, slot := range slots {
			v.captured[i] = f.vars[slot]
		}
		return &Closure{Type: f.typ(t), Call: v.call}, f.m.Allocate(64 + 16*len(slots))
	}
}

// capturedSlots are the slots, in the current function, of what fn captures.
func (c *compiler) capturedSlots(fn *function) []int {
	slots := make([]int, len(fn.captured))
	for i, v := range fn.captured {
		slots[i] = c.fn.slotOf(v)
	}
	return slots
}

// delegate compiles a delegate made of a method.
func (c *compiler) delegate(x *boundDelegate) eval {
	if local, ok := x.call.(*boundLocalCall); ok {
		return c.localDelegate(x, local)
	}
	fn := &function{parent: c.fn}
	inner := c.within(fn, nil)
	code := &functionCode{fn: fn}
	for _, p := range x.params {
		code.params = append(code.params, paramCode{slot: inner.place(p)})
	}
	if x.self != nil {
		code.shared = []int{inner.place(x.self)}
	}
	code.expr = inner.expr(x.call)
	t := x.t
	var recv eval
	if x.recv != nil {
		recv = c.expr(x.recv)
	}
	call, isCall := x.call.(*boundCall)
	check := isCall && mayBeNull(call)
	return func(f *frame) (any, error) {
		v := &functionValue{code: code, types: f.types}
		if recv != nil {
			self, err := recv(f)
			if err != nil {
				return nil, err
			}
			if self == nil && check {
				return nil, dotnet.Argument("Delegate to an instance method cannot have null 'this'.", "")
			}
			v.captured = []any{self}
		}
		return &Closure{Type: f.typ(t), Call: v.call, target: v.captured, method: code}, f.m.Allocate(64)
	}
}

// localDelegate compiles a delegate made of a local function.
func (c *compiler) localDelegate(x *boundDelegate, local *boundLocalCall) eval {
	slot := c.fn.slotOf(local.fn)
	params := local.fn.local.member.TypeParams
	t := x.t
	return func(f *frame) (any, error) {
		v := f.vars[slot].(*functionValue)
		if len(params) > 0 {
			v = v.with(f, params, local.types)
		}
		return &Closure{Type: f.typ(t), Call: v.call, target: v.captured, method: v.code}, f.m.Allocate(64)
	}
}

// enter compiles what is made when a scope is entered: the cells of shared
// variables. It is nil where there is nothing to make.
func (c *compiler) enter(s *scope) func(f *frame) {
	if s == nil {
		return nil
	}
	var cells []int
	for _, v := range s.variables {
		if v.cell {
			cells = append(cells, v.slot)
		}
	}
	if cells == nil {
		return nil
	}
	return func(f *frame) {
		for _, slot := range cells {
			f.vars[slot] = &Ref{}
		}
	}
}

// functions compiles the local functions of a block, which are there when it is
// entered: all are made before what they share is filled in, since they may
// share each other.
func (c *compiler) functions(list []*localFunction) func(f *frame) {
	if len(list) == 0 {
		return nil
	}
	slots := make([]int, len(list))
	codes := make([]*functionCode, len(list))
	shared := make([][]int, len(list))
	for i, l := range list {
		slots[i] = l.v.slot
		codes[i] = c.within(l.fn, nil).code(l.fn, l.expr, l.body)
		if l.fn.yields != nil {
			codes[i].yields = l.member.Result
		}
		shared[i] = c.capturedSlots(l.fn)
	}
	return func(f *frame) {
		for i, slot := range slots {
			f.vars[slot] = &functionValue{code: codes[i], captured: make([]any, len(shared[i])), types: f.types}
		}
		for i, slot := range slots {
			v := f.vars[slot].(*functionValue)
			for k, from := range shared[i] {
				v.captured[k] = f.vars[from]
			}
		}
	}
}

// sameDelegate compares delegates: two of the same method and receiver are equal.
func sameDelegate(x, y any) bool {
	a, okA := x.(*Closure)
	b, okB := y.(*Closure)
	if !okA || !okB {
		return x == nil && y == nil
	}
	return a == b || a.method != nil && a.method == b.method && slices.EqualFunc(a.target, b.target, sameReference)
}

// combineDelegates is x + y: a delegate that calls both and gives what the last
// gives.
func combineDelegates(x, y any) any {
	a, _ := x.(*Closure)
	b, _ := y.(*Closure)
	switch {
	case a == nil:
		return y
	case b == nil:
		return x
	}
	list := append(a.calls(), b.calls()...)
	return multicast(list)
}

// calls are the delegates that a calls, one after the other.
func (a *Closure) calls() []*Closure {
	if a.list != nil {
		return slices.Clone(a.list)
	}
	return []*Closure{a}
}

func multicast(list []*Closure) any {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &Closure{Type: list[0].Type, list: list, Call: func(m *Machine, args []any) (v any, err error) {
		for _, c := range list {
			if v, err = m.invoke(c, args); err != nil {
				return nil, err
			}
		}
		return v, nil
	}}
}

// removeDelegate is x - y: x without the last y in it.
func removeDelegate(x, y any) any {
	a, _ := x.(*Closure)
	b, _ := y.(*Closure)
	if a == nil || b == nil {
		return x
	}
	list, remove := a.calls(), b.calls()
	for at := len(list) - len(remove); at >= 0; at-- {
		if slices.EqualFunc(list[at:at+len(remove)], remove, func(p, q *Closure) bool { return sameDelegate(p, q) }) {
			return multicast(slices.Delete(list, at, at+len(remove)))
		}
	}
	return x
}
