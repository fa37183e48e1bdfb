package syntax

import "fmt"

// term reads an operand without the operators around it.
func (p *parser) term(least precedence) Expr {
	start := p.start()
	t := p.token()
	var x Expr
	switch t.kind {
	case tIdent:
		if !p.isIdentifier(t) {
			return p.unexpected()
		}
		if lambda := p.lambda(least); lambda != nil {
			return lambda
		}
		if d := p.deconstructingVar(least); d != nil {
			return d
		}
		x = p.name()
	case tLeftParen:
		if lambda := p.lambda(least); lambda != nil {
			return lambda
		}
		if p.beginsCast() {
			return p.cast()
		}
		x = p.parenthesized()
	case tNumber, tChar, tString, kTrue, kFalse, kNull:
		x = p.literal()
	case tInterpolated:
		x = p.interpolated()
	case kNew:
		x = p.creation()
	case kTypeof:
		p.next()
		p.expect(tLeftParen)
		typ := p.typeRef(typeOperand)
		p.expect(tRightParen)
		x = &TypeOf{At: p.from(start), Type: typ}
	case kDefault:
		x = p.defaultValue()
	case kChecked, kUnchecked:
		p.next()
		p.expect(tLeftParen)
		inner := p.expression()
		p.expect(tRightParen)
		x = &Checked{At: p.from(start), Unchecked: t.kind == kUnchecked, X: inner}
	case kDelegate:
		return p.anonymousMethod()
	default:
		if !t.kind.isType() || t.kind == kVoid || p.peek(1) != tDot {
			return p.refusedTerm()
		}
		typ := p.typeBase(typeNormal)
		x = &TypeExpr{At: p.from(start), Type: typ}
	}
	return p.postfix(x, start)
}

// name reads a simple name, with its alias and type arguments.
func (p *parser) name() Expr {
	start := p.start()
	n := &Name{}
	if p.peek(1) == tColonColon {
		n.Alias = p.identifier()
		p.next()
	}
	n.Ident, n.Args, _ = p.memberName()
	n.At = p.from(start)
	return n
}

// literal reads a literal of one token.
func (p *parser) literal() Expr {
	start := p.start()
	t := p.next()
	var lit Literal
	switch t.kind {
	case tNumber:
		lit = p.numbers[t.value]
	case tChar:
		lit = Literal{Kind: CharLiteral, Value: unit(t.text)}
	case tString:
		lit = Literal{Kind: StringLiteral, Value: t.text}
	case kNull:
		lit = Literal{Kind: NullLiteral}
	default:
		lit = Literal{Kind: BoolLiteral, Value: t.kind == kTrue}
	}
	lit.At = p.from(start)
	return &lit
}

// defaultValue reads default(T) or default.
func (p *parser) defaultValue() Expr {
	start := p.start()
	p.next()
	if !p.accept(tLeftParen) {
		return &Default{At: p.from(start)}
	}
	typ := p.typeRef(typeNormal)
	p.expect(tRightParen)
	return &Default{At: p.from(start), Type: typ}
}

// beginsCast reports whether the ( here begins a cast. What can only be a type in
// brackets is one; what may be an expression as well is, if what follows could
// not follow a value.
func (p *parser) beginsCast() bool {
	found := p.scanType(p.pos+1, typeNormal)
	if found.shape == noShape || p.tokens[found.end].kind != tRightParen {
		return false
	}
	return found.shape == surelyShape || found.shape == aliasShape || p.followsCast(p.tokens[found.end+1].kind)
}

// followsCast reports whether k can begin what a cast applies to and cannot
// follow a value.
func (p *parser) followsCast(k kind) bool {
	switch k {
	case tIdent, tNumber, tChar, tString, tInterpolated, tLeftParen, tBang, tTilde, tBad:
		return true
	case kAs, kIs, kSwitch:
		return false
	}
	return k.isKeyword()
}

func (p *parser) cast() Expr {
	start := p.start()
	p.next()
	typ := p.typeRef(typeNormal)
	p.expect(tRightParen)
	x := p.operand(unaryPrecedence)
	return &Cast{At: p.from(start), Type: typ, X: x}
}

// parenthesized reads (x) or a tuple.
func (p *parser) parenthesized() Expr {
	start := p.start()
	p.next()
	elems := make([]Arg, 0, 1)
	for {
		elems = append(elems, p.tupleElement(len(elems) == 0))
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRightParen)
	at := p.from(start)
	if len(elems) > 1 {
		return &TupleExpr{At: at, Elems: elems}
	}
	if elems[0].Name != "" {
		p.complain(at.span, "CS8124", "a tuple has two elements or more")
	}
	return &Paren{At: at, X: elems[0].Expr}
}

// tupleElement reads an element of a tuple, or what is in brackets.
func (p *parser) tupleElement(first bool) Arg {
	start := p.start()
	arg := Arg{Name: p.argumentName()}
	if p.declaresInTuple(first) {
		arg.Expr = p.declaration()
	} else {
		arg.Expr = p.expression()
	}
	arg.Span = p.from(start).span
	return arg
}

// interpolated reads an interpolated string.
func (p *parser) interpolated() Expr {
	start := p.start()
	p.next()
	var parts []InterpolatedPart
	for {
		t := p.token()
		switch t.kind {
		case tText:
			p.next()
			parts = append(parts, InterpolatedPart{Text: t.text, Span: t.span()})
		case tHole:
			parts = append(parts, p.hole())
		case tInterpolatedEnd:
			p.next()
			return &Interpolated{At: p.from(start), Parts: parts}
		default: // something failed in a hole
			return p.nothing()
		}
	}
}

// hole reads {x,alignment:format}.
func (p *parser) hole() InterpolatedPart {
	start := p.start()
	inQuery := p.inQuery
	p.inQuery = false
	p.next()
	part := InterpolatedPart{Expr: p.expression()}
	if p.accept(tComma) {
		part.Alignment = p.expression()
	}
	if t := p.token(); t.kind == tFormat {
		p.next()
		part.Format, part.HasFormat = t.text, true
	}
	if t := p.token(); t.kind != tHoleEnd {
		p.fail(t.span(), "CS1073", fmt.Sprintf("%s does not continue the expression before it; } ends a hole", p.describe(t)))
	} else {
		p.next()
	}
	p.inQuery = inQuery
	part.Span = p.from(start).span
	return part
}
