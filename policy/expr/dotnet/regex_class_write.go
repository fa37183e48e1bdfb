package dotnet

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

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
