package dotnet

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
)

// A Guid is System.Guid, its bytes in the order of its text. The zero value is
// Guid.Empty.
type Guid [16]byte

// NewGuid is Guid.NewGuid with random bytes from a source (RFC 9562, version 4).
func NewGuid(random io.Reader) (Guid, error) {
	var g Guid
	if _, err := io.ReadFull(random, g[:]); err != nil {
		return Guid{}, err
	}
	g[6] = g[6]&0x0F | 0x40
	g[8] = g[8]&0x3F | 0x80
	return g, nil
}

// GuidFromParts is new Guid(a, b, c, d...), with eight bytes d.
func GuidFromParts(a int32, b, c int16, d [8]byte) Guid {
	var g Guid
	binary.BigEndian.PutUint32(g[0:], uint32(a))
	binary.BigEndian.PutUint16(g[4:], uint16(b))
	binary.BigEndian.PutUint16(g[6:], uint16(c))
	copy(g[8:], d[:])
	return g
}

// GuidFromBytes is new Guid(byte[]): the first three fields lowest byte first.
func GuidFromBytes(b []byte) (Guid, error) {
	if len(b) != 16 {
		return Guid{}, Argument("Byte array for GUID must be exactly 16 bytes long.", "b")
	}
	return Guid(b).swapped(), nil
}

// ToByteArray gives the bytes in the order of [GuidFromBytes].
func (g Guid) ToByteArray() []byte {
	g = g.swapped()
	return g[:]
}

// swapped reverses the bytes of the first three fields.
func (g Guid) swapped() Guid {
	g[0], g[1], g[2], g[3] = g[3], g[2], g[1], g[0]
	g[4], g[5] = g[5], g[4]
	g[6], g[7] = g[7], g[6]
	return g
}

// Compare is CompareTo: -1, 0 or 1.
func (g Guid) Compare(other Guid) int { return bytes.Compare(g[:], other[:]) }

// HashCode is GetHashCode of .NET Core 3.1.
func (g Guid) HashCode() int32 {
	b := g.ToByteArray()
	var code uint32
	for ; len(b) > 0; b = b[4:] {
		code ^= binary.LittleEndian.Uint32(b)
	}
	return int32(code)
}

// String is ToString(): the form D.
func (g Guid) String() string { return mustFormat(g.ToString("D")) }

const badGuidFormat = `Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".`

// ToString gives the form N (digits alone), D (with dashes), B (in braces), P
// (in parentheses) or X (as C initialises the structure).
func (g Guid) ToString(format string) (string, error) {
	h := hex.EncodeToString(g[:])
	dashed := h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	switch format {
	case "", "D", "d":
		return dashed, nil
	case "N", "n":
		return h, nil
	case "B", "b":
		return "{" + dashed + "}", nil
	case "P", "p":
		return "(" + dashed + ")", nil
	case "X", "x":
		var rest []string
		for i := 16; i < len(h); i += 2 {
			rest = append(rest, "0x"+h[i:i+2])
		}
		return "{0x" + h[:8] + ",0x" + h[8:12] + ",0x" + h[12:16] + ",{" + strings.Join(rest, ",") + "}}", nil
	}
	return "", Format(badGuidFormat)
}
