package expr

// stmt goes over a statement.
func (f *flow) stmt(s boundStmt) {
	switch s := s.(type) {
	case *boundBlock:
		f.list(s.stmts)
	case *boundExprStmt:
		f.expr(s.x)
	case *boundDeclare:
		if s.init != nil {
			f.expr(s.init)
			f.assign(s.v)
		} else if s.v.kind != constVariable {
			// Each time round a loop the variable is without a value again.
			f.state.clear(f.indexOf(s.v))
		}
	case *boundIf:
		yes, no := f.cond(s.cond)
		f.state = yes
		f.stmt(s.then)
		then := f.state
		f.state = no
		if s.otherwise != nil {
			f.stmt(s.otherwise)
		}
		f.state = meet(then, f.state)
	case *boundLoop:
		f.loop(s)
	case *boundForeach:
		f.foreach(s)
	case *boundSwitch:
		f.switchStmt(s)
	case *boundTry:
		f.try(s)
	case *boundUsing:
		for _, r := range s.resources {
			f.stmt(r)
		}
		f.stmt(s.body)
		for _, d := range s.disposals {
			if d != nil {
				before := f.state
				f.state = nowhere
				f.expr(d)
				f.state = before
			}
		}
	case *boundLock:
		f.expr(s.x)
		f.stmt(s.body)
	case *boundLocalFunc:
		f.function(s.fn.v)
	default:
		f.jump(s)
	}
}

func (f *flow) list(list []boundStmt) {
	for _, s := range list {
		f.stmt(s)
	}
}

// jump goes over the statements after which control is elsewhere.
func (f *flow) jump(s boundStmt) {
	switch s := s.(type) {
	case *boundBreak:
		joinStates(&f.innermost(false).breaks, f.state)
	case *boundContinue:
		joinStates(&f.innermost(true).continues, f.state)
	case *boundGoto:
		at := f.labels[s.label]
		joinStates(&at, f.state)
		f.labels[s.label] = at
	case *boundGotoCase:
		at := f.cases[s.to]
		joinStates(&at, f.state)
		f.cases[s.to] = at
	case *boundLabel:
		if at := f.labels[s.label]; at != nil {
			f.state = meet(f.state, *at)
		}
		f.stmt(s.stmt)
		return
	case *boundReturn:
		if x := f.returnValue(s); x != nil {
			f.expr(x)
		}
		f.outParameters(s.src)
		if f.left != nil {
			joinStates(f.left, f.state)
		}
	case *boundThrowStmt:
		if s.x != nil {
			f.expr(s.x)
		}
	case *boundYield:
		if s.x != nil {
			f.expr(s.x)
			return
		}
	default:
		return
	}
	f.state = nowhere
}

// returnValue is what a return statement evaluates.
func (f *flow) returnValue(r *boundReturn) bound {
	if x, ok := f.returned[r]; ok {
		return x
	}
	return r.x
}

// innermost are the exits of the nearest statement that break, or continue, is
// about.
func (f *flow) innermost(loop bool) *exits {
	for i := len(f.loops) - 1; i >= 0; i-- {
		if !loop || f.loops[i].loop {
			return f.loops[i]
		}
	}
	return &exits{}
}

// enter opens the exits of a statement; leave merges those of break with the
// state after it.
func (f *flow) enter(loop bool) (e *exits, leave func()) {
	e = &exits{loop: loop}
	f.loops = append(f.loops, e)
	return e, func() {
		f.loops = f.loops[:len(f.loops)-1]
		if e.breaks != nil {
			f.state = meet(f.state, *e.breaks)
		}
	}
}

func (f *flow) loop(s *boundLoop) {
	f.list(s.init)
	e, leave := f.enter(true)
	defer leave()
	after := nowhere
	test := func() {
		if s.cond != nil {
			var no assigned
			f.state, no = f.cond(s.cond)
			after = no
		}
	}
	if !s.do {
		test()
	}
	f.stmt(s.body)
	if e.continues != nil {
		f.state = meet(f.state, *e.continues)
	}
	if s.do {
		test()
	}
	for _, x := range s.post {
		f.expr(x)
	}
	f.state = after
}

func (f *flow) foreach(s *boundForeach) {
	f.expr(s.x)
	before := f.state.copy()
	_, leave := f.enter(true)
	defer leave()
	if s.parts != nil {
		f.expr(s.parts)
	} else {
		f.expr(s.element)
		f.assign(s.v)
	}
	if p := s.enumerator; p != nil {
		f.expr(p.get)
	}
	f.stmt(s.body)
	f.state = before
}

func (f *flow) switchStmt(s *boundSwitch) {
	f.expr(s.x)
	before := f.state.copy()
	_, leave := f.enter(false)
	defer leave()
	only, others := s.chosen()
	for i, section := range s.sections {
		start := nowhere
		for _, l := range section.labels {
			f.state = before.copy()
			if l.pattern != nil {
				f.pattern(l.pattern)
			}
			if l.when != nil {
				f.state, _ = f.cond(l.when)
			}
			start = meet(start, f.state)
		}
		if at := f.cases[s]; at != nil {
			start = meet(start, *at)
		}
		if f.state = start; only != nil && !only[i] {
			f.state = nowhere
		}
		f.list(section.stmts)
	}
	f.state = nowhere
	if others {
		f.state = before
	}
}

func (f *flow) try(s *boundTry) {
	before := f.state.copy()
	f.stmt(s.block)
	after := f.state
	for _, c := range s.catches {
		f.state = before.copy()
		if c.v != nil {
			f.assign(c.v)
		}
		if c.when != nil {
			f.state, _ = f.cond(c.when)
		}
		f.stmt(c.block)
		after = meet(after, f.state)
	}
	f.state = after
	if s.finally == nil {
		return
	}
	f.state = before.copy()
	f.stmt(s.finally)
	if f.state.dead || after.dead {
		f.state = nowhere
		return
	}
	for i, bits := range f.state.bits {
		for i >= len(after.bits) {
			after.bits = append(after.bits, 0)
		}
		after.bits[i] |= bits
	}
	f.state = after
}
