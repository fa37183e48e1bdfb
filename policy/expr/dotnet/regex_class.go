package dotnet

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

// write is the class for the engine. That stops at the first negated category
// which a character is in, also where it looks for what a match can start with, so
// that it is given none: the class itself is negated, or has ranges.
func (c *regexClass) write() string {
	var b strings.Builder
	b.WriteByte('[')
	ranges, positive, negated := c.ranges, c.positive, c.negated
	switch alone := len(ranges)+len(positive) == 0; {
	case alone && len(c.negative) == 1:
		positive, negated = opposite(c.negative[0]), !negated
	case slices.ContainsFunc(c.negative, c.hasOpposite):
		ranges, positive = [][2]rune{{0, 0xFFFF}}, nil
	case len(c.negative) > 0:
		ranges = append(slices.Clone(ranges), outsideAll(c.negative)...)
	}
	if negated {
		b.WriteByte('^')
	}
	for _, r := range ranges {
		c.writeRange(&b, r[0], r[1])
	}
	b.WriteString(strings.Join(positive, ""))
	switch dotted := c.hasDottedI() != (negated != c.negated); {
	case dotted:
		b.WriteRune(dottedI)
	case len(ranges)+len(positive) == 0:
		b.WriteString(`\u0000-[\u0000]`) // nothing
	}
	if c.minus != nil {
		b.WriteString("-" + c.minus.write())
	}
	b.WriteByte(']')
	return b.String()
}

// writeRange writes a range. Where case is ignored it leaves out U+0130, for which
// dottedI stands.
func (c *regexClass) writeRange(b *strings.Builder, first, last rune) {
	if c.ignoreCase && first <= 0x130 && last >= 0x130 && last-first < 0xFFFF {
		if first < 0x130 {
			c.writeRange(b, first, 0x12F)
		}
		if last > 0x130 {
			c.writeRange(b, 0x131, last)
		}
		return
	}
	b.WriteString(escapedUnit(first))
	if last > first {
		b.WriteString("-" + escapedUnit(last))
	}
}

// opposite is what a negated shorthand or category lacks: \d of \D.
func opposite(negative string) []string {
	if negative == `\W` {
		return wordCategories
	}
	return []string{`\` + strings.ToLower(negative[1:2]) + negative[2:]}
}

// hasOpposite reports whether the class has all that a negated category lacks.
func (c *regexClass) hasOpposite(negative string) bool {
	return !slices.ContainsFunc(opposite(negative), func(part string) bool { return !slices.Contains(c.positive, part) })
}

// wordCategories are what \w stands for; the engine's own has the joiners, too.
var wordCategories = []string{`\p{L}`, `\p{Mn}`, `\p{Nd}`, `\p{Pc}`}

// hasDottedI reports whether the class has U+0130, apart from what it takes away
// and whether it is negated.
func (c *regexClass) hasDottedI() bool {
	in := func(category string) bool { return inShorthand(category, 0x130) }
	return slices.ContainsFunc(c.ranges, func(r [2]rune) bool { return r[0] <= 0x130 && r[1] >= 0x130 }) ||
		slices.ContainsFunc(c.positive, in) || slices.ContainsFunc(c.negative, in)
}

// outsideAll are the ranges of what is not in all of some categories, which are
// written negated: \W \P{Lu}.
func outsideAll(negated []string) [][2]rune {
	return cachedRanges(strings.Join(negated, ""), func(c rune) bool {
		return slices.ContainsFunc(negated, func(category string) bool { return inShorthand(category, c) })
	})
}

// rangesOf are the ranges that were computed last, by what they are of. There are
// few: the table does not grow beyond what patterns combine, and a full one is
// not filled further.
var (
	rangesOf      sync.Map
	rangesOfCount atomic.Int32
)

func cachedRanges(key string, in func(rune) bool) [][2]rune {
	if ranges, ok := rangesOf.Load(key); ok {
		return ranges.([][2]rune)
	}
	ranges := unitRanges(in)
	if rangesOfCount.Add(1) <= 500 {
		rangesOf.Store(key, ranges)
	}
	return ranges
}

// inShorthand reports whether c is in what a shorthand or category stands for.
func inShorthand(text string, c rune) bool {
	switch text {
	case `\w`:
		return isWordChar(c)
	case `\s`:
		return IsWhiteSpace(c)
	case `\d`:
		return IsDigit(c)
	case `\W`, `\S`, `\D`:
		return !inShorthand(strings.ToLower(text), c)
	}
	name := text[3 : len(text)-1]
	return inCategory(name, regexCategory(c)) == (text[1] == 'p')
}

// unitRanges are the ranges of units that are as in tells.
func unitRanges(in func(rune) bool) [][2]rune {
	var ranges [][2]rune
	for c := rune(0); c <= 0xFFFF; c++ {
		if !in(c) {
			continue
		}
		if n := len(ranges); n > 0 && ranges[n-1][1] == c-1 {
			ranges[n-1][1] = c
		} else {
			ranges = append(ranges, [2]rune{c, c})
		}
	}
	return ranges
}

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
