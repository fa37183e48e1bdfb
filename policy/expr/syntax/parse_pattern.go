package syntax

import "fmt"

// isPattern reads what follows is.
func (p *parser) isPattern() Pattern {
	return p.pattern(relationalPrecedence, false)
}

// casePattern reads what follows case.
func (p *parser) casePattern() Pattern {
	return p.pattern(conditionalPrecedence, true)
}

// pattern reads a pattern; its operators, if it is a constant, bind stronger than
// weaker. After case the word when is no variable.
func (p *parser) pattern(weaker precedence, ofCase bool) Pattern {
	if p.newerPattern(ofCase) {
		return &ConstantPattern{At: p.from(p.start()), X: p.nothing()}
	}
	start := p.start()
	if t := p.token(); !ofCase && !p.beginsExpression(t) {
		p.fail(p.missing(), "CS1031", fmt.Sprintf("a type or a constant is missing before %s", p.describe(t)))
	}
	found := p.scanType(p.pos, typeAtEnd)
	after := &p.tokens[found.end]
	if found.shape != noShape && p.isIdentifier(after) && !(ofCase && after.is("when")) {
		d := p.declarationPattern()
		p.refuseCombinator(d)
		return d
	}
	if p.isTypeAlone(found, ofCase) {
		typ := p.typeRef(typeAtEnd)
		if ofCase {
			p.newer(typ.Span(), "a type without a variable after case; case T _: says the same")
		}
		p.refuseCombinator(nil)
		return &TypePattern{At: p.from(start), Type: typ}
	}
	if !ofCase && found.shape == nameShape && after.kind == tGreater {
		weaker = shiftPrecedence // the compiler takes A of `is A >> 1` for the pattern, and of `is A << 1` it does not
	}
	x := p.operand(weaker)
	p.refuseCombinator(nil)
	if typ, isGeneric := dotted(x); isGeneric {
		return &TypePattern{At: p.from(start), Type: typ}
	} else if typ != nil {
		return &TypePattern{At: p.from(start), Type: typ, Expr: x}
	}
	return &ConstantPattern{At: p.from(start), X: x}
}

// isTypeAlone reports whether what scanType found is a pattern of its own that
// cannot be a constant.
func (p *parser) isTypeAlone(found scanned, ofCase bool) bool {
	switch found.shape {
	case surelyShape, aliasShape:
		after := p.tokens[found.end].kind // int.MaxValue is a constant, int + 1 is nothing
		return after != tDot && binaryPrecedence[after] <= relationalPrecedence
	case surelyGenericShape:
		return true
	case genericShape:
		after := &p.tokens[found.end]
		return p.endsTypeArgs(found.end) || ofCase && after.is("when") ||
			after.kind == tGreater && p.tokens[found.end+1].kind != tGreater
	}
	return false
}

func (p *parser) declarationPattern() *DeclarationPattern {
	start := p.start()
	d := &DeclarationPattern{Type: p.varOrType()}
	d.Name = p.identifier()
	d.At = p.from(start)
	return d
}

// varOrType reads the type of a variable; nil is var.
func (p *parser) varOrType() TypeRef {
	if p.isVar() {
		p.next()
		return nil
	}
	return p.typeRef(typeNormal)
}

// isVar reports whether the next token is the word var and stands before a name
// or a list of names.
func (p *parser) isVar() bool {
	if !p.token().is("var") {
		return false
	}
	after := p.ahead(1)
	return p.isIdentifier(after) || after.kind == tLeftParen
}

// dotted is the type that a dotted name may mean, nil if x is no such name; and
// whether it has type arguments, which are those of x then.
func dotted(x Expr) (t *NamedType, isGeneric bool) {
	switch x := x.(type) {
	case *Name:
		part := NamePart{Name: x.Ident, Args: x.Args, Span: x.span}
		return &NamedType{At: At{span: x.span}, Alias: x.Alias, Parts: []NamePart{part}}, x.Args != nil
	case *Member:
		if t, isGeneric = dotted(x.Target); t != nil {
			part := NamePart{Name: x.Name, Args: x.Args, Span: Span{x.NameSpan.Start, x.span.End}}
			t.Parts = append(t.Parts, part)
			t.span = x.span
		}
		return t, isGeneric || x.Args != nil
	}
	return nil, false
}
