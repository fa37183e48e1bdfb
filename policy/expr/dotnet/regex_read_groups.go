package dotnet

import (
	"math"
	"strings"
)

// read goes through the pattern for the second time.
func (r *regexReader) read() {
	r.groups = []regexGroup{{}}
	quantified := false
	for r.left() > 0 {
		before := quantified
		quantified = false
		r.skipBlank()
		start := r.pos
		for r.left() > 0 && !r.isStop(r.peek(0)) {
			r.pos++
		}
		end := r.pos
		r.skipBlank()
		if r.left() == 0 {
			break
		}
		c := r.peek(0)
		if !strings.ContainsRune(`\*+?|{[()^$.`, c) {
			r.unit = r.unit && start == end
			continue
		}
		quantified = strings.ContainsRune("*+?{", c)
		r.pos++
		if start < end {
			before = false
			r.unit = quantified
		}
		if r.readSpecial(c, before) {
			quantified = r.readQuantifiers()
		}
	}
	if len(r.groups) > 1 {
		r.fail("Not enough )'s.")
	}
}

// isStop reports whether c ends a run of ordinary characters.
func (r *regexReader) isStop(c rune) bool {
	if c == '{' {
		return r.isQuantifier()
	}
	return strings.ContainsRune(`\*+?|[()^$.`, c) || r.has(RegexIgnoreWhitespace) && (isPatternSpace(c) || c == '#')
}

// readSpecial reads what begins with a character that is special; it reports
// whether a quantifier may follow.
func (r *regexReader) readSpecial(c rune, afterQuantifier bool) bool {
	switch c {
	case '[':
		start := r.pos - 1
		class := r.readClass()
		r.replace(start, class.write())
	case '(':
		r.optionStack = append(r.optionStack, r.options)
		if group, opened := r.openGroup(); opened {
			r.groups = append(r.groups, group)
		} else {
			r.optionStack = r.optionStack[:len(r.optionStack)-1]
		}
		r.unit = false
		return false
	case '|':
		r.groups[len(r.groups)-1].parts++
		r.unit = false
		return false
	case ')':
		return r.closeGroup()
	case '\\':
		r.readBackslash()
	case '.':
		if r.has(RegexECMAScript) {
			r.replace(r.pos-1, `[^\n]`)
		}
	case '{', '*', '+', '?':
		if !r.unit {
			if afterQuantifier {
				r.fail("Nested quantifier '%c'.", c)
			}
			r.fail("Quantifier {x,y} following nothing.")
		}
		r.pos--
	}
	r.unit = true
	return true
}

// readQuantifiers reads a quantifier, if there is one.
func (r *regexReader) readQuantifiers() bool {
	r.skipBlank()
	if r.left() == 0 || !r.isQuantifier() {
		r.unit = false
		return false
	}
	least, most := 0, math.MaxInt32
	switch r.next() {
	case '?':
		most = 1
	case '{':
		least = r.readDecimal()
		most = least
		if r.at(0, ',') {
			r.pos++
			if most = math.MaxInt32; !r.at(0, '}') {
				most = r.readDecimal()
			}
		}
		r.pos++
	}
	r.skipBlank()
	if r.at(0, '?') {
		r.pos++
	}
	if least > most {
		r.fail("Illegal {x,y} with x > y.")
	}
	r.unit = false
	return true
}

// isQuantifier reports whether a quantifier stands here: a brace is one if
// numbers and its end follow.
func (r *regexReader) isQuantifier() bool {
	if !r.at(0, '{') {
		return strings.ContainsRune("*+?", r.peek(0))
	}
	i := 1
	digits := func() {
		for r.left() > i && r.peek(i) >= '0' && r.peek(i) <= '9' {
			i++
		}
	}
	if digits(); i == 1 {
		return false
	}
	if r.at(i, ',') {
		i++
		digits()
	}
	return r.at(i, '}')
}

// closeGroup ends the innermost group.
func (r *regexReader) closeGroup() bool {
	if len(r.groups) == 1 {
		r.fail("Too many )'s.")
	}
	r.endConditional()
	r.groups = r.groups[:len(r.groups)-1]
	r.options, r.optionStack = r.optionStack[len(r.optionStack)-1], r.optionStack[:len(r.optionStack)-1]
	r.unit = true
	if outer := &r.groups[len(r.groups)-1]; outer.kind == testGroup && outer.parts == 0 {
		outer.parts++ // the condition: nothing can follow it
		r.unit = false
	}
	return r.unit
}

// endConditional counts the last alternative of a conditional.
func (r *regexReader) endConditional() {
	group := r.groups[len(r.groups)-1]
	if parts := group.parts + 1; group.kind == testReference && parts > 2 || group.kind == testGroup && parts > 3 {
		r.fail("Too many | in (?()|).")
	}
}

