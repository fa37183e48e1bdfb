package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// handler is a compiled catch.
type handler struct {
	enter   func(f *frame)
	catches func(e *dotnet.Exception) bool
	set     func(f *frame, v any)
	when    func(f *frame) (bool, error)
	block   exec
	caught  int // the slot of the exception
}

func (c *compiler) handler(clause *catchClause) *handler {
	h := &handler{enter: c.enter(clause.scope), set: c.setter(clause.v), caught: c.temp()}
	t := clause.t
	h.catches = func(e *dotnet.Exception) bool { return t == nil || isInstance(e, t) }
	if clause.when != nil {
		h.when = c.cond(clause.when)
	}
	outer := c.caught
	c.caught = h.caught
	h.block = c.stmt(clause.block)
	c.caught = outer
	return h
}

// takes reports whether the clause catches the exception; what its when throws
// counts as false.
func (h *handler) takes(f *frame, e *dotnet.Exception) (bool, error) {
	if !h.catches(e) {
		return false, nil
	}
	run(h.enter, f)
	e.Thrown = true
	f.vars[h.caught] = e
	if h.set != nil {
		h.set(f, e)
	}
	if h.when == nil {
		return true, nil
	}
	holds, err := h.when(f)
	if _, thrown := Thrown(err); thrown {
		return false, nil
	}
	return holds, err
}

// try compiles try, catch and finally.
func (c *compiler) try(s *boundTry) exec {
	block := c.stmt(s.block)
	handlers := make([]*handler, len(s.catches))
	for i, clause := range s.catches {
		handlers[i] = c.handler(clause)
	}
	guarded := func(f *frame) (signal, error) {
		sig, err := block(f)
		e, thrown := Thrown(err)
		if !thrown {
			return sig, err
		}
		for _, h := range handlers {
			takes, whenErr := h.takes(f, e)
			if whenErr != nil {
				return onward, whenErr
			}
			if takes {
				return h.block(f)
			}
		}
		return onward, err
	}
	if s.finally == nil {
		return guarded
	}
	return finally(guarded, c.stmt(s.finally))
}

// finally runs last after body, unless the machine was stopped.
func finally(body, last exec) exec {
	return func(f *frame) (signal, error) {
		sig, err := body(f)
		if _, thrown := Thrown(err); err != nil && !thrown {
			return sig, err
		}
		result, label, section := f.result, f.label, f.section
		if _, lastErr := last(f); lastErr != nil {
			return onward, lastErr
		}
		f.result, f.label, f.section = result, label, section
		return sig, err
	}
}

// using compiles using: the resources are disposed of in reverse order.
func (c *compiler) using(s *boundUsing) exec {
	cells := c.enter(s.scope)
	body := c.stmt(s.body)
	for i := len(s.resources) - 1; i >= 0; i-- {
		body = c.resource(s.resources[i], s.disposals[i], body)
	}
	return func(f *frame) (signal, error) {
		run(cells, f)
		return body(f)
	}
}

func (c *compiler) resource(d *boundDeclare, disposal bound, body exec) exec {
	declare := c.declare(d)
	dispose := func(*frame) (signal, error) { return onward, nil }
	if disposal != nil {
		value, call := c.variable(d.v), c.expr(disposal)
		dispose = func(f *frame) (signal, error) {
			v, err := value(f)
			if err != nil || v == nil {
				return onward, err
			}
			_, err = call(f)
			return onward, err
		}
	}
	guarded := finally(body, dispose)
	return func(f *frame) (signal, error) {
		if sig, err := declare(f); err != nil {
			return sig, err
		}
		return guarded(f)
	}
}
