package dotnet

import "strings"

// Searching in texts. Indexes and counts are in UTF-16 units.

// window is the part of a text that a search looks at.
type window struct {
	text  string
	start int // where it is in the whole text
}

// windowOf is the part of s that IndexOf(value, start, count) looks at.
func windowOf(s string, start, count int) (window, error) {
	length := unitCount(s)
	if start < 0 || start > length {
		return window{}, ArgumentOutOfRange("startIndex", indexOutOfRange)
	}
	if count < 0 || start > length-count {
		return window{}, ArgumentOutOfRange("count", countOutOfRange)
	}
	if start == 0 && count == length {
		return window{s, 0}, nil
	}
	return window{slice(s, start, count), start}, nil
}

// index is a place in the window as a place in the whole text; -1 stays.
func (w window) index(at int) int {
	if at < 0 {
		return -1
	}
	return w.start + at
}

// units is a byte offset in the window as units.
func (w window) units(bytes int) int {
	if bytes < 0 {
		return -1
	}
	return w.start + unitCount(w.text[:bytes])
}

// IndexOf is s.IndexOf(value, start, count, how).
func IndexOf(s, value string, start, count int, how StringComparison) (int, error) {
	w, err := windowOf(s, start, count)
	if err != nil {
		return 0, err
	}
	if err := how.check(); err != nil {
		return 0, err
	}
	if value == "" {
		return start, nil
	}
	if how.cultural() {
		if s == "" {
			return -1, nil
		}
		index, _ := indexCultural(w.text, value, how.ignoresCase())
		return w.index(index), nil
	}
	return w.index(indexOrdinal(w.text, value, how.ignoresCase())), nil
}

// indexOrdinal is where value first stands in s, in units.
func indexOrdinal(s, value string, ignoreCase bool) int {
	if ignoreCase {
		s, value = foldOrdinal(s), foldOrdinal(value)
	}
	if partsPair(value) {
		s, value = explode(s), explode(value)
	}
	return window{text: s}.units(strings.Index(s, value))
}

// partsPair reports whether a text begins or ends with half of a pair, so that it
// may stand within one.
func partsPair(s string) bool {
	if !strings.Contains(s, "\xED") {
		return false
	}
	first, _ := decode(s)
	last, _ := decodeLast(s)
	return isLow(first) || isHigh(last)
}

// indexCultural is where value first stands in s as a culture sees it, and how
// many units it takes there. Where both are plain ASCII that is ordinary search.
func indexCultural(s, value string, ignoreCase bool) (index, length int) {
	if PlainASCII(s) && PlainASCII(value) {
		return indexOrdinal(s, value, ignoreCase), len(value)
	}
	return newSearcher(s, value, ignoreCase).first()
}

// PlainASCII reports whether s has only characters of ASCII that count under a
// culture and are characters of their own.
func PlainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\t' && c != '\n') || c >= 0x7F {
			return false
		}
	}
	return true
}

// IndexOfChar is s.IndexOf(value, start, count).
func IndexOfChar(s string, value Char, start, count int) (int, error) {
	w, err := windowOf(s, start, count)
	if err != nil {
		return 0, err
	}
	return w.index(indexOrdinal(w.text, value.String(), false)), nil
}

// IndexOfAny is s.IndexOfAny(anyOf, start, count).
func IndexOfAny(s string, anyOf []Char, start, count int) (int, error) {
	w, err := windowOf(s, start, count)
	if err != nil {
		return 0, err
	}
	i := 0
	for c := range Chars(w.text) {
		if containsChar(anyOf, c) {
			return w.index(i), nil
		}
		i++
	}
	return -1, nil
}

func containsChar(set []Char, c Char) bool {
	for _, x := range set {
		if x == c {
			return true
		}
	}
	return false
}

// backWindow is the part of s that LastIndexOf(char, start, count) looks at: count
// units that end with the one at start.
func backWindow(s string, start, count int) (window, error) {
	if start < 0 || start >= unitCount(s) {
		return window{}, ArgumentOutOfRange("startIndex", indexOutOfRange)
	}
	if count < 0 || count-1 > start {
		return window{}, ArgumentOutOfRange("count", countOutOfRange)
	}
	first := start - count + 1
	return window{slice(s, first, count), first}, nil
}

