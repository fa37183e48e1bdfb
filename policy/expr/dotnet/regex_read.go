package dotnet

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
)

// A pattern is read here as .NET Core 3.1 reads it, and written anew for the
// engine, regexp2, which is made after .NET's but reads some things in another
// way: what \w and the categories hold, classes of several negated categories,
// ECMAScript, and syntax of other languages that .NET has not. .NET matches
// UTF-16 units; the engine is given units for characters, so that pairs are
// written as two escapes.

// regexReader reads a pattern. It goes through it twice, as .NET does: first to
// find the groups, then in full.
type regexReader struct {
	pattern string
	units   []rune
	pos     int

	options     RegexOptions
	optionStack []RegexOptions
	scanOnly    bool           // the first time through
	skipCapture bool           // the next group is a condition
	folds       bool           // case is ignored somewhere
	hasStart    bool           // there is a \G
	noStart     bool           // \G cannot match
	slots       map[int]int    // the groups' numbers, and where they stand
	names       map[string]int // the groups' names
	nameOrder   []string
	autocap     int // the next number
	captop      int // above all numbers

	out    strings.Builder
	copied int // how far the pattern is in out
	groups []regexGroup
	unit   bool // a quantifier may follow
}

// regexGroup is an open group.
type regexGroup struct {
	kind  regexGroupKind
	parts int // of a conditional: its condition and alternatives so far
}

type regexGroupKind uint8

const (
	plainGroup regexGroupKind = iota
	testReference
	testGroup
)

// regexProblem carries a mistake in a pattern out of the reader.
type regexProblem struct{ err error }

func (r *regexReader) fail(format string, args ...any) {
	panic(regexProblem{regexError(r.pattern, r.pos, fmt.Sprintf(format, args...))})
}

// regexTranslation is a pattern as the engine is given it.
type regexTranslation struct {
	text string
	// later is the same where \G cannot match; "" if the pattern has no \G.
	later string
	// folds says that U+0130 in the input is to be replaced by dottedI.
	folds bool
}

// readRegex translates a pattern for the engine.
func readRegex(pattern string, options RegexOptions) (t regexTranslation, err error) {
	defer catchRegexProblem(&err)
	r := newRegexReader(pattern)
	t.text, t.folds = r.translate(options), r.folds
	if r.hasStart {
		r = newRegexReader(pattern)
		r.noStart = true
		t.later = r.translate(options)
	}
	return t, nil
}

func newRegexReader(pattern string) *regexReader {
	r := &regexReader{pattern: pattern, slots: map[int]int{0: 0}, names: map[string]int{}, captop: 1}
	for c := range Chars(pattern) {
		r.units = append(r.units, rune(c))
	}
	return r
}

// catchRegexProblem makes an error of what fail throws.
func catchRegexProblem(err *error) {
	if p := recover(); p != nil {
		problem, ok := p.(regexProblem)
		if !ok {
			panic(p)
		}
		*err = problem.err
	}
}

func (r *regexReader) translate(options RegexOptions) string {
	r.options, r.scanOnly, r.autocap = options, true, 1
	r.folds = r.has(RegexIgnoreCase)
	r.countGroups()
	r.options, r.scanOnly, r.pos, r.optionStack, r.skipCapture = options, false, 0, nil, false
	r.read()
	r.copyTo(len(r.units))
	return r.out.String()
}

func (r *regexReader) has(option RegexOptions) bool { return r.options&option != 0 }
func (r *regexReader) left() int                    { return len(r.units) - r.pos }
func (r *regexReader) peek(i int) rune              { return r.units[r.pos+i] }

// at reports whether c is i units ahead.
func (r *regexReader) at(i int, c rune) bool { return r.left() > i && r.peek(i) == c }

func (r *regexReader) next() rune {
	r.pos++
	return r.units[r.pos-1]
}

func (r *regexReader) text(from, to int) string {
	units := make([]uint16, to-from)
	for i := range units {
		units[i] = uint16(r.units[from+i])
	}
	return FromUnits(units)
}

// copyTo writes the pattern as it is up to a position.
func (r *regexReader) copyTo(pos int) {
	for ; r.copied < pos; r.copied++ {
		switch c := r.units[r.copied]; {
		case utf16.IsSurrogate(c):
			r.out.WriteString(escapedUnit(c))
		case c == 0x130 && r.folds:
			r.out.WriteRune(dottedI)
		default:
			r.out.WriteRune(c)
		}
	}
}

// dottedI stands for U+0130 where case is ignored: the engine takes that for an i,
// but under the invariant culture it is like no other letter. No input has it,
// since it is no unit; being an ideograph, it is a letter without case.
const dottedI rune = 0x20000

// escapedUnit is a character for the engine.
func escapedUnit(c rune) string {
	if c > 0xFFFF {
		return string(c)
	}
	return fmt.Sprintf(`\u%04X`, c)
}

