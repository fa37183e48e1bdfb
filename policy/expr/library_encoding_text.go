package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// encodingTexts are the members that decode.
func encodingTexts() []memberDecl {
	return []memberDecl{
		member("string GetString(byte[] bytes)", func(m *Machine, a []any) (any, error) { return orNil(decodeArgs(m, a, "index", "count")) }),
		member("string GetString(byte[] bytes, int index, int count)", func(m *Machine, a []any) (any, error) {
			if isASCIIEncoding(encoding(a)) {
				return orNil(decodeArgs(m, a, "byteIndex", "byteCount"))
			}
			return orNil(decodeArgs(m, a, "index", "count"))
		}),
		member("int GetCharCount(byte[] bytes)", decodedCount),
		member("int GetCharCount(byte[] bytes, int index, int count)", decodedCount),
		member("char[] GetChars(byte[] bytes)", decodedChars),
		member("char[] GetChars(byte[] bytes, int index, int count)", decodedChars),
		member("int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)", decodeInto),
		member("int GetMaxCharCount(int byteCount)", func(_ *Machine, a []any) (any, error) {
			n, err := encoding(a).MaxCharCount(intArg(a[1]))
			return orNil(int32(n), err)
		}),
	}
}

// decoded is GetString with its cost.
func (m *Machine) decoded(e *dotnet.Encoding, b []byte) (string, error) {
	if err := m.Spend(len(b) / 8); err != nil {
		return "", err
	}
	if err := m.Allocate(3 * len(b)); err != nil {
		return "", err
	}
	return e.GetString(b)
}

// decodeArgs decodes the byte[] a[1], or the part of it that a[2] and a[3], of
// those names, tell.
func decodeArgs(m *Machine, a []any, index, count string) (string, error) {
	if a[1] == nil {
		return "", nullArgument("bytes", arrayNull)
	}
	b := array(a[1]).Bytes()
	if len(a) > 2 {
		var err error
		if b, err = bytesPart(b, intArg(a[2]), intArg(a[3]), index, count); err != nil {
			return "", err
		}
	}
	return m.decoded(encoding(a), b)
}

func decodedCount(m *Machine, a []any) (any, error) {
	s, err := decodeArgs(m, a, "index", "count")
	return orNil(int32(dotnet.Length(s)), err)
}

func decodedChars(m *Machine, a []any) (any, error) {
	s, err := decodeArgs(m, a, "index", "count")
	if err != nil {
		return nil, err
	}
	return m.newChars(dotnet.CharsOf(s))
}

func decodeInto(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, nullArgument("bytes", arrayNull)
	}
	if a[4] == nil {
		return nil, nullArgument("chars", arrayNull)
	}
	b, err := bytesPart(array(a[1]).Bytes(), intArg(a[2]), intArg(a[3]), "byteIndex", "byteCount")
	if err != nil {
		return nil, err
	}
	target, at := array(a[4]), intArg(a[5])
	if at < 0 || at > target.Len() {
		return nil, indexOutOfRange("charIndex")
	}
	s, err := m.decoded(encoding(a), b)
	if err != nil {
		return nil, err
	}
	chars := dotnet.CharsOf(s)
	if len(chars) > target.Len()-at {
		return nil, dotnet.Argument("The output char buffer is too small to contain the decoded characters, encoding '"+encoding(a).DisplayName()+"' fallback '"+fallbackName(encoding(a).DecoderFallback, "Decoder")+"'.", "chars")
	}
	for i, c := range chars {
		target.Set(at+i, c)
	}
	return int32(len(chars)), nil
}

