package syntax

import "fmt"

// block reads { statements }.
func (p *parser) block() *Block {
	start := p.start()
	inSwitch := p.inSwitch
	p.inSwitch = false
	p.expect(tLeftBrace)
	b := &Block{Stmts: p.statements()}
	p.closeBlock()
	p.inSwitch = inSwitch
	b.At = p.from(start)
	return b
}

// closeBlock reads the } of a block.
func (p *parser) closeBlock() {
	if p.accept(tRightBrace) {
		return
	}
	p.fail(p.missing(), "CS1513", fmt.Sprintf("\"}\" is missing before %s", p.describe(p.token())))
}

// statements reads up to the end of a block or of a switch section.
func (p *parser) statements() []Stmt {
	var stmts []Stmt
	for !p.endsStatements() {
		from := p.pos
		stmts = append(stmts, p.statement())
		p.resume(from)
	}
	return stmts
}

// endsStatements reports whether what follows is no statement of this block.
func (p *parser) endsStatements() bool {
	switch p.kind() {
	case tEOF, tRightBrace:
		return true
	case kCase, kDefault:
		return p.inSwitch && p.beginsSection()
	}
	return false
}

// statement reads a statement.
func (p *parser) statement() Stmt {
	if !p.enter() {
		return &Empty{At: p.from(p.start())}
	}
	s := p.statementOf(p.token())
	p.leave()
	return s
}

func (p *parser) statementOf(t *token) Stmt {
	start := p.start()
	switch t.kind {
	case tLeftBrace:
		return p.block()
	case tSemicolon:
		p.next()
		return &Empty{At: p.from(start)}
	case kIf:
		return p.ifStatement()
	case kFor:
		return p.forStatement()
	case kForeach:
		return p.foreachStatement()
	case kWhile:
		return p.whileStatement()
	case kDo:
		return p.doStatement()
	case kSwitch:
		return p.switchStatement()
	case kTry:
		return p.tryStatement()
	case kUsing:
		return p.usingStatement()
	case kLock:
		return p.lockStatement()
	case kBreak:
		p.next()
		p.semicolon()
		return &Break{At: p.from(start)}
	case kContinue:
		p.next()
		p.semicolon()
		return &Continue{At: p.from(start)}
	case kGoto:
		return p.gotoStatement()
	case kReturn:
		return p.returnStatement()
	case kThrow:
		return p.throwStatement()
	case kConst:
		return p.localDecl(true)
	case kChecked, kUnchecked:
		if p.peek(1) == tLeftBrace {
			p.next()
			b := p.block()
			return &CheckedBlock{At: p.from(start), Unchecked: t.kind == kUnchecked, Block: b}
		}
	case tIdent:
		switch after := p.peek(1); {
		case after == tColon && p.isIdentifier(t):
			return p.labeled()
		case t.is("yield") && (after == kReturn || after == kBreak):
			return p.yieldStatement()
		}
	}
	if p.refusedStatement(t) {
		return &Empty{At: p.from(start)}
	}
	if p.beginsDeclaration() {
		return p.localDeclOrFunc()
	}
	return p.expressionStatement()
}

// embedded reads the statement that belongs to another: no declaration, no label.
func (p *parser) embedded() Stmt {
	s := p.statement()
	switch s.(type) {
	case *LocalDecl, *LocalFunc, *Labeled:
		p.complain(s.Span(), "CS1023", "a declaration or a label stands in a block { } here")
	}
	return s
}

// semicolon reads the end of a statement. If it is missing at the end of a line,
// or before what begins a statement, it is complained of and the rest read.
func (p *parser) semicolon() {
	if p.accept(tSemicolon) {
		return
	}
	t := p.token()
	span := p.missing()
	message := fmt.Sprintf("\";\" is missing before %s", p.describe(t))
	if span.Start == p.end && span.End == p.end || t.kind == tRightBrace || beginsStatement(t.kind) {
		p.complain(span, "CS1002", message)
		return
	}
	p.fail(span, "CS1002", message)
}

