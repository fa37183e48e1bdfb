package syntax

// creation reads what begins with new.
func (p *parser) creation() Expr {
	start := p.start()
	p.next()
	switch p.kind() {
	case tLeftBrace:
		return p.anonymousObject(start)
	case tLeftBracket:
		if k := p.peek(1); k != tRightBracket && k != tComma {
			p.fail(p.ahead(1).span(), "CS0178", "new[ ] { } has no size and no type; new T[size] has both")
		}
		return p.inferredArray(start)
	case tLeftParen:
		if p.scanTuple(p.pos).shape == noShape {
			p.newer(Span{start, p.end}, "new without a type")
			args := p.arguments(tLeftParen, tRightParen)
			return &New{At: p.from(start), Args: args, Init: p.optionalInit()}
		}
	}
	typ := p.typeRef(typeOfNew)
	switch p.kind() {
	case tLeftBracket:
		return p.array(typ, start)
	case tLeftParen:
		args := p.arguments(tLeftParen, tRightParen)
		init := p.optionalInit()
		return &New{At: p.from(start), Type: typ, Args: args, Init: init}
	case tLeftBrace:
		init := p.initializer(false)
		return &New{At: p.from(start), Type: typ, Init: init}
	}
	p.fail(p.missing(), "CS1526", "after new and a type come arguments ( ), a size [ ] or an initialiser { }")
	return p.nothing()
}

func (p *parser) optionalInit() *Init {
	if p.kind() != tLeftBrace {
		return nil
	}
	return p.initializer(false)
}

// inferredArray reads the rest of new[] { ... }.
func (p *parser) inferredArray(start int) Expr {
	a := &NewArray{Rank: p.rank()}
	a.Init = p.initializer(true)
	a.At = p.from(start)
	return a
}

// array reads the rest of new Elem[sizes][,] { ... }.
func (p *parser) array(elem TypeRef, start int) Expr {
	a := &NewArray{Elem: elem}
	if k := p.peek(1); k == tRightBracket || k == tComma {
		a.Rank = p.rank()
	} else {
		a.Sizes = p.sizes()
		a.Rank = len(a.Sizes)
	}
	for p.kind() == tLeftBracket {
		if k := p.peek(1); k != tRightBracket && k != tComma {
			p.fail(p.ahead(1).span(), "CS0178", "only the first brackets have sizes; each array inside is made on its own")
			break
		}
		a.Ranks = append(a.Ranks, p.rank())
	}
	if p.kind() == tLeftBrace {
		a.Init = p.initializer(true)
	} else if len(a.Sizes) == 0 {
		p.fail(p.missing(), "CS1586", "a new array needs a size in its [ ], or its elements in { }")
	}
	a.At = p.from(start)
	return a
}

const someSizes = "either all dimensions of an array have a size or none has"

// sizes reads [a, b].
func (p *parser) sizes() []Expr {
	p.expect(tLeftBracket)
	var sizes []Expr
	for {
		if k := p.kind(); k == tComma || k == tRightBracket {
			p.fail(p.token().span(), "CS0443", someSizes)
		}
		sizes = append(sizes, p.expression())
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRightBracket)
	return sizes
}

// anonymousObject reads the rest of new { A = x, y.B }.
func (p *parser) anonymousObject(start int) Expr {
	p.expect(tLeftBrace)
	a := &NewAnonymous{}
	for p.kind() != tRightBrace && p.kind() != tEOF {
		a.Members = append(a.Members, p.anonymousMember())
		if !p.accept(tComma) {
			break
		}
	}
	p.closeBrace()
	a.At = p.from(start)
	return a
}

func (p *parser) anonymousMember() AnonymousMember {
	start := p.start()
	var m AnonymousMember
	if p.isIdentifier(p.token()) && p.peek(1) == tEqual {
		m.Name = p.identifier()
		p.next()
		m.Expr = p.expression()
	} else {
		m.Expr = p.expression()
		m.Name = lastName(m.Expr)
	}
	m.Span = p.from(start).span
	return m
}

// lastName is the name that an expression gives to a member which has none of its
// own: x of x, a.x and a?.x, else "".
func lastName(x Expr) string {
	switch x := x.(type) {
	case *Name:
		return x.Ident
	case *Member:
		return x.Name
	case *MemberBinding:
		return x.Name
	case *ConditionalAccess:
		return lastName(x.Access)
	}
	return ""
}

// closeBrace reads the } of a list with elements.
func (p *parser) closeBrace() {
	if p.kind() == tRightBrace {
		p.next()
		return
	}
	p.missingComma(tRightBrace)
}

// initializer reads { ... } of an object, a collection or an array. In that of an
// array an element in braces is a row, else it is what one call of Add gets.
func (p *parser) initializer(array bool) *Init {
	if !p.enter() {
		return &Init{At: p.from(p.start())}
	}
	start := p.start()
	p.expect(tLeftBrace)
	init := &Init{}
	for p.kind() != tRightBrace && p.kind() != tEOF {
		init.Elems = append(init.Elems, p.element(array))
		if !p.accept(tComma) {
			break
		}
	}
	p.closeBrace()
	init.At = p.from(start)
	p.leave()
	return init
}

func (p *parser) element(array bool) InitElem {
	start := p.start()
	var e InitElem
	switch t := p.token(); {
	case t.kind == tLeftBrace && array:
		e.Nested = p.initializer(true)
	case t.kind == tLeftBrace:
		e.Args = p.addArguments()
	case t.kind == tLeftBracket && !array:
		e.Index = p.arguments(tLeftBracket, tRightBracket)
		p.expect(tEqual)
		p.elementValue(&e)
	case p.isIdentifier(t) && p.peek(1) == tEqual && !array:
		e.Name = p.identifier()
		p.next()
		p.elementValue(&e)
	default:
		e.Value = p.expression()
	}
	e.Span = p.from(start).span
	return e
}

// elementValue reads what a member or an index is set to.
func (p *parser) elementValue(e *InitElem) {
	if p.kind() == tLeftBrace {
		e.Nested = p.initializer(false)
	} else {
		e.Value = p.expression()
	}
}

// addArguments reads {a, b} among the elements of a collection.
func (p *parser) addArguments() []Expr {
	p.expect(tLeftBrace)
	var args []Expr
	for {
		args = append(args, p.expression())
		if !p.accept(tComma) {
			break
		}
	}
	p.closeBrace()
	return args
}
