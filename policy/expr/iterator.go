package expr

import (
	"iter"
	"slices"
)

// generator is what a local function with yield returns: each enumeration runs
// the function's body, from one yield to the next.
type generator struct {
	function *functionValue
	args     []any
	typ      *Type
}

func (v *functionValue) iterator(args []any) *generator {
	t := v.code.yields
	if v.types != nil {
		t = t.substitute(v.types)
	}
	return &generator{v, slices.Clone(args), t}
}

// DotnetType is part of Object.
func (g *generator) DotnetType() *Type { return g.typ }

// Enumerate is part of Enumerable.
func (g *generator) Enumerate(m *Machine) (Iterator, error) {
	it := &iteration{m: m}
	it.next, it.stop = iter.Pull2(func(yield func(any, error) bool) {
		// The body runs on a stack of its own, so its variables must not stand on
		// the machine's.
		f := &frame{m: m, vars: make([]any, g.function.code.fn.slots)}
		g.function.fill(f, g.args)
		f.yield = func(v any) bool { return yield(v, nil) }
		if _, err := g.function.code.body(f); err != nil {
			yield(nil, err)
		}
	})
	if m.running == nil {
		m.running = make(map[*iteration]struct{})
	}
	m.running[it] = struct{}{}
	return it, m.Spend(1)
}

// iteration is one enumeration of a generator.
type iteration struct {
	m    *Machine
	next func() (any, error, bool)
	stop func()
}

// Next is part of Iterator.
func (it *iteration) Next(m *Machine) (any, bool, error) {
	if err := m.enter(); err != nil {
		return nil, false, err
	}
	defer m.leave()
	v, err, more := it.next()
	return v, more && err == nil, err
}

// Close is part of Iterator.
func (it *iteration) Close() {
	it.stop()
	delete(it.m.running, it)
}

// stopIterators ends the enumerations that nobody closed.
func (m *Machine) stopIterators() {
	for it := range m.running {
		it.Close()
	}
}
