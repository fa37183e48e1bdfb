package syntax

import "fmt"

// beginsDeclaration reports whether a type and a name begin here: a variable or a
// local function.
func (p *parser) beginsDeclaration() bool {
	t := p.token()
	if t.kind.isType() {
		return p.peek(1) != tDot
	}
	if t.kind != tLeftParen && !p.isIdentifier(t) {
		return false
	}
	after, ok := p.scanDeclaration(p.pos)
	if ok && p.tokens[after-2].kind == tQuestion { // a ? b() : c is no declaration of b
		switch p.tokens[after].kind {
		case tEqual, tSemicolon, tComma, kIn:
		default:
			return p.functionFollows(after)
		}
	}
	return ok
}

// functionFollows reports whether the parameters and the body of a local function
// begin with token i.
func (p *parser) functionFollows(i int) bool {
	switch p.tokens[i].kind {
	case tLess:
		return true
	case tLeftParen:
		after := &p.tokens[p.closing(i)+1]
		return after.kind == tLeftBrace || after.kind == tFatArrow || after.is("where")
	}
	return false
}

// localDeclOrFunc reads the declaration of variables or of a local function.
func (p *parser) localDeclOrFunc() Stmt {
	if p.beginsFunction(p.pos) {
		return p.localFunc()
	}
	return p.localDecl(false)
}

// beginsFunction reports whether a type, a name and parameters begin with token i.
func (p *parser) beginsFunction(i int) bool {
	after, ok := p.scanDeclaration(i)
	return ok && (p.tokens[after].kind == tLeftParen || p.tokens[after].kind == tLess)
}

func (p *parser) localDecl(isConst bool) Stmt {
	start := p.start()
	if isConst {
		p.next()
	}
	d := p.variables(start, isConst)
	p.semicolon()
	d.At = p.from(start)
	return d
}

// variables reads a type and the variables that it declares.
func (p *parser) variables(start int, isConst bool) *LocalDecl {
	d := &LocalDecl{Const: isConst, Type: p.varOrType()}
	for {
		v := p.variable()
		if isConst && v.Init == nil {
			p.complain(v.Span, "CS0145", fmt.Sprintf("the constant %s needs a value", v.Name))
		}
		d.Vars = append(d.Vars, v)
		if !p.accept(tComma) {
			break
		}
	}
	d.At = p.from(start)
	return d
}

func (p *parser) variable() LocalVar {
	start := p.start()
	v := LocalVar{Name: p.identifier()}
	if t := p.token(); t.kind == tLeftBracket {
		p.fail(t.span(), "CS0650", "the brackets of an array stand behind the type: int[] x")
	}
	if p.accept(tEqual) {
		if p.kind() == tLeftBrace {
			begin := p.start()
			init := p.initializer(true)
			v.Init = &NewArray{At: p.from(begin), Rank: 1, Init: init, Bare: true}
		} else {
			v.Init = p.expression()
		}
	}
	v.Span = p.from(start).span
	return v
}

// localFunc reads a local function.
func (p *parser) localFunc() Stmt {
	start := p.start()
	f := &LocalFunc{Result: p.typeRef(typeResult)}
	f.Name = p.identifier()
	if p.accept(tLess) {
		f.TypeParams = p.typeParams()
	}
	f.Params = p.params()
	for p.token().is("where") {
		f.Constraints = append(f.Constraints, p.constraint())
	}
	switch p.kind() {
	case tLeftBrace:
		f.Block = p.block()
	case tFatArrow:
		p.next()
		f.Expr = p.expressionOrThrow(anyPrecedence)
		p.semicolon()
	default:
		p.fail(p.missing(), "CS8112", fmt.Sprintf("the local function %s needs a body, { } or =>", f.Name))
	}
	f.At = p.from(start)
	return f
}

// typeParams reads T, U> of a generic local function.
func (p *parser) typeParams() []string {
	var names []string
	for {
		names = append(names, p.identifier())
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tGreater)
	return names
}

// params reads the parameters of a local function.
func (p *parser) params() []Param {
	p.expect(tLeftParen)
	var params []Param
	if p.accept(tRightParen) {
		return params
	}
	for {
		params = append(params, p.param())
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRightParen)
	return params
}

// constraint reads where T : bounds.
func (p *parser) constraint() Constraint {
	start := p.start()
	p.next()
	c := Constraint{Param: p.identifier()}
	p.expect(tColon)
	for {
		switch t := p.token(); {
		case t.kind == kClass:
			c.Class = true
			p.next()
		case t.kind == kStruct:
			c.Struct = true
			p.next()
		case t.kind == kNew:
			c.New = true
			p.next()
			p.expect(tLeftParen)
			p.expect(tRightParen)
		default:
			p.refuseNewerConstraint()
			c.Bounds = append(c.Bounds, p.typeRef(typeNormal))
		}
		if !p.accept(tComma) {
			break
		}
	}
	c.Span = p.from(start).span
	return c
}

// The rest of this file is of variables that an expression declares.

// declaresOut reports whether what follows out declares a variable.
func (p *parser) declaresOut() bool {
	_, ok := p.scanDeclaration(p.pos)
	return ok
}

// declaresInTuple reports whether an element of a tuple declares a variable: a
// type and a name, and then the next element, or the end if it is not the first.
func (p *parser) declaresInTuple(first bool) bool {
	after, ok := p.scanDeclaration(p.pos)
	if open := p.ahead(1); p.token().is("var") && open.kind == tLeftParen {
		after, ok = int(open.value)+1, open.value > 0
	}
	k := p.tokens[after].kind
	return ok && (k == tComma || k == tRightParen && !first)
}

// deconstructingVar reads var (a, b) before =, else it returns nil.
func (p *parser) deconstructingVar(least precedence) Expr {
	open := p.ahead(1)
	if least > assignmentPrecedence || !p.token().is("var") || open.kind != tLeftParen || open.value < 0 ||
		p.tokens[open.value+1].kind != tEqual {
		return nil
	}
	return p.declaration()
}

// declaration reads a type, or var, and the variables that it declares.
func (p *parser) declaration() Expr {
	start := p.start()
	d := &Declaration{Type: p.varOrType()}
	p.designation(d)
	d.At = p.from(start)
	return d
}

// designation reads the name, or the names in brackets, of the variables that d
// declares.
func (p *parser) designation(d *Declaration) {
	if p.kind() != tLeftParen {
		d.Name = p.identifier()
		return
	}
	if !p.enter() {
		return
	}
	p.next()
	for {
		start := p.start()
		var nested Declaration
		p.designation(&nested)
		nested.At = p.from(start)
		d.Nested = append(d.Nested, nested)
		if !p.accept(tComma) {
			break
		}
	}
	if len(d.Nested) < 2 {
		p.complain(p.token().span(), "CS1003", "a deconstruction has two variables or more")
	}
	p.expect(tRightParen)
	p.leave()
}
