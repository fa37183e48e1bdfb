package policy

import (
	"fmt"
	"strings"
)

// expressionEnd finds where the policy expression that begins at text[0] == '@'
// ends: the offset after its closing bracket. It knows just enough C# to balance
// brackets: strings in all forms, characters and comments are passed over.
//
// decode says that XML entities stand for characters here, as they do in a
// well-formed attribute: then &quot; opens a string.
//
// An error is a fault with the offset where it starts.
func expressionEnd(text string, decode bool) (int, *fault) {
	s := csharpScanner{text: text, decode: decode, at: 1}
	return s.balanced()
}

// fault is something unreadable: where, and a sentence.
type fault struct {
	at      int
	message string
}

type csharpScanner struct {
	text     string
	decode   bool
	at       int
	depth    int    // of interpolated strings in each other
	literals []span // of the strings passed over, quotes included
}

// maxStringDepth is how deep interpolated strings may stand in each other.
const maxStringDepth = 20

// beginsExpression reports whether text begins as a policy expression does.
func beginsExpression(text string) bool {
	return strings.HasPrefix(text, "@(") || strings.HasPrefix(text, "@{")
}

// stringLiterals are the places of the string literals in an expression that
// expressionEnd accepts; an interpolated string is one with all it holds.
func stringLiterals(text string) []span {
	s := csharpScanner{text: text, at: 1}
	s.balanced()
	return s.literals
}

// peek is the character at the scanner and its length in the text; 0 at the end.
func (s *csharpScanner) peek() (byte, int) {
	if s.at >= len(s.text) {
		return 0, 0
	}
	c := s.text[s.at]
	if c == '&' && s.decode {
		if r, n := entity(s.text[s.at:]); n > 0 && len(r) == 1 {
			return r[0], n
		}
	}
	return c, 1
}

// next reads one character.
func (s *csharpScanner) next() byte {
	c, n := s.peek()
	s.at += n
	return c
}

// accept reads c if it is next.
func (s *csharpScanner) accept(c byte) bool {
	if p, n := s.peek(); p == c && n > 0 {
		s.at += n
		return true
	}
	return false
}

var closing = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// balanced reads from an opening bracket to after the one that closes it.
func (s *csharpScanner) balanced() (int, *fault) {
	type bracket struct {
		open byte
		at   int
	}
	var stack []bracket
	for {
		start := s.at
		c := s.next()
		switch c {
		case 0:
			if len(stack) == 0 {
				return 0, &fault{0, "an expression begins with @( or @{"}
			}
			b := stack[len(stack)-1]
			return 0, &fault{b.at, `this "` + string(b.open) + `" of an expression has no closing "` + string(closing[b.open]) + `"`}
		case '(', '[', '{':
			stack = append(stack, bracket{c, start})
		case ')', ']', '}':
			if b := stack[len(stack)-1]; closing[b.open] != c {
				return 0, &fault{start, `"` + string(c) + `" closes nothing here: the open bracket is "` + string(b.open) + `"`}
			}
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return s.at, nil
			}
		case '"', '\'', '@', '$', '/':
			known := len(s.literals)
			if f := s.token(c, start); f != nil {
				return 0, f
			}
			if c != '/' && s.at > start+1 {
				s.literals = append(s.literals[:known], span{start, s.at})
			}
		}
	}
}

// token passes over the string, character or comment that c, read at start,
// may begin.
func (s *csharpScanner) token(c byte, start int) *fault {
	switch c {
	case '/':
		if s.accept('/') {
			for {
				if c, n := s.peek(); n == 0 || c == '\n' {
					return nil
				}
				s.next()
			}
		}
		if s.accept('*') {
			end := strings.Index(s.text[s.at:], "*/")
			if end < 0 {
				return &fault{start, "this comment of an expression has no closing */"}
			}
			s.at += end + 2
		}
	case '"':
		return s.regularString(start, '"')
	case '\'':
		return s.regularString(start, '\'')
	case '@':
		if s.accept('"') {
			return s.verbatimString(start)
		}
		if s.accept('$') && s.accept('"') {
			return s.interpolatedString(start, true)
		}
	case '$':
		verbatim := s.accept('@')
		if s.accept('"') {
			return s.interpolatedString(start, verbatim)
		}
	}
	return nil
}

func (s *csharpScanner) regularString(start int, quote byte) *fault {
	for {
		switch c := s.next(); c {
		case quote:
			return nil
		case '\\':
			s.next()
		case 0, '\n':
			if quote == '\'' {
				return &fault{start, "this character literal of an expression has no closing '"}
			}
			return &fault{start, `Unterminated string literal.  Strings that start with a quotation mark (") must be terminated before the end of the line.  However, strings that start with @ and a quotation mark (@") can span multiple lines.`}
		}
	}
}

func (s *csharpScanner) verbatimString(start int) *fault {
	for {
		switch s.next() {
		case 0:
			return &fault{start, `this verbatim string (@") of an expression has no closing quotation mark`}
		case '"':
			if !s.accept('"') {
				return nil
			}
		}
	}
}

func (s *csharpScanner) interpolatedString(start int, verbatim bool) *fault {
	if s.depth++; s.depth > maxStringDepth {
		return &fault{start, fmt.Sprintf("interpolated strings stand in each other deeper than %d here", maxStringDepth)}
	}
	defer func() { s.depth-- }()
	for {
		at := s.at
		switch c := s.next(); {
		case c == 0, c == '\n' && !verbatim:
			return &fault{start, `this interpolated string ($") of an expression has no closing quotation mark`}
		case c == '\\' && !verbatim:
			s.next()
		case c == '"':
			if !verbatim || !s.accept('"') {
				return nil
			}
		case c == '{' && !s.accept('{'):
			s.at = at
			if _, f := s.balanced(); f != nil {
				return f
			}
		}
	}
}
