package dotnet

import "strings"

// IsWellFormed is IsWellFormedOriginalString: the text has everything escaped
// that should be, no backslashes, and slashes where they belong.
func (u *URI) IsWellFormed() bool {
	if !u.IsAbsolute() {
		if colonFirst(u.text) {
			return false
		}
		f := u.findings(u.text, true)
		return f.escaped && !f.backslash
	}
	if u.implicitFile {
		return false
	}
	for _, p := range []uriPart{u.userInfo, u.path, u.query, u.fragment} {
		if p.mustEscape && !p.validIRI {
			return false
		}
	}
	if u.authority && (!strings.HasPrefix(u.head, "//") || (u.uncPath || u.dosPath) && len(u.head) > 2) {
		return false
	}
	if u.slashAbsent && u.path.raw != "" || u.backslashes {
		return false
	}
	if d := u.drive(); d > 0 && u.path.raw[d-1] == '|' {
		return false
	}
	return u.wellFormedHost()
}

func (u *URI) wellFormedHost() bool {
	if u.host.kind == ipv6Host || u.rawHost == "" {
		return true
	}
	f := u.findings(u.rawHost, true)
	return f.escaped && !f.reserved && !f.backslash || f.display && f.beyondASCII && !f.notIRI
}

// IsWellFormedURIString is Uri.IsWellFormedUriString.
func IsWellFormedURIString(s string, kind URIKind) bool {
	u := TryURI(s, kind)
	return u != nil && u.IsWellFormed()
}

// HexEscape is Uri.HexEscape.
func HexEscape(c Char) (string, error) {
	if c > 0xFF {
		return "", ArgumentOutOfRange("character", outOfRange)
	}
	return string(appendEscape(nil, byte(c))), nil
}

// HexUnescape is Uri.HexUnescape: the character at index and the index after it.
func HexUnescape(pattern string, index int) (Char, int, error) {
	c, err := CharAt(pattern, index)
	if err != nil {
		return 0, 0, ArgumentOutOfRange("index", outOfRange)
	}
	if rest := slice(pattern, index, 3); isEscape(rest) {
		return Char(escapedByte(rest)), index + 3, nil
	}
	return c, index + 1, nil
}

// IsHexEncoding is Uri.IsHexEncoding.
func IsHexEncoding(pattern string, index int) bool {
	return index >= 0 && index <= unitCount(pattern)-3 && isEscape(slice(pattern, index, 3))
}
