package dotnet

import (
	"math"
	"slices"
	"strings"
)

// StringSplitOptions is System.StringSplitOptions.
type StringSplitOptions int32

// RemoveEmptyEntries leaves out parts without text.
const RemoveEmptyEntries StringSplitOptions = 1

// SplitAll is the count of a Split without one.
const SplitAll = math.MaxInt32

// SplitChars is s.Split(separators, count, options): without separators at white
// space. The last of count parts is the rest.
func SplitChars(s string, separators []Char, count int, options StringSplitOptions) ([]string, error) {
	in := IsWhiteSpace
	if len(separators) > 0 {
		in = func(r rune) bool { return r <= 0xFFFF && containsChar(separators, Char(r)) }
	}
	for _, c := range separators {
		if isHigh(rune(c)) || isLow(rune(c)) {
			s = explode(s)
			break
		}
	}
	return splitText(s, count, options, func(s string) (at, size int) {
		for i := 0; i < len(s); {
			r, size := decode(s[i:])
			if in(r) {
				return i, size
			}
			i += size
		}
		return -1, 0
	})
}

// SplitTexts is s.Split(separators, count, options): without separators at white
// space; separators without text don't count.
func SplitTexts(s string, separators []string, count int, options StringSplitOptions) ([]string, error) {
	if len(separators) == 0 {
		return SplitChars(s, nil, count, options)
	}
	if slices.ContainsFunc(separators, partsPair) {
		s, separators = explode(s), slices.Clone(separators)
		for i, separator := range separators {
			separators[i] = explode(separator)
		}
	}
	return splitText(s, count, options, func(s string) (at, size int) { return firstOf(s, separators) })
}

// firstOf is the first place of s where a separator stands; of several at the
// same place the first in the list counts.
func firstOf(s string, separators []string) (at, size int) {
	for i := range len(s) {
		for _, separator := range separators {
			if separator != "" && strings.HasPrefix(s[i:], separator) {
				return i, len(separator)
			}
		}
	}
	return -1, 0
}

// splitText cuts s at what find finds.
func splitText(s string, count int, options StringSplitOptions, find func(s string) (at, size int)) ([]string, error) {
	if count < 0 {
		return nil, ArgumentOutOfRange("count", negativeCount)
	}
	if options < 0 || options > RemoveEmptyEntries {
		return nil, Argument("Illegal enum value: "+ToString(int32(options))+".", "")
	}
	omit := options == RemoveEmptyEntries
	switch {
	case count == 0 || omit && s == "":
		return []string{}, nil
	case count == 1:
		return []string{meet(s)}, nil
	}
	parts := []string{}
	for len(parts) < count-1 || omit && len(parts) == count-1 {
		at, size := find(s)
		if at < 0 || len(parts) == count-1 && at > 0 {
			break
		}
		if !omit || at > 0 {
			parts = append(parts, meet(s[:at]))
		}
		s = s[at+size:]
	}
	if !omit || s != "" {
		parts = append(parts, meet(s))
	}
	return parts, nil
}
