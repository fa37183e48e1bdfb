package newtonsoft

import (
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// readText reads a text in quotes as a token: a text, or the date that it spells.
func (r *reader) readText() error {
	s, err := r.quoted()
	if err != nil {
		return err
	}
	if !r.keepDates {
		if d, ok, err := ParseDate(s); err != nil {
			return err
		} else if ok {
			return r.set(dateToken, d)
		}
	}
	return r.set(stringToken, s)
}

// quoted reads a text in single or double quotes.
func (r *reader) quoted() (string, error) {
	quote := r.text[r.at]
	r.at++
	var b strings.Builder
	for start := r.at; !r.end(); {
		switch c := r.text[r.at]; {
		case c == quote:
			s := r.text[start:r.at]
			r.at++
			if b.Len() == 0 {
				return s, nil
			}
			b.WriteString(s)
			return b.String(), nil
		case c == '\\':
			b.WriteString(r.text[start:r.at])
			r.at++
			if r.end() {
				continue
			}
			if err := r.escape(&b); err != nil {
				return "", err
			}
			start = r.at
		case !r.newline():
			r.at++
		}
	}
	return "", r.fail("Unterminated string. Expected delimiter: %c.", quote)
}

var escapes = map[byte]byte{'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '\\': '\\', '"': '"', '\'': '\'', '/': '/'}

// escape reads what follows a backslash.
func (r *reader) escape(b *strings.Builder) error {
	c := r.text[r.at]
	if plain, ok := escapes[c]; ok {
		r.at++
		b.WriteByte(plain)
		return nil
	}
	if c != 'u' {
		escaped := r.here()
		r.at += len(escaped)
		return r.fail("Bad JSON escape sequence: \\%s.", escaped)
	}
	r.at++
	unit, err := r.hex4()
	if err != nil {
		return err
	}
	// A surrogate without its other half becomes U+FFFD.
	for isHigh(unit) && len(r.rest()) > 2 && strings.HasPrefix(r.rest(), `\u`) {
		r.at += 2
		next, err := r.hex4()
		if err != nil {
			return err
		}
		if isLow(next) {
			b.WriteString(dotnet.FromUnits([]uint16{unit, next}))
			return nil
		}
		b.WriteRune('\uFFFD')
		unit = next
		if isHigh(unit) {
			continue
		}
		break
	}
	if isHigh(unit) || isLow(unit) {
		unit = 0xFFFD
	}
	b.WriteRune(rune(unit))
	return nil
}

func isHigh(unit uint16) bool { return unit >= 0xD800 && unit < 0xDC00 }
func isLow(unit uint16) bool  { return unit >= 0xDC00 && unit < 0xE000 }

// hex4 reads four hexadecimal digits, which cannot be the last of the text.
func (r *reader) hex4() (uint16, error) {
	if len(r.rest()) < 5 || dotnet.Length(r.rest()[:min(16, len(r.rest()))]) < 5 {
		return 0, r.fail("Unexpected end while parsing Unicode escape sequence.")
	}
	digits := r.rest()[:4]
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil || strings.Contains(digits, "_") {
		return 0, r.fail("Invalid Unicode escape sequence: \\u%s.", dotnet.FromUnits(dotnet.Units(r.rest()[:min(16, len(r.rest()))])[:4]))
	}
	r.at += 4
	return uint16(n), nil
}