// beginsStatement reports whether k is a keyword with which nothing but a
// statement begins.
func beginsStatement(k kind) bool {
	switch k {
	case kBreak, kConst, kContinue, kDo, kFor, kForeach, kGoto, kIf, kReturn, kTry, kUsing, kWhile:
		return true
	}
	return false
}

// condition reads ( expression ).
func (p *parser) condition() Expr {
	p.expect(tLeftParen)
	x := p.expression()
	p.expect(tRightParen)
	return x
}

func (p *parser) ifStatement() Stmt {
	start := p.start()
	p.next()
	s := &If{Cond: p.condition()}
	s.Then = p.embedded()
	if p.accept(kElse) {
		s.Else = p.embedded()
	}
	s.At = p.from(start)
	return s
}

func (p *parser) gotoStatement() Stmt {
	start := p.start()
	p.next()
	s := &Goto{}
	switch p.kind() {
	case kCase:
		p.next()
		s.Case = p.expression()
	case kDefault:
		p.next()
		s.Default = true
	default:
		s.Label = p.identifier()
	}
	p.semicolon()
	s.At = p.from(start)
	return s
}

func (p *parser) labeled() Stmt {
	start := p.start()
	s := &Labeled{Label: p.identifier()}
	p.next()
	if p.endsStatements() {
		p.fail(p.missing(), "CS1525", fmt.Sprintf("a statement is missing after the label %s", s.Label))
	} else {
		s.Stmt = p.statement()
	}
	s.At = p.from(start)
	return s
}

func (p *parser) returnStatement() Stmt {
	start := p.start()
	p.next()
	s := &Return{}
	if p.kind() != tSemicolon {
		s.X = p.expression()
	}
	p.semicolon()
	s.At = p.from(start)
	return s
}

func (p *parser) lockStatement() Stmt {
	start := p.start()
	p.next()
	s := &Lock{X: p.condition()}
	s.Body = p.embedded()
	s.At = p.from(start)
	return s
}

// yieldStatement reads yield return and yield break.
func (p *parser) yieldStatement() Stmt {
	start := p.start()
	p.next()
	s := &Yield{}
	if p.accept(kReturn) {
		s.X = p.expression()
	} else {
		p.next()
	}
	p.semicolon()
	s.At = p.from(start)
	return s
}

func (p *parser) throwStatement() Stmt {
	start := p.start()
	p.next()
	s := &Throw{}
	if p.kind() != tSemicolon {
		s.X = p.expression()
	}
	p.semicolon()
	s.At = p.from(start)
	return s
}

func (p *parser) usingStatement() Stmt {
	start := p.start()
	t := p.next()
	if p.kind() != tLeftParen {
		return p.usingDeclaration(t)
	}
	p.next()
	s := &Using{}
	if p.beginsDeclaration() {
		s.Decl = p.variables(p.start(), false)
	} else {
		s.X = p.expression()
	}
	p.expect(tRightParen)
	s.Body = p.embedded()
	s.At = p.from(start)
	return s
}

// expressionStatement reads an expression and its semicolon.
func (p *parser) expressionStatement() Stmt {
	start := p.start()
	if t := p.token(); !p.beginsExpression(t) && t.kind != tIdent {
		code := "CS1513"
		if binaryPrecedence[t.kind] > 0 {
			code = "CS1525"
		}
		p.fail(t.span(), code, fmt.Sprintf("no statement begins with %s", p.describe(t)))
	}
	x := p.expression()
	if p.kind() == tSemicolon {
		p.checkDoes(x)
	}
	p.semicolon()
	return &ExprStmt{At: p.from(start), X: x}
}

// checkDoes refuses an expression that does nothing as a statement.
func (p *parser) checkDoes(x Expr) {
	if !does(x) {
		p.complain(x.Span(), "CS0201", "this does nothing as a statement: an assignment, a call, ++, -- or new is expected")
	}
}

// does reports whether x may stand alone as a statement.
func does(x Expr) bool {
	switch x := x.(type) {
	case *Assign, *Call, *Postfix:
		return true
	case *New:
		return true
	case *Unary:
		return x.Op == "++" || x.Op == "--"
	case *ConditionalAccess:
		return does(x.Access)
	}
	return false
}
