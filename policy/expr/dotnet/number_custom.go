package dotnet

import "strings"

// A customLayout is what a section of a custom format says before any digit is
// written.
type customLayout struct {
	digits     int // placeholders: 0 and #
	point      int // placeholders before the point
	firstZero  int // places before the point that are written even if zero
	lastZero   int // places after it, as a negative number
	scaleBy    int // power of ten by which %, ‰ and scaling commas multiply
	groups     bool
	scientific bool
}

// custom formats by a custom format string.
func (n *number) custom(format string) []byte {
	section := 0
	switch {
	case len(n.digits) == 0:
		section = 2
	case n.negative:
		section = 1
	}
	text, first := customSection(format, section)
	var layout customLayout
	for {
		layout = readLayout(text)
		if len(n.digits) == 0 {
			n.becomeZero()
			break
		}
		n.scale += layout.scaleBy
		if layout.scientific {
			n.round(layout.digits)
		} else {
			n.round(n.scale + layout.digits - layout.point)
		}
		if len(n.digits) > 0 {
			break
		}
		// What became zero by rounding goes by the section for zero.
		zero, isFirst := customSection(format, 2)
		if zero == text && isFirst == first {
			break
		}
		text, first = zero, isFirst
	}
	out := n.appendCustom(nil, text, &layout)
	if n.negative && first && (n.scale != 0 || len(out) > 0) {
		out = append([]byte{'-'}, out...)
	}
	return out
}

// customSection finds a section: 0 for positive numbers, 1 for negative ones, 2
// for zero. Where there is none or an empty one it is the first.
func customSection(format string, section int) (text string, first bool) {
	rest := format
	for n := 0; ; n++ {
		end := sectionEnd(rest)
		if n == section && (n == 0 || end > 0) {
			return rest[:end], n == 0
		}
		if n == section || end == len(rest) {
			return format[:sectionEnd(format)], true
		}
		rest = rest[end+1:]
	}
}

// sectionEnd is the index of the first semicolon outside quotes, or the length.
func sectionEnd(format string) int {
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case ';':
			return i
		case '\\':
			i++
		case '\'', '"':
			i = quoteEnd(format, i)
		}
	}
	return len(format)
}

// quoteEnd is the index of the quote that closes the one at i, or the length.
func quoteEnd(format string, i int) int {
	if n := strings.IndexByte(format[i+1:], format[i]); n >= 0 {
		return i + 1 + n
	}
	return len(format)
}

func readLayout(format string) customLayout {
	const none = -1
	l := customLayout{point: none}
	firstZero, lastZero := none, 0
	comma, commas := none, 0 // placeholders before the last comma; commas there
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '#':
			l.digits++
		case '0':
			if firstZero == none {
				firstZero = l.digits
			}
			l.digits++
			lastZero = l.digits
		case '.':
			if l.point == none {
				l.point = l.digits
			}
		case ',':
			if l.digits > 0 && l.point == none {
				if comma == l.digits {
					commas++
					continue
				}
				l.groups = l.groups || comma != none
				comma, commas = l.digits, 1
			}
		case '%':
			l.scaleBy += 2
		case '\'', '"':
			i = quoteEnd(format, i)
		case '\\':
			i++
		case 'E', 'e':
			if n := exponentLength(format[i+1:]); n > 0 {
				i += n
				l.scientific = true
			}
		default:
			if strings.HasPrefix(format[i:], permilleSymbol) {
				l.scaleBy += 3
			}
		}
	}
	if l.point == none {
		l.point = l.digits
	}
	if comma == l.point { // directly before the point: scaling
		l.scaleBy -= 3 * commas
	} else if comma != none {
		l.groups = true
	}
	if firstZero != none {
		l.firstZero = max(l.point-firstZero, 0)
	}
	l.lastZero = min(l.point-lastZero, 0)
	return l
}

// exponentLength is the length of what follows an E that asks for an exponent:
// an optional sign and zeros; 0 if it does not.
func exponentLength(s string) int {
	n := 0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		n = 1
	}
	zeros := len(s[n:]) - len(strings.TrimLeft(s[n:], "0"))
	if zeros == 0 {
		return 0
	}
	return n + zeros
}

// appendCustom writes the rounded number into a section.
func (n *number) appendCustom(out []byte, format string, l *customLayout) []byte {
	next := 0        // the next digit
	place := l.point // places before the point still to write; negative after it
	surplus := 0     // digits more than placeholders before the point
	scientific := l.scientific
	if !scientific {
		place = max(n.scale, l.point)
		surplus = n.scale - l.point
	}
	pointWritten := false
	write := func(digit byte) {
		out = append(out, digit)
		if l.groups && place > 1 && (place-1)%3 == 0 {
			out = append(out, ',')
		}
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c == '#' || c == '0' || c == '.' {
			for ; surplus > 0; surplus-- { // the first placeholder takes them all
				write(n.digit(next))
				next++
				place--
			}
		}
		switch c {
		case '#', '0':
			switch {
			case surplus < 0: // more placeholders than digits
				surplus++
				if place <= l.firstZero {
					write('0')
				}
			case next < len(n.digits):
				write(n.digits[next])
				next++
			case place > l.lastZero:
				write('0')
			}
			place--
		case '.':
			if place == 0 && !pointWritten && (l.lastZero < 0 || l.point < l.digits && next < len(n.digits)) {
				out = append(out, '.')
				pointWritten = true
			}
		case ',':
		case '\'', '"':
			end := quoteEnd(format, i)
			out = append(out, format[i+1:end]...)
			i = end
		case '\\':
			if i+1 < len(format) {
				i++
				out = append(out, format[i])
			}
		case 'E', 'e':
			length := exponentLength(format[i+1:])
			if length == 0 {
				out = append(out, c)
				break
			}
			spec := format[i+1 : i+1+length]
			i += length
			if !scientific { // only the first one is filled in
				out = append(append(out, c), spec...)
				break
			}
			scientific = false
			exponent := 0
			if len(n.digits) > 0 {
				exponent = n.scale - l.point
			}
			zeros := len(strings.TrimLeft(spec, "+-"))
			out = appendExponent(out, exponent, c, min(zeros, 10), spec[0] == '+')
		default:
			out = append(out, c)
		}
	}
	return out
}