const badGroupName = "Invalid group name: Group names must begin with a word character."

// openGroup reads what follows an opening bracket; opened is false if that was
// options only.
func (r *regexReader) openGroup() (group regexGroup, opened bool) {
	if !r.at(0, '?') || r.at(1, ')') {
		if r.has(RegexExplicitCapture) || r.skipCapture {
			r.skipCapture = false
		} else {
			r.autocap++
		}
		return group, true
	}
	r.pos++
	if r.left() == 0 {
		r.fail("Unrecognized grouping construct.")
	}
	switch c := r.next(); c {
	case ':', '>':
	case '=', '!':
		r.options &^= RegexRightToLeft
	case '\'':
		r.readGroupName('\'')
	case '<':
		if r.at(0, '=') || r.at(0, '!') {
			r.pos++
			r.options |= RegexRightToLeft
			break
		}
		r.readGroupName('>')
	case '(':
		return regexGroup{kind: r.readCondition()}, true
	default:
		r.pos--
		if r.groups[len(r.groups)-1].kind != testGroup {
			r.readOptions()
		}
		if r.left() == 0 {
			r.fail("Unrecognized grouping construct.")
		}
		switch r.next() {
		case ')':
			return group, false
		case ':':
		default:
			r.fail("Unrecognized grouping construct.")
		}
	}
	return group, true
}

// readGroupName reads name>, name-other> or -other> of a group.
func (r *regexReader) readGroupName(closing rune) {
	if r.left() == 0 {
		r.fail("Unrecognized grouping construct.")
	}
	number, balanced, noName := -1, -1, false
	switch c := r.peek(0); {
	case c >= '0' && c <= '9':
		if number = r.readDecimal(); !r.isSlot(number) {
			number = -1
		}
		r.expectNameEnd(closing, true)
		if number == 0 {
			r.fail("Capture number cannot be zero.")
		}
	case isRegexWord(c):
		if slot, ok := r.names[r.readName()]; ok {
			number = slot
		}
		r.expectNameEnd(closing, true)
	case c == '-':
		noName = true
	default:
		r.fail(badGroupName)
	}
	if (number != -1 || noName) && r.at(0, '-') {
		r.pos++
		balanced = r.readBalanced(closing)
	}
	if number == -1 && balanced == -1 || r.left() == 0 || r.next() != closing {
		r.fail("Unrecognized grouping construct.")
	}
}

// readBalanced reads the name of the group that a balancing group takes away from.
func (r *regexReader) readBalanced(closing rune) int {
	if r.left() == 0 {
		r.fail(badGroupName)
	}
	switch c := r.peek(0); {
	case c >= '0' && c <= '9':
		number := r.readDecimal()
		if !r.isSlot(number) {
			r.fail("Reference to undefined group number %d.", number)
		}
		r.expectNameEnd(closing, false)
		return number
	case isRegexWord(c):
		name := r.readName()
		slot, ok := r.names[name]
		if !ok {
			r.fail("Reference to undefined group name '%s'.", name)
		}
		r.expectNameEnd(closing, false)
		return slot
	}
	r.fail(badGroupName)
	return -1
}

// expectNameEnd tells of what can't follow a group's name.
func (r *regexReader) expectNameEnd(closing rune, balance bool) {
	if r.left() > 0 && !r.at(0, closing) && !(balance && r.at(0, '-')) {
		r.fail(badGroupName)
	}
}

// readCondition reads the condition of (?(condition)yes|no), if it names a group;
// another one is a group of its own, which is read next.
func (r *regexReader) readCondition() regexGroupKind {
	start := r.pos
	if r.left() > 0 {
		switch c := r.peek(0); {
		case c >= '0' && c <= '9':
			number := r.readDecimal()
			if r.left() > 0 && r.next() == ')' {
				if r.isSlot(number) {
					return testReference
				}
				r.fail("(?(%d) ) reference to undefined group.", number)
			}
			r.fail("(?(%d) ) malformed.", number)
		case isRegexWord(c):
			if _, ok := r.names[r.readName()]; ok && r.at(0, ')') {
				r.pos++
				return testReference
			}
		}
	}
	r.pos = start - 1
	r.skipCapture = true
	if r.at(1, '?') {
		if r.at(2, '#') {
			r.fail("Alternation conditions cannot be comments.")
		}
		named := r.at(2, '<') && !r.at(3, '!') && !r.at(3, '=') && r.left() > 3
		if r.at(2, '\'') || named {
			r.fail("Alternation conditions do not capture and cannot be named.")
		}
	}
	return testGroup
}