// replace writes something else for the pattern from a position up to here.
func (r *regexReader) replace(from int, text string) {
	if !r.scanOnly {
		r.copyTo(from)
		r.out.WriteString(text)
		r.copied = r.pos
	}
}

// countGroups finds the groups of the pattern and numbers them.
func (r *regexReader) countGroups() {
	for r.left() > 0 {
		pos := r.pos
		switch r.next() {
		case '\\':
			if r.left() > 0 {
				r.readBackslash()
			}
		case '#':
			if r.has(RegexIgnoreWhitespace) {
				r.pos--
				r.skipBlank()
			}
		case '[':
			r.readClass()
		case ')':
			if n := len(r.optionStack); n > 0 {
				r.options, r.optionStack = r.optionStack[n-1], r.optionStack[:n-1]
			}
		case '(':
			r.countGroup(pos)
		}
	}
	for _, name := range r.nameOrder {
		for r.isSlot(r.autocap) {
			r.autocap++
		}
		pos := r.names[name]
		r.names[name] = r.autocap
		r.noteSlot(r.autocap, pos)
		r.autocap++
	}
}

// countGroup looks at what follows an opening bracket.
func (r *regexReader) countGroup(pos int) {
	if r.at(0, '?') && r.at(1, '#') {
		r.pos--
		r.skipBlank()
		r.skipCapture = false
		return
	}
	r.optionStack = append(r.optionStack, r.options)
	switch {
	case !r.at(0, '?'):
		if !r.has(RegexExplicitCapture) && !r.skipCapture {
			r.noteSlot(r.autocap, pos)
			r.autocap++
		}
	default:
		r.pos++
		if r.left() > 1 && (r.peek(0) == '<' || r.peek(0) == '\'') {
			r.pos++
			if c := r.peek(0); c != '0' && isRegexWord(c) {
				if c >= '1' && c <= '9' {
					r.noteSlot(r.readDecimal(), pos)
				} else {
					r.noteName(r.readName(), pos)
				}
			}
			break
		}
		r.readOptions()
		if r.left() > 0 {
			if r.peek(0) == ')' {
				r.pos++
				r.optionStack = r.optionStack[:len(r.optionStack)-1]
			} else if r.peek(0) == '(' {
				r.skipCapture = true
				return
			}
		}
	}
	r.skipCapture = false
}

func (r *regexReader) isSlot(n int) bool { _, ok := r.slots[n]; return ok }

func (r *regexReader) noteSlot(n, pos int) {
	if r.isSlot(n) {
		return
	}
	r.slots[n] = pos
	if r.captop <= n {
		r.captop = n
		if n != math.MaxInt32 {
			r.captop = n + 1
		}
	}
}

func (r *regexReader) noteName(name string, pos int) {
	if _, ok := r.names[name]; !ok {
		r.names[name] = pos
		r.nameOrder = append(r.nameOrder, name)
	}
}

// isRegexWord reports whether c is a character of words as \b and names see it.
func isRegexWord(c rune) bool {
	return isWordChar(c) || c == 0x200C || c == 0x200D
}

// isWordChar reports whether \w matches c.
func isWordChar(c rune) bool {
	switch category := regexCategory(c); category {
	case DecimalDigitNumber, ConnectorPunctuation, NonSpacingMark:
		return true
	default:
		return category <= lastLetter
	}
}

const largeGroupNumber = "Capture group numbers must be less than or equal to Int32.MaxValue."

// readDecimal reads a number.
func (r *regexReader) readDecimal() int {
	n := 0
	for r.left() > 0 && r.peek(0) >= '0' && r.peek(0) <= '9' {
		digit := int(r.next() - '0')
		if n = n*10 + digit; n > math.MaxInt32 {
			r.fail(largeGroupNumber)
		}
	}
	return n
}

// readName reads a name, which may be empty.
func (r *regexReader) readName() string {
	start := r.pos
	for r.left() > 0 && isRegexWord(r.peek(0)) {
		r.pos++
	}
	return r.text(start, r.pos)
}

// skipBlank skips comments, and white space where that doesn't count.
func (r *regexReader) skipBlank() {
	for {
		if r.has(RegexIgnoreWhitespace) {
			for r.left() > 0 && isPatternSpace(r.peek(0)) {
				r.pos++
			}
		}
		switch {
		case r.has(RegexIgnoreWhitespace) && r.at(0, '#'):
			for r.left() > 0 && r.peek(0) != '\n' {
				r.pos++
			}
		case r.at(0, '(') && r.at(1, '?') && r.at(2, '#'):
			for r.left() > 0 && r.peek(0) != ')' {
				r.pos++
			}
			if r.left() == 0 {
				r.fail("Unterminated (?#...) comment.")
			}
			r.pos++
		default:
			return
		}
	}
}

func isPatternSpace(c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' }
