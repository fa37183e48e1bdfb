package xpath

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// token kinds: an operator or punctuation is its own text.
type tokenKind uint8

const (
	end    tokenKind = iota
	symbol           // ( ) [ ] . .. @ , :: / // | + - = != < <= > >= * $
	number
	literal
	name // a name, with prefix
)

type token struct {
	kind        tokenKind
	text        string // of a literal, without its quotes
	prefix      string // of a name
	space       bool   // white space stands before it
	at          int
	call, axis  bool // a name that ( or :: follows
	valueNumber float64
}

// lexer reads tokens one by one.
type lexer struct {
	s     string
	at    int
	token token
}

// Exception is .NET's XPathException.
func exception(message string) error {
	return dotnet.NewException("System.Xml.XPath.XPathException", message)
}

func (l *lexer) invalid() error { return exception("'" + l.s + "' has an invalid token.") }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (l *lexer) peek(i int) byte {
	if i < len(l.s) {
		return l.s[i]
	}
	return 0
}

// symbols are the longest first.
var symbols = []string{"..", "//", "::", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">", "*", "$"}

// next reads the next token.
func (l *lexer) next() error {
	from := l.at
	for isSpace(l.peek(l.at)) {
		l.at++
	}
	t := token{at: l.at, space: l.at > from}
	rest := l.s[l.at:]
	switch c := l.peek(l.at); {
	case rest == "":
	case c == '"' || c == '\'':
		length := strings.IndexByte(rest[1:], c)
		if length < 0 {
			return exception("This is an unclosed string.")
		}
		t.kind, t.text = literal, rest[1:1+length]
		l.at += length + 2
	case isDigit(c) || c == '.' && isDigit(l.peek(l.at+1)):
		t.kind = number
		for isDigit(l.peek(l.at)) {
			l.at++
		}
		if l.peek(l.at) == '.' {
			for l.at++; isDigit(l.peek(l.at)); {
				l.at++
			}
		}
		t.text = l.s[t.at:l.at]
		t.valueNumber = toNumber(t.text)
	default:
		for _, s := range symbols {
			if strings.HasPrefix(rest, s) {
				t.kind, t.text = symbol, s
				l.at += len(s)
				break
			}
		}
		if t.kind == symbol {
			break
		}
		t.text = ncName(rest)
		if t.text == "" {
			return l.invalid()
		}
		t.kind = name
		l.at += len(t.text)
		l.readName(&t)
	}
	l.token = t
	return nil
}

// readName reads what belongs to a name: the part after a colon, and what follows.
func (l *lexer) readName(t *token) {
	if l.peek(l.at) == ':' && l.peek(l.at+1) != ':' {
		if l.peek(l.at+1) == '*' {
			t.prefix, t.text = t.text, "*"
			l.at += 2
		} else if local := ncName(l.s[l.at+1:]); local != "" {
			t.prefix, t.text = t.text, local
			l.at += 1 + len(local)
		}
	}
	i := l.at
	for isSpace(l.peek(i)) {
		i++
	}
	t.call = l.peek(i) == '('
	t.axis = strings.HasPrefix(l.s[i:], "::")
}

// ncName is the name without colon that s begins with.
func ncName(s string) string {
	for i, r := range s {
		letter := r == '_' || unicode.IsLetter(r)
		if i == 0 && !letter || !letter && r != '-' && r != '.' && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r != 0xB7 || r == utf8.RuneError {
			return s[:i]
		}
	}
	return s
}
