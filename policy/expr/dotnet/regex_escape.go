package dotnet

import "strings"

// EscapeRegex is Regex.Escape: a pattern for the text itself.
func EscapeRegex(s string) string {
	const special = "\\*+?|{[()^$.# \t\n\f\r"
	if !strings.ContainsAny(s, special) {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(special, c) >= 0 {
			b = append(b, '\\')
		}
		switch c {
		case '\t':
			c = 't'
		case '\n':
			c = 'n'
		case '\f':
			c = 'f'
		case '\r':
			c = 'r'
		}
		b = append(b, c)
	}
	return string(b)
}

// UnescapeRegex is Regex.Unescape.
func UnescapeRegex(s string) (text string, err error) {
	at := strings.IndexByte(s, '\\')
	if at < 0 {
		return s, nil
	}
	defer catchRegexProblem(&err)
	r := newRegexReader(s)
	units := make([]uint16, 0, len(r.units))
	for r.left() > 0 {
		c := r.next()
		if c == '\\' {
			if r.left() == 0 {
				break // which is left out
			}
			c = r.readCharEscape()
		}
		units = append(units, uint16(c))
	}
	return FromUnits(units), nil
}
