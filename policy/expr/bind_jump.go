package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// jump binds break and continue, which lead to the nearest statement that allows
// them.
func (b *binder) jump(s syntax.Stmt, word string, x boundStmt, allows func(*jumps) bool) boundStmt {
	for j := b.jumps; j != nil; j = j.outer {
		if allows(j) {
			return x
		}
		if j.finally {
			b.report(s.Span(), "CS0157", "Control cannot leave the body of a finally clause")
			return &boundEmpty{stmtNode{s}}
		}
	}
	b.report(s.Span(), "CS0139", "No enclosing loop out of which to %s", word)
	return &boundEmpty{stmtNode{s}}
}

// gotoStmt binds goto label, goto case and goto default.
func (b *binder) gotoStmt(s *syntax.Goto) boundStmt {
	if s.Label == "" {
		return b.gotoCase(s)
	}
	for sc := b.scope; sc != nil && sc.fn == b.fn; sc = sc.parent {
		if l := sc.labels[s.Label]; l != nil {
			l.used = true
			return &boundGoto{stmtNode{s}, l}
		}
	}
	b.report(s.Span(), "CS0159", "No such label '%s' within the scope of the goto statement", s.Label)
	return &boundEmpty{stmtNode{s}}
}

func (b *binder) gotoCase(s *syntax.Goto) boundStmt {
	for j := b.jumps; j != nil && !j.finally; j = j.outer {
		if j.switched == nil {
			continue
		}
		g := &boundGotoCase{stmtNode: stmtNode{s}, to: j.switched}
		if s.Case != nil {
			x := b.converted(s.Case, j.switched.x.typ().underlying())
			if isBad(x) {
				return &boundEmpty{stmtNode{s}}
			}
			k, ok := x.(*boundConst)
			if !ok {
				b.report(s.Case.Span(), "CS0150", "A constant value is expected")
				return &boundEmpty{stmtNode{s}}
			}
			g.value = k
		}
		j.switched.gotos = append(j.switched.gotos, g)
		return g
	}
	b.report(s.Span(), "CS0153", "A goto case is only valid inside a switch statement")
	return &boundEmpty{stmtNode{s}}
}

func (b *binder) labeled(s *syntax.Labeled) boundStmt {
	l := b.home().labels[s.Label]
	if l == nil || l.span != s.Span() {
		return b.stmt(s.Stmt) // under if or the like, or a duplicate: told of
	}
	return &boundLabel{stmtNode{s}, l, b.stmt(s.Stmt)}
}

// returnStmt binds return.
func (b *binder) returnStmt(s *syntax.Return) boundStmt {
	r := &boundReturn{stmtNode: stmtNode{s}}
	for j := b.jumps; j != nil; j = j.outer {
		if j.finally {
			b.report(s.Span(), "CS0157", "Control cannot leave the body of a finally clause")
			return r
		}
	}
	switch result := b.fn.result; {
	case b.fn.yields != nil:
		b.report(s.Span(), "CS1622", "Cannot return a value from an iterator. Use the yield return statement to return a value, or yield break to end the iteration.")
	case s.X == nil && result != nil && result != basic.void:
		b.report(s.Span(), "CS0126", "An object of a type convertible to '%s' is required", result.display())
	case s.X == nil:
	case result == basic.void:
		b.value(s.X)
		b.report(s.Span(), "CS0127", "Since %s returns void, a return keyword must not be followed by an object expression", b.fn.what)
	case result == nil: // a lambda's, converted when its delegate is known
		r.x = b.value(s.X)
		if r.x.typ() == basic.void {
			r.x = b.convert(r.x, basic.object, s.X)
		}
	default:
		r.natural = b.value(s.X)
		r.x = b.convert(r.natural, result, s.X)
	}
	b.fn.returns = append(b.fn.returns, r)
	return r
}

// throwStmt binds throw.
func (b *binder) throwStmt(s *syntax.Throw) boundStmt {
	if s.X != nil {
		return &boundThrowStmt{stmtNode{s}, b.exceptionOf(s.X)}
	}
	for j := b.jumps; j != nil && !j.finally; j = j.outer {
		if j.catch {
			return &boundThrowStmt{stmtNode{s}, nil}
		}
	}
	b.report(s.Span(), "CS0156", "A throw statement with no arguments is not allowed outside of a catch clause")
	return &boundEmpty{stmtNode{s}}
}

