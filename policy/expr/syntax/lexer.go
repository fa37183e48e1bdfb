package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer makes the tokens of src from at on.
type lexer struct {
	src     string
	at      int
	tokens  []token
	numbers []Literal // the values of number tokens
	errs    *errorList
	open    []int32 // the brackets that are open here, as indexes of tokens
	braces  int     // how many of them are { since the innermost hole began
	regions []Span  // the #region directives that are open here
	depth   int     // of holes in each other
	broken  *Error  // the first string that is not closed: after it nothing is what it seems
	fresh   bool    // nothing but white space since the line began
}

// run makes all tokens, the last of them tEOF.
func (l *lexer) run() {
	l.tokens = make([]token, 0, len(l.src)/4+2)
	l.fresh = true
	for l.at < len(l.src) && !l.errs.full() {
		l.step()
	}
	for _, r := range l.regions {
		l.errs.add(r, "CS1038", "this #region has no #endregion")
	}
	l.at = len(l.src)
	l.emit(tEOF, l.at)
}

// emit appends the token that reaches from start to here.
func (l *lexer) emit(k kind, start int) *token {
	l.tokens = append(l.tokens, token{kind: k, start: int32(start), end: int32(l.at)})
	l.fresh = false
	return &l.tokens[len(l.tokens)-1]
}

// peek is the byte n places on, 0 after the end.
func (l *lexer) peek(n int) byte {
	if l.at+n < len(l.src) {
		return l.src[l.at+n]
	}
	return 0
}

// step passes over white space, a comment or a directive, or makes one token; of
// an interpolated string it makes them all.
func (l *lexer) step() {
	switch c := l.src[l.at]; {
	case c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == 0x1a:
		l.at++
	case c == '\n' || c == '\r':
		l.at++
		l.fresh = true
	case isLetter(c):
		l.word()
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		l.number()
	case c == '"':
		l.string()
	case c == '\'':
		l.char()
	case c == '$' && l.interpolation():
	case c == '@':
		l.afterAt()
	case c == '/' && l.peek(1) == '/':
		l.at = l.lineEnd(l.at)
	case c == '/' && l.peek(1) == '*':
		l.blockComment()
	case c == '#':
		l.directive()
	case c >= utf8.RuneSelf || c == '\\':
		l.wide()
	default:
		l.punctuation(c)
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// isNewline reports whether r ends a line, a // comment and a string for C#.
func isNewline(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// lineEnd is where the line at from ends, before its newline.
func (l *lexer) lineEnd(from int) int {
	if i := strings.IndexFunc(l.src[from:], isNewline); i >= 0 {
		return from + i
	}
	return len(l.src)
}

func (l *lexer) blockComment() {
	start := l.at
	end := strings.Index(l.src[start+2:], "*/")
	if end < 0 {
		l.errs.add(Span{start, start + 2}, "CS1035", "this comment has no closing */")
		l.at = len(l.src)
		return
	}
	l.at = start + 2 + end + 2
}

// wide reads what begins with a character outside ASCII or an escape: white
// space, an identifier, or nothing that C# knows.
func (l *lexer) wide() {
	r, n := utf8.DecodeRuneInString(l.src[l.at:])
	switch {
	case isNewline(r):
		l.at += n
		l.fresh = true
	case unicode.Is(unicode.Zs, r) || r == '\ufeff':
		l.at += n
	default:
		if r, _ := l.identifierRune(l.at); isIdentifierStart(r) {
			l.identifier(l.at)
			return
		}
		l.bad(n)
	}
}

// bad complains of the n bytes here.
func (l *lexer) bad(n int) {
	start := l.at
	l.at += n
	l.errs.add(Span{start, l.at}, "CS1056", fmt.Sprintf("%q has no meaning in C#", l.src[start:l.at]))
	l.emit(tBad, start)
}

// word reads an identifier or keyword that begins with an ASCII letter.
func (l *lexer) word() {
	start, i := l.at, l.at+1
	for i < len(l.src) && (isLetter(l.src[i]) || isDigit(l.src[i])) {
		i++
	}
	if i < len(l.src) && (l.src[i] == '\\' || l.src[i] >= utf8.RuneSelf) {
		l.identifier(start)
		return
	}
	l.at = i
	text := l.src[start:i]
	k := tIdent
	if len(text) <= longestKeyword && (text[0] >= 'a' || text[0] == '_') {
		if known, ok := keywords[text]; ok {
			k = known
		}
	}
	t := l.emit(k, start)
	t.plain, t.text = true, text
}

// identifier reads one with characters outside ASCII, escapes or an @ before it:
// the @ is at start, what follows it here.
func (l *lexer) identifier(start int) {
	name := make([]byte, 0, 32)
	for l.at < len(l.src) {
		r, n := l.identifierRune(l.at)
		if !isIdentifierPart(r) {
			break
		}
		if !unicode.Is(unicode.Cf, r) { // formatting characters don't count
			name = utf8.AppendRune(name, r)
		}
		l.at += n
	}
	t := l.emit(tIdent, start)
	t.text = string(name)
	t.plain = l.src[start:l.at] == t.text
}

// identifierRune is the character of an identifier at i, which may be an escape,
// and its length in the source.
func (l *lexer) identifierRune(i int) (rune, int) {
	if l.src[i] == '\\' && i+1 < len(l.src) {
		digits := 0
		switch l.src[i+1] {
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		}
		if v, n := hexDigits(l.src[i+2:], digits); digits > 0 && n == digits {
			return rune(v), 2 + digits
		}
	}
	return utf8.DecodeRuneInString(l.src[i:])
}

func isIdentifierStart(r rune) bool {
	return r == '_' || r <= 0xffff && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)) && r != utf8.RuneError
}

func isIdentifierPart(r rune) bool {
	return isIdentifierStart(r) || r <= 0xffff && unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc, unicode.Cf)
}

