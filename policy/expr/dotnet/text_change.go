package dotnet

import "strings"

// Substring is s.Substring(start, length).
func Substring(s string, start, length int) (string, error) {
	total := unitCount(s)
	switch {
	case start < 0:
		return "", ArgumentOutOfRange("startIndex", negativeStart)
	case start > total:
		return "", ArgumentOutOfRange("startIndex", "startIndex cannot be larger than length of string.")
	case length < 0:
		return "", ArgumentOutOfRange("length", negativeLength)
	case start > total-length:
		return "", ArgumentOutOfRange("length", outsideText)
	}
	return slice(s, start, length), nil
}

// SubstringFrom is s.Substring(start).
func SubstringFrom(s string, start int) (string, error) {
	return Substring(s, start, max(unitCount(s)-max(start, 0), 0))
}

// Insert is s.Insert(start, value).
func Insert(s string, start int, value string) (string, error) {
	if start < 0 || start > unitCount(s) {
		return "", ArgumentOutOfRange("startIndex", outOfRange)
	}
	before, after := cut(s, start)
	return Concat(before, value, after), nil
}

// Remove is s.Remove(start, count).
func Remove(s string, start, count int) (string, error) {
	switch {
	case start < 0:
		return "", ArgumentOutOfRange("startIndex", negativeStart)
	case count < 0:
		return "", ArgumentOutOfRange("count", negativeCount)
	case start > unitCount(s)-count:
		return "", ArgumentOutOfRange("count", outsideTextByCount)
	}
	before, after := cut(s, start)
	_, after = cut(after, count)
	return Concat(before, after), nil
}

// RemoveFrom is s.Remove(start).
func RemoveFrom(s string, start int) (string, error) {
	if start < 0 {
		return "", ArgumentOutOfRange("startIndex", negativeStart)
	}
	if start >= unitCount(s) {
		return "", ArgumentOutOfRange("startIndex", "startIndex must be less than length of string.")
	}
	before, _ := cut(s, start)
	return before, nil
}

// Padding is what PadLeft and PadRight add to s to make it as wide.
func Padding(s string, width int, with Char) (string, error) {
	if width < 0 {
		return "", ArgumentOutOfRange("totalWidth", nonNegativeNeeded)
	}
	return RepeatChar(with, max(width-unitCount(s), 0)), nil
}

// RepeatChar is new string(c, count); count is not negative.
func RepeatChar(c Char, count int) string { return Concat(strings.Repeat(c.String(), count)) }

// Replace is s.Replace(old, value), which replaces by units.
func Replace(s, old, value string) (string, error) {
	if old == "" {
		return "", Argument(emptyText, "oldValue")
	}
	if partsPair(old) {
		s, old, value = explode(s), explode(old), explode(value)
	}
	return meet(strings.ReplaceAll(s, old, value)), nil
}

// ReplaceChar is s.Replace(old, value).
func ReplaceChar(s string, old, value Char) string {
	if old == value {
		return s
	}
	replaced, _ := Replace(s, old.String(), value.String())
	return replaced
}

// ReplaceWith is s.Replace(old, value, how). Where old has only characters that
// the culture ignores .NET Core 3.1 never ends; here nothing is replaced, as in
// later versions. Beyond ASCII each place that is found takes time for all the
// text behind it, whose length spend is told before; its error ends the work.
func ReplaceWith(s, old, value string, how StringComparison, spend func(n int) error) (string, error) {
	if err := how.check(); err != nil {
		return "", err
	}
	switch {
	case how == Ordinal || how.cultural() && !how.ignoresCase() && PlainASCII(s) && PlainASCII(old):
		return Replace(s, old, value)
	case old == "":
		return "", Argument(emptyText, "oldValue")
	case isASCII(s) && isASCII(old) && (!how.cultural() || PlainASCII(s) && PlainASCII(old)):
		return replaceASCII(s, old, value), nil
	}
	var parts []string
	for s != "" {
		if err := spend(len(s)); err != nil {
			return "", err
		}
		index, length := indexOrdinal(s, old, true), unitCount(old)
		if how.cultural() {
			index, length = indexCultural(s, old, how.ignoresCase())
		}
		if index < 0 || length == 0 {
			break
		}
		before, rest := cut(s, index)
		_, s = cut(rest, length)
		parts = append(parts, before, value)
	}
	return Concat(append(parts, s)...), nil
}

// replaceASCII replaces without regard to case.
func replaceASCII(s, old, value string) string {
	folded, old := strings.ToUpper(s), strings.ToUpper(old)
	var parts []string
	for {
		i := strings.Index(folded, old)
		if i < 0 {
			return Concat(append(parts, s)...)
		}
		parts = append(parts, s[:i], value)
		s, folded = s[i+len(old):], folded[i+len(old):]
	}
}

// Trim is s without what is in set at its ends; an empty set means white space.
func Trim(s string, set []Char, start, end bool) string {
	in := IsWhiteSpace
	if len(set) > 0 {
		in = func(r rune) bool { return r <= 0xFFFF && containsChar(set, Char(r)) }
	}
	for start && s != "" {
		r, size := decode(s)
		if !in(r) {
			break
		}
		s = s[size:]
	}
	for end && s != "" {
		r, size := decodeLast(s)
		if !in(r) {
			break
		}
		s = s[:len(s)-size]
	}
	return s
}
