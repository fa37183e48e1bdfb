package syntax

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// interpolation reads what begins with $, if it is a string.
func (l *lexer) interpolation() bool {
	rest := l.src[l.at:]
	switch {
	case strings.HasPrefix(strings.TrimLeft(rest, "$"), `"""`):
		l.rawString(l.at)
	case strings.HasPrefix(rest, `$"`):
		l.interpolated(2, false)
	case strings.HasPrefix(rest, `$@"`):
		l.interpolated(3, true)
	default:
		return false
	}
	return true
}

// interpolated reads an interpolated string, of which opening is the length of
// what precedes its text.
func (l *lexer) interpolated(opening int, verbatim bool) {
	start := l.at
	l.at += opening
	l.emit(tInterpolated, start)
	l.text(verbatim)
	closed := true
	for closed && l.peek(0) == '{' {
		if closed = l.hole(verbatim); closed {
			l.text(verbatim)
		}
	}
	switch {
	case l.peek(0) == '"':
		l.at++
	case !closed: // which is said of the hole
	case verbatim:
		l.unclosed(Span{start, start + opening}, "CS1039", "this interpolated string has no closing quotation mark")
	default:
		l.unclosed(Span{start, start + opening}, "CS1010", `this interpolated string has no closing quotation mark on its line; one that spans lines begins with $@"`)
	}
	l.emit(tInterpolatedEnd, l.at)
}

// text reads up to a hole or the end of the string, and makes a token of it
// unless it is empty.
func (l *lexer) text(verbatim bool) {
	start := l.at
	var text []byte
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '{' && l.peek(1) == '{', c == '}' && l.peek(1) == '}', c == '"' && verbatim && l.peek(1) == '"':
			text = append(text, c)
			l.at += 2
			continue
		case c == '}':
			l.errs.add(Span{l.at, l.at + 1}, "CS8086", "a } of an interpolated string's text is written }}")
			l.at++
			continue
		case c == '\\' && !verbatim:
			text = l.textEscape(text)
			continue
		}
		n, end := l.textEnd(verbatim)
		if end || c == '{' {
			break
		}
		text = append(text, l.src[l.at:l.at+n]...)
		l.at += n
	}
	if l.at > start {
		l.emit(tText, start).text = string(text)
	}
}

// textEnd reports whether the text of an interpolated string ends here, and else
// how long the character is.
func (l *lexer) textEnd(verbatim bool) (n int, end bool) {
	r, n := rune(l.src[l.at]), 1
	if r >= utf8.RuneSelf {
		r, n = utf8.DecodeRuneInString(l.src[l.at:])
	}
	return n, r == '"' || !verbatim && isNewline(r)
}

// textEscape reads an escape of a text or a format. Braces are doubled there,
// not escaped.
func (l *lexer) textEscape(text []byte) []byte {
	if c := l.peek(1); c == '{' || c == '}' {
		l.errs.add(Span{l.at, l.at + 2}, "CS8087", "a brace of an interpolated string is written twice, not with a backslash")
		l.at += 2
		return text
	}
	return l.escape(text)
}

// hole reads {...} of an interpolated string: the tokens of C# up to the brace
// that closes it, and the format, which begins at the first colon that stands in
// no bracket. False if no brace closes it.
func (l *lexer) hole(verbatim bool) (closed bool) {
	start, braces, errs, broken := l.at, l.braces, len(l.errs.list), l.broken
	l.at++
	l.bracket(l.emit(tHole, start))
	tokens, open := len(l.tokens), len(l.open)
	if l.depth++; l.depth > MaxNesting {
		l.errs.add(Span{start, l.at}, "", nestingMessage)
		l.at = len(l.src)
	}
	l.holeTokens(start, verbatim)
	if l.peek(0) == ':' {
		l.format(verbatim)
	}
	end := l.at
	if closed = l.peek(0) == '}'; closed {
		l.at++
	} else {
		l.tokens, l.open = l.tokens[:tokens], l.open[:open] // they may be the rest of the text
		l.emit(tBad, end)
		if broken == nil && l.broken != nil { // the quotation mark after the hole was taken for another string
			l.errs.list = slices.DeleteFunc(l.errs.list, func(e *Error) bool { return e == l.broken })
			l.broken = nil
		}
		if l.errs.clean(errs) {
			l.unclosedHole(start)
		}
	}
	l.bracket(l.emit(tHoleEnd, end))
	l.braces = braces
	l.depth--
	return closed
}

// holeTokens makes the tokens of the hole that began at start, up to its end or
// its format.
func (l *lexer) holeTokens(start int, verbatim bool) {
	inside := len(l.open)
	for l.at < len(l.src) && !l.errs.full() {
		c := l.src[l.at]
		switch {
		case c == '}' && l.braces == 0, c == ':' && len(l.open) == inside, !verbatim && (c == '\n' || c == '\r'):
			return
		case !verbatim && c == '/' && l.peek(1) == '/':
			l.errs.add(Span{l.at, l.at + 2}, "CS8077", "no // comment stands in an interpolated string on one line")
			l.at = l.lineEnd(l.at)
			return
		}
		from := l.at
		if l.step(); !verbatim && strings.ContainsAny(l.src[from:l.at], "\r\n") {
			l.unclosedHole(start)
		}
	}
}

func (l *lexer) unclosedHole(start int) {
	l.unclosed(Span{start, start + 1}, "CS8076", `this { of an interpolated string has no closing } on its line; a string that spans lines begins with $@"`)
}

// format reads the colon and what follows it up to the brace that closes the
// hole. Doubled braces stay doubled, as string.Format gets them.
func (l *lexer) format(verbatim bool) {
	start, before := l.at, len(l.errs.list)
	l.at++
	var text []byte
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == '{' && l.peek(1) == '{', c == '}' && l.peek(1) == '}':
			text = append(text, c, c)
			l.at += 2
			continue
		case c == '"' && verbatim && l.peek(1) == '"':
			text = append(text, c)
			l.at += 2
			continue
		case c == '{':
			l.errs.add(Span{l.at, l.at + 1}, "CS8086", "a { of a format is written {{")
			l.at++
			continue
		case c == '\\' && !verbatim:
			text = l.textEscape(text)
			continue
		}
		n, end := l.textEnd(verbatim)
		if end || c == '}' {
			break
		}
		text = append(text, l.src[l.at:l.at+n]...)
		l.at += n
	}
	t := l.emit(tFormat, start)
	t.text = string(text)
	switch {
	case !l.errs.clean(before):
	case t.text == "":
		l.errs.add(t.span(), "CS8089", "after the colon stands a format, such as N2")
	case strings.TrimRight(t.text, " \t\r\n") != t.text:
		l.errs.add(t.span(), "CS8088", "a format ends without white space")
	}
}
