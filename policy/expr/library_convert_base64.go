package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declareEnum("flags enum System.Base64FormattingOptions", EnumValue{"None", 0}, EnumValue{"InsertLineBreaks", 1})

func convertBase64() []memberDecl {
	return []memberDecl{
		member("static string ToBase64String(byte[] inArray)", toBase64),
		member("static string ToBase64String(byte[] inArray, Base64FormattingOptions options)", toBase64),
		member("static string ToBase64String(byte[] inArray, int offset, int length)", toBase64Part),
		member("static string ToBase64String(byte[] inArray, int offset, int length, Base64FormattingOptions options)", toBase64Part),
		member("static int ToBase64CharArray(byte[] inArray, int offsetIn, int length, char[] outArray, int offsetOut)", toBase64Chars),
		member("static int ToBase64CharArray(byte[] inArray, int offsetIn, int length, char[] outArray, int offsetOut, Base64FormattingOptions options)", toBase64Chars),
		member("static byte[] FromBase64String(string s)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("s")
			}
			return m.fromBase64(a[0].(string))
		}),
		member("static byte[] FromBase64CharArray(char[] inArray, int offset, int length)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("inArray")
			}
			chars, offset, n := charsOf(a[0]), intArg(a[1]), intArg(a[2])
			switch {
			case n < 0:
				return nil, indexOutOfRange("length")
			case offset < 0:
				return nil, dotnet.ArgumentOutOfRange("offset", "Value must be positive.")
			case offset > len(chars)-n:
				return nil, dotnet.ArgumentOutOfRange("offset", "Offset and length must refer to a position in the string.")
			}
			return m.fromBase64(dotnet.FromChars(chars[offset : offset+n]))
		}),
	}
}

func (m *Machine) fromBase64(s string) (any, error) {
	if err := m.Allocate(len(s)); err != nil {
		return nil, err
	}
	b, err := dotnet.FromBase64String(s)
	if err != nil {
		return nil, err
	}
	return NewBytes(b), m.read(s)
}

// base64Options is the last argument, if it is options.
func base64Options(a []any) dotnet.Base64FormattingOptions {
	if e, ok := a[len(a)-1].(EnumObject); ok {
		return dotnet.Base64FormattingOptions(e.Value)
	}
	return dotnet.Base64FormattingNone
}

func toBase64(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("inArray")
	}
	b := array(a[0]).Bytes()
	if err := m.Allocate(2 * len(b)); err != nil {
		return nil, err
	}
	return m.newText(dotnet.ToBase64String(b, base64Options(a)))
}

func toBase64Part(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("inArray")
	}
	b := array(a[0]).Bytes()
	if err := m.Allocate(2 * len(b)); err != nil {
		return nil, err
	}
	return m.newText(dotnet.ToBase64StringRange(b, a[1].(int32), a[2].(int32), base64Options(a)))
}

func toBase64Chars(m *Machine, a []any) (any, error) {
	if err := notNull(a, "inArray", "", "", "outArray"); err != nil {
		return nil, err
	}
	b, offset, n, to, at := array(a[0]).Bytes(), intArg(a[1]), intArg(a[2]), array(a[3]), intArg(a[4])
	switch {
	case n < 0:
		return nil, indexOutOfRange("length")
	case offset < 0:
		return nil, dotnet.ArgumentOutOfRange("offsetIn", "Value must be positive.")
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("offsetOut", "Value must be positive.")
	case offset > len(b)-n:
		return nil, dotnet.ArgumentOutOfRange("offsetIn", "Offset and length must refer to a position in the string.")
	}
	if err := m.Allocate(2 * n); err != nil {
		return nil, err
	}
	s, err := dotnet.ToBase64String(b[offset:offset+n], base64Options(a))
	if err != nil {
		return nil, err
	}
	if at > to.Len()-len(s) {
		return nil, dotnet.ArgumentOutOfRange("offsetOut", "Either offset did not refer to a position in the string, or there is an insufficient length of destination character array.")
	}
	for i := range len(s) {
		to.Set(at+i, dotnet.Char(s[i]))
	}
	return int32(len(s)), m.Spend(len(s))
}
