package dotnet

import (
	"cmp"
	"slices"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// The properties that decide where a user sees one character end (Unicode
// Standard Annex 29); the numbers are ICU's.
const (
	breakOther    = 0
	breakControl  = 1
	breakCR       = 2
	breakExtend   = 3
	breakL        = 4
	breakLF       = 5
	breakLV       = 6
	breakLVT      = 7
	breakT        = 8
	breakV        = 9
	breakSpacing  = 10
	breakPrepend  = 11
	breakRegional = 12
	breakJoiner   = 17
	breakVirama   = 20 // which is an extending character, too
	breakLinked   = 21 // a consonant
	// breakPictograph is added to the property of an emoji.
	breakPictograph = 100
)

func (c *collation) breakProperty(char rune) uint8 {
	i, found := slices.BinarySearchFunc(c.breaks, char, func(r breakRange, char rune) int {
		if char >= r.first && char <= r.last {
			return 0
		}
		return cmp.Compare(r.first, char)
	})
	if !found {
		return breakOther
	}
	return c.breaks[i].property
}

// clusterBoundary reports whether a cluster of characters ends before the unit
// of an index.
func (c *collation) clusterBoundary(text []uint16, index int) bool {
	if index <= 0 || index >= len(text) {
		return true
	}
	if isLow(rune(text[index])) && isHigh(rune(text[index-1])) {
		return false
	}
	after := c.breakProperty(unitsAt(text, index))
	char, before := unitsBefore(text, index)
	property := c.breakProperty(char)
	switch {
	case property == breakCR && after == breakLF:
		return false
	case isBreaking(property) || isBreaking(after):
		return true
	case property == breakL && (after == breakL || after == breakV || after == breakLV || after == breakLVT),
		(property == breakLV || property == breakV) && (after == breakV || after == breakT),
		(property == breakLVT || property == breakT) && after == breakT,
		after == breakExtend || after == breakVirama || after == breakJoiner || after == breakSpacing, property == breakPrepend:
		return false
	case property == breakJoiner && after >= breakPictograph:
		return !c.afterPictograph(text, before)
	case after == breakLinked && (property == breakVirama || property == breakExtend || property == breakJoiner):
		return !c.afterLink(text, index)
	case property == breakRegional && after == breakRegional:
		return c.regionalsBefore(text, before)%2 == 1
	}
	return true
}

func isBreaking(property uint8) bool {
	return property == breakControl || property == breakCR || property == breakLF
}

// afterPictograph reports whether an emoji, and what extends it, ends at index.
func (c *collation) afterPictograph(text []uint16, index int) bool {
	for index > 0 {
		char, before := unitsBefore(text, index)
		property := c.breakProperty(char)
		if property != breakExtend && property != breakVirama {
			return property >= breakPictograph
		}
		index = before
	}
	return false
}

// afterLink reports whether a consonant and a virama stand before index, which
// link it to the one there.
func (c *collation) afterLink(text []uint16, index int) bool {
	linked := false
	for index > 0 {
		char, before := unitsBefore(text, index)
		switch property := c.breakProperty(char); {
		case property == breakVirama:
			linked = true
		case property == breakJoiner:
		case property == breakExtend && norm.NFD.PropertiesString(string(char)).CCC() != 0:
		default:
			return linked && property == breakLinked
		}
		index = before
	}
	return false
}

// regionalsBefore is how many regional indicators stand before index, of which
// two make a flag.
func (c *collation) regionalsBefore(text []uint16, index int) int {
	n := 0
	for index > 0 {
		char, before := unitsBefore(text, index)
		if c.breakProperty(char) != breakRegional {
			break
		}
		n++
		index = before
	}
	return n
}

// nextBoundary is the end of the cluster that the unit of an index is in.
func (c *collation) nextBoundary(text []uint16, index int) int {
	for index < len(text) {
		index++
		if c.clusterBoundary(text, index) {
			break
		}
	}
	return index
}

// unitsAt is the code point at an index.
func unitsAt(text []uint16, index int) rune {
	r := rune(text[index])
	if isHigh(r) && index+1 < len(text) && isLow(rune(text[index+1])) {
		return utf16.DecodeRune(r, rune(text[index+1]))
	}
	return r
}

// unitsBefore is the code point that ends at an index, and where it begins.
func unitsBefore(text []uint16, index int) (rune, int) {
	r := rune(text[index-1])
	if isLow(r) && index >= 2 && isHigh(rune(text[index-2])) {
		return utf16.DecodeRune(rune(text[index-2]), r), index - 2
	}
	return r, index - 1
}
