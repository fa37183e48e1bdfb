package dotnet

import (
	"strconv"
	"strings"
)

// ECMAScript's classes in .NET.
const (
	ecmaWord  = `0-9A-Z_a-z\u0130` + string(dottedI)
	ecmaSpace = `\u0009-\u000D\u0020`
	ecmaDigit = `0-9`
)

// wordClass is \w as a class; the engine's own has the joiners, too.
const wordClass = `0-9A-Z_a-z\p{L}\p{Mn}\p{Nd}\p{Pc}`

// readBackslash reads what follows a backslash, outside of a class.
func (r *regexReader) readBackslash() {
	if r.left() == 0 {
		r.fail(`Illegal \\ at end of pattern.`)
	}
	start := r.pos - 1
	ecma := r.has(RegexECMAScript)
	switch c := r.peek(0); c {
	case 'G':
		r.pos++
		if r.hasStart = true; r.noStart {
			r.replace(start, "(?!)")
		}
	case 'A', 'Z', 'z':
		r.pos++
	case 'b', 'B':
		r.pos++
		if ecma {
			is := "[" + ecmaWord + "]"
			boundary := "(?:(?<=" + is + ")(?!" + is + ")|(?<!" + is + ")(?=" + is + "))"
			if c == 'B' {
				boundary = "(?!" + boundary + ")"
			}
			r.replace(start, boundary)
		}
	case 'w', 'W', 's', 'S', 'd', 'D':
		r.pos++
		r.replace(start, shorthand(c, ecma))
	case 'p', 'P':
		r.pos++
		if r.scanOnly {
			return
		}
		class := &regexClass{ignoreCase: r.has(RegexIgnoreCase)}
		class.addProperty(r, c == 'P')
		r.replace(start, class.write())
	default:
		r.readReference(start)
	}
}

// shorthand is what stands for \w and its like.
func shorthand(c rune, ecma bool) string {
	if c >= 'a' && c != 'w' && !ecma {
		return `\` + string(c)
	}
	class := `\` + string(c|0x20)
	switch {
	case c|0x20 == 'w' && !ecma:
		class = wordClass
	case c|0x20 == 'w':
		class = ecmaWord
	case c|0x20 == 's' && ecma:
		class = ecmaSpace
	case ecma:
		class = ecmaDigit
	}
	if c < 'a' {
		return "[^" + class + "]"
	}
	return "[" + class + "]"
}

// readReference reads \1, \k<name>, \<name> and the same with apostrophes; what is
// none is an escaped character.
func (r *regexReader) readReference(start int) {
	back := r.pos
	closing := rune(0)
	switch c := r.peek(0); {
	case c == 'k':
		if r.left() >= 2 {
			r.pos++
			closing = closingOf(r.next())
		}
		if closing == 0 || r.left() == 0 {
			r.fail(`Malformed \\k<...> named back reference.`)
		}
	case closingOf(c) != 0 && r.left() > 1:
		closing = closingOf(c)
		r.pos++
	}
	switch c := r.peek(0); {
	case closing != 0 && c >= '0' && c <= '9':
		number := r.readDecimal()
		if r.left() > 0 && r.next() == closing {
			r.refer(start, number)
			return
		}
	case closing == 0 && c >= '1' && c <= '9':
		if r.readNumberReference(start) {
			return
		}
	case closing != 0 && isRegexWord(c):
		name := r.readName()
		if r.left() > 0 && r.next() == closing {
			if _, ok := r.names[name]; !ok && !r.scanOnly {
				r.fail("Reference to undefined group name '%s'.", name)
			}
			r.replace(start, `\k<`+name+`>`)
			return
		}
	}
	r.pos = back
	c := r.readCharEscape()
	if c == 0x130 && r.folds {
		c = dottedI
	}
	r.replace(start, escapedUnit(c))
}

func closingOf(c rune) rune {
	switch c {
	case '<':
		return '>'
	case '\'':
		return '\''
	}
	return 0
}

// refer writes a reference to a group by number.
func (r *regexReader) refer(start, number int) {
	if !r.isSlot(number) && !r.scanOnly {
		r.fail("Reference to undefined group number %d.", number)
	}
	r.replace(start, `(?:\`+strconv.Itoa(number)+`)`)
}

// readNumberReference reads the digits of \1. ECMAScript takes as many as make the
// number of a group before.
func (r *regexReader) readNumberReference(start int) bool {
	if !r.has(RegexECMAScript) {
		number := r.readDecimal()
		switch {
		case r.scanOnly:
			return true
		case r.isSlot(number), number <= 9:
			r.refer(start, number)
			return true
		}
		return false
	}
	found, number, pos := -1, int(r.peek(0)-'0'), r.pos-1
	for number <= r.captop {
		if at, ok := r.slots[number]; ok && at < pos {
			found = number
		}
		r.pos++
		if r.left() == 0 || r.peek(0) < '0' || r.peek(0) > '9' {
			break
		}
		number = number*10 + int(r.peek(0)-'0')
	}
	if found >= 0 {
		r.refer(start, found)
	}
	return found >= 0
}

// readCharEscape reads the escape of a character, after the backslash.
func (r *regexReader) readCharEscape() rune {
	c := r.next()
	switch {
	case c >= '0' && c <= '7':
		r.pos--
		return r.readOctal()
	case c == 'x':
		return r.readHex(2)
	case c == 'u':
		return r.readHex(4)
	case c == 'c':
		return r.readControl()
	}
	if i := strings.IndexRune("abefnrtv", c); i >= 0 {
		return rune("\a\b\x1b\f\n\r\t\v"[i])
	}
	if !r.has(RegexECMAScript) && isRegexWord(c) {
		r.fail(`Unrecognized escape sequence \\%s.`, Char(c))
	}
	return c
}

// readOctal reads up to three digits.
func (r *regexReader) readOctal() rune {
	value := rune(0)
	for i := 0; i < 3 && r.left() > 0 && r.peek(0) >= '0' && r.peek(0) <= '7'; i++ {
		if value >= 0x20 && r.has(RegexECMAScript) {
			break
		}
		value = value*8 + r.next() - '0'
	}
	return value & 0xFF
}

// readHex reads a number of hexadecimal digits.
func (r *regexReader) readHex(digits int) rune {
	value := rune(0)
	if r.left() >= digits {
		for ; digits > 0; digits-- {
			c := r.next()
			if c >= 0x80 || hexValue(byte(c)) < 0 {
				break
			}
			value = value<<4 | rune(hexValue(byte(c)))
		}
	}
	if digits > 0 {
		r.fail("Insufficient hexadecimal digits.")
	}
	return value
}

func (r *regexReader) readControl() rune {
	if r.left() == 0 {
		r.fail("Missing control character.")
	}
	c := r.next()
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	if c -= '@'; c < 0 || c >= ' ' {
		r.fail("Unrecognized control character.")
	}
	return c
}
