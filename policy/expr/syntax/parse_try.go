package syntax

import "fmt"

func (p *parser) tryStatement() Stmt {
	start := p.start()
	p.next()
	s := &Try{Block: p.block()}
	for p.kind() == kCatch {
		if n := len(s.Catches); n > 0 && s.Catches[n-1].Type == nil && s.Catches[n-1].When == nil {
			p.complain(p.token().span(), "CS1017", "the catch before this one catches everything: nothing is left for this one")
		}
		s.Catches = append(s.Catches, p.catch())
	}
	if p.accept(kFinally) {
		s.Finally = p.block()
	} else if len(s.Catches) == 0 {
		p.complain(p.missing(), "CS1524", fmt.Sprintf("after try { } comes catch or finally, which is missing before %s", p.describe(p.token())))
	}
	s.At = p.from(start)
	return s
}

func (p *parser) catch() Catch {
	start := p.start()
	p.next()
	var c Catch
	if p.accept(tLeftParen) {
		c.Type = p.typeRef(typeNormal)
		if p.kind() != tRightParen {
			c.Name = p.identifier()
		}
		p.expect(tRightParen)
	}
	if p.token().is("when") {
		p.next()
		c.When = p.condition()
	}
	c.Block = p.block()
	c.Span = p.from(start).span
	return c
}
