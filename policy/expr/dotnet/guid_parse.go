package dotnet

import (
	"encoding/binary"
	"strings"
)

const (
	guidUnrecognized = "Unrecognized Guid format."
	guidLength       = "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
	guidDashes       = "Dashes are in the wrong position for GUID parsing."
	guidNotHex       = "Guid string should only contain hexadecimal characters."
	guidBrace        = "Expected {0xdddddddd, etc}."
	guidPrefix       = "Expected 0x prefix."
	guidComma        = "Could not find a comma, or the length between the previous token and the comma was zero (i.e., '0x,'etc.)."
	guidLastBrace    = "Could not find a brace, or the length between the previous token and the brace was zero (i.e., '0x,'etc.)."
	guidEndBrace     = "Could not find the ending brace."
	guidJunk         = "Additional non-parsable characters are at the end of the string."
	guidByte         = "Value was either too large or too small for an unsigned byte."
)

// ParseGuid is Guid.Parse: any of the five forms, white space around.
func ParseGuid(s string) (Guid, error) {
	s = asciiUnits(strings.TrimFunc(s, IsWhiteSpace))
	dashes := strings.Contains(s, "-")
	switch {
	case s == "":
		return Guid{}, Format(guidUnrecognized)
	case s[0] == '(':
		return parseGuidExact(s, 'P')
	case s[0] == '{' && dashes:
		return parseGuidExact(s, 'B')
	case s[0] == '{':
		return parseGuidExact(s, 'X')
	case dashes:
		return parseGuidExact(s, 'D')
	}
	return parseGuidExact(s, 'N')
}

// ParseGuidExact is Guid.ParseExact: one of the forms N, D, B, P and X.
func ParseGuidExact(s, format string) (Guid, error) {
	if len(format) != 1 {
		return Guid{}, Format(badGuidFormat)
	}
	return parseGuidExact(asciiUnits(strings.TrimFunc(s, IsWhiteSpace)), format[0]&^0x20)
}

func parseGuidExact(s string, form byte) (Guid, error) {
	switch form {
	case 'N':
		return parseGuidDigits(s)
	case 'D':
		return parseGuidDashed(s)
	case 'B':
		return parseGuidEnclosed(s, '{', '}')
	case 'P':
		return parseGuidEnclosed(s, '(', ')')
	case 'X':
		return parseGuidHex(s)
	}
	return Guid{}, Format(badGuidFormat)
}

// asciiUnits makes every UTF-16 unit one byte; a unit that is not ASCII, which
// no Guid has, becomes 0x80.
func asciiUnits(s string) string {
	if unitCount(s) == len(s) {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		if r < 0x80 {
			out.WriteByte(byte(r))
			continue
		}
		out.WriteString(strings.Repeat("\x80", unitCount(string(r))))
	}
	return out.String()
}

func parseGuidEnclosed(s string, open, end byte) (Guid, error) {
	if len(s) != 38 || s[0] != open || s[37] != end {
		return Guid{}, Format(guidLength)
	}
	return parseGuidDashed(s[1:37])
}

// parseGuidDigits reads 32 digits.
func parseGuidDigits(s string) (Guid, error) {
	if len(s) != 32 {
		return Guid{}, Format(guidLength)
	}
	var g Guid
	for i := range g {
		high, ok := hexDigit(s[2*i])
		low, ok2 := hexDigit(s[2*i+1])
		if !ok || !ok2 {
			return Guid{}, Format(guidNotHex)
		}
		g[i] = high<<4 | low
	}
	return g, nil
}

// parseGuidDashed reads 8-4-4-4-12 digits. .NET lets "0x" or a plus sign stand
// for the first digits of a group, but not of the last eight.
func parseGuidDashed(s string) (Guid, error) {
	if len(s) != 36 {
		return Guid{}, Format(guidLength)
	}
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return Guid{}, Format(guidDashes)
	}
	var digits strings.Builder
	for _, group := range []string{s[:8], s[9:13], s[14:18], s[19:23], s[24:28]} {
		v, ok, _ := prefixedHex(group)
		if !ok {
			return Guid{}, Format(guidNotHex)
		}
		digits.WriteString(hexDigits(uint64(v), 'x', len(group)))
	}
	digits.WriteString(s[28:])
	return parseGuidDigits(digits.String())
}

// prefixedHex reads digits after an optional plus sign and 0x. More than eight
// without leading zeros overflow.
func prefixedHex(s string) (v uint32, ok, overflow bool) {
	s = strings.TrimPrefix(s, "+")
	if hasHexPrefix(s) {
		s = s[2:]
	}
	s = strings.TrimLeft(s, "0")
	for i := range len(s) {
		d, ok := hexDigit(s[i])
		if !ok {
			return 0, false, i > 8
		}
		v = v<<4 | uint32(d)
	}
	return v, true, len(s) > 8
}

func hasHexPrefix(s string) bool { return len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' }

// parseGuidHex reads {0xdddddddd,0xdddd,0xdddd,{0xdd,...}} with white space
// anywhere.
func parseGuidHex(s string) (Guid, error) {
	s = strings.Map(func(r rune) rune {
		if IsWhiteSpace(r) {
			return -1
		}
		return r
	}, s)
	var g Guid
	if s == "" || s[0] != '{' {
		return g, Format(guidBrace)
	}
	s = s[1:]
	var fields [11]uint32
	for i := range fields {
		end, missing := ",", guidComma
		if i == len(fields)-1 {
			end, missing = "}", guidLastBrace
		}
		if i == 3 {
			if s == "" || s[0] != '{' {
				return g, Format(guidBrace)
			}
			s = s[1:]
		}
		if !hasHexPrefix(s) {
			return g, Format(guidPrefix)
		}
		length := strings.Index(s[2:], end)
		if length <= 0 {
			return g, Format(missing)
		}
		v, ok, overflow := prefixedHex(s[2 : 2+length])
		switch {
		case overflow:
			return g, Format(guidUnrecognized)
		case !ok:
			return g, Format(guidNotHex)
		case i > 2 && v > 0xFF:
			return g, Format(guidByte)
		}
		fields[i] = v
		s = s[2+length+1:]
	}
	switch {
	case s == "" || s[0] != '}':
		return g, Format(guidEndBrace)
	case s != "}":
		return g, Format(guidJunk)
	}
	binary.BigEndian.PutUint32(g[:], fields[0])
	binary.BigEndian.PutUint16(g[4:], uint16(fields[1]))
	binary.BigEndian.PutUint16(g[6:], uint16(fields[2]))
	for i, v := range fields[3:] {
		g[8+i] = byte(v)
	}
	return g, nil
}
