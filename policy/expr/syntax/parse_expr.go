package syntax

import "fmt"

// precedence says how strong an operator binds; 0 is no operator.
type precedence uint8

const (
	anyPrecedence precedence = iota + 1
	assignmentPrecedence
	conditionalPrecedence
	coalescingPrecedence
	orPrecedence
	andPrecedence
	bitOrPrecedence
	bitXorPrecedence
	bitAndPrecedence
	equalityPrecedence
	relationalPrecedence
	shiftPrecedence
	additivePrecedence
	multiplicativePrecedence
	rangePrecedence // C# 8
	unaryPrecedence
)

// rightToLeft reports whether a op b op c is a op (b op c).
func (p precedence) rightToLeft() bool {
	return p == assignmentPrecedence || p == coalescingPrecedence
}

var binaryPrecedence = [kindCount]precedence{
	tEqual: assignmentPrecedence, tPlusEqual: assignmentPrecedence, tMinusEqual: assignmentPrecedence,
	tStarEqual: assignmentPrecedence, tSlashEqual: assignmentPrecedence, tPercentEqual: assignmentPrecedence,
	tAmpEqual: assignmentPrecedence, tBarEqual: assignmentPrecedence, tCaretEqual: assignmentPrecedence,
	tLessLessEqual: assignmentPrecedence, tQuestionQuestionEqual: assignmentPrecedence,
	tQuestionQuestion: coalescingPrecedence, tBarBar: orPrecedence, tAmpAmp: andPrecedence,
	tBar: bitOrPrecedence, tCaret: bitXorPrecedence, tAmp: bitAndPrecedence,
	tEqualEqual: equalityPrecedence, tBangEqual: equalityPrecedence,
	tLess: relationalPrecedence, tLessEqual: relationalPrecedence, tGreater: relationalPrecedence,
	tGreaterEqual: relationalPrecedence, kIs: relationalPrecedence, kAs: relationalPrecedence,
	tLessLess: shiftPrecedence, tPlus: additivePrecedence, tMinus: additivePrecedence,
	tStar: multiplicativePrecedence, tSlash: multiplicativePrecedence, tPercent: multiplicativePrecedence,
	tDotDot: rangePrecedence,
}

// operator is the binary operator that is next: how strong it binds (0 if none is
// next) and of how many tokens it consists. >> and >>= are several, since type
// arguments may end in the same characters.
func (p *parser) operator() (precedence, int) {
	t := p.token()
	if t.kind != tGreater {
		return binaryPrecedence[t.kind], 1
	}
	second := p.ahead(1)
	if second.start != t.end {
		return relationalPrecedence, 1
	}
	switch second.kind {
	case tGreaterEqual:
		return assignmentPrecedence, 2
	case tGreater:
		switch third := p.ahead(2); {
		case third.start != second.end:
		case third.kind == tGreater:
			p.newer(Span{int(t.start), int(third.end)}, "the operator >>>")
			return shiftPrecedence, 3
		case third.kind == tGreaterEqual:
			p.newer(Span{int(t.start), int(third.end)}, "the operator >>>=")
			return assignmentPrecedence, 3
		}
		return shiftPrecedence, 2
	}
	return relationalPrecedence, 1
}

// expression reads a whole expression.
func (p *parser) expression() Expr { return p.operand(anyPrecedence) }

// expressionOrThrow reads an expression where a throw expression may be, too.
func (p *parser) expressionOrThrow(least precedence) Expr {
	p.throwAt = p.pos
	return p.operand(least)
}

// operand reads an expression whose operators bind at least so strong.
func (p *parser) operand(least precedence) Expr {
	if !p.enter() {
		return p.nothing()
	}
	var x Expr
	if start := p.start(); p.kind() == kThrow {
		x = p.throwExpression(least)
	} else {
		x = p.binary(p.unary(least), start, least)
		if p.kind() == tQuestion && least <= conditionalPrecedence {
			x = p.conditional(x, start)
		}
	}
	p.leave()
	return x
}

// binary reads the operators and operands that follow x.
func (p *parser) binary(x Expr, start int, least precedence) Expr {
	for {
		prec, width := p.operator()
		if prec == 0 || prec < least || prec == least && !prec.rightToLeft() {
			if n := p.newerOperator(x, start, least); n != nil {
				x = n
				continue
			}
			return x
		}
		switch op := p.token(); {
		case op.kind == kIs:
			p.next()
			pattern := p.isPattern()
			x = &Is{At: p.from(start), X: x, Pattern: pattern}
		case op.kind == kAs:
			p.next()
			typ := p.typeRef(typeAtEnd)
			x = &As{At: p.from(start), X: x, Type: typ}
		case prec == assignmentPrecedence:
			x = p.assignment(x, start, width)
		default:
			opSpan := p.operatorSpan(width)
			var y Expr
			switch {
			case prec == coalescingPrecedence:
				y = p.expressionOrThrow(prec)
			case prec == rangePrecedence:
				y = p.rangeEnd(opSpan)
			default:
				y = p.operand(prec)
			}
			x = &Binary{At: p.from(start), Op: p.src[opSpan.Start:opSpan.End], X: x, Y: y, OpSpan: opSpan}
		}
	}
}

// operatorSpan reads an operator of width tokens.
func (p *parser) operatorSpan(width int) Span {
	start := p.start()
	for range width {
		p.next()
	}
	return Span{start, p.end}
}

