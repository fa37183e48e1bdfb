package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

var predefined = map[string]string{"quot": `"`, "amp": "&", "lt": "<", "gt": ">", "apos": "'"}

// entity reads the character reference or one of XML's five entities that text
// begins with: what it stands for and its length in the text, 0 if there is none.
func entity(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), 12)], ';')
	if end < 2 || text[0] != '&' {
		return "", 0
	}
	name := text[1:end]
	if s, ok := predefined[name]; ok {
		return s, end + 1
	}
	if name[0] != '#' {
		return "", 0
	}
	digits, base := name[1:], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isXMLChar(rune(n)) {
		return "", 0
	}
	return string(rune(n)), end + 1
}

// isXMLChar tells the characters that XML 1.0 allows (section 2.2).
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}
