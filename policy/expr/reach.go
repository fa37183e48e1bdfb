package expr

// reach says how control goes on after a statement.
type reach struct {
	end       bool // to what follows it
	breaks    bool // out of the statement around that break ends
	continues bool
}

// completes reports whether the end of a statement can be reached (C# 7.3
// specification, 12.2).
func completes(s boundStmt) bool { return reachOf(s).end }

func listCompletes(list []boundStmt) bool { return reachList(list).end }

func reachList(list []boundStmt) reach {
	r := reach{end: true}
	for _, s := range list {
		if l, ok := s.(*boundLabel); ok && l.label.used {
			r.end = true
		}
		if !r.end {
			continue
		}
		next := reachOf(s)
		r.end = next.end
		r.breaks = r.breaks || next.breaks
		r.continues = r.continues || next.continues
	}
	return r
}

// or is what either of two ways leads to.
func (r reach) or(o reach) reach {
	return reach{r.end || o.end, r.breaks || o.breaks, r.continues || o.continues}
}

func reachOf(s boundStmt) reach {
	switch s := s.(type) {
	case *boundBlock:
		return reachList(s.stmts)
	case *boundLabel:
		return reachOf(s.stmt)
	case *boundIf:
		var r reach
		if !isFalse(s.cond) {
			r = reachOf(s.then)
		}
		if !isTrue(s.cond) {
			if s.otherwise == nil {
				r.end = true
			} else {
				r = r.or(reachOf(s.otherwise))
			}
		}
		return r
	case *boundLoop:
		return reach{end: loopCompletes(s)}
	case *boundForeach:
		return reach{end: true}
	case *boundSwitch:
		return reachSwitch(s)
	case *boundTry:
		r := reachOf(s.block)
		for _, c := range s.catches {
			r = r.or(reachOf(c.block))
		}
		if s.finally != nil && !completes(s.finally) {
			return reach{}
		}
		return r
	case *boundUsing:
		return reachOf(s.body)
	case *boundLock:
		return reachOf(s.body)
	case *boundBreak:
		return reach{breaks: true}
	case *boundContinue:
		return reach{continues: true}
	case *boundReturn, *boundThrowStmt, *boundGoto, *boundGotoCase:
		return reach{}
	case *boundYield:
		return reach{end: s.x != nil}
	}
	return reach{end: true}
}

func loopCompletes(s *boundLoop) bool {
	body := reachOf(s.body)
	endless := s.cond == nil || isTrue(s.cond)
	if s.do {
		return body.breaks || !endless && (body.end || body.continues)
	}
	return !endless || body.breaks
}

func reachSwitch(s *boundSwitch) reach {
	only, others := s.chosen()
	r := reach{end: others}
	for i, section := range s.sections {
		if only != nil && !only[i] {
			continue
		}
		of := reachList(section.stmts)
		r.end = r.end || of.breaks || of.end
		r.continues = r.continues || of.continues
	}
	return r
}

// chosen tells which sections of a switch on a constant can be reached, nil if
// all can; others, whether no section may be.
func (s *boundSwitch) chosen() (only map[int]bool, others bool) {
	k, isConst := s.x.(*boundConst)
	if !isConst || !s.plain() {
		return nil, !takesAll(s)
	}
	at, _ := s.findSection(nil, k)
	if at < 0 {
		at, _ = s.findSection(nil, nil)
	}
	only = map[int]bool{at: true}
	for _, g := range s.gotos {
		only[g.section] = true
	}
	return only, at < 0
}

// plain reports whether all labels are constants or default, without when.
func (s *boundSwitch) plain() bool {
	for _, section := range s.sections {
		for _, l := range section.labels {
			if _, isConst := l.pattern.(*constPattern); l.pattern != nil && !isConst || l.when != nil {
				return false
			}
		}
	}
	return true
}

// takesAll reports whether some section takes every value.
func takesAll(s *boundSwitch) bool {
	for _, section := range s.sections {
		for _, l := range section.labels {
			_, isVar := l.pattern.(*varPattern)
			if l.pattern == nil || isVar && !l.wrong && (l.when == nil || isTrue(l.when)) {
				return true
			}
		}
	}
	return false
}
