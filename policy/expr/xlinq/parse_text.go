package xlinq

import (
	"strings"
	"unicode/utf8"
)

// text reads character data up to the next tag.
func (p *parser) text() error {
	var b strings.Builder
	from := p.at
	blank := true
	for p.at < len(p.s) && p.s[p.at] != '<' {
		switch {
		case p.s[p.at] == '&':
			b.WriteString(normalized(p.s[from:p.at]))
			s, err := p.reference()
			if err != nil {
				return err
			}
			b.WriteString(s)
			blank = blank && isBlank(s)
			from = p.at
			continue
		case p.has(p.at, "]]>"):
			return p.fail(p.at, "']]>' is not allowed in character data.")
		}
		r, size := decode(p.s[p.at:])
		if !isChar(r) {
			return p.badChar(p.at)
		}
		blank = blank && size == 1 && isSpace(p.s[p.at])
		p.at += size
	}
	b.WriteString(normalized(p.s[from:p.at]))
	switch {
	case !blank:
		p.emit(Event{Kind: TextNode, Value: b.String()})
	case p.preserve:
		p.emit(Event{Kind: SignificantWhitespaceNode, Value: b.String()})
	case p.whitespace:
		p.emit(Event{Kind: WhitespaceNode, Value: b.String()})
	}
	return nil
}

// numeric reads &#10; or &#xA;.
func (p *parser) numeric() (string, error) {
	kind, base, from := "decimal", 10, p.at+len("&#")
	if p.peek(from) == 'x' {
		kind, base, from = "hexadecimal", 16, from+1
	}
	value, i := 0, from
	for ; i < len(p.s); i++ {
		d := digit(p.s[i])
		if d >= base {
			break
		}
		if value = value*base + d; value > 1<<31-1 {
			return "", p.fail(i, "Invalid value of a character entity reference.")
		}
	}
	if i == from || p.peek(i) != ';' {
		return "", p.fail(i, "Invalid syntax for a "+kind+" numeric entity reference.")
	}
	if value > utf8.MaxRune {
		value = 0xDC00 + (value-0x10000)%0x400 // the half that .NET complains of
	}
	if !isChar(rune(value)) {
		return "", p.fail(from, badChar(encode(rune(value))))
	}
	p.at = i + 1
	return string(rune(value)), nil
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}

// encode is r as text, a surrogate in three bytes.
func encode(r rune) string {
	if isSurrogate(r) {
		return string([]byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6&0x3F), 0x80 | byte(r&0x3F)})
	}
	return string(r)
}
