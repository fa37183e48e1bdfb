package syntax

import "fmt"

// argumentName reads `name:`, if that is next.
func (p *parser) argumentName() string {
	if !p.isIdentifier(p.token()) || p.peek(1) != tColon {
		return ""
	}
	name := p.identifier()
	p.next()
	return name
}

// arguments reads what stands in the brackets of a call or an index.
func (p *parser) arguments(opening, closing kind) []Arg {
	p.expect(opening)
	if closing == tRightParen && p.accept(closing) {
		return nil
	}
	args := make([]Arg, 0, 2)
	for {
		if t := p.token(); !p.beginsArgument(t) {
			p.missingArgument(t, closing, len(args) > 0)
			return args
		}
		args = append(args, p.argument())
		if !p.accept(tComma) {
			break
		}
	}
	if !p.accept(closing) {
		p.missingComma(closing)
	}
	return args
}

// beginsArgument reports whether an argument can begin with t.
func (p *parser) beginsArgument(t *token) bool {
	return p.beginsExpression(t) || t.kind == kOut || t.kind == kIn || t.kind == tIdent || t.kind == kStatic || t.kind == tBad
}

// missingArgument fails where t stands in the place of an argument.
func (p *parser) missingArgument(t *token, closing kind, notFirst bool) {
	switch {
	case closing == tRightBracket && (t.kind == closing || t.kind == tComma):
		p.fail(t.span(), "CS0443", fmt.Sprintf("an index is missing before %s", p.describe(t)))
	case t.kind == tComma:
		p.fail(t.span(), "CS0839", `an argument is missing before ","`)
	case notFirst || !endsList(t.kind):
		p.unexpected()
	default:
		p.expect(closing)
	}
}

// endsList reports whether k shows that a list before it is not closed.
func endsList(k kind) bool {
	return k == tSemicolon || k == tEOF || k >= tLeftParen && k <= tRightBrace || beginsStatement(k)
}

// missingComma fails where a list goes on without a comma or is not closed.
func (p *parser) missingComma(closing kind) {
	t := p.token()
	if endsList(t.kind) {
		p.expect(closing)
		return
	}
	p.fail(p.missing(), "CS1003", fmt.Sprintf("\",\" or %q is missing before %s", spelling[closing], p.describe(t)))
}

func (p *parser) argument() Arg {
	start := p.start()
	arg := Arg{Name: p.argumentName()}
	switch p.kind() {
	case kRef:
		arg.Mode = ByRef
		p.next()
	case kIn:
		arg.Mode = ByIn
		p.next()
	case kOut:
		arg.Mode = ByOut
		p.next()
	}
	if arg.Mode == ByOut && p.declaresOut() {
		arg.Expr = p.declaration()
	} else {
		arg.Expr = p.expression()
	}
	arg.Span = p.from(start).span
	return arg
}
