package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// MaxSource is how many bytes a policy expression may have.
	MaxSource = 1 << 20

	// MaxNesting is how deep expressions, statements and types may stand in
	// each other.
	MaxNesting = 500

	// MaxDepth is how deep a tree may be. Operators and calls one after the
	// other (a + b + c, a.B().C()) deepen it without being nested.
	MaxDepth = 10_000
)

var (
	nestingMessage = fmt.Sprintf("this is nested deeper than %d: put a part into a variable of its own", MaxNesting)
	depthMessage   = fmt.Sprintf("more than %d operators or calls one after the other: put a part into a variable of its own", MaxDepth)
)

// Parse reads a policy expression: @( expression ) or @{ statements }, from its @
// to its closing bracket. It returns the tree, or, if anything is wrong, no tree
// and what is wrong, in the order of the source; the first is exact, later ones
// may come of it.
func Parse(source string) (*Tree, []*Error) {
	if err := unreadable(source); err != nil {
		return nil, []*Error{err}
	}
	var p parser
	lex := lexer{src: source[:len(source)-1], at: 2, errs: &p.errs}
	lex.run()
	p.src, p.tokens, p.numbers = source, lex.tokens, lex.numbers
	p.failedAt, p.throwAt, p.end = none, none, 2

	tree := &Tree{Source: source}
	if source[1] == '(' {
		tree.Expr = p.wholeExpression()
	} else {
		tree.Block = p.wholeBlock()
	}
	if errs := p.errs.sorted(); len(errs) > 0 {
		return nil, errs
	}
	if err := tree.number(); err != nil {
		return nil, []*Error{err}
	}
	return tree, nil
}

// unreadable is why source is no policy expression at all, or nil.
func unreadable(source string) *Error {
	whole := Span{0, len(source)}
	switch {
	case len(source) > MaxSource:
		return &Error{whole, "", fmt.Sprintf("this expression has %d bytes; the most are %d", len(source), MaxSource)}
	case strings.HasPrefix(source, "@(") && strings.HasSuffix(source, ")"), strings.HasPrefix(source, "@{") && strings.HasSuffix(source, "}"):
	default:
		return &Error{whole, "", "a policy expression is @( ) around an expression or @{ } around statements"}
	}
	if !utf8.ValidString(source) {
		i := 0
		for _, r := range source {
			if r == utf8.RuneError && !strings.HasPrefix(source[i:], "\ufffd") {
				break
			}
			i += utf8.RuneLen(r)
		}
		return &Error{Span{i, i + 1}, "", "this byte is not UTF-8 text"}
	}
	return nil
}

// none is the position of no token.
const none = -1

// parser makes the tree of tokens. After an error it sees the end of the source
// until the statement that the error is in has returned: so nothing else is read
// and nothing else complained of, and no function of the parser need look for
// errors. resume goes on behind.
type parser struct {
	src     string
	tokens  []token
	numbers []Literal
	pos     int // the token that is next
	end     int // where the last token read ends
	errs    errorList

	failedAt int  // the token at which something failed, or none
	stopped  bool // nothing more is to be read
	nesting  int
	throwAt  int  // the token that may begin a throw expression
	inQuery  bool // so that the words of a query are keywords
	inSwitch bool // so that case and default end the statements

	angles map[int]scanned // what scanTypeArgs found, by the token of the <
	parens map[int]scanned // what scanTuple found, by the token of the (
}

func (p *parser) kind() kind { return p.tokens[p.pos].kind }

// peek is the kind of the token n places on.
func (p *parser) peek(n int) kind {
	return p.ahead(n).kind
}

// ahead is the token n places on.
func (p *parser) ahead(n int) *token {
	return &p.tokens[min(p.pos+n, len(p.tokens)-1)]
}

func (p *parser) token() *token { return &p.tokens[p.pos] }

// start is where the next token begins.
func (p *parser) start() int { return int(p.tokens[p.pos].start) }

// from is the place of what begins at start and ends with the last token read.
func (p *parser) from(start int) At {
	return At{span: Span{start, max(start, p.end)}}
}

// next reads a token.
func (p *parser) next() *token {
	t := &p.tokens[p.pos]
	if t.kind != tEOF {
		p.end = int(t.end)
		p.pos++
	}
	return t
}

// accept reads a token if it is of that kind.
func (p *parser) accept(k kind) bool {
	if p.kind() != k {
		return false
	}
	p.next()
	return true
}

// expect reads a token of that kind, or fails.
func (p *parser) expect(k kind) {
	if p.accept(k) {
		return
	}
	code := "CS1003"
	switch k {
	case tSemicolon:
		code = "CS1002"
	case tRightParen:
		code = "CS1026"
	case tLeftBrace:
		code = "CS1514"
	case tRightBrace:
		code = "CS1513"
	}
	p.fail(p.missing(), code, fmt.Sprintf("%q is missing before %s", spelling[k], p.describe(p.token())))
}

