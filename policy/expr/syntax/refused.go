package syntax

import "fmt"

// This file has what C# 7 knows and a policy expression does not.

// refusedStatement fails at the statements that a policy expression does not have;
// false if none begins with t.
func (p *parser) refusedStatement(t *token) bool {
	unsupported := func(what string) {
		p.fail(t.span(), "", what+" not supported in policy expressions")
	}
	after := p.ahead(1)
	switch {
	case t.kind == kFixed || t.kind == kUnsafe:
		p.fail(t.span(), "CS0227", "unsafe code is not supported in policy expressions")
	case t.kind == kRef:
		unsupported("ref results and ref variables are")
	case t.kind == kStatic:
		p.failNewer(t.span(), "a static local function")
	case t.kind == kElse:
		p.fail(t.span(), "CS8641", "this else has no if")
	case t.kind == kCatch || t.kind == kFinally:
		p.fail(t.span(), "CS1003", fmt.Sprintf("this %s has no try", t.text))
	case t.kind == kCase || t.kind == kDefault && after.kind == tColon:
		p.fail(t.span(), "CS1513", fmt.Sprintf("this %s has no switch", t.text))
	case t.kind == kClass || t.kind == kStruct || t.kind == kDelegate && p.delegateType() || t.kind == kOther:
		p.fail(t.span(), "CS1513", fmt.Sprintf("%q cannot stand in a policy expression: it holds the statements of one method", t.text))
	case t.kind == tLeftBracket:
		p.fail(t.span(), "CS1525", "attributes are not supported in policy expressions")
	case t.is("await") && (after.kind == kForeach || after.kind == kUsing):
		p.failNewer(t.span(), "an async stream")
	case t.is("await") && p.beginsAwait():
		p.failAwait()
	case t.is("async") && p.beginsFunction(p.pos+1):
		unsupported("async is")
	case t.is("record") && after.kind == tIdent && p.peek(2) == tLeftParen && p.recordFollows():
		p.failNewer(t.span(), "a record")
	default:
		return false
	}
	return true
}

// delegateType reports whether the delegate here declares a type: it has a result
// and a name.
func (p *parser) delegateType() bool {
	k := p.peek(1)
	return k == tIdent || k.isType()
}

// recordFollows reports whether a semicolon follows the brackets after record R,
// which a local function of the type record cannot have.
func (p *parser) recordFollows() bool {
	open := p.ahead(2)
	return open.value > 0 && p.tokens[open.value+1].kind == tSemicolon
}

// refusedTerm says why no operand begins here.
func (p *parser) refusedTerm() Expr {
	t := p.token()
	switch {
	case t.kind == kThis:
		p.fail(t.span(), "CS0026", "a policy expression belongs to no object: there is no this")
	case t.kind == kBase:
		p.fail(t.span(), "CS1511", "a policy expression belongs to no object: there is no base")
	case t.kind == kSizeof || t.kind == kStackalloc:
		p.fail(t.span(), "", fmt.Sprintf("%s is not supported in policy expressions", t.text))
	case t.kind == kRef:
		p.fail(t.span(), "", "ref results and ref variables are not supported in policy expressions")
	case t.kind == kStatic && (p.peek(1) == tIdent || p.peek(1) == tLeftParen || p.peek(1) == kDelegate):
		p.failNewer(t.span(), "a static lambda")
	case t.kind.isType() && (p.peek(1) == tRightParen || p.peek(1) == tEOF || p.peek(1) == tComma):
		p.fail(t.span(), "CS1525", fmt.Sprintf("the type %s is no value; an expression is expected here", t.text))
	case t.kind.isType():
		p.fail(t.span(), "CS1525", fmt.Sprintf("an expression is expected, not the type %s; a variable is declared in @{ }", t.text))
	default:
		return p.unexpected()
	}
	return p.nothing()
}

// beginsAwait reports whether the await here is meant as the operator: C# lets it
// be a name outside async methods.
func (p *parser) beginsAwait() bool {
	switch p.peek(1) {
	case tIdent, tNumber, tChar, tString, tInterpolated, kNew, kThis, kBase, kDelegate, kTypeof, kChecked, kUnchecked, kDefault,
		kTrue, kFalse, kNull:
		return true
	}
	return false
}

func (p *parser) failAwait() {
	p.fail(p.token().span(), "CS4032", "await is not supported: a policy expression is not async")
}
