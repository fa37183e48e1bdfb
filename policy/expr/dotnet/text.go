package dotnet

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Messages that several members share.
const (
	outOfRange         = "Specified argument was out of the range of valid values."
	countOutOfRange    = "Count must be positive and count must refer to a location within the string/array/collection."
	negativeStart      = "StartIndex cannot be less than zero."
	negativeLength     = "Length cannot be less than zero."
	negativeCount      = "Count cannot be less than zero."
	emptyText          = "String cannot be of zero length."
	outsideText        = "Index and length must refer to a location within the string."
	nonNegativeNeeded  = "Non-negative number required."
	positiveNeeded     = "Positive number required."
	unknownComparison  = "The string comparison type passed in is currently not supported."
	outsideBuffer      = "Index and count must refer to a location within the buffer."
	outsideTextByCount = "Index and count must refer to a location within the string."
)

// decode reads the first code point of a WTF-8 text that is not empty, and how
// many bytes it takes. A lone half of a pair is a code point of its own.
func decode(s string) (rune, int) {
	if isSurrogateText(s) {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}

// decodeLast reads the last code point.
func decodeLast(s string) (rune, int) {
	if n := len(s); n >= 3 && isSurrogateText(s[n-3:]) {
		return decode(s[n-3:])
	}
	return utf8.DecodeLastRuneInString(s)
}

// isSurrogateText reports whether s starts with a lone half of a pair.
func isSurrogateText(s string) bool { return len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 }

// asciiPrefix is the length of the part before the first byte beyond ASCII.
func asciiPrefix(s string) int {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		word := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		if high := word & 0x8080808080808080; high != 0 {
			return i + bits.TrailingZeros64(high)/8
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// IsASCII reports whether s has no character beyond ASCII, so that units are
// bytes.
func IsASCII(s string) bool { return isASCII(s) }

func isASCII(s string) bool { return asciiPrefix(s) == len(s) }

// Length is string.Length, in UTF-16 units.
func Length(s string) int { return unitCount(s) }

// unitCount is the number of UTF-16 units of a WTF-8 text.
func unitCount(s string) int {
	n := asciiPrefix(s)
	for i := n; i < len(s); i++ {
		switch b := s[i]; {
		case b >= 0xF0: // four bytes are two units
			n += 2
		case b < 0x80 || b >= 0xC0:
			n++
		}
	}
	return n
}

// offset is where the unit of an index is in s: the byte its code point starts
// at, and whether it is the second half of a pair. It is len(s) at the end and
// beyond it.
func offset(s string, index int) (at int, inside bool) {
	n := asciiPrefix(s[:min(max(index, 0), len(s))])
	for i := n; i < len(s); {
		if n >= index {
			return i, n > index
		}
		_, size := decode(s[i:])
		if n++; size == 4 {
			n++
			if n > index {
				return i, true
			}
		}
		i += size
	}
	return len(s), false
}

// cut splits s before the unit of an index, which may part a pair.
func cut(s string, index int) (before, after string) {
	at, inside := offset(s, index)
	if !inside {
		return s[:at], s[at:]
	}
	r, size := decode(s[at:])
	high, low := utf16.EncodeRune(r)
	return s[:at] + Char(high).String(), Char(low).String() + s[at+size:]
}

// slice is the units from start on, which are there.
func slice(s string, start, length int) string {
	if start > 0 {
		_, s = cut(s, start)
	}
	s, _ = cut(s, length)
	return s
}

// appendText appends a text. Halves of a pair that meet become a pair.
func appendText(b []byte, s string) []byte {
	if isSurrogateText(s) {
		r, _ := decode(s)
		return append(appendChar(b, Char(r)), s[3:]...)
	}
	return append(b, s...)
}

// Concat is string.Concat. It must be used wherever texts are put together,
// because halves of a pair may meet.
func Concat(parts ...string) string {
	joined := strings.Join(parts, "")
	if !strings.Contains(joined, "\xED") {
		return joined
	}
	return meet(joined)
}

// meet makes pairs of halves that stand side by side.
func meet(s string) string {
	for i := strings.IndexByte(s, 0xED); i >= 0 && i < len(s); {
		if isSurrogateText(s[i:]) && s[i+1] < 0xB0 && isSurrogateText(s[i+3:]) && s[i+4] >= 0xB0 {
			b := make([]byte, 0, len(s))
			for rest := s; rest != ""; {
				r, size := decode(rest)
				if utf16.IsSurrogate(r) {
					b = appendChar(b, Char(r))
				} else {
					b = append(b, rest[:size]...)
				}
				rest = rest[size:]
			}
			return string(b)
		}
		next := strings.IndexByte(s[i+1:], 0xED)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return s
}

// explode writes the halves of pairs apart, as no text of this package has them:
// so a search for bytes finds half of a pair. What is kept of it must meet again.
func explode(s string) string {
	b := make([]byte, 0, len(s))
	for c := range Chars(s) {
		if isHigh(rune(c)) || isLow(rune(c)) {
			b = append(b, 0xED, 0x80|byte(c>>6)&0x3F, 0x80|byte(c)&0x3F)
		} else {
			b = utf8.AppendRune(b, rune(c))
		}
	}
	return string(b)
}

// Units are the UTF-16 units of s.
func Units(s string) []uint16 {
	units := make([]uint16, 0, unitCount(s))
	for s != "" {
		r, size := decode(s)
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			units = append(units, uint16(high), uint16(low))
		} else {
			units = append(units, uint16(r))
		}
		s = s[size:]
	}
	return units
}

// FromUnits is the text of UTF-16 units.
func FromUnits(units []uint16) string {
	b := make([]byte, 0, len(units))
	for _, u := range units {
		if u < utf8.RuneSelf {
			b = append(b, byte(u))
		} else {
			b = appendChar(b, Char(u))
		}
	}
	return string(b)
}

// CharAt is a text's indexer.
func CharAt(s string, index int) (Char, error) {
	if index >= 0 && index < len(s) && asciiPrefix(s[:index+1]) > index {
		return Char(s[index]), nil
	}
	r, err := CodePointAt(s, index)
	if err != nil {
		return 0, IndexOutOfRange()
	}
	if r > 0xFFFF {
		r, _ = utf16.EncodeRune(r)
	}
	return Char(r), nil
}

// Chars goes through the units of s.
func Chars(s string) func(yield func(Char) bool) {
	return func(yield func(Char) bool) {
		for s != "" {
			r, size := decode(s)
			low := rune(0)
			if r > 0xFFFF {
				r, low = utf16.EncodeRune(r)
			}
			if !yield(Char(r)) || low != 0 && !yield(Char(low)) {
				return
			}
			s = s[size:]
		}
	}
}

// Valid is s with lone halves of pairs replaced by U+FFFD, in plain UTF-8: what
// leaves the world of .NET's strings is this.
func Valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		b = utf8.AppendRune(b, r) // which writes U+FFFD for a half
		s = s[size:]
	}
	return string(b)
}

// Join is string.Join.
func Join(separator string, parts []string) string {
	joined := strings.Join(parts, separator)
	if !strings.Contains(joined, "\xED") {
		return joined
	}
	return meet(joined)
}

// ReplacedLength is how many bytes s has after Replace(old, value), at most.
func ReplacedLength(s, old, value string) int {
	if old == "" {
		return len(s)
	}
	return len(s) + strings.Count(s, old)*max(len(value)-len(old), 0)
}

// CharsOf are the units of s as chars.
func CharsOf(s string) []Char {
	chars := make([]Char, 0, unitCount(s))
	for c := range Chars(s) {
		chars = append(chars, c)
	}
	return chars
}

// FromChars is new string(chars).
func FromChars(chars []Char) string {
	b := make([]byte, 0, len(chars))
	for _, c := range chars {
		b = appendChar(b, c)
	}
	return string(b)
}
