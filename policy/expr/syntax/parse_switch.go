package syntax

import "fmt"

func (p *parser) switchStatement() Stmt {
	start := p.start()
	p.next()
	s := &Switch{X: p.switchValue()}
	p.expect(tLeftBrace)
	inSwitch := p.inSwitch
	p.inSwitch = true
	for p.kind() != tRightBrace && p.kind() != tEOF {
		from := p.pos
		s.Sections = append(s.Sections, p.switchSection())
		p.resumeSection(from)
	}
	p.inSwitch = inSwitch
	p.closeBlock()
	s.At = p.from(start)
	return s
}

// switchValue reads the value in brackets. A tuple needs no brackets of its own:
// so C# 8 has it, but the compiler allows it for C# 7.3.
func (p *parser) switchValue() Expr {
	if p.kind() != tLeftParen {
		p.fail(p.missing(), "CS8515", fmt.Sprintf("\"(\" is missing before %s", p.describe(p.token())))
		return p.nothing()
	}
	x := p.parenthesized()
	if paren, ok := x.(*Paren); ok {
		return paren.X
	}
	return x
}

// beginsSection reports whether the case or default here is a label.
func (p *parser) beginsSection() bool {
	return p.kind() == kCase || p.kind() == kDefault && p.peek(1) != tLeftParen
}

func (p *parser) switchSection() SwitchSection {
	start := p.start()
	var s SwitchSection
	for p.beginsSection() {
		s.Labels = append(s.Labels, p.switchLabel())
	}
	if len(s.Labels) == 0 {
		p.fail(p.token().span(), "CS1513", fmt.Sprintf("the statements of a switch stand under a case or default; none is before %s", p.describe(p.token())))
	}
	s.Stmts = p.statements()
	s.Span = p.from(start).span
	return s
}

// resumeSection goes on after the section that began with token from, if something
// failed in its labels: with the next section.
func (p *parser) resumeSection(from int) {
	if p.failedAt == none || p.stopped {
		return
	}
	for i := from; ; i++ {
		k := p.tokens[i].kind
		if i >= p.failedAt && i > from && (k == kCase || k == kDefault) || i >= p.failedAt && (k == tRightBrace || k == tEOF) {
			p.resumeAt(i)
			return
		}
		i = p.closing(i)
	}
}

func (p *parser) switchLabel() SwitchLabel {
	start := p.start()
	var l SwitchLabel
	if p.accept(kCase) {
		l.Pattern = p.casePattern()
		if p.token().is("when") {
			p.next()
			l.When = p.expression()
		}
	} else {
		p.next() // default
	}
	p.expect(tColon)
	l.Span = p.from(start).span
	return l
}