func (p *parser) assignment(x Expr, start, width int) Expr {
	opSpan := p.operatorSpan(width)
	op := p.src[opSpan.Start:opSpan.End]
	if op == "??=" {
		p.newer(opSpan, "the operator ??=")
	}
	y := p.operand(assignmentPrecedence)
	if t, ok := x.(*TupleExpr); ok && op == "=" {
		p.checkDeconstruction(t)
	}
	return &Assign{At: p.from(start), Op: op, X: x, Y: y}
}

// checkDeconstruction refuses (a, int b) = ..., which C# 10 allows.
func (p *parser) checkDeconstruction(t *TupleExpr) {
	var declares, assigns int
	var count func(t *TupleExpr)
	count = func(t *TupleExpr) {
		for _, e := range t.Elems {
			switch x := e.Expr.(type) {
			case *Declaration:
				declares++
			case *TupleExpr:
				count(x)
			default:
				assigns++
			}
		}
	}
	count(t)
	if declares > 0 && assigns > 0 {
		p.complain(t.span, "CS8184", "a deconstruction either declares all its variables or assigns to them; C# 10 mixes the two, APIM runs C# 7")
	}
}

func (p *parser) conditional(cond Expr, start int) Expr {
	question := p.next()
	then := p.expressionOrThrow(anyPrecedence)
	if p.kind() == tFormat {
		p.fail(Span{int(question.start), int(question.end)}, "CS8361", "in an interpolated string the : of ?: would begin the format: put the whole into ( )")
	}
	p.expect(tColon)
	orElse := p.expressionOrThrow(anyPrecedence)
	return &Conditional{At: p.from(start), Cond: cond, Then: then, Else: orElse}
}

// unary reads an operand with the operators before it, or one of the expressions
// that begin with a word and reach as far as they can.
func (p *parser) unary(least precedence) Expr {
	switch t := p.token(); t.kind {
	case tMinus:
		if x := p.negatedLiteral(); x != nil {
			return x
		}
		return p.prefix()
	case tPlus, tBang, tTilde, tPlusPlus, tMinusMinus:
		return p.prefix()
	case tAmp, tStar:
		p.fail(t.span(), "CS0214", "pointers are not supported in policy expressions")
		return p.nothing()
	case tCaret:
		p.newer(t.span(), "an index from the end ^")
		p.next()
		return p.operand(unaryPrecedence)
	case tDotDot:
		return p.rangeEnd(p.operatorSpan(1))
	case tIdent:
		if t.is("from") && p.beginsQuery() {
			return p.query()
		}
		if t.is("await") && p.beginsAwait() {
			p.failAwait()
			return p.nothing()
		}
	}
	return p.term(least)
}

// prefix reads a prefix operator and what it applies to.
func (p *parser) prefix() Expr {
	start := p.start()
	op := p.operatorSpan(1)
	x := p.operand(unaryPrecedence)
	return &Unary{At: p.from(start), Op: p.src[op.Start:op.End], X: x}
}

// negatedLiteral reads -2147483648 or -9223372036854775808, if that is next.
func (p *parser) negatedLiteral() Expr {
	t := p.ahead(1)
	if t.kind != tNumber {
		return nil
	}
	lit, ok := negated(&p.numbers[t.value], t.text)
	if after := p.peek(2); !ok || after == tDot {
		return nil // -2147483648.ToString() negates what the call returns
	}
	start := p.start()
	p.next()
	p.next()
	lit.At = p.from(start)
	return &lit
}

func (p *parser) throwExpression(least precedence) Expr {
	t := p.token()
	start := p.start()
	if p.throwAt != p.pos || least > coalescingPrecedence {
		p.complain(t.span(), "CS8115", "a throw expression stands after ??, in a branch of ?:, or as the body of a lambda only")
	}
	p.next()
	x := p.operand(coalescingPrecedence)
	return &ThrowExpr{At: p.from(start), X: x}
}

// beginsExpression reports whether an expression can begin with t.
func (p *parser) beginsExpression(t *token) bool {
	switch t.kind {
	case tIdent:
		return p.isIdentifier(t) || t.is("from")
	case tNumber, tChar, tString, tInterpolated, tLeftParen, tPlus, tMinus, tBang, tTilde, tPlusPlus, tMinusMinus,
		tAmp, tStar, tCaret, tDotDot, tColonColon,
		kBase, kChecked, kDefault, kDelegate, kFalse, kNew, kNull, kRef, kSizeof, kStackalloc, kThis, kThrow, kTrue,
		kTypeof, kUnchecked:
		return true
	}
	return t.kind.isType()
}

// unexpected fails at what begins no expression.
func (p *parser) unexpected() Expr {
	t := p.token()
	what := p.describe(t)
	switch {
	case t.kind == kIf || t.kind == kReturn || t.kind == kFor || t.kind == kForeach || t.kind == kWhile || t.kind == kDo ||
		t.kind == kTry || t.kind == kUsing || t.kind == kSwitch:
		p.fail(t.span(), "CS1525", fmt.Sprintf("%s begins a statement, and an expression is expected here; statements stand in @{ }", what))
	case t.kind == tLeftBracket:
		p.failNewer(t.span(), "a collection expression [ ]")
	case t.kind == tHoleEnd || t.kind == tFormat:
		p.fail(p.missing(), "CS1733", fmt.Sprintf("an expression is missing before %s", what))
	default:
		p.fail(p.missing(), "CS1525", fmt.Sprintf("an expression is expected before %s", what))
	}
	return p.nothing()
}
