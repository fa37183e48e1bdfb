package syntax

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (p printer) literal(l *Literal) string {
	switch v := l.Value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case uint16:
		return quote([]uint16{v}, '\'')
	case int32:
		return fmt.Sprint(v)
	case uint32:
		return fmt.Sprint(v, "u")
	case int64:
		return fmt.Sprint(v, "L")
	case uint64:
		return fmt.Sprint(v, "UL")
	case string:
		if l.Kind == DecimalLiteral {
			return v + "m"
		}
		return quoteText(v)
	case float32, float64:
		return fmt.Sprintf("%g%c", v, map[LiteralKind]rune{FloatLiteral: 'f', DoubleLiteral: 'd'}[l.Kind])
	}
	return fmt.Sprintf("!%T", l.Value)
}

// quoteText writes a text in WTF-8 by its UTF-16 units.
func quoteText(s string) string {
	var text []uint16
	for s != "" {
		if u := unit(s); u >= 0xd800 && u < 0xe000 && s[0] == 0xed {
			text = append(text, u)
			s = s[3:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		text = utf16.AppendRune(text, r)
		s = s[n:]
	}
	return quote(text, '"')
}

func quote(units []uint16, q byte) string {
	b := []byte{q}
	for _, u := range units {
		switch {
		case u == uint16(q) || u == '\\':
			b = append(b, '\\', byte(u))
		case u >= ' ' && u < 127:
			b = append(b, byte(u))
		default:
			b = fmt.Appendf(b, "\\u%04x", u)
		}
	}
	return string(append(b, q))
}
