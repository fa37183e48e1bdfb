package dotnet

import (
	"unicode"
	"unicode/utf16"
)

// StringComparison is System.StringComparison. The current culture is the
// invariant one.
type StringComparison int32

// The comparisons.
const (
	CurrentCulture             StringComparison = 0
	CurrentCultureIgnoreCase   StringComparison = 1
	InvariantCulture           StringComparison = 2
	InvariantCultureIgnoreCase StringComparison = 3
	Ordinal                    StringComparison = 4
	OrdinalIgnoreCase          StringComparison = 5
)

// check tells of a value that is no comparison.
func (c StringComparison) check() error {
	if c < CurrentCulture || c > OrdinalIgnoreCase {
		return Argument(unknownComparison, "comparisonType")
	}
	return nil
}

func (c StringComparison) ignoresCase() bool { return c&1 == 1 }
func (c StringComparison) cultural() bool    { return c < Ordinal }

// CompareText is string.Compare(a, b, how).
func CompareText(a, b string, how StringComparison) (int, error) {
	if err := how.check(); err != nil {
		return 0, err
	}
	switch how {
	case Ordinal:
		return CompareOrdinal(a, b), nil
	case OrdinalIgnoreCase:
		return compareOrdinalIgnoreCase(a, b), nil
	}
	return rootCollation().compare(a, b, how.ignoresCase()), nil
}

// EqualText is a.Equals(b, how).
func EqualText(a, b string, how StringComparison) (bool, error) {
	if err := how.check(); err != nil || a == b {
		return err == nil, err
	}
	switch how {
	case Ordinal:
		return false, nil
	case OrdinalIgnoreCase:
		return compareOrdinalIgnoreCase(a, b) == 0, nil
	}
	return rootCollation().compare(a, b, how.ignoresCase()) == 0, nil
}

// ComparisonKey is a text that is the same for texts that are equal: what a hash
// code is made from. As in .NET, ı and I have different keys without regard to
// case although they are equal.
func ComparisonKey(s string, how StringComparison) (string, error) {
	if err := how.check(); err != nil {
		return "", err
	}
	switch how {
	case Ordinal:
		return s, nil
	case OrdinalIgnoreCase:
		return ToUpper(s), nil
	}
	return rootCollation().key(s, how.ignoresCase()), nil
}

// CompareOrdinal is string.CompareOrdinal: the difference of the first units
// that differ, or of the lengths. .NET compares two units at a time, so that for
// an odd length the end counts as a unit of value 0.
func CompareOrdinal(a, b string) int {
	if d := ordinalDifference(a, b); d != 0 {
		return d
	}
	n, k := unitCount(a), unitCount(b)
	if shorter := min(n, k); n != k && (shorter%2 == 1 || shorter == 0) {
		x, _ := CharAt(a, shorter)
		y, _ := CharAt(b, shorter)
		if x != y {
			return int(x) - int(y)
		}
	}
	return n - k
}

// ordinalDifference is the difference of the first units that differ; 0 if one
// text begins with the other.
func ordinalDifference(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == len(a) && i == len(b) {
		return 0
	}
	// Go back to where the code point begins.
	for i > 0 && (i < len(a) && a[i]&0xC0 == 0x80 || i < len(b) && b[i]&0xC0 == 0x80) {
		i--
	}
	a, b = a[i:], b[i:]
	if a == "" || b == "" {
		return 0
	}
	x, xSize := decode(a)
	y, ySize := decode(b)
	high, low := x, rune(0)
	otherHigh, otherLow := y, rune(0)
	if x > 0xFFFF {
		high, low = utf16.EncodeRune(x)
	}
	if y > 0xFFFF {
		otherHigh, otherLow = utf16.EncodeRune(y)
	}
	switch {
	case high != otherHigh:
		return int(high - otherHigh)
	case low != 0 && otherLow != 0: // the pairs differ in the second half
		return int(low - otherLow)
	}
	// One is a pair, the other its first half alone, after which it ends or goes on.
	if low == 0 {
		if low = firstUnit(a[xSize:]); low < 0 {
			return 0
		}
	}
	if otherLow == 0 {
		if otherLow = firstUnit(b[ySize:]); otherLow < 0 {
			return 0
		}
	}
	return int(low - otherLow)
}

// firstUnit is the first unit of a text, -1 of an empty one.
func firstUnit(s string) rune {
	if s == "" {
		return -1
	}
	c, _ := CharAt(s, 0)
	return rune(c)
}

// compareOrdinalIgnoreCase compares as .NET does: unit by unit within ASCII, the
// rest by code points, in upper case.
func compareOrdinalIgnoreCase(a, b string) int {
	ascii := isASCII(a) && isASCII(b)
	for a != "" && b != "" {
		x, n := decode(a)
		y, k := decode(b)
		if x != y {
			if x, y = unicode.ToUpper(x), unicode.ToUpper(y); x != y {
				if x < unicode.MaxASCII && y < unicode.MaxASCII {
					return int(x - y)
				}
				return signOf(int(x - y))
			}
		}
		a, b = a[n:], b[k:]
	}
	if ascii {
		return len(a) - len(b)
	}
	return signOf(len(a) - len(b))
}

func signOf(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// CompareParts is string.Compare(a, indexA, b, indexB, length, how), which
// compares at most length units from the indexes on.
func CompareParts(a string, indexA int, b string, indexB, length int, how StringComparison) (int, error) {
	if err := how.check(); err != nil {
		return 0, err
	}
	names := [3]string{"length", "indexA", "indexB"}
	if length < 0 {
		return 0, ArgumentOutOfRange(names[0], negativeLength)
	}
	lengthA, lengthB := unitCount(a), unitCount(b)
	if indexA < 0 || indexA > lengthA {
		return 0, ArgumentOutOfRange(names[1], indexOutOfRange)
	}
	if indexB < 0 || indexB > lengthB {
		return 0, ArgumentOutOfRange(names[2], indexOutOfRange)
	}
	a, b = slice(a, indexA, min(length, lengthA-indexA)), slice(b, indexB, min(length, lengthB-indexB))
	if how == Ordinal { // here only lengths count where one text begins with the other
		if d := ordinalDifference(a, b); d != 0 {
			return d, nil
		}
		return unitCount(a) - unitCount(b), nil
	}
	return CompareText(a, b, how)
}

// foldOrdinal is the upper case by which IndexOf and its like search without
// regard to case. It is not the one that comparing uses, which takes ı for I.
func foldOrdinal(s string) string { return ToUpper(s) }
