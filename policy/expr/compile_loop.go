package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// loop compiles while, do and for.
func (c *compiler) loop(s *boundLoop) exec {
	cells, init, each := c.enter(s.scope), c.stmts(s.init), c.enter(s.condScope)
	cond := func(*frame) (bool, error) { return true, nil }
	if s.cond != nil {
		cond = c.cond(s.cond)
	}
	body, post, first := c.stmt(s.body), c.exprs(s.post), !s.do
	return func(f *frame) (signal, error) {
		run(cells, f)
		if sig, err := init(f); err != nil {
			return sig, err
		}
		for test := first; ; test = true {
			if test {
				run(each, f)
				if holds, err := cond(f); err != nil || !holds {
					return onward, err
				}
			}
			if err := f.m.tick(); err != nil {
				return onward, err
			}
			if sig, err := body(f); err != nil || sig != onward && sig != continuing {
				return leave(sig), err
			}
			for _, x := range post {
				if _, err := x(f); err != nil {
					return onward, err
				}
			}
		}
	}
}

// leave is what a signal means after the loop or switch that it ended.
func leave(sig signal) signal {
	if sig == breaking {
		return onward
	}
	return sig
}

// foreach compiles foreach.
func (c *compiler) foreach(s *boundForeach) exec {
	collection, current := c.expr(s.x), c.place(s.current)
	cells := c.enter(s.scope)
	var take func(f *frame) error
	if s.parts != nil {
		parts := c.expr(s.parts)
		take = func(f *frame) error {
			_, err := parts(f)
			return err
		}
	} else {
		element, set := c.expr(s.element), c.setter(s.v)
		take = func(f *frame) error {
			v, err := element(f)
			if err == nil {
				set(f, v)
			}
			return err
		}
	}
	body := c.stmt(s.body)
	each := func(f *frame, v any) (sig signal, err error) {
		if err := f.m.tick(); err != nil {
			return onward, err
		}
		f.vars[current] = v
		run(cells, f)
		if err := take(f); err != nil {
			return onward, err
		}
		sig, err = body(f)
		if sig == continuing {
			sig = onward
		}
		return sig, err
	}
	if s.enumerator != nil {
		return c.foreachPattern(s.enumerator, collection, each)
	}
	return func(f *frame) (signal, error) {
		v, err := collection(f)
		if err != nil {
			return onward, err
		}
		if v == nil {
			return onward, dotnet.NullReference()
		}
		return iterate(f, v, each)
	}
}

// iterate goes through a value's elements until one ends the loop.
func iterate(f *frame, v any, each func(f *frame, v any) (signal, error)) (signal, error) {
	it, err := f.m.Enumerate(v)
	if err != nil {
		return onward, err
	}
	defer it.Close()
	for {
		element, more, err := it.Next(f.m)
		if err != nil || !more {
			return onward, err
		}
		if sig, err := each(f, element); err != nil || sig != onward {
			return leave(sig), err
		}
	}
}

// foreachPattern goes by GetEnumerator, MoveNext and Current.
func (c *compiler) foreachPattern(p *enumeratorPattern, collection eval, each func(f *frame, v any) (signal, error)) exec {
	of, self := c.place(p.collection), c.place(p.self)
	get, next, current := c.expr(p.get), c.cond(p.next), c.expr(p.current)
	return func(f *frame) (signal, error) {
		v, err := collection(f)
		if err != nil {
			return onward, err
		}
		f.vars[of] = v
		enumerator, err := get(f)
		if err != nil {
			return onward, err
		}
		if it, ok := enumerator.(interface{ Close() }); ok {
			defer it.Close()
		}
		f.vars[self] = enumerator
		for {
			if more, err := next(f); err != nil || !more {
				return onward, err
			}
			element, err := current(f)
			if err != nil {
				return onward, err
			}
			if sig, err := each(f, element); err != nil || sig != onward {
				return leave(sig), err
			}
		}
	}
}

// switchStmt compiles switch: the labels are tried in their order, default last.
func (c *compiler) switchStmt(s *boundSwitch) exec {
	value := c.expr(s.x)
	enters := []func(*frame){c.enter(s.scope), c.functions(s.funcs)}
	type label struct {
		matches func(f *frame, v any) (bool, error)
		when    func(f *frame) (bool, error)
		section int
	}
	var labels []label
	otherwise := -1
	bodies := make([]exec, len(s.sections))
	for i, section := range s.sections {
		enters = append(enters, c.enter(section.scope))
		for _, l := range section.labels {
			if l.pattern == nil {
				otherwise = i
				continue
			}
			t := label{matches: c.pattern(l.pattern), section: i}
			if l.when != nil {
				t.when = c.cond(l.when)
			}
			labels = append(labels, t)
		}
		bodies[i] = c.stmts(section.stmts)
	}
	choose := func(f *frame, v any) (int, error) {
		for _, t := range labels {
			matches, err := t.matches(f, v)
			if matches && t.when != nil && err == nil {
				matches, err = t.when(f)
			}
			if matches || err != nil {
				return t.section, err
			}
		}
		return otherwise, nil
	}
	return func(f *frame) (signal, error) {
		v, err := value(f)
		if err != nil {
			return onward, err
		}
		for _, enter := range enters {
			run(enter, f)
		}
		at, err := choose(f, v)
		for err == nil && at >= 0 {
			var sig signal
			if sig, err = bodies[at](f); sig != goingToCase {
				return leave(sig), err
			}
			at = f.section
		}
		return onward, err
	}
}
