package dotnet

import "strings"

// ToUpper is string.ToUpper under the invariant culture.
func ToUpper(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	return mapChars(s, ToUpperChar)
}

// ToLower is string.ToLower under the invariant culture.
func ToLower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return mapChars(s, ToLowerChar)
}

// mapChars replaces each code point by another one; lone halves of pairs stay.
func mapChars(s string, to func(rune) rune) string {
	if !strings.Contains(s, "\xED") {
		return strings.Map(to, s)
	}
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		if isSurrogateText(s) {
			b = append(b, s[:size]...)
		} else {
			b = append(b, string(to(r))...)
		}
		s = s[size:]
	}
	return string(b)
}

// ToTitleCase is TextInfo.ToTitleCase under the invariant culture: words begin
// with a capital letter and go on in lower case. A word all in capitals stays.
func ToTitleCase(s string) string {
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		if !IsLetter(r) {
			b = append(b, s[:size]...)
			s = s[size:]
			continue
		}
		b = append(b, string(toTitleChar(r))...)
		hasLower := IsLower(r)
		s = s[size:]
		for ended := false; !ended; hasLower = true {
			var part string
			part, s, ended = titlePart(s)
			if hasLower || strings.ContainsFunc(part, IsLower) {
				part = ToLower(part)
			}
			b = append(b, part...)
		}
	}
	return string(b)
}

// titlePart takes off s what belongs to a word, up to an apostrophe, after which
// it goes on, or to its end.
func titlePart(s string) (part, rest string, ended bool) {
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		switch c := Category(r); {
		case r == '\'':
			return s[:i+1], s[i+1:], false
		case c >= SpaceSeparator && c < Surrogate, c >= ConnectorPunctuation && c < OtherNotAssigned:
			return s[:i], s[i:], true
		}
		i += size
	}
	return s, "", true
}

// toTitleChar is a capital letter, of a letter for two sounds the one whose first
// part is large.
func toTitleChar(r rune) rune {
	switch r {
	case 0x1C4, 0x1C5, 0x1C6:
		return 0x1C5
	case 0x1C7, 0x1C8, 0x1C9:
		return 0x1C8
	case 0x1CA, 0x1CB, 0x1CC:
		return 0x1CB
	case 0x1F1, 0x1F2, 0x1F3:
		return 0x1F2
	}
	return ToUpperChar(r)
}
