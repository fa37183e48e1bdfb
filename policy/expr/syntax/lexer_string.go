package syntax

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a regular string: it ends on its line and knows escapes.
func (l *lexer) string() {
	start := l.at
	if strings.HasPrefix(l.src[start:], `"""`) {
		l.rawString(start)
		return
	}
	l.at++
	text := l.quoted('"')
	l.closeQuote(start, '"', "this string has no closing quotation mark on its line; one that spans lines begins with @\"")
	l.emitString(start, text)
}

// emitString makes a string token of what reaches from start to here.
func (l *lexer) emitString(start int, text string) {
	l.emit(tString, start).text = text
	if suffix := l.peek(0) | 0x20; suffix == 'u' && l.peek(1) == '8' && !isLetter(l.peek(2)) && !isDigit(l.peek(2)) {
		l.errs.add(Span{start, l.at + 2}, newerCode, newerMessage("a UTF-8 string literal"))
		l.at += 2
	}
}

// rawString passes over """...""", which C# 11 has.
func (l *lexer) rawString(start int) {
	l.at = start + len(l.src[start:]) - len(strings.TrimLeft(l.src[start:], `$@"`))
	quotes := strings.TrimLeft(l.src[start:l.at], "$@")
	if end := strings.Index(l.src[l.at:], quotes); end >= 0 {
		l.at += end + len(quotes)
	} else {
		l.at = l.lineEnd(l.at)
	}
	l.errs.add(Span{start, l.at}, newerCode, newerMessage("a raw string literal"))
	l.emit(tString, start)
}

// verbatimString reads @"...", where "" stands for a quotation mark and nothing
// else is special.
func (l *lexer) verbatimString() {
	start := l.at
	l.at += 2
	var text []byte
	for {
		end := strings.IndexByte(l.src[l.at:], '"')
		if end < 0 {
			l.unclosed(Span{start, start + 2}, "CS1039", "this verbatim string has no closing quotation mark")
			l.at = len(l.src)
			break
		}
		text = append(text, l.src[l.at:l.at+end]...)
		l.at += end + 1
		if l.peek(0) != '"' {
			break
		}
		text = append(text, '"')
		l.at++
	}
	l.emitString(start, string(text))
}

// char reads a character literal; its text is one UTF-16 unit.
func (l *lexer) char() {
	start := l.at
	before := len(l.errs.list)
	l.at++
	text := l.quoted('\'')
	l.closeQuote(start, '\'', "this character has no closing ' on its line")
	switch n := units(text); {
	case !l.errs.clean(before):
	case n == 0:
		l.errs.add(Span{start, l.at}, "CS1011", "between the quotes of a character stands one character")
	case n > 1:
		l.errs.add(Span{start, l.at}, "CS1012", "this is more than one character (a UTF-16 unit); a string stands in \" \"")
	}
	l.emit(tChar, start).text = text
}

// quoted reads up to quote or the end of the line, and decodes the escapes.
func (l *lexer) quoted(quote byte) string {
	start := l.at
	var text []byte // nil as long as it is what is written
	for l.at < len(l.src) {
		c := l.src[l.at]
		if c == quote {
			break
		}
		if c == '\\' {
			if text == nil {
				text = append(make([]byte, 0, l.at-start+32), l.src[start:l.at]...)
			}
			text = l.escape(text)
			continue
		}
		n := 1
		if c == '\n' || c == '\r' {
			break
		}
		if c >= utf8.RuneSelf {
			var r rune
			if r, n = utf8.DecodeRuneInString(l.src[l.at:]); isNewline(r) {
				break
			}
		}
		if text != nil {
			text = append(text, l.src[l.at:l.at+n]...)
		}
		l.at += n
	}
	if text == nil {
		return l.src[start:l.at]
	}
	return string(text)
}

// closeQuote reads the quote that closes what began at start.
func (l *lexer) closeQuote(start int, quote byte, missing string) {
	if l.peek(0) == quote {
		l.at++
		return
	}
	l.unclosed(Span{start, start + 1}, "CS1010", missing)
}

