package xlinq

import (
	"fmt"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// decode is utf8.DecodeRuneInString for package dotnet's strings: a lone
// surrogate is a rune of three bytes.
func decode(s string) (r rune, size int) {
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}

func isSurrogate(r rune) bool     { return 0xD800 <= r && r <= 0xDFFF }
func isLowSurrogate(r rune) bool  { return 0xDC00 <= r && r <= 0xDFFF }
func isHighSurrogate(r rune) bool { return 0xD800 <= r && r <= 0xDBFF }

// isChar tells whether XML allows the character.
func isChar(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case isSurrogate(r), r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isBlank tells whether s is white space only.
func isBlank(s string) bool {
	for i := range len(s) {
		if !isSpace(s[i]) {
			return false
		}
	}
	return true
}

// describe is the character that s begins with as exceptions show it: itself
// and its number. A null character is shown as a dot.
func describe(s string) (shown, hex string) {
	r, size := decode(s)
	if r == 0 {
		return ".", "0x00"
	}
	return s[:size], fmt.Sprintf("0x%02X", r)
}

// badChar is the message about a character that XML does not allow.
func badChar(s string) string {
	shown, hex := describe(s)
	return "'" + shown + "', hexadecimal value " + hex + ", is an invalid character."
}

// unwritable is what writing the character that s begins with gives.
func unwritable(s string) error {
	r, size := decode(s)
	switch {
	case isHighSurrogate(r) && size == len(s):
		return dotnet.Argument("The surrogate pair is invalid. Missing a low surrogate character.", "")
	case isHighSurrogate(r):
		next, _ := decode(s[size:])
		if next > 0xFFFF {
			next = 0xD800 + (next-0x10000)>>10
		}
		return dotnet.Argument(fmt.Sprintf("The surrogate pair (0x%X, 0x%X) is invalid. A high surrogate character (0xD800 - 0xDBFF) must always be paired "+
			"with a low surrogate character (0xDC00 - 0xDFFF).", r, next), "")
	case isLowSurrogate(r):
		return dotnet.Argument(fmt.Sprintf("Invalid high surrogate character (0x%X). A high surrogate character must have a value from range (0xD800 - 0xDBFF).", r), "")
	}
	return dotnet.Argument(badChar(s), "")
}
