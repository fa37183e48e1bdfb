package policy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const whiteSpace = " \t\r\n"

func isSpace(s string) bool { return strings.Trim(s, whiteSpace) == "" }

func (r *reader) space() bool {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(whiteSpace, r.text[r.at]) >= 0 {
		r.at++
	}
	return r.at > start
}

func (r *reader) has(prefix string) bool { return strings.HasPrefix(r.text[r.at:], prefix) }

// name reads a name with at most one colon in it, as names in namespaces have.
func (r *reader) name() (string, *fault) {
	start := r.at
	r.localName()
	if colon := r.at; colon > start && r.has(":") {
		r.at++
		if r.localName(); r.at == colon+1 {
			r.at = colon
		}
	}
	switch {
	case r.at > start:
		return r.text[start:r.at], nil
	case r.at == len(r.text):
		return "", r.unclosed()
	}
	return "", &fault{r.at, fmt.Sprintf("Name cannot begin with the '%s' character.", r.here())}
}

func (r *reader) localName() {
	start := r.at
	for r.at < len(r.text) {
		c, n := utf8.DecodeRuneInString(r.text[r.at:])
		first := c == '_' || unicode.IsLetter(c)
		if !first && (r.at == start || c != '-' && c != '.' && !unicode.In(c, unicode.Digit, unicode.M)) {
			return
		}
		r.at += n
	}
}

// unexpected is the fault of what stands at the reader; expected says what should.
func (r *reader) unexpected(expected string) *fault {
	if r.at == len(r.text) {
		return r.unclosed()
	}
	return &fault{r.at, fmt.Sprintf("'%s' is an unexpected token. %s", r.here(), expected)}
}

// unclosed is the fault of a text that ends too early: it starts at the innermost
// element that is not closed.
func (r *reader) unclosed() *fault {
	if r.open == nil {
		return &fault{r.at, "Unexpected end of file has occurred."}
	}
	var names []string
	for e := r.open; e.Tag != ""; e = e.Parent() {
		names = append(names, e.FullTag())
	}
	return &fault{r.doc.marks[r.open].name, fmt.Sprintf("Unexpected end of file has occurred. The following elements are not closed: %s.", strings.Join(names, ", "))}
}

// here is the character at the reader, for messages.
func (r *reader) here() string {
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	if !unicode.IsPrint(c) {
		return fmt.Sprintf("%U", c)
	}
	return string(c)
}

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