// unclosed complains of a string that is not closed. After the first such the
// quotation marks are out of step, and nothing more is said of them.
func (l *lexer) unclosed(span Span, code, message string) {
	if l.broken == nil && !l.errs.full() {
		l.errs.add(span, code, message)
		l.broken = l.errs.list[len(l.errs.list)-1]
	}
}

// simpleEscapes are the escapes of one character.
var simpleEscapes = [128]string{
	'\'': "'", '"': `"`, '\\': `\`, '0': "\x00", 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// escape reads the escape here and appends what it stands for.
func (l *lexer) escape(text []byte) []byte {
	start := l.at
	c := l.peek(1)
	l.at += 2
	least, most := 0, 0
	switch c {
	case 'x':
		least, most = 1, 4
	case 'u':
		least, most = 4, 4
	case 'U':
		least, most = 8, 8
	default:
		if c < utf8.RuneSelf && simpleEscapes[c] != "" {
			return append(text, simpleEscapes[c]...)
		}
		if c == '\n' || c == '\r' || c == 0 {
			l.at = min(start+1, len(l.src))
			return text // the string is not closed, which is said
		}
		_, n := utf8.DecodeRuneInString(l.src[start+1:])
		l.at = start + 1 + n
		l.badEscape(start, "a backslash itself is written \\\\")
		return text
	}
	v, n := hexDigits(l.src[l.at:], most)
	l.at += n
	switch {
	case n < least && c == 'x':
		l.badEscape(start, "\\x is followed by one to four hexadecimal digits")
	case n < least:
		l.badEscape(start, fmt.Sprintf("\\%c is followed by %d hexadecimal digits", c, most))
	case v > utf8.MaxRune:
		l.badEscape(start, "the last character of Unicode is \\U0010FFFF")
	case v > 0xffff:
		return utf8.AppendRune(text, rune(v))
	default:
		return appendUnit(text, uint16(v))
	}
	return text
}

func (l *lexer) badEscape(start int, right string) {
	l.errs.add(Span{start, l.at}, "CS1009", fmt.Sprintf("%s is no escape of C#: %s", l.src[start:l.at], right))
}

// hexDigits reads up to most hexadecimal digits: their value and how many.
func hexDigits(s string, most int) (v uint32, n int) {
	for n < most && n < len(s) && isDigitOf(s[n], 16) {
		d := s[n]
		switch {
		case isDigit(d):
			d -= '0'
		default:
			d = d | 0x20 - 'a' + 10
		}
		v = v<<4 | uint32(d)
		n++
	}
	return v, n
}

// appendUnit appends a UTF-16 unit to a text in WTF-8: a surrogate takes three
// bytes, a pair of them becomes the one character that it stands for.
func appendUnit(text []byte, u uint16) []byte {
	if !utf16.IsSurrogate(rune(u)) {
		return utf8.AppendRune(text, rune(u))
	}
	if n := len(text); u >= 0xdc00 && n >= 3 && text[n-3] == 0xed && text[n-2] >= 0xa0 && text[n-2] < 0xb0 {
		high := rune(0xd000) | rune(text[n-2]&0x3f)<<6 | rune(text[n-1]&0x3f)
		return utf8.AppendRune(text[:n-3], utf16.DecodeRune(high, rune(u)))
	}
	return append(text, 0xed, 0x80|byte(u>>6)&0x3f, 0x80|byte(u)&0x3f)
}

// units is how many UTF-16 units a text in WTF-8 has.
func units(text string) int {
	n := 0
	for i := range len(text) {
		switch b := text[i]; {
		case b >= 0xf0:
			n += 2
		case b < 0x80 || b >= 0xc0:
			n++
		}
	}
	return n
}

// unit is the first UTF-16 unit of a text in WTF-8, 0 of none.
func unit(text string) uint16 {
	if len(text) >= 3 && text[0] == 0xed {
		return 0xd000 | uint16(text[1]&0x3f)<<6 | uint16(text[2]&0x3f)
	}
	if text == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(text)
	return uint16(r)
}
