package syntax

import "fmt"

func (p *parser) whileStatement() Stmt {
	start := p.start()
	p.next()
	s := &While{Cond: p.condition()}
	s.Body = p.embedded()
	s.At = p.from(start)
	return s
}

func (p *parser) doStatement() Stmt {
	start := p.start()
	p.next()
	s := &Do{Body: p.embedded()}
	p.expect(kWhile)
	s.Cond = p.condition()
	p.semicolon()
	s.At = p.from(start)
	return s
}

func (p *parser) forStatement() Stmt {
	start := p.start()
	p.next()
	p.expect(tLeftParen)
	s := &For{}
	if p.kind() != tSemicolon {
		if p.beginsDeclaration() {
			s.Decl = p.variables(p.start(), false)
		} else {
			s.Init = p.statementExpressions()
		}
	}
	p.expect(tSemicolon)
	if p.kind() != tSemicolon {
		s.Cond = p.expression()
	}
	p.expect(tSemicolon)
	if p.kind() != tRightParen {
		s.Post = p.statementExpressions()
	}
	p.expect(tRightParen)
	s.Body = p.embedded()
	s.At = p.from(start)
	return s
}

// statementExpressions reads the expressions before or after the condition of for.
func (p *parser) statementExpressions() []Expr {
	var list []Expr
	for {
		x := p.expression()
		p.checkDoes(x)
		list = append(list, x)
		if !p.accept(tComma) {
			return list
		}
	}
}

func (p *parser) foreachStatement() Stmt {
	start := p.start()
	p.next()
	p.expect(tLeftParen)
	s := &Foreach{}
	switch open := p.ahead(1); {
	case p.token().is("var") && open.kind == tLeftParen:
		s.Deconstruct = p.declaration()
	case p.declaresOut():
		s.Type = p.varOrType()
		s.Name = p.identifier()
	case p.kind() == tLeftParen:
		s.Deconstruct = p.parenthesized()
		if !declaresAll(s.Deconstruct) {
			p.complain(s.Deconstruct.Span(), "CS8186", "foreach declares its variables: foreach ((var a, var b) in ...)")
		}
	default:
		p.fail(p.missing(), "CS0230", "foreach declares its variable: foreach (var x in ...)")
	}
	if p.kind() != kIn {
		p.fail(p.missing(), "CS1515", fmt.Sprintf("\"in\" is missing before %s", p.describe(p.token())))
	}
	p.expect(kIn)
	s.X = p.expression()
	p.expect(tRightParen)
	s.Body = p.embedded()
	s.At = p.from(start)
	return s
}

// declaresAll reports whether x is a tuple of declarations.
func declaresAll(x Expr) bool {
	switch x := x.(type) {
	case *Declaration:
		return true
	case *TupleExpr:
		for _, e := range x.Elems {
			if !declaresAll(e.Expr) {
				return false
			}
		}
		return true
	}
	return false
}
