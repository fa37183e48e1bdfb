package dotnet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HTMLEncode is WebUtility.HtmlEncode.
func HTMLEncode(s string) string {
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		switch {
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\'':
			b = append(b, "&#39;"...)
		case r == '&':
			b = append(b, "&amp;"...)
		case r >= 0xA0 && r <= 0xFF || r > 0xFFFF:
			b = append(b, "&#"...)
			b = strconv.AppendInt(b, int64(r), 10)
			b = append(b, ';')
		default:
			b = utf8.AppendRune(b, r) // U+FFFD for half of a pair
		}
		s = s[size:]
	}
	return string(b)
}

// HTMLDecode is WebUtility.HtmlDecode. What is no entity stays.
func HTMLDecode(s string) string {
	var parts []string
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return Concat(append(parts, s)...)
		}
		parts = append(parts, s[:i])
		s = s[i:]
		end := strings.IndexAny(s[1:], ";&") + 1
		if end <= 0 || s[end] == '&' {
			parts, s = append(parts, "&"), s[1:]
			continue
		}
		if char, ok := htmlEntity(s[1:end]); ok {
			parts = append(parts, char)
		} else {
			parts = append(parts, s[:end+1])
		}
		s = s[end+1:]
	}
}

// htmlEntity is the character of an entity: eacute, #233, #xE9.
func htmlEntity(name string) (string, bool) {
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric {
		char, ok := htmlEntities()[name]
		return char, ok
	}
	var code uint64
	var err error
	if hex := strings.TrimPrefix(strings.TrimPrefix(digits, "x"), "X"); hex != digits {
		code, err = strconv.ParseUint(hex, 16, 32)
	} else {
		digits = strings.TrimPrefix(strings.Trim(digits, " \t\n\v\f\r"), "+")
		code, err = strconv.ParseUint(digits, 10, 32)
	}
	if err != nil || code > unicode.MaxRune || isHigh(rune(code)) || isLow(rune(code)) {
		return "", false
	}
	return string(rune(code)), true
}

const upperHex = "0123456789ABCDEF"

// URLEncode is WebUtility.UrlEncode: a space is a plus sign.
func URLEncode(s string) string { return string(URLEncodeBytes([]byte(Valid(s)))) }

// URLEncodeBytes is WebUtility.UrlEncodeToBytes.
func URLEncodeBytes(data []byte) []byte {
	b := make([]byte, 0, len(data))
	for _, c := range data {
		switch {
		case isAlphanumeric(c) || strings.IndexByte("-_.!*()", c) >= 0:
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// URLDecode is WebUtility.UrlDecode. A % that no two hexadecimal digits follow
// stays.
func URLDecode(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	text := make([]byte, 0, len(s))
	var octets []byte // ASCII and escaped bytes, which are decoded together
	flush := func() {
		decoded, _ := UTF8.GetString(octets)
		text = appendText(text, decoded)
		octets = octets[:0]
	}
	for s != "" {
		if s[0] >= utf8.RuneSelf {
			flush()
			_, size := decode(s)
			text = appendText(text, s[:size])
			s = s[size:]
			continue
		}
		c, size := unescapedByte(s)
		octets = append(octets, c)
		s = s[size:]
	}
	flush()
	return string(text)
}

// unescapedByte is the byte that s begins with: itself, a plus sign or escaped.
func unescapedByte[T string | []byte](s T) (c byte, size int) {
	if s[0] == '+' {
		return ' ', 1
	}
	if s[0] == '%' && len(s) > 2 {
		if high, low := hexValue(s[1]), hexValue(s[2]); high >= 0 && low >= 0 {
			return byte(high<<4 | low), 3
		}
	}
	return s[0], 1
}

// hexValue is the value of a hexadecimal digit, -1 of another character.
func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// URLDecodeBytes is WebUtility.UrlDecodeToBytes.
func URLDecodeBytes(data []byte) []byte {
	b := make([]byte, 0, len(data))
	for len(data) > 0 {
		c, size := unescapedByte(data)
		b = append(b, c)
		data = data[size:]
	}
	return b
}
