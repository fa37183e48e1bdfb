package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// flow goes over the finished tree in the order in which it runs. It tells of
// variables that are used before they have a value (C# 7.3 specification, 9.4),
// and notes which variables closures share.
type flow struct {
	b     *binder
	fn    *function
	index map[*variable]int
	state assigned
	// loops are the states in which break and continue leave the statements
	// around.
	loops  []*exits
	labels map[*label]*assigned
	cases  map[*boundSwitch]*assigned
	// left is the state at the returns of the local function being looked at.
	left **assigned
	// returned are the converted results of the lambda being looked at.
	returned map[*boundReturn]bound
	// inside is the local function being looked at; what it reads of outer
	// variables counts where it is called.
	inside *functionFlow
	funcs  map[*variable]*functionFlow
}

// exits are the states at the jumps out of a statement.
type exits struct {
	loop              bool // continue is about it, too
	breaks, continues *assigned
}

// functionFlow is what a local function does to outer variables.
type functionFlow struct {
	f      *localFunction
	reads  []*variable // that must be assigned before a call
	writes []*variable // that are assigned after it
}

// assigned is which variables have a value for certain. Where control cannot be,
// all have.
type assigned struct {
	bits []uint64
	dead bool
}

func (a *assigned) has(i int) bool {
	return a.dead || i/64 < len(a.bits) && a.bits[i/64]&(1<<(i%64)) != 0
}

func (a *assigned) set(i int) {
	for i/64 >= len(a.bits) {
		a.bits = append(a.bits, 0)
	}
	a.bits[i/64] |= 1 << (i % 64)
}

func (a *assigned) clear(i int) {
	if i/64 < len(a.bits) {
		a.bits[i/64] &^= 1 << (i % 64)
	}
}

func (a assigned) copy() assigned { return assigned{append([]uint64(nil), a.bits...), a.dead} }

// meet is what is assigned whichever of two ways control came.
func meet(a, b assigned) assigned {
	switch {
	case a.dead:
		return b.copy()
	case b.dead:
		return a.copy()
	}
	both := assigned{bits: make([]uint64, min(len(a.bits), len(b.bits)))}
	for i := range both.bits {
		both.bits[i] = a.bits[i] & b.bits[i]
	}
	return both
}

// joinStates adds the state at a jump to those that arrive at the same place.
func joinStates(at **assigned, state assigned) {
	if *at == nil {
		*at = &assigned{dead: true}
	}
	**at = meet(**at, state)
}

var nowhere = assigned{dead: true}

func (f *flow) indexOf(v *variable) int {
	i, ok := f.index[v]
	if !ok {
		i = len(f.index)
		f.index[v] = i
	}
	return i
}

// assign notes that v has a value.
func (f *flow) assign(v *variable) {
	f.touch(v)
	f.state.set(f.indexOf(v))
}

// touch notes that the current function uses v.
func (f *flow) touch(v *variable) {
	if v.fn != f.fn {
		f.fn.capture(v)
	}
}

// use checks that v has a value.
func (f *flow) use(v *variable, at syntax.Node) {
	f.touch(v)
	if v.assigned() || f.state.has(f.indexOf(v)) {
		return
	}
	if f.inside != nil && v.fn != f.inside.f.fn && !within(v.fn, f.inside.f.fn) {
		f.inside.reads = append(f.inside.reads, v)
	} else if at != nil {
		code, what := "CS0165", "local variable"
		if v.kind == outParameter {
			code, what = "CS0269", "out parameter"
		}
		f.b.report(at.Span(), code, "Use of unassigned %s '%s'", what, v.name)
	}
	f.state.set(f.indexOf(v))
}

// within reports whether fn stands in outer.
func within(fn, outer *function) bool {
	for ; fn != nil; fn = fn.parent {
		if fn == outer {
			return true
		}
	}
	return false
}

// expr goes over an expression.
func (f *flow) expr(x bound) {
	switch x := x.(type) {
	case *boundVariable:
		f.use(x.v, x.src)
	case *boundAssign:
		f.target(x.target)
		f.expr(x.value)
		f.assignTarget(x.target)
	case *boundCompound:
		f.expr(x.target)
		f.expr(x.next)
		f.target(x.target)
	case *boundDeconstruct:
		f.expr(x.x)
		for _, c := range x.calls {
			f.expr(c)
		}
		for i, t := range x.targets {
			f.target(t)
			f.expr(x.parts[i])
			f.assignTarget(t)
		}
	case *boundCall, *boundInvoke, *boundLocalCall:
		f.call(x)
	case *boundLambda:
		f.lambda(x)
	case *boundThrow:
		f.expr(x.x)
		f.state = nowhere
	default:
		f.branching(x)
	}
}

// branching goes over expressions whose parts are not all evaluated.
func (f *flow) branching(x bound) {
	switch x := x.(type) {
	case *boundLogical, *boundIs:
		yes, no := f.cond(x)
		f.state = meet(yes, no)
	case *boundUnary:
		if x.name == "!" && x.t == basic.bool {
			yes, no := f.cond(x)
			f.state = meet(yes, no)
			return
		}
		f.expr(x.x)
	case *boundConditional:
		yes, no := f.cond(x.cond)
		f.state = yes
		f.expr(x.then)
		yes, f.state = f.state, no
		f.expr(x.otherwise)
		f.state = meet(yes, f.state)
	case *boundCoalesce:
		f.expr(x.x)
		before := f.state.copy()
		f.expr(x.then)
		f.state = before.copy()
		f.expr(x.y)
		f.state = before
	case *boundAccess:
		f.expr(x.x)
		before := f.state.copy()
		f.expr(x.access)
		f.state = before
	default:
		eachChild(x, f.expr)
	}
}

