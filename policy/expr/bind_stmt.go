package expr

import (
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// jumps says where break and continue of a statement lead.
type jumps struct {
	outer      *jumps
	loop       bool         // continue leads on with it
	breaks     bool         // break ends it
	switched   *boundSwitch // goto case leads into it
	finally    bool         // nothing may leave it
	catch      bool         // throw; is allowed in it
	tryOfCatch bool         // a try with catch clauses, which yield may not stand in
}

// enter opens a scope; the function it returns closes it.
func (b *binder) enter() (s *scope, leave func()) {
	s = &scope{parent: b.scope, fn: b.fn}
	b.scope = s
	return s, func() { b.scope = s.parent }
}

// within binds what stands in a statement that jumps are about.
func (b *binder) within(j jumps, bind func()) {
	j.outer = b.jumps
	b.jumps = &j
	bind()
	b.jumps = j.outer
}

// declare makes a variable known in the current scope.
func (b *binder) declare(name string, t *Type, kind variableKind, span syntax.Span) *variable {
	home := b.home()
	if at, ok := home.later[name]; ok && at == span {
		delete(home.later, name)
	}
	switch conflict := b.scope.conflict(name); {
	case conflict == home:
		code := "CS0128"
		if kind == parameter || kind == refParameter || kind == outParameter {
			code = "CS0100"
		}
		b.report(span, code, "A local variable or function named '%s' is already defined in this scope", name)
	case conflict != nil, name == "context" && b.library.lookup("IExpressionContext", 0) != nil:
		b.report(span, "CS0136", "A local or parameter named '%s' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter", name)
	}
	v := b.fn.newVariable(name, t, kind, span)
	home.add(v)
	return v
}

// home is the scope that a declaration in the current one belongs to.
func (b *binder) home() *scope {
	if b.scope.declares != nil {
		return b.scope.declares
	}
	return b.scope
}

// block binds { ... } in a scope of its own.
func (b *binder) block(e *syntax.Block) *boundBlock {
	s, leave := b.enter()
	defer leave()
	block := b.statements(e.Stmts)
	block.src, block.scope = e, s
	return block
}

// statements binds a list of statements in the current scope.
func (b *binder) statements(list []syntax.Stmt) *boundBlock {
	block := &boundBlock{funcs: b.announce(list)}
	for _, s := range list {
		block.stmts = append(block.stmts, b.stmt(s))
	}
	return block
}

// announce notes what a list of statements declares: local functions and labels
// are known before they are declared, variables are not yet.
func (b *binder) announce(list []syntax.Stmt) []*localFunction {
	var funcs []*syntax.LocalFunc
	for _, s := range list {
		for labeled, ok := s.(*syntax.Labeled); ok; labeled, ok = s.(*syntax.Labeled) {
			b.scope.addLabel(b, labeled)
			s = labeled.Stmt
		}
		switch s := s.(type) {
		case *syntax.LocalDecl:
			for _, v := range s.Vars {
				if b.scope.later == nil {
					b.scope.later = make(map[string]syntax.Span)
				}
				if _, twice := b.scope.later[v.Name]; !twice {
					b.scope.later[v.Name] = v.Span
				}
			}
		case *syntax.LocalFunc:
			funcs = append(funcs, s)
		}
	}
	var declared []*localFunction
	for _, f := range funcs {
		declared = append(declared, b.declareFunction(f))
	}
	return declared
}

func (s *scope) addLabel(b *binder, e *syntax.Labeled) {
	if s.labels == nil {
		s.labels = make(map[string]*label)
	}
	for outer := s; outer != nil && outer.fn == s.fn; outer = outer.parent {
		if outer.labels[e.Label] != nil {
			b.report(e.Span(), "CS0140", "The label '%s' is a duplicate", e.Label)
		}
	}
	s.labels[e.Label] = &label{name: e.Label, span: e.Span()}
}

// embedded binds the statement under if, while and the like.
func (b *binder) embedded(s syntax.Stmt) boundStmt {
	if block, ok := s.(*syntax.Block); ok {
		return b.block(block)
	}
	switch s := s.(type) {
	case *syntax.LocalDecl, *syntax.LocalFunc, *syntax.Labeled:
		b.report(s.Span(), "CS1023", "Embedded statement cannot be a declaration or labeled statement: put it in { }")
	}
	sc, leave := b.enter()
	defer leave()
	block := b.statements([]syntax.Stmt{s})
	block.src, block.scope = s, sc
	return block
}

// stmt binds a statement.
func (b *binder) stmt(s syntax.Stmt) boundStmt {
	if b.work++; b.work > maxWork {
		panic(tooComplex{s.Span()})
	}
	switch s := s.(type) {
	case *syntax.Block:
		return b.block(s)
	case *syntax.LocalDecl:
		return b.localDecl(s, plainVariable)
	case *syntax.ExprStmt:
		return b.exprStmt(s)
	case *syntax.If:
		cond := b.condition(s.Cond)
		x := &boundIf{stmtNode{s}, cond, b.embedded(s.Then), nil}
		if s.Else != nil {
			x.otherwise = b.embedded(s.Else)
		}
		return x
	case *syntax.While:
		return b.while(s)
	case *syntax.Do:
		return b.do(s)
	case *syntax.For:
		return b.forLoop(s)
	case *syntax.Foreach:
		return b.foreach(s)
	case *syntax.Switch:
		return b.switchStmt(s)
	case *syntax.Return:
		return b.returnStmt(s)
	case *syntax.Throw:
		return b.throwStmt(s)
	case *syntax.Try:
		return b.try(s)
	case *syntax.Using:
		return b.using(s)
	}
	return b.otherStmt(s)
}

// otherStmt is the rest of stmt.
func (b *binder) otherStmt(s syntax.Stmt) boundStmt {
	switch s := s.(type) {
	case *syntax.LocalFunc:
		return b.localFunc(s)
	case *syntax.Break:
		return b.jump(s, "break", &boundBreak{stmtNode{s}}, func(j *jumps) bool { return j.breaks })
	case *syntax.Continue:
		return b.jump(s, "continue", &boundContinue{stmtNode{s}}, func(j *jumps) bool { return j.loop })
	case *syntax.Goto:
		return b.gotoStmt(s)
	case *syntax.Labeled:
		return b.labeled(s)
	case *syntax.CheckedBlock:
		saved := b.overflow
		defer func() { b.overflow = saved }()
		b.overflow = overflowChecked
		if s.Unchecked {
			b.overflow = overflowUnchecked
		}
		return b.block(s.Block)
	case *syntax.Lock:
		x := b.typed(s.X)
		if !isBad(x) && !x.typ().isReference() {
			b.report(s.X.Span(), "CS0185", "'%s' is not a reference type as required by the lock statement", x.typ().display())
		}
		return &boundLock{stmtNode{s}, x, b.embedded(s.Body)}
	case *syntax.Yield:
		return b.yield(s)
	case *syntax.Empty:
		return &boundEmpty{stmtNode{s}}
	}
	b.report(s.Span(), "CS1525", "this statement is not part of policy expressions")
	return &boundEmpty{stmtNode{s}}
}

// localDecl binds T a = x, b;
func (b *binder) localDecl(s *syntax.LocalDecl, kind variableKind) boundStmt {
	var t *Type
	if s.Type != nil {
		if t = b.typeRef(s.Type); t.def != nil && t.def.Static {
			b.report(s.Type.Span(), "CS0723", "Cannot declare a variable of static type '%s'", t.display())
			t = basic.bad
		}
	} else if len(s.Vars) > 1 {
		b.report(s.Span(), "CS0819", "Implicitly-typed variables cannot have multiple declarators")
	}
	group := &boundBlock{stmtNode: stmtNode{s}}
	for i := range s.Vars {
		group.stmts = append(group.stmts, b.localVar(s, &s.Vars[i], t, kind))
	}
	if len(group.stmts) == 1 {
		return group.stmts[0]
	}
	return group
}

func (b *binder) localVar(s *syntax.LocalDecl, e *syntax.LocalVar, t *Type, kind variableKind) boundStmt {
	if s.Const {
		kind = constVariable
	}
	// The name is known in the initialiser, where it cannot be used yet.
	v := b.declare(e.Name, t, kind, e.Span)
	d := &boundDeclare{stmtNode{s}, v, nil}
	if e.Init == nil {
		switch {
		case t == nil:
			b.report(e.Span, "CS0818", "Implicitly-typed variables must be initialized")
			v.t = basic.bad
		case s.Const:
			b.report(e.Span, "CS0145", "A const field requires a value to be provided")
		}
		return d
	}
	if array, ok := e.Init.(*syntax.NewArray); ok && array.Bare {
		d.init = b.newArray(array, t)
	} else {
		d.init = b.value(e.Init)
	}
	switch {
	case t != nil:
		d.init = b.convert(d.init, t, e.Init)
	case d.init.typ() == nil || d.init.typ().kind == Null || d.init.typ() == basic.void:
		d.init = b.fail(e.Init, "CS0815", "Cannot assign %s to an implicitly-typed variable", displayOf(d.init))
		v.t = basic.bad
	default:
		v.t = d.init.typ()
	}
	if s.Const && !isBad(d.init) {
		k, ok := d.init.(*boundConst)
		if !ok {
			b.report(e.Init.Span(), "CS0133", "The expression being assigned to '%s' must be constant", e.Name)
			v.t = basic.bad
			return d
		}
		v.constant = k.value
	}
	return d
}

// exprStmt binds an expression that stands as a statement.
func (b *binder) exprStmt(s *syntax.ExprStmt) boundStmt {
	x := b.value(s.X)
	if _, assigns := s.X.(*syntax.Assign); !assigns && !isStatement(x) || isParen(s.X) {
		if g, ok := x.(*boundGroup); ok {
			b.report(s.X.Span(), "CS0201", "'%s' is not called: put ( ) after it", g.name)
		} else {
			b.report(s.X.Span(), "CS0201", "Only assignment, call, increment, decrement, and new object expressions can be used as a statement")
		}
	}
	return &boundExprStmt{stmtNode{s}, x}
}

func isParen(e syntax.Expr) bool {
	_, ok := e.(*syntax.Paren)
	return ok
}
