package syntax

import "fmt"

// lambda reads a lambda if one begins here, else it returns nil. In C# 7 nothing
// but a lambda has => behind a name or a bracket.
func (p *parser) lambda(least precedence) Expr {
	if least > assignmentPrecedence {
		return nil
	}
	start := p.start()
	t := p.token()
	if t.is("async") && p.beginsAsyncLambda() {
		p.fail(t.span(), "", "async is not supported in policy expressions")
		return p.nothing()
	}
	if !p.arrowFollows(p.pos) {
		return nil
	}
	l := &Lambda{}
	if t.kind == tIdent {
		at := p.from(start)
		at.span = t.span()
		l.Params = []Param{{Name: p.identifier(), Span: at.span}}
	} else {
		l.Params = p.lambdaParams()
	}
	p.expect(tFatArrow)
	if p.kind() == tLeftBrace {
		l.Block = p.block()
	} else {
		l.Expr = p.expressionOrThrow(anyPrecedence)
	}
	l.At = p.from(start)
	return l
}

// arrowFollows reports whether => follows the name or the bracket that token i
// begins.
func (p *parser) arrowFollows(i int) bool {
	switch t := &p.tokens[i]; {
	case p.isIdentifier(t):
		return p.tokens[i+1].kind == tFatArrow
	case t.kind == tLeftParen && t.value > int32(i):
		return p.tokens[t.value+1].kind == tFatArrow
	}
	return false
}

// beginsAsyncLambda reports whether the async here makes a lambda of what follows.
func (p *parser) beginsAsyncLambda() bool {
	return p.peek(1) == kDelegate || p.peek(1) != tFatArrow && p.arrowFollows(min(p.pos+1, len(p.tokens)-1))
}

// lambdaParams reads the parameters of a lambda or an anonymous method: either all
// have a type or none has one.
func (p *parser) lambdaParams() []Param {
	p.expect(tLeftParen)
	var params []Param
	if p.accept(tRightParen) {
		return params
	}
	typed := 0
	for {
		param := p.lambdaParam()
		if param.Type != nil {
			typed++
		}
		params = append(params, param)
		if typed > 0 && typed < len(params) {
			p.complain(param.Span, "CS0748", "the parameters of a lambda all have a type, or none has one")
		}
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRightParen)
	return params
}

func (p *parser) lambdaParam() Param {
	t := p.token()
	if after := p.peek(1); p.isIdentifier(t) && (after == tComma || after == tRightParen || after == tEqual) {
		param := Param{Name: p.identifier(), Span: t.span()}
		p.refuseLambdaDefault()
		return param
	}
	param := p.param()
	if param.Params {
		p.complain(param.Span, "CS1670", "params stands before the last parameter of a local function only")
	}
	if param.Default != nil {
		p.newer(param.Span, "a default value of a lambda's parameter")
	}
	return param
}

// refuseLambdaDefault refuses `x = 1` among the parameters of a lambda.
func (p *parser) refuseLambdaDefault() {
	if t := p.token(); t.kind == tEqual {
		p.failNewer(t.span(), "a default value of a lambda's parameter")
	}
}

// param reads a parameter with its type.
func (p *parser) param() Param {
	start := p.start()
	var param Param
	switch t := p.token(); t.kind {
	case tLeftBracket:
		p.fail(t.span(), "", "attributes are not supported in policy expressions")
	case kRef:
		param.Mode = ByRef
		p.next()
	case kOut:
		param.Mode = ByOut
		p.next()
	case kIn:
		param.Mode = ByIn
		p.next()
	case kParams:
		param.Params = true
		p.next()
	case kThis:
		p.fail(t.span(), "CS1100", "an extension method cannot be declared in a policy expression")
	}
	param.Type = p.typeRef(typeNormal)
	param.Name = p.identifier()
	if p.accept(tEqual) {
		param.Default = p.expression()
	}
	param.Span = p.from(start).span
	return param
}

// anonymousMethod reads delegate (params) { ... }, the parameters of which may be
// left out.
func (p *parser) anonymousMethod() Expr {
	start := p.start()
	p.next()
	l := &Lambda{AnyParams: p.kind() != tLeftParen}
	if !l.AnyParams {
		l.Params = p.lambdaParams()
	}
	for _, param := range l.Params {
		if param.Type == nil {
			p.complain(param.Span, "CS1001", fmt.Sprintf("the parameter %s of an anonymous method needs a type", param.Name))
		}
	}
	l.Block = p.block()
	l.At = p.from(start)
	return l
}
