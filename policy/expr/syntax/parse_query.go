package syntax

import "fmt"

// isQueryWord reports whether name is a keyword inside a query.
func isQueryWord(name string) bool {
	switch name {
	case "from", "where", "select", "group", "into", "orderby", "join", "let", "on", "equals", "by", "ascending", "descending":
		return true
	}
	return false
}

// beginsQuery reports whether the from here begins a query: a name or a type
// follows it.
func (p *parser) beginsQuery() bool {
	after := p.ahead(1)
	if after.kind.isType() {
		return true
	}
	if after.kind != tIdent {
		return false
	}
	switch k := p.peek(2); k {
	case tSemicolon, tComma, tEqual, tLeftParen, tRightParen, tEOF: // a variable of type from
		return false
	}
	return true
}

// query reads from ... to select or group, and what continues it.
func (p *parser) query() Expr {
	inQuery := p.inQuery
	p.inQuery = true
	start := p.start()
	q := &Query{From: p.fromClause()}
	p.queryBody(q)
	q.At = p.from(start)
	p.inQuery = inQuery
	return q
}

// queryBody reads the clauses after the first.
func (p *parser) queryBody(q *Query) {
	if !p.enter() {
		return
	}
	for {
		clause, ok := p.queryClause()
		if !ok {
			break
		}
		q.Clauses = append(q.Clauses, clause)
	}
	switch t := p.token(); {
	case t.is("select"):
		p.next()
		q.Select = p.expression()
	case t.is("group"):
		p.next()
		q.Group = p.expression()
		p.word("by", "CS0745")
		q.GroupBy = p.expression()
	default:
		p.fail(p.missing(), "CS0742", fmt.Sprintf("a query ends with select or group ... by, which is missing before %s", p.describe(t)))
	}
	if p.token().is("into") {
		p.next()
		q.Into = p.identifier()
		start := p.start()
		q.Continuation = &Query{}
		p.queryBody(q.Continuation)
		q.Continuation.At = p.from(start)
		q.ContinuationSpan = q.Continuation.span
	}
	p.leave()
}

// queryClause reads a clause, if one is next.
func (p *parser) queryClause() (clause QueryClause, ok bool) {
	start := p.start()
	switch t := p.token(); {
	case t.is("from"):
		from := p.fromClause()
		clause.From = &from
	case t.is("let"):
		p.next()
		let := &LetClause{Name: p.identifier()}
		p.expect(tEqual)
		let.Expr = p.expression()
		clause.Let = let
	case t.is("where"):
		p.next()
		clause.Where = p.expression()
	case t.is("orderby"):
		clause.OrderBy = p.orderings()
	case t.is("join"):
		clause.Join = p.joinClause()
	default:
		return clause, false
	}
	clause.Span = p.from(start).span
	return clause, true
}

// word reads a word of a query, or fails with that code.
func (p *parser) word(word, code string) {
	if p.token().is(word) {
		p.next()
		return
	}
	p.fail(p.missing(), code, fmt.Sprintf("%q is missing before %s", word, p.describe(p.token())))
}

func (p *parser) fromClause() FromClause {
	start := p.start()
	p.next()
	var from FromClause
	from.Type, from.Name = p.rangeVariable()
	p.expect(kIn)
	from.In = p.expression()
	from.Span = p.from(start).span
	return from
}

// rangeVariable reads the variable of from or join, with its type if it has one.
func (p *parser) rangeVariable() (TypeRef, string) {
	if p.kind() == tIdent && p.peek(1) == kIn {
		return nil, p.identifier()
	}
	typ := p.typeRef(typeNormal)
	return typ, p.identifier()
}

func (p *parser) orderings() []Ordering {
	p.next()
	var keys []Ordering
	for {
		key := Ordering{Expr: p.expression()}
		if p.token().is("descending") {
			key.Descending = true
			p.next()
		} else if p.token().is("ascending") {
			p.next()
		}
		keys = append(keys, key)
		if !p.accept(tComma) {
			return keys
		}
	}
}

func (p *parser) joinClause() *JoinClause {
	p.next()
	var join JoinClause
	join.Type, join.Name = p.rangeVariable()
	p.expect(kIn)
	join.In = p.expression()
	p.word("on", "CS0743")
	join.Left = p.expression()
	p.word("equals", "CS0744")
	join.Right = p.expression()
	if p.token().is("into") {
		p.next()
		join.Into = p.identifier()
	}
	return &join
}
