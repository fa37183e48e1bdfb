package expr

import (
	"crypto/rand"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const guidType = "System.Guid"

var _ = declare("struct "+guidType+" : "+valueInterfaces(guidType), func() []memberDecl {
	return concat(
		guidMakers(), equalityOperators("Guid", func(a, b dotnet.Guid) bool { return a == b }), comparisonMembers("Guid", "value"),
		[]memberDecl{
			member("string ToString()", toText), member("string ToString(string format)", toFormat), member("string ToString(string format, IFormatProvider provider)", toFormat),
			member("byte[] ToByteArray()", func(_ *Machine, a []any) (any, error) { return NewBytes(a[0].(dotnet.Guid).ToByteArray()), nil }),
		},
	)
})

func guidMakers() []memberDecl {
	return []memberDecl{
		member("static Guid Empty { get; }", always(dotnet.Guid{})),
		member("static Guid NewGuid()", func(*Machine, []any) (any, error) { return dotnet.NewGuid(rand.Reader) }),
		member("new(string g)", func(_ *Machine, a []any) (any, error) { return parseGuid(a[0], "g") }),
		member("new(byte[] b)", func(_ *Machine, a []any) (any, error) {
			b, ok := a[0].(*ArrayObject)
			if !ok {
				return nil, dotnet.ArgumentNull("b")
			}
			return dotnet.GuidFromBytes(b.Bytes())
		}),
		member("new(int a, short b, short c, byte[] d)", func(_ *Machine, a []any) (any, error) {
			d, ok := a[3].(*ArrayObject)
			if !ok {
				return nil, dotnet.ArgumentNull("d")
			}
			if d.Len() != 8 {
				return nil, dotnet.Argument("Byte array for GUID must be exactly 8 bytes long.", "d")
			}
			return dotnet.GuidFromParts(a[0].(int32), a[1].(int16), a[2].(int16), [8]byte(d.Bytes())), nil
		}),
		member("new(int a, short b, short c, byte d, byte e, byte f, byte g, byte h, byte i, byte j, byte k)", func(_ *Machine, a []any) (any, error) {
			return dotnet.GuidFromParts(a[0].(int32), a[1].(int16), a[2].(int16), guidTail(a[3:])), nil
		}),
		member("new(uint a, ushort b, ushort c, byte d, byte e, byte f, byte g, byte h, byte i, byte j, byte k)", func(_ *Machine, a []any) (any, error) {
			return dotnet.GuidFromParts(int32(a[0].(uint32)), int16(a[1].(uint16)), int16(a[2].(uint16)), guidTail(a[3:])), nil
		}),
		member("static Guid Parse(string input)", func(_ *Machine, a []any) (any, error) { return parseGuid(a[0], "input") }),
		member("static Guid ParseExact(string input, string format)", func(_ *Machine, a []any) (any, error) { return parseGuidExact(a) }),
		member("static bool TryParse(string input, out Guid result)", func(_ *Machine, a []any) (any, error) {
			g, err := parseGuid(a[0], "input")
			return setResult(a[1], g, dotnet.Guid{}, err == nil, nil)
		}),
		member("static bool TryParseExact(string input, string format, out Guid result)", func(_ *Machine, a []any) (any, error) {
			g, err := parseGuidExact(a[:2])
			return setResult(a[2], g, dotnet.Guid{}, err == nil, nil)
		}),
	}
}

func guidTail(a []any) (d [8]byte) {
	for i := range d {
		d[i] = a[i].(uint8)
	}
	return d
}

func parseGuid(v any, param string) (dotnet.Guid, error) {
	s, err := textArg(v, param)
	if err != nil {
		return dotnet.Guid{}, err
	}
	return dotnet.ParseGuid(s)
}

func parseGuidExact(a []any) (dotnet.Guid, error) {
	s, err := textArg(a[0], "input")
	if err != nil {
		return dotnet.Guid{}, err
	}
	format, err := textArg(a[1], "format")
	if err != nil {
		return dotnet.Guid{}, err
	}
	return dotnet.ParseGuidExact(s, format)
}
