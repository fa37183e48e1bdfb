package dotnet

import (
	"cmp"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// Hangul syllables are put together from their letters by arithmetic.
const (
	hangulFirst, hangulLast           = 0xAC00, 0xD7A3
	leadFirst, vowelFirst, trailFirst = 0x1100, 0x1161, 0x11A7
	vowels, trails                    = 21, 28
)

// charElements are the elements of a character on its own.
func (c *collation) charElements(char rune, ignoreCase bool) elements {
	if ignoreCase && char >= 0x3000 {
		if e, ok := c.widths[char]; ok {
			return elements{e}
		}
	}
	if page := c.pages[char>>8]; page != nil {
		if e := page[char&0xFF]; e != nil {
			return e
		}
	}
	switch {
	case char >= hangulFirst && char <= hangulLast:
		i := char - hangulFirst
		letters := []rune{leadFirst + i/(vowels*trails), vowelFirst + i/trails%vowels, trailFirst + i%trails}
		if i%trails == 0 {
			letters = letters[:2]
		}
		return c.textElements(nil, string(letters), ignoreCase)
	case utf16.IsSurrogate(char):
	default:
		if d := norm.NFD.PropertiesString(string(char)).Decomposition(); d != nil {
			return c.textElements(nil, string(d), ignoreCase)
		}
	}
	common := c.pages['a'>>8]['a'][0]
	return elements{element(firstUnassigned+char<<1|1)<<32 | element(uint32(common))}
}

// next is the elements of what s begins with, which may be a contraction, and
// how many bytes that is.
func (c *collation) next(s string, ignoreCase bool) (elements, int) {
	char, size := decode(s)
	for _, contraction := range c.contractions[char] {
		if strings.HasPrefix(s[size:], contraction.rest) {
			return contraction.elements, size + len(contraction.rest)
		}
	}
	return c.charElements(char, ignoreCase), size
}

// textElements appends the elements of a text.
func (c *collation) textElements(to elements, s string, ignoreCase bool) elements {
	for s != "" {
		e, size := c.next(s, ignoreCase)
		to = append(to, e...)
		s = s[size:]
	}
	return to
}

// compare is a negative number, 0 or a positive one as a sorts before, with or
// after b. The whole texts are compared at one level before the next one counts.
func (c *collation) compare(a, b string, ignoreCase bool) int {
	if a == b {
		return 0
	}
	var bufferA, bufferB [64]element
	x, y := c.textElements(bufferA[:0], a, ignoreCase), c.textElements(bufferB[:0], b, ignoreCase)
	if n := compareLevel(x, y, element.primary); n != 0 {
		return n
	}
	if n := compareLevel(x, y, element.secondary); n != 0 || ignoreCase {
		return n
	}
	return compareLevel(x, y, element.tertiary)
}

func compareLevel[W uint32 | uint16](a, b elements, weight func(element) W) int {
	for i, k := 0, 0; ; {
		var x, y W
		for ; i < len(a) && x == 0; i++ {
			x = weight(a[i])
		}
		for ; k < len(b) && y == 0; k++ {
			y = weight(b[k])
		}
		if x != y || x == 0 {
			return cmp.Compare(x, y)
		}
	}
}

// key is a text that is the same for texts that compare as equal.
func (c *collation) key(s string, ignoreCase bool) string {
	all := c.textElements(nil, s, ignoreCase)
	var key []byte
	for _, e := range all {
		if e.primary() != 0 {
			key = binary.BigEndian.AppendUint32(key, e.primary())
		}
	}
	key = append(key, 0, 0, 0, 0)
	for _, e := range all {
		if e.secondary() != 0 {
			key = binary.BigEndian.AppendUint16(key, e.secondary())
		}
	}
	if ignoreCase {
		return string(key)
	}
	key = append(key, 0, 0)
	for _, e := range all {
		if e.tertiary() != 0 {
			key = binary.BigEndian.AppendUint16(key, e.tertiary())
		}
	}
	return string(key)
}
