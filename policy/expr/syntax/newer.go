package syntax

import "fmt"

// newerCode is what the compiler says of all that came after C# 7.3.
const newerCode = "CS8370"

// newerMessage is the sentence for what came after C# 7.3.
func newerMessage(what string) string {
	return "C# 8 or later; APIM runs C# 7: " + what
}

// newer refuses what came after C# 7.3, and the parser goes on as if it were
// allowed.
func (p *parser) newer(span Span, what string) {
	p.complain(span, newerCode, newerMessage(what))
}

// failNewer refuses what came after C# 7.3, and the rest of the statement with it.
func (p *parser) failNewer(span Span, what string) {
	p.fail(span, newerCode, newerMessage(what))
}

// newerOperator looks for the operators after x that came after C# 7.3: a switch
// expression and with. It returns what it made of them, nil if there is none.
func (p *parser) newerOperator(x Expr, start int, least precedence) Expr {
	t := p.token()
	if p.peek(1) != tLeftBrace || least > rangePrecedence {
		return nil
	}
	switch {
	case t.kind == kSwitch:
		p.newer(t.span(), "a switch expression")
	case t.is("with"):
		p.newer(t.span(), "a with expression")
	default:
		return nil
	}
	p.next()
	p.skipBrackets()
	return &Paren{At: p.from(start), X: x}
}

// skipBrackets passes over an opening bracket and all up to the one that closes
// it.
func (p *parser) skipBrackets() {
	t := p.token()
	if t.value < int32(p.pos) {
		p.fail(t.span(), "CS1513", fmt.Sprintf("this %s is not closed", p.describe(t)))
		return
	}
	p.pos = int(t.value)
	p.next()
}

// newerPattern refuses the patterns that came after C# 7.3, if one begins here.
func (p *parser) newerPattern(ofCase bool) bool {
	t := p.token()
	switch t.kind {
	case tLess, tLessEqual, tGreater, tGreaterEqual:
		p.failNewer(t.span(), "a relational pattern")
	case tLeftBrace:
		p.failNewer(t.span(), "a property pattern { }")
	case tLeftBracket:
		p.failNewer(t.span(), "a list pattern [ ]")
	case tIdent:
		if t.is("not") && p.notIsPattern(p.ahead(1), ofCase) {
			p.failNewer(t.span(), "a not pattern; !(x is ...) says the same")
			return true
		}
		return p.propertyPattern()
	case tLeftParen:
		return p.positionalPattern()
	default:
		return t.kind.isType() && p.propertyPattern()
	}
	return true
}

// positionalPattern refuses (a, b), (int a, string b) and what may follow it, if
// that is next.
func (p *parser) positionalPattern() bool {
	open := p.token()
	for i := p.pos + 1; i < int(open.value); i++ {
		if p.tokens[i].kind == tComma {
			p.failNewer(open.span(), "a positional pattern ( )")
			return true
		}
		i = p.closing(i)
	}
	return false
}

// notIsPattern reports whether not before t cannot be a name.
func (p *parser) notIsPattern(t *token, ofCase bool) bool {
	switch t.kind {
	case tLess, tLessEqual, tGreater, tGreaterEqual, tLeftBrace:
		return true
	case tPlus, tMinus, tStar, tAmp, tLeftParen, tLeftBracket, tPlusPlus, tMinusMinus:
		return false
	}
	return p.beginsExpression(t) && !(ofCase && t.is("when"))
}

// propertyPattern refuses T { ... } and T(...), if that is next.
func (p *parser) propertyPattern() bool {
	found := p.scanType(p.pos, typeAtEnd)
	if found.shape == noShape || p.token().is("nameof") {
		return false
	}
	switch t := &p.tokens[found.end]; {
	case t.kind == tLeftBrace:
		p.failNewer(t.span(), "a property pattern { }")
		return true
	case t.kind == tLeftParen:
		p.failNewer(t.span(), "a positional pattern ( )")
		return true
	}
	return false
}

// refuseCombinator refuses `is A or B` and `is A and B`. Where A is a type, the
// word was read as the name of d's variable.
func (p *parser) refuseCombinator(d *DeclarationPattern) {
	t := p.token()
	named := d != nil && (d.Name == "or" || d.Name == "and")
	if t.is("or") || t.is("and") || named && (p.beginsExpression(t) || t.kind >= tLess && t.kind <= tGreaterEqual) {
		p.failNewer(t.span(), "a combined pattern with and, or")
	}
}

// refuseNullableReference refuses T? where T is surely a reference: it is written
// the same for a value type, which C# 7 has.
func (p *parser) refuseNullableReference(t TypeRef) {
	switch t := t.(type) {
	case *ArrayType, *NullableType:
	case *NamedType:
		if !t.Keyword || t.Parts[0].Name != "string" && t.Parts[0].Name != "object" {
			return
		}
	default:
		return
	}
	p.newer(p.token().span(), "a nullable reference type; without the ? it may be null as well")
}

// usingDeclaration refuses `using var x = ...;` and `using Namespace;`, whose using
// was t.
func (p *parser) usingDeclaration(t *token) Stmt {
	if p.beginsDeclaration() {
		p.newer(t.span(), "a using declaration; using (var x = ...) { } says the same")
		return p.localDecl(false)
	}
	p.failNewer(t.span(), "a using without ( ); the namespaces of a policy expression are fixed")
	return &Empty{At: At{span: t.span()}}
}

// refuseNewerConstraint refuses the constraints that came after C# 7.3.
func (p *parser) refuseNewerConstraint() {
	switch t := p.token(); {
	case t.is("notnull"):
		p.newer(t.span(), "the constraint notnull")
	case t.kind == kDefault:
		p.failNewer(t.span(), "the constraint default")
	}
}

// rangeEnd refuses the .. that is op, and reads the operand after it, if there is
// one.
func (p *parser) rangeEnd(op Span) Expr {
	p.newer(op, "a range ..")
	if p.beginsExpression(p.token()) {
		return p.operand(rangePrecedence)
	}
	return p.nothing()
}
