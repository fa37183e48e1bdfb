package dotnet

import (
	"encoding/base64"
	"strings"
)

// UTF-7 (RFC 2152): ASCII in which other characters stand as +base64-.

const (
	utf7Direct   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'(),-./:? \t\r\n"
	utf7Optional = "!\"#$%&*;<=>@[]^_`{|}"
	base64Chars  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

func (e *Encoding) encodeUTF7(s string) []byte {
	var b, shifted []byte
	end := func(next byte) {
		if shifted == nil {
			return
		}
		b = append(b, '+')
		b = append(b, base64.RawStdEncoding.EncodeToString(shifted)...)
		if next == 0 || next == '-' || strings.IndexByte(base64Chars, next) >= 0 {
			b = append(b, '-')
		}
		shifted = nil
	}
	for c := range Chars(s) {
		switch {
		case c < 0x80 && (strings.IndexByte(utf7Direct, byte(c)) >= 0 || e.optionals && strings.IndexByte(utf7Optional, byte(c)) >= 0):
			end(byte(c))
			b = append(b, byte(c))
		case c == '+' && shifted == nil:
			b = append(b, "+-"...)
		default:
			shifted = append(shifted, byte(c>>8), byte(c))
		}
	}
	end(0)
	return b
}

// decodeUTF7 reads text that need not be well-formed: bytes beyond ASCII stand
// for the characters of their value, as does what ends base64.
func decodeUTF7(b []byte) string {
	var units []uint16
	bits, count, shifted, first := uint32(0), 0, false, false
	for _, c := range b {
		value := strings.IndexByte(base64Chars, c)
		switch {
		case shifted && value >= 0:
			first = false
			bits, count = bits<<6|uint32(value), count+6
			if count >= 16 {
				count -= 16
				units = append(units, uint16(bits>>count))
			}
		case shifted:
			shifted = false
			if c != '-' && c != 0 {
				units = append(units, uint16(c))
			} else if c == '-' && first {
				units = append(units, '+')
			}
		case c == '+':
			bits, count, shifted, first = 0, 0, true, true
		default:
			units = append(units, uint16(c))
		}
	}
	return FromUnits(units)
}
