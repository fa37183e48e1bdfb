package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

func (b *binder) while(s *syntax.While) boundStmt {
	sc, leave := b.enter()
	defer leave()
	loop := &boundLoop{stmtNode: stmtNode{s}, condScope: sc, cond: b.condition(s.Cond)}
	b.within(jumps{loop: true, breaks: true}, func() { loop.body = b.embedded(s.Body) })
	return loop
}

func (b *binder) do(s *syntax.Do) boundStmt {
	loop := &boundLoop{stmtNode: stmtNode{s}, do: true}
	b.within(jumps{loop: true, breaks: true}, func() { loop.body = b.embedded(s.Body) })
	sc, leave := b.enter()
	defer leave()
	loop.condScope, loop.cond = sc, b.condition(s.Cond)
	return loop
}

func (b *binder) forLoop(s *syntax.For) boundStmt {
	sc, leave := b.enter()
	defer leave()
	loop := &boundLoop{stmtNode: stmtNode{s}, scope: sc}
	if s.Decl != nil {
		loop.init = append(loop.init, b.localDecl(s.Decl, plainVariable))
	}
	for _, e := range s.Init {
		loop.init = append(loop.init, b.exprStmt(&syntax.ExprStmt{At: s.At, X: e}))
	}
	condScope, leaveCond := b.enter()
	defer leaveCond()
	loop.condScope = condScope
	if s.Cond != nil {
		loop.cond = b.condition(s.Cond)
	}
	for _, e := range s.Post {
		stmt := b.exprStmt(&syntax.ExprStmt{At: s.At, X: e})
		loop.post = append(loop.post, stmt.(*boundExprStmt).x)
	}
	b.within(jumps{loop: true, breaks: true}, func() { loop.body = b.embedded(s.Body) })
	return loop
}

// foreach binds foreach (T x in y) body.
func (b *binder) foreach(s *syntax.Foreach) boundStmt {
	x := b.typed(s.X)
	f := &boundForeach{stmtNode: stmtNode{s}, x: x}
	elem := basic.bad
	if k, ok := x.(*boundConst); ok && k.value == nil {
		f.x = b.fail(s.X, "CS0186", "Use of null is not valid in this context")
	} else if !isBad(x) {
		elem = b.elementType(f, x, s)
	}
	f.current = &boundPlaceholder{node{elem, nil}}
	sc, leave := b.enter()
	defer leave()
	f.scope = sc
	if s.Deconstruct != nil {
		b.foreachParts(f, s)
	} else {
		t := elem
		if s.Type != nil {
			t = b.typeRef(s.Type)
		}
		f.v = b.declare(s.Name, t, foreachVariable, s.Span())
		f.element = f.current
		if c := b.explicit(f.current, t); c.exists() {
			f.element = b.apply(f.current, c, t, nil)
		} else if elem != basic.bad && t != basic.bad {
			b.report(s.Span(), "CS0030", "Cannot convert type '%s' to '%s'", elem.display(), t.display())
		}
	}
	b.within(jumps{loop: true, breaks: true}, func() { f.body = b.embedded(s.Body) })
	return f
}

// foreachParts binds foreach (var (a, b) in y).
func (b *binder) foreachParts(f *boundForeach, s *syntax.Foreach) {
	p := b.part(s.Deconstruct)
	d := &boundDeconstruct{node: node{basic.void, nil}, x: f.current, value: &boundPlaceholder{node{f.current.t, nil}}}
	if isBad(f.current) || !b.takeApart(d, p, d.value) {
		p.spoil()
	}
	f.parts = d
}

// elementType finds what foreach gives of x: by its GetEnumerator, as C# wants
// it, or by the one IEnumerable<T> that it is.
func (b *binder) elementType(f *boundForeach, x bound, s *syntax.Foreach) *Type {
	t := x.typ()
	if t.kind == Array {
		return t.elem
	}
	enumerable := t.asInterface(b.library.lookup("System.Collections.Generic.IEnumerable", 1))
	for _, m := range membersOf(t, "GetEnumerator") {
		if len(m.Params) > 0 || m.Static {
			continue
		}
		current := membersOf(m.result(), "Current")
		next := membersOf(m.result(), "MoveNext")
		if len(current) == 0 || len(next) == 0 {
			continue
		}
		elem := current[0].result()
		if m.of.kind != Interface && (enumerable == nil || enumerable.args[0] != elem) {
			f.enumerator = newEnumeratorPattern(m, next[0], current[0], t)
		}
		return elem
	}
	switch {
	case enumerable != nil:
		return enumerable.args[0]
	case slices.ContainsFunc(t.allInterfaces(), func(i *Type) bool { return i.def.Name == "System.Collections.Generic.IEnumerable" }):
		b.report(s.X.Span(), "CS1640", "foreach statement cannot operate on variables of type '%s' because it implements multiple instantiations of 'IEnumerable<T>'; try casting to a specific interface instantiation", t.display())
		return basic.bad
	case inherits(t, typeOf("System.Collections.IEnumerable")):
		return basic.object
	}
	b.report(s.X.Span(), "CS1579", "foreach statement cannot operate on variables of type '%s' because '%s' does not contain a public instance definition for 'GetEnumerator'", t.display(), t.display())
	return basic.bad
}

// newEnumeratorPattern is the calls by which foreach goes through a value whose
// GetEnumerator gives other elements than the value as an IEnumerable.
func newEnumeratorPattern(get, next, current method, t *Type) *enumeratorPattern {
	p := &enumeratorPattern{collection: &boundPlaceholder{node{t, nil}}, self: &boundPlaceholder{node{get.result(), nil}}}
	p.get = &boundCall{node: node{get.result(), nil}, method: get, recv: p.collection}
	p.next = &boundCall{node: node{basic.bool, nil}, method: next, recv: p.self}
	p.current = &boundCall{node: node{current.result(), nil}, method: current, recv: p.self}
	return p
}
