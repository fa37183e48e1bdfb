package dotnet

import (
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Char is System.Char: one unit of UTF-16.
type Char uint16

// String is the char as a text of one unit.
func (c Char) String() string { return string(appendChar(nil, c)) }

// appendChar appends a unit in WTF-8. The second half of a pair joins the first.
func appendChar(b []byte, c Char) []byte {
	r := rune(c)
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(b, r)
	}
	if n := len(b); isLow(r) && n >= 3 && isSurrogateText(string(b[n-3:])) && b[n-2] < 0xB0 {
		high, _ := decode(string(b[n-3:]))
		return utf8.AppendRune(b[:n-3], utf16.DecodeRune(high, r))
	}
	return append(b, 0xED, 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
}

func isHigh(r rune) bool { return r >= 0xD800 && r < 0xDC00 }
func isLow(r rune) bool  { return r >= 0xDC00 && r < 0xE000 }

// UnicodeCategory is System.Globalization.UnicodeCategory.
type UnicodeCategory int32

// The categories that the rules below ask for; categoryTables has all in order.
const (
	UppercaseLetter         UnicodeCategory = 0
	LowercaseLetter         UnicodeCategory = 1
	OtherLetter             UnicodeCategory = 4
	NonSpacingMark          UnicodeCategory = 5
	DecimalDigitNumber      UnicodeCategory = 8
	OtherNumber             UnicodeCategory = 10
	SpaceSeparator          UnicodeCategory = 11
	ParagraphSeparator      UnicodeCategory = 13
	Control                 UnicodeCategory = 14
	Surrogate               UnicodeCategory = 16
	ConnectorPunctuation    UnicodeCategory = 18
	DashPunctuation         UnicodeCategory = 19
	OtherPunctuation        UnicodeCategory = 24
	MathSymbol              UnicodeCategory = 25
	OtherSymbol             UnicodeCategory = 28
	OtherNotAssigned        UnicodeCategory = 29
	lastLetter                              = OtherLetter
	firstNumber, lastNumber                 = DecimalDigitNumber, OtherNumber
)

var categoryTables = [...]*unicode.RangeTable{
	unicode.Lu, unicode.Ll, unicode.Lt, unicode.Lm, unicode.Lo, unicode.Mn, unicode.Mc, unicode.Me, unicode.Nd, unicode.Nl,
	unicode.No, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Pc, unicode.Pd,
	unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf, unicode.Po, unicode.Sm, unicode.Sc, unicode.Sk, unicode.So,
}

// Category is the category of a code point. .NET keeps a few characters where
// old versions of Unicode had them. What newer versions of Unicode have added is
// in its category here, while .NET Core 3.1 calls it not assigned.
func Category(r rune) UnicodeCategory {
	switch r {
	case 0xA7, 0xB6:
		return OtherSymbol
	case 0xAA, 0xBA:
		return LowercaseLetter
	case 0xAD:
		return DashPunctuation
	case 0x166D:
		return OtherPunctuation
	}
	for i, table := range categoryTables {
		if unicode.Is(table, r) {
			return UnicodeCategory(i)
		}
	}
	return OtherNotAssigned
}

// The tests of a char, which char.IsXxx(string, int) makes on a code point.

// IsLetter is char.IsLetter.
func IsLetter(r rune) bool { return Category(r) <= lastLetter }

// IsDigit is char.IsDigit.
func IsDigit(r rune) bool { return Category(r) == DecimalDigitNumber }

// IsNumber is char.IsNumber.
func IsNumber(r rune) bool { c := Category(r); return c >= firstNumber && c <= lastNumber }

// IsLetterOrDigit is char.IsLetterOrDigit.
func IsLetterOrDigit(r rune) bool { return IsLetter(r) || IsDigit(r) }

// IsUpper is char.IsUpper.
func IsUpper(r rune) bool { return Category(r) == UppercaseLetter }

// IsLower is char.IsLower.
func IsLower(r rune) bool { return Category(r) == LowercaseLetter }

// IsPunctuation is char.IsPunctuation.
func IsPunctuation(r rune) bool {
	c := Category(r)
	return c >= ConnectorPunctuation && c <= OtherPunctuation
}

// IsSymbol is char.IsSymbol.
func IsSymbol(r rune) bool { c := Category(r); return c >= MathSymbol && c <= OtherSymbol }

// IsSeparator is char.IsSeparator.
func IsSeparator(r rune) bool {
	c := Category(r)
	return c >= SpaceSeparator && c <= ParagraphSeparator
}

// IsControl is char.IsControl.
func IsControl(r rune) bool { return Category(r) == Control }

// IsWhiteSpace is char.IsWhiteSpace.
func IsWhiteSpace(r rune) bool { return unicode.Is(unicode.White_Space, r) }

// decodeChar reads the first unit of a text as a char, and how many bytes it
// takes: none if the text is empty or begins with a pair.
func decodeChar(s string) (Char, int) {
	if s == "" {
		return 0, 0
	}
	r, size := decode(s)
	if r > 0xFFFF {
		return 0, 0
	}
	return Char(r), size
}

// NumericValue is char.GetNumericValue: -1 if r has none.
func NumericValue(r rune) float64 {
	if r < 0x80 {
		if r >= '0' && r <= '9' {
			return float64(r - '0')
		}
		return -1
	}
	return otherNumericValue(r)
}

// ToUpperChar is char.ToUpperInvariant for a code point. Unlike Unicode, the
// invariant culture keeps the dotless i.
func ToUpperChar(r rune) rune {
	if r == 0x131 {
		return r
	}
	return unicode.ToUpper(r)
}

// ToLowerChar is char.ToLowerInvariant for a code point, which keeps the dotted I.
func ToLowerChar(r rune) rune {
	if r == 0x130 {
		return r
	}
	return unicode.ToLower(r)
}

// CodePointAt is the code point at an index, as char.IsLetter(s, i) and its like
// take it: a pair counts as one at its first half; a lone half is itself.
func CodePointAt(s string, index int) (rune, error) {
	at, inside := offset(s, index)
	if index < 0 || at >= len(s) {
		return 0, ArgumentOutOfRange("index", outOfRange)
	}
	r, _ := decode(s[at:])
	if inside {
		_, r = utf16.EncodeRune(r)
	}
	return r, nil
}

// ConvertFromUTF32 is char.ConvertFromUtf32.
func ConvertFromUTF32(utf32 int32) (string, error) {
	if utf32 < 0 || utf32 > unicode.MaxRune || utf16.IsSurrogate(utf32) {
		return "", ArgumentOutOfRange("utf32", "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).")
	}
	return string(utf32), nil
}

// ConvertToUTF32 is char.ConvertToUtf32 of a pair.
func ConvertToUTF32(high, low Char) (int32, error) {
	if !isHigh(rune(high)) {
		return 0, ArgumentOutOfRange("highSurrogate", "A valid high surrogate character is between 0xd800 and 0xdbff, inclusive.")
	}
	if !isLow(rune(low)) {
		return 0, ArgumentOutOfRange("lowSurrogate", "A valid low surrogate character is between 0xdc00 and 0xdfff, inclusive.")
	}
	return utf16.DecodeRune(rune(high), rune(low)), nil
}

// ConvertToUTF32At is char.ConvertToUtf32(s, index).
func ConvertToUTF32At(s string, index int) (int32, error) {
	r, err := CodePointAt(s, index)
	if err != nil {
		return 0, ArgumentOutOfRange("index", indexOutOfRange)
	}
	lone := "a high surrogate char without a following low"
	if isLow(r) {
		lone = "a low surrogate char without a preceding high"
	}
	if utf16.IsSurrogate(r) {
		return 0, Argument("Found "+lone+" surrogate at index: "+strconv.Itoa(index)+". The input may not be in this encoding, or may not contain valid Unicode (UTF-16) characters.", "s")
	}
	return r, nil
}