// afterAt reads what begins with @: a verbatim string, or an identifier that may be
// spelled as a keyword is.
func (l *lexer) afterAt() {
	start := l.at
	switch c := l.peek(1); {
	case c == '"':
		l.verbatimString()
		return
	case c == '$' && l.peek(2) == '"':
		l.errs.add(Span{start, start + 3}, "CS8401", `@$" came with C# 8; APIM runs C# 7, where a verbatim interpolated string begins with $@"`)
		l.interpolated(3, true)
		return
	case c != 0:
		l.at++
		if r, _ := l.identifierRune(l.at); isIdentifierStart(r) {
			l.identifier(start)
			return
		}
	}
	l.at = start + 1
	l.errs.add(Span{start, l.at}, "CS1646", "after @ comes an identifier or a string")
	l.emit(tBad, start)
}

// directive reads a line that begins with #.
func (l *lexer) directive() {
	start := l.at
	if !l.fresh {
		l.at++
		l.errs.add(Span{start, l.at}, "CS1040", "# has no meaning here: a directive begins its line")
		l.emit(tBad, start)
		return
	}
	l.at = l.lineEnd(start)
	span := Span{start, l.at}
	line := strings.TrimLeft(l.src[start+1:l.at], " \t")
	name := line[:len(line)-len(strings.TrimLeft(line, "abcdefghijklmnopqrstuvwxyz"))]
	switch {
	case name == "region":
		l.regions = append(l.regions, span)
	case name == "endregion" && len(l.regions) > 0:
		l.regions = l.regions[:len(l.regions)-1]
	case name == "endregion":
		l.errs.add(span, "CS1028", "this #endregion has no #region")
	default:
		l.errs.add(span, "", fmt.Sprintf("%q is not supported: the only directives in a policy expression are #region and #endregion", "#"+name))
	}
}

// punctuations are the tokens of one to three characters, by their first
// character, the longer before the shorter.
var punctuations = [128][]struct {
	text string
	kind kind
}{
	'(': {{"(", tLeftParen}},
	')': {{")", tRightParen}},
	'[': {{"[", tLeftBracket}},
	']': {{"]", tRightBracket}},
	'{': {{"{", tLeftBrace}},
	'}': {{"}", tRightBrace}},
	',': {{",", tComma}},
	';': {{";", tSemicolon}},
	':': {{"::", tColonColon}, {":", tColon}},
	'.': {{"..", tDotDot}, {".", tDot}},
	'?': {{"??=", tQuestionQuestionEqual}, {"??", tQuestionQuestion}, {"?", tQuestion}},
	'~': {{"~", tTilde}},
	'!': {{"!=", tBangEqual}, {"!", tBang}},
	'=': {{"==", tEqualEqual}, {"=>", tFatArrow}, {"=", tEqual}},
	'+': {{"++", tPlusPlus}, {"+=", tPlusEqual}, {"+", tPlus}},
	'-': {{"--", tMinusMinus}, {"-=", tMinusEqual}, {"->", tArrow}, {"-", tMinus}},
	'*': {{"*=", tStarEqual}, {"*", tStar}},
	'/': {{"/=", tSlashEqual}, {"/", tSlash}},
	'%': {{"%=", tPercentEqual}, {"%", tPercent}},
	'&': {{"&&", tAmpAmp}, {"&=", tAmpEqual}, {"&", tAmp}},
	'|': {{"||", tBarBar}, {"|=", tBarEqual}, {"|", tBar}},
	'^': {{"^=", tCaretEqual}, {"^", tCaret}},
	'<': {{"<<=", tLessLessEqual}, {"<<", tLessLess}, {"<=", tLessEqual}, {"<", tLess}},
	'>': {{">=", tGreaterEqual}, {">", tGreater}},
}

func (l *lexer) punctuation(c byte) {
	start := l.at
	for _, p := range punctuations[c] {
		if strings.HasPrefix(l.src[start:], p.text) {
			l.at += len(p.text)
			l.bracket(l.emit(p.kind, start))
			return
		}
	}
	l.bad(1)
}

// bracket keeps account of the brackets that are open, and tells an opening one
// where it is closed. A } closes the innermost { whatever else is open; a ) or ]
// that does not fit is left to the parser.
func (l *lexer) bracket(t *token) {
	switch t.kind {
	case tLeftBrace:
		l.braces++
		l.opens(t)
	case tHole:
		l.braces = 0
		l.opens(t)
	case tLeftParen, tLeftBracket:
		l.opens(t)
	case tRightBrace:
		if l.braces > 0 {
			l.braces--
			l.closes(tLeftBrace)
		}
	case tHoleEnd:
		l.closes(tHole)
	case tRightParen:
		l.closesInnermost(tLeftParen)
	case tRightBracket:
		l.closesInnermost(tLeftBracket)
	}
}

func (l *lexer) opens(t *token) {
	t.value = -1
	l.open = append(l.open, int32(len(l.tokens)-1))
}

// closes makes the last token the end of the innermost open bracket of that
// kind; there is one.
func (l *lexer) closes(opener kind) {
	for {
		top := len(l.open) - 1
		t := &l.tokens[l.open[top]]
		l.open = l.open[:top]
		if t.kind == opener {
			t.value = int32(len(l.tokens) - 1)
			return
		}
	}
}

func (l *lexer) closesInnermost(opener kind) {
	if top := len(l.open) - 1; top >= 0 && l.tokens[l.open[top]].kind == opener {
		l.closes(opener)
	}
}