// missing is the place of a token that should be here: that of the next one, or,
// if that is on another line, the end of the last one.
func (p *parser) missing() Span {
	t := p.token()
	if p.end <= int(t.start) && strings.ContainsAny(p.src[p.end:t.start], "\r\n") {
		return Span{p.end, p.end}
	}
	return t.span()
}

// describe names a token for a message.
func (p *parser) describe(t *token) string {
	switch t.kind {
	case tEOF:
		return "the end"
	case tString, tInterpolated, tText, tInterpolatedEnd:
		return "a string"
	case tFormat:
		return `":"`
	case tHoleEnd:
		return `"}"`
	}
	return fmt.Sprintf("%q", p.src[t.start:t.end])
}

// complain notes an error and goes on.
func (p *parser) complain(span Span, code, message string) {
	if p.failedAt == none && !p.stopped {
		p.errs.add(span, code, message)
	}
}

// fail notes an error, and nothing more is read of the statement.
func (p *parser) fail(span Span, code, message string) {
	if p.kind() != tBad { // of which the lexer has complained
		p.complain(span, code, message)
	}
	if p.failedAt == none {
		p.failedAt = p.pos
	}
	p.pos = len(p.tokens) - 1
}

// resume goes on after the statement that began with token from, if something
// failed in it: behind its semicolon, behind a block, or before the brace that
// closes the block around it.
func (p *parser) resume(from int) {
	if p.failedAt == none || p.stopped {
		return
	}
	for i := from; ; i++ {
		t := &p.tokens[i]
		failed := i >= p.failedAt
		i = p.closing(i)
		switch {
		case i < p.failedAt:
		case failed && (t.kind == tEOF || t.kind == tRightBrace):
			p.resumeAt(i)
			return
		case t.kind == tSemicolon || t.kind == tLeftBrace:
			p.resumeAt(i + 1)
			return
		}
	}
}

// resumeAt goes on with token i.
func (p *parser) resumeAt(i int) {
	if p.errs.full() {
		p.stop()
		return
	}
	p.failedAt, p.pos = none, i
}

// closing is the token that closes the bracket that token i opens; i itself if it
// opens none, or none is closed.
func (p *parser) closing(i int) int {
	switch t := &p.tokens[i]; t.kind {
	case tLeftParen, tLeftBracket, tLeftBrace, tHole:
		return max(i, int(t.value))
	}
	return i
}

// stop ends the parse: nothing more is read.
func (p *parser) stop() {
	p.stopped = true
	p.pos = len(p.tokens) - 1
}

// enter goes one level deeper; false if that is too deep.
func (p *parser) enter() bool {
	p.nesting++
	if p.nesting > MaxNesting {
		p.complain(p.token().span(), "", nestingMessage)
		p.stop()
		return false
	}
	return true
}

func (p *parser) leave() { p.nesting-- }

// nothing stands where an expression is missing.
func (p *parser) nothing() Expr { return &Name{At: p.from(p.start())} }

// wholeExpression reads the inside of @( ).
func (p *parser) wholeExpression() Expr {
	x := p.expression()
	switch t := p.token(); t.kind {
	case tEOF:
	case tSemicolon:
		p.fail(t.span(), "CS1026", "no semicolon ends the expression in @( ); statements stand in @{ }")
	case tRightParen, tRightBracket, tRightBrace:
		p.fail(t.span(), "CS1026", fmt.Sprintf("this %s closes nothing", p.describe(t)))
	default:
		p.fail(t.span(), "CS1026", fmt.Sprintf("%s does not continue the expression before it; an operator, a comma or a bracket is missing", p.describe(t)))
	}
	return x
}

// wholeBlock reads the inside of @{ }. Its block has the braces.
func (p *parser) wholeBlock() *Block {
	b := &Block{At: At{span: Span{1, len(p.src)}}}
	b.Stmts = p.statements()
	for p.kind() == tRightBrace {
		p.complain(p.token().span(), "CS1022", `this "}" closes nothing`)
		p.next()
		b.Stmts = append(b.Stmts, p.statements()...)
	}
	return b
}

// isIdentifier reports whether t is one here: in a query its words are keywords.
func (p *parser) isIdentifier(t *token) bool {
	return t.kind == tIdent && !(p.inQuery && t.plain && isQueryWord(t.text))
}

// identifier reads an identifier, or fails.
func (p *parser) identifier() string {
	t := p.token()
	if p.isIdentifier(t) {
		p.next()
		return t.text
	}
	switch {
	case t.kind.isKeyword():
		p.fail(t.span(), "CS1001", fmt.Sprintf("a name is expected here, and %q is a keyword of C#; @%[1]s is a name", t.text))
	case t.kind == tIdent:
		p.fail(t.span(), "CS1001", fmt.Sprintf("a name is expected here, and %q is a word of the query around it; @%[1]s is a name", t.text))
	default:
		p.fail(p.missing(), "CS1001", fmt.Sprintf("a name is missing before %s", p.describe(t)))
	}
	return ""
}