// cond goes over a condition: yes is the state where it holds.
func (f *flow) cond(x bound) (yes, no assigned) {
	switch x := x.(type) {
	case *boundConst:
		if x.value == true {
			return f.state, nowhere
		} else if x.value == false {
			return nowhere, f.state
		}
	case *boundUnary:
		if x.name == "!" && x.user == nil && !x.lifted {
			yes, no = f.cond(x.x)
			return no, yes
		}
	case *boundLogical:
		yes, no = f.cond(x.x)
		if x.or {
			f.state = no.copy()
			yesY, noY := f.cond(x.y)
			return meet(yes, yesY), noY
		}
		f.state = yes.copy()
		yesY, noY := f.cond(x.y)
		return yesY, meet(no, noY)
	case *boundIs:
		f.expr(x.x)
		no = f.state.copy()
		f.pattern(x.pattern)
		if p, ok := x.pattern.(*varPattern); ok {
			if p.v != nil {
				no.set(f.indexOf(p.v))
			}
		}
		return f.state, no
	case *boundConditional:
		yes, no = f.cond(x.cond)
		f.state = yes
		thenYes, thenNo := f.cond(x.then)
		f.state = no
		elseYes, elseNo := f.cond(x.otherwise)
		return meet(thenYes, elseYes), meet(thenNo, elseNo)
	}
	f.expr(x)
	return f.state.copy(), f.state
}

// pattern assigns the variable of a pattern that matched.
func (f *flow) pattern(p boundPattern) {
	switch p := p.(type) {
	case *typePattern:
		if p.v != nil {
			f.assign(p.v)
		}
	case *varPattern:
		if p.v != nil {
			f.assign(p.v)
		}
	}
}

// target goes over what is evaluated of a target before it is assigned to.
func (f *flow) target(x bound) {
	switch x := x.(type) {
	case *boundVariable:
		f.touch(x.v)
	case *boundDiscard:
	case *boundField:
		f.target(x.record)
	default:
		eachChild(x, f.expr)
	}
}

func (f *flow) assignTarget(x bound) {
	if v, ok := x.(*boundVariable); ok {
		f.assign(v.v)
	}
}

// call goes over a call: what it passes by out has a value after it.
func (f *flow) call(x bound) {
	var outs []bound
	eachChild(x, func(arg bound) {
		if r, ok := arg.(*boundRef); ok && r.out {
			f.target(r.target)
			outs = append(outs, r.target)
			return
		}
		f.expr(arg)
	})
	if local, ok := x.(*boundLocalCall); ok {
		f.localCall(local.fn, x.source())
	}
	for _, out := range outs {
		f.assignTarget(out)
	}
}

// localCall is the effect of a local function on the variables that it shares.
func (f *flow) localCall(v *variable, at syntax.Node) {
	f.touch(v)
	of := f.function(v)
	for _, read := range of.reads {
		f.use(read, at)
	}
	for _, written := range of.writes {
		f.state.set(f.indexOf(written))
	}
}

// function looks at a local function, once.
func (f *flow) function(v *variable) *functionFlow {
	if known := f.funcs[v]; known != nil {
		return known
	}
	of := &functionFlow{f: v.local}
	f.funcs[v] = of
	inner := *f
	inner.fn, inner.inside, inner.loops, inner.returned, inner.state = v.local.fn, of, nil, nil, assigned{}
	var left *assigned
	inner.left = &left
	inner.body(v.local.body, v.local.expr)
	joinStates(&left, inner.state)
	for outer, i := range inner.index {
		if !within(outer.fn, v.local.fn) && !left.dead && left.has(i) && !outer.assigned() {
			of.writes = append(of.writes, outer)
		}
	}
	return of
}

// lambda goes over a lambda's body, which sees the variables as they are where it
// is made; what it assigns is not assigned for what follows.
func (f *flow) lambda(x *boundLambda) {
	inner := *f
	inner.fn, inner.loops, inner.left, inner.state = x.body.fn, nil, nil, f.state.copy()
	if x.body.block == nil {
		inner.body(nil, x.expr)
		return
	}
	inner.returned = x.results
	inner.body(x.body.block, nil)
}

// body goes over the body of a function.
func (f *flow) body(block boundStmt, expr bound) {
	if expr != nil {
		f.expr(expr)
	} else if b, ok := block.(*boundBlock); ok && b != nil {
		f.stmt(b)
	}
	f.outParameters(nil)
}

// outParameters checks that out parameters have values where the function ends.
func (f *flow) outParameters(at syntax.Node) {
	for _, p := range f.fn.params {
		if p.kind == outParameter && !f.state.has(f.indexOf(p)) {
			span := p.span
			if at != nil {
				span = at.Span()
			}
			f.b.report(span, "CS0177", "The out parameter '%s' must be assigned to before control leaves the current method", p.name)
		}
	}
}
