package syntax

// postfix reads what follows x and applies to it: calls, indexes, members, ++
// and --, and what is left out where x is null.
func (p *parser) postfix(x Expr, start int) Expr {
	for {
		if longer := p.link(x, start); longer != nil {
			x = longer
			continue
		}
		switch t := p.token(); {
		case t.kind == tPlusPlus || t.kind == tMinusMinus:
			op := p.operatorSpan(1)
			x = &Postfix{At: p.from(start), Op: p.src[op.Start:op.End], X: x}
		case p.beginsAccess():
			p.next()
			access := p.access()
			x = &ConditionalAccess{At: p.from(start), Target: x, Access: access}
		case t.kind == tArrow:
			p.fail(t.span(), "CS0214", "pointers are not supported in policy expressions")
			return x
		default:
			return x
		}
	}
}

// link reads one call, index or member of x; nil if none follows.
func (p *parser) link(x Expr, start int) Expr {
	switch t := p.token(); t.kind {
	case tLeftParen:
		args := p.arguments(tLeftParen, tRightParen)
		return p.call(x, args, start)
	case tLeftBracket:
		args := p.arguments(tLeftBracket, tRightBracket)
		return &Index{At: p.from(start), Target: x, Args: args}
	case tDot:
		p.next()
		name, args, span := p.memberName()
		return &Member{At: p.from(start), Target: x, Name: name, Args: args, NameSpan: span}
	case tBang:
		p.newer(t.span(), "the operator ! after an operand; without it nothing changes")
		p.next()
		return x
	}
	return nil
}

// call is x(args), or nameof.
func (p *parser) call(x Expr, args []Arg, start int) Expr {
	name, ok := x.(*Name)
	plain := ok && p.src[name.span.Start:name.span.End] == "nameof"
	if plain && len(args) == 1 && args[0].Name == "" && args[0].Mode == ByValue {
		return &NameOf{At: p.from(start), X: args[0].Expr}
	}
	return &Call{At: p.from(start), Target: x, Args: args}
}

// beginsAccess reports whether ?. or ?[ is next.
func (p *parser) beginsAccess() bool {
	k := p.peek(1)
	return p.kind() == tQuestion && (k == tDot || k == tLeftBracket)
}

// access reads what follows the ? of ?. and ?[: all that is left out where the
// target is null.
func (p *parser) access() Expr {
	if !p.enter() {
		return p.nothing()
	}
	start := p.start()
	var x Expr
	if p.kind() == tLeftBracket {
		args := p.arguments(tLeftBracket, tRightBracket)
		x = &ElementBinding{At: p.from(start), Args: args}
	} else {
		p.expect(tDot)
		name, args, span := p.memberName()
		x = &MemberBinding{At: p.from(start), Name: name, Args: args, NameSpan: span}
	}
	for longer := p.link(x, start); longer != nil; longer = p.link(x, start) {
		x = longer
	}
	if p.beginsAccess() {
		p.next()
		access := p.access()
		x = &ConditionalAccess{At: p.from(start), Target: x, Access: access}
	}
	p.leave()
	return x
}

// memberName reads the name after a dot, with its type arguments.
func (p *parser) memberName() (name string, args []TypeRef, span Span) {
	span = p.token().span()
	name = p.identifier()
	if p.kind() == tLess && p.beginsTypeArgs() {
		args, _ = p.typeArgs(false)
	}
	return name, args, span
}
