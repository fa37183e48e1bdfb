package edge

import (
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// ofConnection reports whether header lines of that name belong to one
// connection and are never passed on (RFC 9110 section 7.6.1).
func ofConnection(name string) bool {
	switch len(name) {
	case len("TE"):
		return strings.EqualFold(name, "TE")
	case len("Trailer"):
		return strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Upgrade")
	case len("Connection"):
		return strings.EqualFold(name, "Connection") || strings.EqualFold(name, "Keep-Alive")
	case len("Proxy-Connection"):
		return strings.EqualFold(name, "Proxy-Connection")
	case len("Transfer-Encoding"):
		return strings.EqualFold(name, "Transfer-Encoding")
	}
	return false
}

// ofRequestFraming reports whether a request's lines of that name are the
// sender's own business: they follow from the address and the body it sends.
// Expect is among them because the front has answered it.
func ofRequestFraming(name string) bool {
	switch len(name) {
	case len("Host"):
		return strings.EqualFold(name, "Host")
	case len("Expect"):
		return strings.EqualFold(name, "Expect")
	case len("Content-Length"):
		return strings.EqualFold(name, "Content-Length")
	}
	return false
}

// connectionOptions are the values of a message's Connection lines.
type connectionOptions []string

func connectionOptionsOf(h *exchange.Header) connectionOptions {
	return h.Values("Connection")
}

// has reports whether a line lists name.
func (options connectionOptions) has(name string) bool {
	for _, value := range options {
		if listHas(value, name) {
			return true
		}
	}
	return false
}

// listHas reports whether a comma-separated list holds token, in any case.
func listHas(list, token string) bool {
	for list != "" {
		var item string
		item, list, _ = strings.Cut(list, ",")
		if strings.EqualFold(trimBlanks(item), token) {
			return true
		}
	}
	return false
}

// dropConnectionLines removes the lines that end with the connection: the
// standing ones and those that Connection lists.
func dropConnectionLines(fields []exchange.Field, options connectionOptions) []exchange.Field {
	kept := fields[:0]
	for _, f := range fields {
		if !ofConnection(f.Name) && !options.has(f.Name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// trimBlanks takes off the blanks and tabs that may surround a value.
func trimBlanks(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// validValue reports whether s can be a header's value: no control characters
// but the tab, so none that could end the line (RFC 9110 section 5.5).
func validValue(s string) bool {
	// Eight bytes at once, as tokens are long. What that finds may be a tab, or beyond ASCII.
	const each, high = 0x0101010101010101, 0x8080808080808080
	var suspect uint64
	rest := s
	for ; len(rest) >= 8; rest = rest[8:] {
		x := uint64(rest[0]) | uint64(rest[1])<<8 | uint64(rest[2])<<16 | uint64(rest[3])<<24 |
			uint64(rest[4])<<32 | uint64(rest[5])<<40 | uint64(rest[6])<<48 | uint64(rest[7])<<56
		del := x ^ 0x7f*each // zero where a byte is DEL
		suspect |= (x-' '*each)&^x | (del-each)&^del
	}
	if suspect&high == 0 {
		s = rest
	}
	return hasNoControls(s)
}

func hasNoControls(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
