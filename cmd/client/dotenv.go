package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A .env file is lines of NAME=value:
//
//	# a comment
//	export NAME=value   # "export" is allowed, and so is a comment after a blank
//	NAME='taken as it stands'
//	NAME="with \n, \r, \t, \", \\ and \$; any other backslash stays"
//
// Nothing is expanded, a value ends with its line, and of two lines for one name
// the last one counts.

// maxDotenv is the largest .env that is read, in bytes.
const maxDotenv = 64 << 10

// variable is one line of a .env file.
type variable struct {
	name, value string
	line        int // from 1
}

// parseDotenv reads a .env file; file names it in errors. Errors never quote a
// line: it may hold a secret.
func parseDotenv(file string, data []byte) ([]variable, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, unusable("%s: not text in UTF-8: save it as UTF-8", file)
	}
	var all []variable
	for i, line := range strings.Split(string(data), "\n") {
		v, ok, err := parseVariable(strings.TrimSpace(line))
		if err != nil {
			return nil, unusable("%s:%d: %v", file, i+1, err)
		}
		if ok {
			v.line = i + 1
			all = append(all, v)
		}
	}
	return all, nil
}

// parseVariable reads one line, without blanks around it; ok is false for an
// empty line and for a comment.
func parseVariable(line string) (v variable, ok bool, err error) {
	if line == "" || line[0] == '#' {
		return v, false, nil
	}
	if i := strings.IndexFunc(line, unicode.IsSpace); i > 0 && line[:i] == "export" {
		line = strings.TrimSpace(line[i:])
	}
	name, text, found := strings.Cut(line, "=")
	name = strings.TrimRight(name, " \t")
	if !found {
		return v, false, fmt.Errorf("no =: write NAME=value, or begin a comment with #")
	}
	if !isName(name) {
		return v, false, fmt.Errorf("what stands before = is not a name (letters, digits and _, no digit first): write NAME=value")
	}
	value, err := parseValue(strings.TrimLeft(text, " \t"))
	return variable{name: name, value: value}, err == nil, err
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// parseValue reads what stands after the equals sign.
func parseValue(text string) (string, error) {
	value, rest := text, ""
	switch {
	case strings.HasPrefix(text, "'"):
		var closed bool
		value, rest, closed = strings.Cut(text[1:], "'")
		if !closed {
			return "", fmt.Errorf("the quote ' is not closed on its line")
		}
	case strings.HasPrefix(text, `"`):
		var closed bool
		value, rest, closed = cutDoubleQuoted(text[1:])
		if !closed {
			return "", fmt.Errorf(`the quote " is not closed on its line`)
		}
	default:
		value = strings.TrimRight(withoutComment(text), " \t")
	}
	if rest = strings.TrimLeft(rest, " \t"); rest != "" && rest[0] != '#' {
		return "", fmt.Errorf("text after the closing quote: quote the whole value, or begin a comment with #")
	}
	return value, nil
}

// cutDoubleQuoted takes the text up to the closing quote, escapes resolved.
func cutDoubleQuoted(s string) (value, rest string, closed bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
			if at := strings.IndexByte(`nrt"\$`, s[i]); at >= 0 {
				b.WriteByte("\n\r\t\"\\$"[at])
			} else {
				b.WriteByte('\\')
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

// withoutComment cuts an unquoted value at a # which begins it or follows a
// blank.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			return s[:i]
		}
	}
	return s
}
