package syntax

// typeShape is what a piece of source is when it is read as a type.
type typeShape uint8

const (
	noShape            typeShape = iota
	nameShape                    // A.B: may be an expression as well
	genericShape                 // A<B>: may be two comparisons as well
	surelyGenericShape           // A<int>
	tupleShape                   // (A, B)
	surelyShape                  // int, A[], A?: nothing but a type
	aliasShape                   // alias::A: as good as nothing but a type
)

// scanned is what looking ahead found: the token behind it, and what it is.
type scanned struct {
	shape typeShape
	end   int
}

// scanType looks whether a type begins with token i.
func (p *parser) scanType(i int, mode typeMode) scanned {
	found := p.scanTypeBase(i)
	for found.shape != noShape {
		switch p.tokens[found.end].kind {
		case tQuestion:
			if !p.questionIsNullable(found.end, mode) {
				return found
			}
			found = scanned{surelyShape, found.end + 1}
		case tLeftBracket:
			end := found.end + 1
			for p.tokens[end].kind == tComma {
				end++
			}
			if p.tokens[end].kind != tRightBracket {
				if end == found.end+1 && mode == typeAtEnd {
					return found
				}
				return scanned{}
			}
			found = scanned{surelyShape, end + 1}
		default:
			return found
		}
	}
	return scanned{}
}

func (p *parser) scanTypeBase(i int) scanned {
	switch t := &p.tokens[i]; {
	case t.kind.isType():
		return scanned{surelyShape, i + 1}
	case t.kind == tLeftParen:
		return p.scanTuple(i)
	case p.isIdentifier(t):
	default:
		return scanned{}
	}
	found := scanned{nameShape, i}
	alias := p.tokens[i+1].kind == tColonColon
	if alias {
		found.end += 2
	}
	for {
		if !p.isIdentifier(&p.tokens[found.end]) {
			return scanned{}
		}
		found = scanned{nameShape, found.end + 1}
		if p.tokens[found.end].kind == tLess {
			if found = p.scanTypeArgs(found.end); found.shape == noShape {
				return scanned{}
			}
		}
		if p.tokens[found.end].kind != tDot {
			break
		}
		found.end++
	}
	if alias && found.end == i+3 { // alias::A.B may be an expression as well
		found.shape = aliasShape
	}
	return found
}

// scanDeclaration looks whether a type and a name begin with token i; after is the
// token behind them.
func (p *parser) scanDeclaration(i int) (after int, ok bool) {
	found := p.scanType(i, typeNormal)
	if found.shape == noShape || !p.isIdentifier(&p.tokens[found.end]) {
		return 0, false
	}
	return found.end + 1, true
}

// scanTypeArgs looks whether type arguments begin with token i, a <. What it
// finds it remembers, so that nested ones are looked through once.
func (p *parser) scanTypeArgs(i int) scanned {
	if found, ok := p.angles[i]; ok {
		return found
	}
	if p.angles == nil {
		p.angles = map[int]scanned{}
	}
	found := scanned{}
	if p.enter() {
		found = p.scanTypeList(i)
		p.leave()
	}
	p.angles[i] = found
	return found
}

func (p *parser) scanTypeList(i int) scanned {
	shape := genericShape
	end := i
	for {
		end++
		if k := p.tokens[end].kind; k == tGreater || k == tComma { // <> and <,>
			for p.tokens[end].kind == tComma {
				end++
			}
			if p.tokens[end].kind != tGreater {
				return scanned{}
			}
			return scanned{shape, end + 1}
		}
		arg := p.scanType(end, typeNormal)
		if arg.shape == noShape {
			return scanned{}
		}
		end = arg.end
		after := p.tokens[end].kind
		if arg.shape == surelyShape || after == tComma && (arg.shape == genericShape || arg.shape == surelyGenericShape) {
			shape = surelyGenericShape
		}
		if after == tGreater {
			return scanned{shape, end + 1}
		}
		if after != tComma {
			return scanned{}
		}
	}
}

// scanTuple looks whether a tuple type begins with token i, a (.
func (p *parser) scanTuple(i int) scanned {
	if found, ok := p.parens[i]; ok {
		return found
	}
	if p.parens == nil {
		p.parens = map[int]scanned{}
	}
	found := scanned{}
	if p.enter() {
		found = p.scanTupleElems(i)
		p.leave()
	}
	p.parens[i] = found
	return found
}

func (p *parser) scanTupleElems(i int) scanned {
	elems, end := 0, i
	for {
		elem := p.scanType(end+1, typeNormal)
		if elem.shape == noShape {
			return scanned{}
		}
		elems++
		end = elem.end
		if p.isIdentifier(&p.tokens[end]) {
			end++
		}
		switch p.tokens[end].kind {
		case tComma:
		case tRightParen:
			if elems < 2 {
				return scanned{}
			}
			return scanned{tupleShape, end + 1}
		default:
			return scanned{}
		}
	}
}

// beginsTypeArgs reports whether the < here begins type arguments: what looks like
// them is, where an expression ends or goes on after them in a way that it could
// not after a comparison.
func (p *parser) beginsTypeArgs() bool {
	found := p.scanTypeArgs(p.pos)
	switch found.shape {
	case noShape:
		return false
	case surelyGenericShape:
		return true
	}
	return p.endsTypeArgs(found.end)
}

// endsTypeArgs reports whether token i may follow type arguments in an
// expression. The list is the compiler's; the language specification has the
// first line of it.
func (p *parser) endsTypeArgs(i int) bool {
	switch p.tokens[i].kind {
	case tLeftParen, tRightParen, tRightBracket, tColon, tSemicolon, tComma, tDot, tQuestion, tEqualEqual, tBangEqual,
		tRightBrace, tBar, tCaret, tAmp, tAmpAmp, tBarBar, tLeftBracket, tLess, tLessEqual, tGreaterEqual, kIs, kAs, tEOF,
		tHoleEnd, tFormat:
		return true
	}
	return false
}
