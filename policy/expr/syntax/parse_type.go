package syntax

import "fmt"

// typeMode says where a type stands: what a ? after it may be, and whether void
// is one.
type typeMode uint8

const (
	typeNormal  typeMode = iota // before a name, in < >, in ( )
	typeAtEnd                   // after is or as: a ? may begin ?: instead
	typeOfNew                   // after new: ? and [ may begin what follows
	typeResult                  // of a local function: may be void
	typeOperand                 // of typeof: may be void, and its arguments left open
)

// typeRef reads a type, or fails.
func (p *parser) typeRef(mode typeMode) TypeRef {
	if !p.enter() {
		return p.noType()
	}
	start := p.start()
	isVoid := p.kind() == kVoid
	t := p.typeBase(mode)
	for !isVoid {
		longer := p.typeSuffix(t, start, mode)
		if longer == nil {
			break
		}
		t = longer
	}
	p.leave()
	return t
}

// typeSuffix reads the ? or the [] after t, nil if there is none.
func (p *parser) typeSuffix(t TypeRef, start int, mode typeMode) TypeRef {
	switch p.kind() {
	case tQuestion:
		if p.questionIsNullable(p.pos, mode) {
			p.refuseNullableReference(t)
			p.next()
			return &NullableType{At: p.from(start), Elem: t}
		}
	case tLeftBracket:
		if ranks := p.ranks(mode); len(ranks) > 0 {
			return p.arrayOf(t, ranks, start)
		}
	case tStar:
		if mode != typeAtEnd {
			p.fail(p.token().span(), "CS0214", "pointers are not supported in policy expressions")
		}
	}
	return nil
}

// noType stands where a type is missing.
func (p *parser) noType() TypeRef { return &NamedType{At: p.from(p.start())} }

// typeBase reads a type without what may follow its name: ? and [].
func (p *parser) typeBase(mode typeMode) TypeRef {
	t := p.token()
	start := p.start()
	switch {
	case t.kind.isType():
		if t.kind == kVoid && mode != typeResult && mode != typeOperand {
			p.complain(t.span(), "CS1547", "void is the type of a local function's result only")
		}
		p.next()
		at := p.from(start)
		return &NamedType{At: at, Parts: []NamePart{{Name: t.text, Span: at.span}}, Keyword: true}
	case t.kind == tLeftParen:
		return p.tupleType()
	case p.isIdentifier(t):
		return p.namedType(mode)
	case t.kind == kRef:
		p.fail(t.span(), "", "ref results and ref variables are not supported in policy expressions")
	default:
		p.fail(p.missing(), "CS1031", fmt.Sprintf("a type is expected before %s", p.describe(t)))
	}
	return p.noType()
}

func (p *parser) namedType(mode typeMode) TypeRef {
	start := p.start()
	n := &NamedType{}
	if p.peek(1) == tColonColon {
		n.Alias = p.identifier()
		p.next()
	}
	for {
		part := p.start()
		name := NamePart{Name: p.identifier()}
		if p.kind() == tLess {
			name.Args, name.Open = p.typeArgs(mode == typeOperand)
		}
		name.Span = p.from(part).span
		n.Parts = append(n.Parts, name)
		if !p.accept(tDot) {
			break
		}
	}
	n.At = p.from(start)
	return n
}

// typeArgs reads <A, B>; or, where that is allowed, <,>: how many are left open.
func (p *parser) typeArgs(mayBeOpen bool) (args []TypeRef, open int) {
	p.expect(tLess)
	if k := p.kind(); mayBeOpen && (k == tComma || k == tGreater) {
		for open = 1; p.accept(tComma); open++ {
		}
		p.expect(tGreater)
		return nil, open
	}
	for {
		if p.kind() == tGreater && len(args) == 0 {
			p.fail(p.token().span(), "CS7003", "the type arguments are missing in < >; only typeof leaves them open")
		}
		args = append(args, p.typeRef(typeNormal))
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tGreater)
	return args, 0
}

func (p *parser) tupleType() TypeRef {
	start := p.start()
	p.expect(tLeftParen)
	var elems []TupleTypeElem
	for {
		elem := TupleTypeElem{Type: p.typeRef(typeNormal)}
		if p.isIdentifier(p.token()) {
			elem.Name = p.identifier()
		}
		elems = append(elems, elem)
		if !p.accept(tComma) {
			break
		}
	}
	p.expect(tRightParen)
	t := &TupleType{At: p.from(start), Elems: elems}
	if len(elems) < 2 {
		p.complain(t.span, "CS8124", "a tuple type has two elements or more")
	}
	return t
}

// ranks reads [] [,] ... and gives the dimensions of each; none if the bracket is
// no such thing.
func (p *parser) ranks(mode typeMode) []int {
	var ranks []int
	for p.kind() == tLeftBracket {
		if k := p.peek(1); k != tRightBracket && k != tComma {
			if mode == typeNormal && len(ranks) == 0 {
				p.fail(p.ahead(1).span(), "CS0270", "the type of an array has no size; new T[size] makes one of that size")
			}
			return ranks
		}
		if mode == typeOfNew {
			return ranks
		}
		ranks = append(ranks, p.rank())
	}
	return ranks
}

// rank reads [,] and gives its dimensions.
func (p *parser) rank() int {
	p.expect(tLeftBracket)
	rank := 1
	for p.accept(tComma) {
		rank++
	}
	if p.kind() != tRightBracket {
		p.fail(p.token().span(), "CS0443", someSizes)
	}
	p.expect(tRightBracket)
	return rank
}

// arrayOf is the array type that ranks make of elem, which begins at start.
func (p *parser) arrayOf(elem TypeRef, ranks []int, start int) TypeRef {
	at := p.from(start)
	for i := len(ranks) - 1; i >= 0; i-- {
		elem = &ArrayType{At: at, Elem: elem, Rank: ranks[i]}
	}
	return elem
}

// questionIsNullable reports whether the ? that is token i belongs to the type
// before it.
func (p *parser) questionIsNullable(i int, mode typeMode) bool {
	after := &p.tokens[min(i+1, len(p.tokens)-1)]
	switch mode {
	case typeAtEnd:
		return !p.beginsExpression(after)
	case typeOfNew:
		return after.kind == tLeftParen || after.kind == tLeftBracket || after.kind == tLeftBrace
	}
	return true
}
