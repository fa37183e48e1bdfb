package dotnet

import (
	"strings"
	"unicode/utf8"
)

// Escaping in URIs (RFC 3986, and RFC 3987 for characters beyond ASCII).

const (
	uriUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	uriReserved   = ";/?:@&=+$,#[]!'()*"
	// unsafeToUnescape has a meaning, or would begin an escape.
	unsafeToUnescape = uriReserved + `%\`
)

// EscapeDataString is Uri.EscapeDataString.
func EscapeDataString(s string) (string, error) {
	return escape(s, uriUnreserved, false), escapable(s)
}

// EscapeURIString is Uri.EscapeUriString.
func EscapeURIString(s string) (string, error) {
	return escape(s, uriUnreserved+uriReserved, false), escapable(s)
}

// escapable tells of a text that .NET Core 3.1 doesn't escape: one too long for a
// URI, or with the first half of a pair alone or at the end.
func escapable(s string) error {
	if unitCount(s) >= maxURILength {
		return uriSizeLimit.exception()
	}
	before := rune(0)
	for rest := s; rest != ""; {
		r, size := decode(rest)
		rest = rest[size:]
		if isHigh(r) && (rest == "" || before < utf8.RuneSelf && rest[0] < utf8.RuneSelf) {
			return NewException("System.UriFormatException", "Invalid URI: There is an invalid sequence in the string.")
		}
		before = r
	}
	return nil
}

// escapeURI escapes what may not stand in a URI, and the characters of force.
// What is escaped stays.
func escapeURI(s, force string) string {
	plain := uriUnreserved + uriReserved
	for i := range len(force) {
		plain = strings.ReplaceAll(plain, force[i:i+1], "")
	}
	return escape(s, plain, true)
}

// escape escapes what is not in plain; keep leaves what is escaped.
func escape(s, plain string, keep bool) string {
	if strings.Trim(s, plain) == "" {
		return s
	}
	b := make([]byte, 0, len(s)+len(s)/2)
	for s != "" {
		r, size := decode(s)
		switch {
		case r < utf8.RuneSelf && strings.IndexByte(plain, s[0]) >= 0:
			b = append(b, s[0])
		case keep && isEscape(s):
			size = 3
			b = append(b, s[:size]...)
		default:
			for _, c := range utf8.AppendRune(nil, r) {
				b = appendEscape(b, c)
			}
		}
		s = s[size:]
	}
	return string(b)
}

func appendEscape(b []byte, c byte) []byte { return append(b, '%', upperHex[c>>4], upperHex[c&15]) }

// isEscape reports whether s begins with an escaped byte.
func isEscape(s string) bool {
	return len(s) > 2 && s[0] == '%' && hexValue(s[1]) >= 0 && hexValue(s[2]) >= 0
}

// escapedByte is the byte that s begins with, which isEscape.
func escapedByte(s string) byte { return byte(hexValue(s[1])<<4 | hexValue(s[2])) }

// unescapeMode is how far unescape goes.
type unescapeMode uint8

const (
	unescapeSafe unescapeMode = 1 << iota // unescape what does no harm
	escapeUnsafe                          // escape what does
	unescapeAll                           // unescape everything
	unescapeShow                          // for showing: nothing does harm
)

// UnescapeDataString is Uri.UnescapeDataString.
func UnescapeDataString(s string) string {
	return unescape(s, unescapeSafe|unescapeAll, "", false, false)
}

// unescape decodes escapes as the mode says, other than those of the reserved
// characters. What is no UTF-8 stays escaped. In an IRI only its characters
// beyond ASCII are decoded; a query has more.
func unescape(s string, mode unescapeMode, reserved string, iri, query bool) string {
	if mode == 0 {
		return s
	}
	iri = iri && mode&(unescapeSafe|escapeUnsafe) == unescapeSafe|escapeUnsafe
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		switch {
		case r != '%':
			unsafe := strings.ContainsRune(reserved, r) || mode&unescapeShow == 0 && isControl(r)
			if mode&escapeUnsafe != 0 && mode&unescapeAll == 0 && unsafe {
				b = escapeChar(b, r)
			} else {
				b = appendText(b, s[:size])
			}
		case mode&unescapeSafe == 0:
			b = appendEscape(b, '%')
		case !isEscape(s):
			if mode&unescapeAll == 0 && (mode&escapeUnsafe != 0 || len(s) < 3) {
				b = appendEscape(b, '%')
			} else {
				b = append(b, '%')
			}
		default:
			c := escapedByte(s)
			size = 3
			switch {
			case mode&unescapeAll == 0 && keptEscaped(c, mode, reserved, iri):
				b = append(b, s[:size]...)
			case c < utf8.RuneSelf:
				b = append(b, c)
			default:
				octets := escapedOctets(s)
				size = 3 * len(octets)
				b = appendDecoded(b, octets, func(r rune) bool { return !iri || inIRI(r, query) })
			}
		}
		s = s[size:]
	}
	return string(b)
}

// keptEscaped reports whether an escape stays one.
func keptEscaped(c byte, mode unescapeMode, reserved string, iri bool) bool {
	unsafe := isControl(rune(c)) || strings.IndexByte(unsafeToUnescape, c) >= 0
	switch {
	case c == '%' || strings.IndexByte(reserved, c) >= 0:
		return true
	case c > 0x9F:
		return false
	}
	return unsafe && (mode&unescapeShow == 0 || iri)
}

func isControl(r rune) bool { return r <= 0x1F || r >= 0x7F && r <= 0x9F }

func escapeChar(b []byte, r rune) []byte {
	for _, c := range utf8.AppendRune(nil, r) {
		b = appendEscape(b, c)
	}
	return b
}

// escapedOctets are the bytes beyond ASCII that stand escaped at the start of s.
func escapedOctets(s string) []byte {
	var octets []byte
	for isEscape(s) && escapedByte(s) >= utf8.RuneSelf {
		octets = append(octets, escapedByte(s))
		s = s[3:]
	}
	return octets
}

// appendDecoded appends bytes as text, escaped where they are none or a character
// that is not wanted.
func appendDecoded(b, octets []byte, wanted func(rune) bool) []byte {
	for len(octets) > 0 {
		r, size := utf8.DecodeRune(octets)
		if r == utf8.RuneError && size <= 1 || !wanted(r) {
			for _, c := range octets[:size] {
				b = appendEscape(b, c)
			}
		} else {
			b = append(b, octets[:size]...)
		}
		octets = octets[size:]
	}
	return b
}

// inIRI reports whether an IRI has a character beyond ASCII unescaped.
func inIRI(r rune, query bool) bool {
	switch {
	case r >= 0xA0 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFEF:
		return true
	case r >= 0xE000 && r <= 0xF8FF, r >= 0xF0000:
		return query && r&0xFFFF <= 0xFFFD
	}
	return r >= 0x10000 && r < 0xF0000 && r&0xFFFF <= 0xFFFD && (r < 0xE0000 || r >= 0xE1000)
}

// iriPart puts a component of an IRI right: escapes of unreserved characters and
// of an IRI's own are decoded, what may not stand in one is escaped.
func iriPart(s string, query bool) string {
	b := make([]byte, 0, len(s))
	for s != "" {
		r, size := decode(s)
		switch {
		case isEscape(s):
			c := escapedByte(s)
			size = 3
			switch {
			case isControl(rune(c)) || strings.IndexByte(unsafeToUnescape, c) >= 0:
				b = append(b, s[:size]...)
			case c < utf8.RuneSelf:
				b = append(b, c)
			default:
				octets := escapedOctets(s)
				size = 3 * len(octets)
				if hasText(octets) {
					b = appendDecoded(b, octets, func(r rune) bool { return inIRI(r, query) })
				} else {
					b = append(b, s[:size]...)
				}
			}
		case r == '%' && unitCount(s) > 2:
			// What looks like an escape but is none is passed over whole.
			size = len(slice(s, 0, 3))
			b = append(b, s[:size]...)
		case r >= utf8.RuneSelf && !inIRI(r, query):
			b = escapeChar(b, r)
		default:
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}

// hasText reports whether a character of UTF-8 is among bytes.
func hasText(octets []byte) bool {
	for len(octets) > 0 {
		r, size := utf8.DecodeRune(octets)
		if r != utf8.RuneError || size > 1 {
			return true
		}
		octets = octets[size:]
	}
	return false
}

// needsIRI reports whether iriPart may change something: there are characters
// beyond ASCII, or escapes of such or of unreserved ones, or what looks like an
// escape.
func needsIRI(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return true
		}
		if s[i] != '%' || i+2 >= len(s) {
			continue
		}
		if !isEscape(s[i:]) || escapedByte(s[i:]) >= utf8.RuneSelf {
			return true
		}
		i += 2
	}
	for i := range len(s) {
		if isEscape(s[i:]) && strings.IndexByte(uriUnreserved, escapedByte(s[i:])) >= 0 {
			return true
		}
	}
	return false
}
