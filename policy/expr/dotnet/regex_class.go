package dotnet

import (
	"fmt"
	"slices"
	"strings"
)

// regexClass is a class of characters: [^a-z\d-[aeiou]].
type regexClass struct {
	ignoreCase bool
	negated    bool
	ranges     [][2]rune
	positive   []string // what the engine has itself: \d \p{L}
	negative   []string // \S \P{L}
	minus      *regexClass
}

func (c *regexClass) add(first, last rune) { c.ranges = append(c.ranges, [2]rune{first, last}) }

const (
	titlecaseLetter UnicodeCategory = 2
	formatCharacter UnicodeCategory = 15
)

// regexCategory is the category that patterns know: Unicode's, while char has its
// own for some characters of Latin-1.
func regexCategory(c rune) UnicodeCategory {
	switch c {
	case 0xA7, 0xB6:
		return OtherPunctuation
	case 0xAA, 0xBA:
		return OtherLetter
	case 0xAD:
		return formatCharacter
	}
	return Category(c)
}

// categoryNames are the names of the categories, in order.
var categoryNames = strings.Fields("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cn")

// inCategory reports whether a category is one, or one of a group, of that name.
func inCategory(name string, c UnicodeCategory) bool {
	return strings.HasPrefix(categoryNames[c], name)
}

func isCategory(name string) bool {
	return slices.ContainsFunc(categoryNames, func(full string) bool { return full == name || full[:1] == name })
}

// oddCategories are those that differ from Unicode's by a character that .NET has
// elsewhere, so that they are written as ranges.
var oddCategories = strings.Fields("P Po S So")

func rangesOfCategory(name string, negated bool) [][2]rune {
	return cachedRanges(fmt.Sprint(name, negated), func(c rune) bool { return inCategory(name, regexCategory(c)) != negated })
}

// addProperty reads {name} after \p and adds what it stands for.
func (c *regexClass) addProperty(r *regexReader, negated bool) {
	name := r.readProperty()
	if block, ok := strings.CutPrefix(name, "Is"); ok {
		if first, last, ok := regexBlock(block); ok {
			c.addRange(first, last, negated)
			return
		}
	}
	if !isCategory(name) {
		r.fail("Unknown property '%s'.", name)
	}
	switch {
	case c.ignoreCase && (name == "Lu" || name == "Ll" || name == "Lt"):
		if negated {
			c.ranges = append(c.ranges, cachedRanges("cased", func(c rune) bool { return regexCategory(c) > titlecaseLetter })...)
		} else {
			c.positive = append(c.positive, `\p{Lu}`, `\p{Ll}`, `\p{Lt}`)
		}
	case slices.Contains(oddCategories, name):
		c.ranges = append(c.ranges, rangesOfCategory(name, negated)...)
	case negated:
		c.negative = append(c.negative, `\P{`+name+`}`)
	default:
		c.positive = append(c.positive, `\p{`+name+`}`)
	}
}

// addRange adds a range, or what is outside it.
func (c *regexClass) addRange(first, last rune, negated bool) {
	if !negated {
		c.add(first, last)
		return
	}
	if first > 0 {
		c.add(0, first-1)
	}
	if last < 0xFFFF {
		c.add(last+1, 0xFFFF)
	}
}

// readProperty reads {name}.
func (r *regexReader) readProperty() string {
	if r.left() < 3 {
		r.fail(`Incomplete \\p{X} character escape.`)
	}
	if r.next() != '{' {
		r.fail(`Malformed \\p{X} character escape.`)
	}
	start := r.pos
	for r.left() > 0 && (isRegexWord(r.peek(0)) || r.peek(0) == '-') {
		r.pos++
	}
	name := r.text(start, r.pos)
	if r.left() == 0 || r.next() != '}' {
		r.fail(`Incomplete \\p{X} character escape.`)
	}
	return name
}

// readClass reads a class after its bracket.
func (r *regexReader) readClass() *regexClass {
	class := &regexClass{ignoreCase: r.has(RegexIgnoreCase)}
	first, closed, inRange := true, false, false
	var from rune
	if r.at(0, '^') {
		r.pos++
		class.negated = true
	}
	for ; r.left() > 0 && !closed; first = false {
		c := r.next()
		literal := true
		switch {
		case c == ']' && !first:
			closed = true
			continue
		case c == '\\' && r.left() > 0:
			if r.readClassEscape(class, &inRange, &from) {
				continue
			}
			c, literal = r.readCharEscape(), false
		}
		switch {
		case inRange:
			inRange = false
			r.endRange(class, from, c, c == '[' && literal && !first)
		case r.at(0, '-') && r.left() >= 2 && !r.at(1, ']'):
			from, inRange = c, true
			r.pos++
		case c == '-' && literal && r.at(0, '[') && !first:
			r.pos++
			class.minus = r.readClass()
			r.expectClassEnd()
		default:
			class.add(c, c)
		}
	}
	if !closed {
		r.fail("Unterminated [] set.")
	}
	return class
}

// endRange ends a range at c, unless c begins a class that is taken away.
func (r *regexReader) endRange(class *regexClass, from, c rune, minus bool) {
	switch {
	case r.scanOnly:
	case minus:
		class.add(from, from)
		class.minus = r.readClass()
		r.expectClassEnd()
	case from > c:
		r.fail("[x-y] range in reverse order.")
	default:
		class.add(from, c)
	}
}

func (r *regexReader) expectClassEnd() {
	if !r.scanOnly && r.left() > 0 && !r.at(0, ']') {
		r.fail("A subtraction must be the last element in a character class.")
	}
}

// readClassEscape reads an escape that is no character, or a hyphen.
func (r *regexReader) readClassEscape(class *regexClass, inRange *bool, from *rune) bool {
	switch c := r.peek(0); c {
	case 'd', 'D', 's', 'S', 'w', 'W', 'p', 'P':
		r.pos++
		if *inRange && !r.scanOnly {
			r.fail(`Cannot include class \\%c in character range.`, c)
		}
		if c|0x20 != 'p' {
			class.addShorthand(c, r.has(RegexECMAScript))
		} else if !r.scanOnly {
			class.addProperty(r, c == 'P')
		} else {
			r.readProperty()
		}
	case '-':
		r.pos++
		if r.scanOnly {
			break
		}
		if *inRange {
			if *from > c {
				r.fail("[x-y] range in reverse order.")
			}
			class.add(*from, c)
			*inRange, *from = false, 0
		} else {
			class.add(c, c)
		}
	default:
		return false
	}
	return true
}

// addShorthand adds \w and its like.
func (c *regexClass) addShorthand(letter rune, ecma bool) {
	negated := letter < 'a'
	if ecma {
		text := map[rune]string{'w': "09AZ__az\u0130\u0130", 's': "\t\r  ", 'd': "09"}[letter|0x20]
		c.ranges = append(c.ranges, ecmaRanges([]rune(text), negated)...)
		return
	}
	switch {
	case letter == 'w':
		c.positive = append(c.positive, wordCategories...)
	case negated:
		c.negative = append(c.negative, `\`+string(letter))
	default:
		c.positive = append(c.positive, `\`+string(letter))
	}
}

// ecmaRanges are pairs of a first and a last character, or what is outside.
func ecmaRanges(pairs []rune, negated bool) [][2]rune {
	return cachedRanges(fmt.Sprint("ECMAScript", string(pairs), negated), func(c rune) bool {
		for i := 0; i < len(pairs); i += 2 {
			if c >= pairs[i] && c <= pairs[i+1] {
				return !negated
			}
		}
		return negated
	})
}