// yield binds yield return and yield break.
func (b *binder) yield(s *syntax.Yield) boundStmt {
	y := &boundYield{stmtNode{s}, nil}
	if b.fn.yields == nil {
		b.report(s.Span(), "CS1624", "yield cannot be used here: only a local function that returns IEnumerable<T> or IEnumerator<T> can be an iterator")
		return y
	}
	for j := b.jumps; j != nil; j = j.outer {
		switch {
		case j.finally:
			b.report(s.Span(), "CS1625", "Cannot yield in the body of a finally clause")
		case j.tryOfCatch && s.X != nil:
			b.report(s.Span(), "CS1626", "Cannot yield a value in the body of a try block with a catch clause")
		case j.catch && s.X != nil:
			b.report(s.Span(), "CS1631", "Cannot yield a value in the body of a catch clause")
		default:
			continue
		}
		return y
	}
	if s.X != nil {
		y.x = b.converted(s.X, b.fn.yields)
	}
	return y
}

// try binds try, catch and finally.
func (b *binder) try(s *syntax.Try) boundStmt {
	t := &boundTry{stmtNode: stmtNode{s}}
	b.within(jumps{tryOfCatch: len(s.Catches) > 0}, func() { t.block = b.block(s.Block) })
	for i := range s.Catches {
		t.catches = append(t.catches, b.catch(&s.Catches[i], t.catches))
	}
	if s.Finally != nil {
		b.within(jumps{finally: true}, func() { t.finally = b.block(s.Finally) })
	}
	return t
}

func (b *binder) catch(c *syntax.Catch, before []*catchClause) *catchClause {
	clause := &catchClause{}
	sc, leave := b.enter()
	defer leave()
	clause.scope = sc
	if c.Type != nil {
		clause.t = b.typeRef(c.Type)
		if clause.t != basic.bad && !inherits(clause.t, typeOf("System.Exception")) {
			b.report(c.Type.Span(), "CS0155", "The type caught or thrown must be derived from System.Exception")
			clause.t = basic.bad
		}
		if c.Name != "" {
			clause.v = b.declare(c.Name, clause.t, caughtVariable, c.Span)
		}
	}
	for _, earlier := range before {
		switch {
		case earlier.when != nil || clause.t == basic.bad:
		case earlier.t == nil:
			b.report(c.Span, "CS1017", "Catch clauses cannot follow the general catch clause of a try statement")
		case clause.t != nil && inherits(clause.t, earlier.t):
			b.report(c.Span, "CS0160", "A previous catch clause already catches all exceptions of this or of a super type ('%s')", earlier.t.display())
		default:
			continue
		}
		break
	}
	if c.When != nil {
		clause.when = b.condition(c.When)
	}
	b.within(jumps{catch: true}, func() { clause.block = b.block(c.Block) })
	return clause
}

// using binds using (T x = y) body.
func (b *binder) using(s *syntax.Using) boundStmt {
	sc, leave := b.enter()
	defer leave()
	u := &boundUsing{stmtNode: stmtNode{s}, scope: sc}
	disposable := func(t *Type, at syntax.Node) {
		if t != basic.bad && t.kind != Null && !inherits(t, typeOf("System.IDisposable")) {
			b.report(at.Span(), "CS1674", "'%s': type used in a using statement must be implicitly convertible to 'System.IDisposable'", t.display())
		}
	}
	if s.Decl != nil {
		d := b.localDecl(s.Decl, usingVariable)
		list := []boundStmt{d}
		if group, ok := d.(*boundBlock); ok {
			list = group.stmts
		}
		for _, d := range list {
			declared := d.(*boundDeclare)
			if declared.init == nil {
				b.report(s.Decl.Span(), "CS0210", "You must provide an initializer in a using statement declaration")
				continue
			}
			if declared.v.t != nil {
				disposable(declared.v.t, s.Decl)
			}
			u.add(declared)
		}
	} else {
		x := b.typed(s.X)
		disposable(x.typ(), s.X)
		v := b.temporary(x.typ())
		u.add(&boundDeclare{stmtNode{s}, v, x})
	}
	u.body = b.embedded(s.Body)
	return u
}

// add notes a resource and how it is disposed of.
func (u *boundUsing) add(d *boundDeclare) {
	u.resources = append(u.resources, d)
	var dispose bound
	if t := d.v.t; t != nil && t != basic.bad && t.kind != Null {
		for _, m := range append(membersOf(t, "Dispose"), membersOf(typeOf("System.IDisposable"), "Dispose")...) {
			if len(m.Params) == 0 && !m.Static {
				dispose = &boundCall{node: node{basic.void, nil}, method: m, recv: &boundVariable{node{t, nil}, d.v}}
				break
			}
		}
	}
	u.disposals = append(u.disposals, dispose)
}