// The encodings that have constructors.
var (
	_ = declare("class System.Text.UTF8Encoding : System.Text.Encoding", func() []memberDecl {
		return []memberDecl{
			member("new()", newEncoding(func(...bool) *dotnet.Encoding { return dotnet.NewUTF8Encoding(false, false) })),
			member("new(bool encoderShouldEmitUTF8Identifier)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUTF8Encoding(b[0], false) })),
			member("new(bool encoderShouldEmitUTF8Identifier, bool throwOnInvalidBytes)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUTF8Encoding(b[0], b[1]) })),
		}
	})
	_ = declare("class System.Text.UnicodeEncoding : System.Text.Encoding", func() []memberDecl {
		return []memberDecl{
			constant("const int CharSize", int32(2)),
			member("new()", newEncoding(func(...bool) *dotnet.Encoding { return dotnet.NewUnicodeEncoding(false, true, false) })),
			member("new(bool bigEndian, bool byteOrderMark)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUnicodeEncoding(b[0], b[1], false) })),
			member("new(bool bigEndian, bool byteOrderMark, bool throwOnInvalidBytes)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUnicodeEncoding(b[0], b[1], b[2]) })),
		}
	})
	_ = declare("class System.Text.UTF32Encoding : System.Text.Encoding", func() []memberDecl {
		return []memberDecl{
			member("new()", newEncoding(func(...bool) *dotnet.Encoding { return dotnet.NewUTF32Encoding(false, true, false) })),
			member("new(bool bigEndian, bool byteOrderMark)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUTF32Encoding(b[0], b[1], false) })),
			member("new(bool bigEndian, bool byteOrderMark, bool throwOnInvalidCharacters)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUTF32Encoding(b[0], b[1], b[2]) })),
		}
	})
	_ = declare("class System.Text.UTF7Encoding : System.Text.Encoding", func() []memberDecl {
		return []memberDecl{
			member("new()", newEncoding(func(...bool) *dotnet.Encoding { return dotnet.NewUTF7Encoding(false) })),
			member("new(bool allowOptionals)", newEncoding(func(b ...bool) *dotnet.Encoding { return dotnet.NewUTF7Encoding(b[0]) })),
		}
	})
	_ = declare("class System.Text.ASCIIEncoding : System.Text.Encoding", func() []memberDecl {
		return []memberDecl{
			member("new()", newEncoding(func(...bool) *dotnet.Encoding { return dotnet.NewASCIIEncoding() })),
		}
	})
	_ = declare("class System.Text.Latin1Encoding : System.Text.Encoding")
)

func newEncoding(f func(flags ...bool) *dotnet.Encoding) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		flags := make([]bool, len(a))
		for i, v := range a {
			flags[i] = v.(bool)
		}
		return f(flags...), nil
	}
}

// fallbackObject is an EncoderFallback or DecoderFallback.
type fallbackObject struct {
	of string // Encoder or Decoder
	dotnet.Fallback
}

// DotnetType is part of Object.
func (f *fallbackObject) DotnetType() *Type {
	return typeOf("System.Text." + fallbackClass(f.Fallback, f.of))
}

// EqualTo is part of Equaler.
func (f *fallbackObject) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*fallbackObject)
	return ok && *o == *f, nil
}

func fallbackClass(f dotnet.Fallback, of string) string {
	if f.Fails {
		return of + "ExceptionFallback"
	}
	return of + "ReplacementFallback"
}

func fallbackName(f dotnet.Fallback, of string) string { return "System.Text." + fallbackClass(f, of) }

var (
	_ = declareFallback("Encoder")
	_ = declareFallback("Decoder")

	_ = exception("System.Text.EncoderFallbackException", "System.ArgumentException", "Value does not fall within the expected range.")
	_ = exception("System.Text.DecoderFallbackException", "System.ArgumentException", "Value does not fall within the expected range.")
)

// declareFallback declares the fallbacks of encoders or decoders.
func declareFallback(of string) struct{} {
	base := of + "Fallback"
	fallback := func(f dotnet.Fallback) func(*Machine, []any) (any, error) { return always(&fallbackObject{of, f}) }
	declare("abstract class System.Text."+base, func() []memberDecl {
		return []memberDecl{
			member("static "+base+" ExceptionFallback { get; }", fallback(dotnet.ExceptionFallback)),
			member("static "+base+" ReplacementFallback { get; }", fallback(dotnet.Fallback{Replacement: "?"})),
			member("int MaxCharCount { get; }", func(_ *Machine, a []any) (any, error) {
				return int32(dotnet.Length(a[0].(*fallbackObject).Replacement)), nil
			}),
		}
	})
	declare("class System.Text."+of+"ExceptionFallback : System.Text."+base, func() []memberDecl {
		return []memberDecl{
			member("new()", fallback(dotnet.ExceptionFallback)),
		}
	})
	return declare("class System.Text."+of+"ReplacementFallback : System.Text."+base, func() []memberDecl {
		return []memberDecl{
			member("new()", fallback(dotnet.Fallback{Replacement: "?"})),
			member("new(string replacement)", func(_ *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("replacement")
				}
				s := a[0].(string)
				if dotnet.Valid(s) != s {
					return nil, dotnet.Argument("String contains invalid Unicode code points.", "")
				}
				return &fallbackObject{of, dotnet.Fallback{Replacement: s}}, nil
			}),
			member("string DefaultString { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*fallbackObject).Replacement, nil }),
		}
	})
}