// LastIndexOf is s.LastIndexOf(value, start, count, how).
func LastIndexOf(s, value string, start, count int, how StringComparison) (int, error) {
	length := unitCount(s)
	if length == 0 && (start == -1 || start == 0) {
		if value == "" {
			return 0, nil
		}
		return -1, nil
	}
	if start < 0 || start > length {
		return 0, ArgumentOutOfRange("startIndex", indexOutOfRange)
	}
	if start == length {
		start--
		count = max(count-1, min(count, 0))
	}
	if count < 0 || start-count+1 < 0 {
		return 0, ArgumentOutOfRange("count", countOutOfRange)
	}
	if err := how.check(); err != nil {
		return 0, err
	}
	if value == "" {
		return start, nil
	}
	first := start - count + 1
	w := window{slice(s, first, count), first}
	if how.cultural() {
		return w.index(lastCultural(w.text, value, how.ignoresCase())), nil
	}
	return w.index(lastOrdinal(w.text, value, how.ignoresCase())), nil
}

func lastOrdinal(s, value string, ignoreCase bool) int {
	if ignoreCase {
		s, value = foldOrdinal(s), foldOrdinal(value)
	}
	if partsPair(value) {
		s, value = explode(s), explode(value)
	}
	return window{text: s}.units(strings.LastIndex(s, value))
}

func lastCultural(s, value string, ignoreCase bool) int {
	if PlainASCII(s) && PlainASCII(value) {
		return lastOrdinal(s, value, ignoreCase)
	}
	index, _ := newSearcher(s, value, ignoreCase).last()
	return index
}

// LastIndexOfChar is s.LastIndexOf(value, start, count).
func LastIndexOfChar(s string, value Char, start, count int) (int, error) {
	return LastIndexOfAny(s, []Char{value}, start, count)
}

// LastIndexOfAny is s.LastIndexOfAny(anyOf, start, count).
func LastIndexOfAny(s string, anyOf []Char, start, count int) (int, error) {
	if s == "" {
		return -1, nil
	}
	w, err := backWindow(s, start, count)
	if err != nil {
		return 0, err
	}
	found, i := -1, 0
	for c := range Chars(w.text) {
		if containsChar(anyOf, c) {
			found = i
		}
		i++
	}
	return w.index(found), nil
}

// ContainsText is s.Contains(value, how).
func ContainsText(s, value string, how StringComparison) (bool, error) {
	i, err := IndexOf(s, value, 0, unitCount(s), how)
	return i >= 0, err
}

// StartsWith is s.StartsWith(value, how).
func StartsWith(s, value string, how StringComparison) (bool, error) {
	if err := how.check(); err != nil || value == "" {
		return err == nil, err
	}
	switch {
	case how == Ordinal:
		return hasPrefix(s, value), nil
	case how == OrdinalIgnoreCase:
		length := unitCount(value)
		return unitCount(s) >= length && compareOrdinalIgnoreCase(slice(s, 0, length), value) == 0, nil
	case PlainASCII(s) && PlainASCII(value):
		return len(s) >= len(value) && equalASCII(s[:len(value)], value, how.ignoresCase()), nil
	}
	search := newSearcher(s, value, how.ignoresCase())
	index, _ := search.first()
	return index >= 0 && search.onlyIgnored(slice(s, 0, index), how.ignoresCase()), nil
}

// hasPrefix reports whether the units of value are the first ones of s.
func hasPrefix(s, value string) bool {
	return strings.HasPrefix(s, value) || partsPair(value) && strings.HasPrefix(explode(s), explode(value))
}

func equalASCII(a, b string, ignoreCase bool) bool {
	return a == b || ignoreCase && strings.EqualFold(a, b)
}

// EndsWith is s.EndsWith(value, how).
func EndsWith(s, value string, how StringComparison) (bool, error) {
	if err := how.check(); err != nil || value == "" {
		return err == nil, err
	}
	missing := unitCount(s) - unitCount(value)
	switch {
	case how == Ordinal:
		return missing >= 0 && slice(s, missing, unitCount(value)) == value, nil
	case how == OrdinalIgnoreCase:
		return missing >= 0 && compareOrdinalIgnoreCase(slice(s, missing, unitCount(value)), value) == 0, nil
	case PlainASCII(s) && PlainASCII(value):
		return missing >= 0 && equalASCII(s[missing:], value, how.ignoresCase()), nil
	}
	search := newSearcher(s, value, how.ignoresCase())
	index, length := search.last()
	if index < 0 {
		return false, nil
	}
	_, rest := cut(s, index+length)
	return search.onlyIgnored(rest, how.ignoresCase()), nil
}
