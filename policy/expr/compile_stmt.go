package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// stmt compiles a statement.
func (c *compiler) stmt(s boundStmt) exec {
	switch s := s.(type) {
	case *boundBlock:
		return c.block(s)
	case *boundExprStmt:
		x := c.expr(s.x)
		return func(f *frame) (signal, error) {
			_, err := x(f)
			return onward, err
		}
	case *boundDeclare:
		return c.declare(s)
	case *boundIf:
		return c.ifStmt(s)
	case *boundLoop:
		return c.loop(s)
	case *boundForeach:
		return c.foreach(s)
	case *boundSwitch:
		return c.switchStmt(s)
	case *boundReturn:
		return c.returnStmt(s)
	case *boundThrowStmt:
		return c.throwStmt(s)
	case *boundTry:
		return c.try(s)
	case *boundUsing:
		return c.using(s)
	case *boundLock:
		return c.lock(s)
	case *boundYield:
		return c.yield(s)
	case *boundLabel:
		return c.stmt(s.stmt)
	case *boundBreak:
		return func(*frame) (signal, error) { return breaking, nil }
	case *boundContinue:
		return func(*frame) (signal, error) { return continuing, nil }
	case *boundGoto:
		label := s.label
		return func(f *frame) (signal, error) {
			f.label = label
			return going, f.m.tick()
		}
	case *boundGotoCase:
		return func(f *frame) (signal, error) {
			f.section = s.section
			return goingToCase, f.m.tick()
		}
	}
	return func(*frame) (signal, error) { return onward, nil }
}

// stmts compiles a list; goto to one of its labels goes on there.
func (c *compiler) stmts(list []boundStmt) exec {
	execs := make([]exec, len(list))
	var labels map[*label]int
	for i, s := range list {
		execs[i] = c.stmt(s)
		for l, ok := s.(*boundLabel); ok; l, ok = l.stmt.(*boundLabel) {
			if labels == nil {
				labels = make(map[*label]int)
			}
			labels[l.label] = i
		}
	}
	switch {
	case labels != nil:
		return jumping(execs, labels)
	case len(execs) == 1:
		return execs[0]
	}
	return func(f *frame) (signal, error) {
		for _, s := range execs {
			if sig, err := s(f); err != nil || sig != onward {
				return sig, err
			}
		}
		return onward, nil
	}
}

func jumping(execs []exec, labels map[*label]int) exec {
	return func(f *frame) (signal, error) {
		for i := 0; i < len(execs); i++ {
			sig, err := execs[i](f)
			if err != nil {
				return sig, err
			}
			if sig == onward {
				continue
			}
			at, ours := labels[f.label]
			if sig != going || !ours {
				return sig, nil
			}
			i = at - 1
		}
		return onward, nil
	}
}

func (c *compiler) block(s *boundBlock) exec {
	cells, functions := c.enter(s.scope), c.functions(s.funcs)
	body := c.stmts(s.stmts)
	if cells == nil && functions == nil {
		return body
	}
	return func(f *frame) (signal, error) {
		run(cells, f)
		run(functions, f)
		return body(f)
	}
}

func run(fn func(*frame), f *frame) {
	if fn != nil {
		fn(f)
	}
}

func (c *compiler) declare(s *boundDeclare) exec {
	if s.init == nil || s.v.kind == constVariable {
		return func(*frame) (signal, error) { return onward, nil }
	}
	set, init := c.setter(s.v), c.expr(s.init)
	return func(f *frame) (signal, error) {
		v, err := init(f)
		if err == nil {
			set(f, v)
		}
		return onward, err
	}
}

func (c *compiler) ifStmt(s *boundIf) exec {
	cond, then := c.cond(s.cond), c.stmt(s.then)
	otherwise := func(*frame) (signal, error) { return onward, nil }
	if s.otherwise != nil {
		otherwise = c.stmt(s.otherwise)
	}
	return func(f *frame) (signal, error) {
		holds, err := cond(f)
		switch {
		case err != nil:
			return onward, err
		case holds:
			return then(f)
		}
		return otherwise(f)
	}
}

func (c *compiler) returnStmt(s *boundReturn) exec {
	x := s.x
	if converted, ok := c.results[s]; ok {
		x = converted
	}
	if x == nil {
		return func(*frame) (signal, error) { return returning, nil }
	}
	value := c.expr(x)
	return func(f *frame) (signal, error) {
		v, err := value(f)
		f.result = v
		return returning, err
	}
}

func (c *compiler) throwStmt(s *boundThrowStmt) exec {
	if s.x == nil {
		slot := c.caught
		return func(f *frame) (signal, error) { return onward, f.vars[slot].(*dotnet.Exception) }
	}
	thrown := c.expr(s.x)
	return func(f *frame) (signal, error) { return onward, throw(thrown(f)) }
}

func (c *compiler) yield(s *boundYield) exec {
	if s.x == nil {
		return func(*frame) (signal, error) { return returning, nil }
	}
	value := c.expr(s.x)
	return func(f *frame) (signal, error) {
		v, err := value(f)
		if err != nil {
			return onward, err
		}
		if !f.yield(v) {
			return returning, nil // nobody wants more: what finally says is done
		}
		return onward, nil
	}
}

func (c *compiler) lock(s *boundLock) exec {
	x, body := c.expr(s.x), c.stmt(s.body)
	return func(f *frame) (signal, error) {
		v, err := x(f)
		switch {
		case err != nil:
			return onward, err
		case v == nil:
			return onward, dotnet.ArgumentNull("obj")
		}
		return body(f)
	}
}
