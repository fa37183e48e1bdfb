package access

import (
	"slices"
	"strings"
)

// nameParts takes a distinguished name apart at its commas: CN=a, O="b, c". A value
// with special characters stands in quotes, in which two are one, or has a backslash
// before each (RFC 4514 section 2.4), as tools other than .NET's write it. Blanks
// around a part do not count, nor does the case of what is before the equals sign.
func nameParts(name string) []string {
	var parts []string
	var part strings.Builder
	quoted := false
	end := func() {
		if text := strings.TrimSpace(part.String()); text != "" {
			kind, value, _ := strings.Cut(text, "=")
			parts = append(parts, strings.ToUpper(strings.TrimSpace(kind))+"="+strings.TrimSpace(value))
		}
		part.Reset()
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '"' && quoted && i+1 < len(name) && name[i+1] == '"':
			part.WriteByte(c)
			i++
		case c == '"':
			quoted = !quoted
		case c == '\\' && !quoted && i+1 < len(name):
			i++
			part.WriteByte(name[i])
		case c == ',' && !quoted:
			end()
		default:
			part.WriteByte(c)
		}
	}
	end()
	return parts
}

// sameName compares names part by part. Tools write the parts in either order, so both
// are taken unless everything open is strict: then only .NET's.
func sameName(wanted, actual []string, strict bool) bool {
	if slices.Equal(wanted, actual) {
		return true
	}
	reversed := slices.Clone(wanted)
	slices.Reverse(reversed)
	return !strict && slices.Equal(reversed, actual)
}
