package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var _ = declare("abstract class System.Text.Encoding : System.ICloneable", encodingNames, encodingBytes, encodingTexts)

func encodingNames() []memberDecl {
	return []memberDecl{
		member("static Encoding ASCII { get; }", always(dotnet.ASCII)),
		member("static Encoding UTF7 { get; }", always(dotnet.UTF7)),
		member("static Encoding UTF8 { get; }", always(dotnet.UTF8)),
		member("static Encoding UTF32 { get; }", always(dotnet.UTF32)),
		member("static Encoding Unicode { get; }", always(dotnet.Unicode)),
		member("static Encoding BigEndianUnicode { get; }", always(dotnet.BigEndianUnicode)),
		member("static Encoding Default { get; }", always(dotnet.DefaultEncoding)),
		member("static Encoding GetEncoding(string name)", func(_ *Machine, a []any) (any, error) { return encodingNamed(a[0]) }),
		member("static Encoding GetEncoding(int codepage)", func(_ *Machine, a []any) (any, error) { return encodingNamed(a[0]) }),
		member("static Encoding GetEncoding(string name, EncoderFallback encoderFallback, DecoderFallback decoderFallback)", encodingWithFallbacks),
		member("static Encoding GetEncoding(int codepage, EncoderFallback encoderFallback, DecoderFallback decoderFallback)", encodingWithFallbacks),
		member("string BodyName { get; }", ofEncoding((*dotnet.Encoding).Name)),
		member("string HeaderName { get; }", ofEncoding((*dotnet.Encoding).Name)),
		member("string WebName { get; }", ofEncoding((*dotnet.Encoding).Name)),
		member("string EncodingName { get; }", ofEncoding((*dotnet.Encoding).DisplayName)),
		member("int CodePage { get; }", func(_ *Machine, a []any) (any, error) { return int32(encoding(a).CodePage()), nil }),
		member("int WindowsCodePage { get; }", func(_ *Machine, a []any) (any, error) { return int32(encoding(a).WindowsCodePage()), nil }),
		member("bool IsBrowserDisplay { get; }", ofEncoding((*dotnet.Encoding).IsBrowserDisplay)),
		member("bool IsBrowserSave { get; }", ofEncoding((*dotnet.Encoding).IsBrowserSave)),
		member("bool IsMailNewsDisplay { get; }", ofEncoding((*dotnet.Encoding).IsMailNews)),
		member("bool IsMailNewsSave { get; }", ofEncoding((*dotnet.Encoding).IsMailNews)),
		member("bool IsReadOnly { get; }", ofEncoding((*dotnet.Encoding).IsReadOnly)),
		member("bool IsSingleByte { get; }", ofEncoding((*dotnet.Encoding).IsSingleByte)),
		member("EncoderFallback EncoderFallback { get; set; }", func(_ *Machine, a []any) (any, error) {
			return &fallbackObject{"Encoder", encoding(a).EncoderFallback}, nil
		}, setFallback),
		member("DecoderFallback DecoderFallback { get; set; }", func(_ *Machine, a []any) (any, error) {
			return &fallbackObject{"Decoder", encoding(a).DecoderFallback}, nil
		}, setFallback),
		member("object Clone()", func(_ *Machine, a []any) (any, error) { return encoding(a).Clone(), nil }),
		member("bool Equals(object value)", func(_ *Machine, a []any) (any, error) {
			other, ok := a[1].(*dotnet.Encoding)
			return ok && encoding(a).Equal(other), nil
		}),
		member("int GetHashCode()", func(_ *Machine, a []any) (any, error) { return int32(encoding(a).CodePage()), nil }),
		member("bool IsAlwaysNormalized()", alwaysNormalized),
		member("bool IsAlwaysNormalized(NormalizationForm form)", alwaysNormalized),
	}
}

// alwaysNormalized is so of Latin-1 in form C.
func alwaysNormalized(_ *Machine, a []any) (any, error) {
	return encoding(a).CodePage() == dotnet.Latin1.CodePage() && formOf(a) == dotnet.FormC, nil
}

func encoding(a []any) *dotnet.Encoding { return a[0].(*dotnet.Encoding) }

func ofEncoding[T any](f func(*dotnet.Encoding) T) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(encoding(a)), nil }
}

// encodingNamed is GetEncoding by name or code page.
func encodingNamed(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return orNil(dotnet.GetEncoding(v))
	case int32:
		return orNil(dotnet.GetCodePage(int(v)))
	}
	return nil, dotnet.ArgumentNull("name")
}

func encodingWithFallbacks(_ *Machine, a []any) (any, error) {
	found, err := encodingNamed(a[0])
	if err != nil {
		return nil, err
	}
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	if a[2] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	e := found.(*dotnet.Encoding).Clone()
	return e, e.SetFallbacks(&a[1].(*fallbackObject).Fallback, &a[2].(*fallbackObject).Fallback)
}

func setFallback(_ *Machine, a []any) (any, error) {
	switch {
	case encoding(a).IsReadOnly():
		return nil, encoding(a).SetFallbacks(nil, nil)
	case a[1] == nil:
		return nil, dotnet.ArgumentNull("value")
	}
	f := a[1].(*fallbackObject)
	if f.of == "Encoder" {
		return nil, encoding(a).SetFallbacks(&f.Fallback, nil)
	}
	return nil, encoding(a).SetFallbacks(nil, &f.Fallback)
}

// encodingBytes are the members that encode.
func encodingBytes() []memberDecl {
	return []memberDecl{
		member("int GetByteCount(string s)", byteCount(func(m *Machine, a []any) ([]byte, error) {
			if a[1] == nil && (encoding(a).CodePage() == dotnet.UTF8.CodePage() || isASCIIEncoding(encoding(a))) {
				return nil, dotnet.ArgumentNull("chars")
			}
			return encodeWhole("s", "")(m, a)
		})),
		member("int GetByteCount(char[] chars)", byteCount(encodeWhole("chars", arrayNull))),
		member("int GetByteCount(string s, int index, int count)", byteCount(encodePart("s"))),
		member("int GetByteCount(char[] chars, int index, int count)", byteCount(encodePart("chars"))),
		member("byte[] GetBytes(string s)", asBytes(encodeWhole("s", textNull))),
		member("byte[] GetBytes(char[] chars)", asBytes(encodeWhole("chars", arrayNull))),
		member("byte[] GetBytes(string s, int index, int count)", asBytes(encodePart("s"))),
		member("byte[] GetBytes(char[] chars, int index, int count)", asBytes(encodePart("chars"))),
		member("int GetBytes(string s, int charIndex, int charCount, byte[] bytes, int byteIndex)", encodeInto("s")),
		member("int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)", encodeInto("chars")),
		member("int GetMaxByteCount(int charCount)", func(_ *Machine, a []any) (any, error) {
			n, err := encoding(a).MaxByteCount(intArg(a[1]))
			return orNil(int32(n), err)
		}),
		member("byte[] GetPreamble()", func(_ *Machine, a []any) (any, error) { return NewBytes(encoding(a).Preamble()), nil }),
		member("static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes)", convertBytes),
		member("static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes, int index, int count)", convertBytes),
	}
}

type encoder = func(m *Machine, a []any) ([]byte, error)

func byteCount(encode encoder) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		b, err := encode(m, a)
		return orNil(int32(len(b)), err)
	}
}

func asBytes(encode encoder) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		b, err := encode(m, a)
		if err != nil {
			return nil, err
		}
		return NewBytes(b), nil
	}
}

// textOrChars is a string or char[] argument.
func textOrChars(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return dotnet.FromChars(charsOf(v))
}

// encoded is GetBytes with its cost.
func (m *Machine) encoded(e *dotnet.Encoding, s string) ([]byte, error) {
	if err := m.Allocate(4 * len(s)); err != nil {
		return nil, err
	}
	if err := m.Spend(len(s) / 8); err != nil {
		return nil, err
	}
	return e.GetBytes(s)
}

// encodeWhole encodes the first argument; message is what is said where it is
// null, "" for the usual.
func encodeWhole(param, message string) encoder {
	return func(m *Machine, a []any) ([]byte, error) {
		if a[1] == nil {
			return nil, nullArgument(param, message)
		}
		return m.encoded(encoding(a), textOrChars(a[1]))
	}
}

// nullArgument is ArgumentNullException with a message of its own, "" for the
// usual one.
func nullArgument(param, message string) error {
	if message == "" {
		return dotnet.ArgumentNull(param)
	}
	return renamed(dotnet.Argument(message, param), "System.ArgumentNullException")
}

// encodePart encodes count units of the first argument from an index on.
func encodePart(param string) encoder {
	return func(m *Machine, a []any) ([]byte, error) {
		if a[1] == nil {
			return nil, nullArgument(param, nullMessage[param])
		}
		s, err := partOf(a, param, "index", "count")
		if err != nil {
			return nil, err
		}
		return m.encoded(encoding(a), s)
	}
}

// What is said of arguments that are null.
const (
	textNull  = "String reference not set to an instance of a String."
	arrayNull = "Array cannot be null."
)

var nullMessage = map[string]string{"s": textNull, "chars": arrayNull}

// partOf is the part of the text or char[] a[1] that index a[2] and count a[3]
// tell.
func partOf(a []any, param, index, count string) (string, error) {
	start, n := intArg(a[2]), intArg(a[3])
	switch {
	case start < 0:
		return "", dotnet.ArgumentOutOfRange(index, needNonNegative)
	case n < 0:
		return "", dotnet.ArgumentOutOfRange(count, needNonNegative)
	}
	s := textOrChars(a[1])
	if start > dotnet.Length(s)-n {
		return "", outsidePart(encoding(a), param, index)
	}
	return dotnet.Substring(s, start, n)
}

// outsidePart is what is said where index and count go beyond the text: what it
// is about differs by encoding.
func outsidePart(e *dotnet.Encoding, param, index string) error {
	const inText, inBuffer = "Index and count must refer to a location within the string.", "Index and count must refer to a location within the buffer."
	isUTF8, isASCII := e.CodePage() == dotnet.UTF8.CodePage(), isASCIIEncoding(e)
	switch {
	case index == "index" && param == "s":
		return dotnet.ArgumentOutOfRange(index, inText)
	case index == "index":
		return dotnet.ArgumentOutOfRange(param, inBuffer)
	case isASCII:
		return dotnet.ArgumentOutOfRange("chars", inText)
	case param == "s" || isUTF8:
		return dotnet.ArgumentOutOfRange(param, inText)
	}
	return dotnet.ArgumentOutOfRange(param, inBuffer)
}

func isASCIIEncoding(e *dotnet.Encoding) bool { return e.CodePage() == dotnet.ASCII.CodePage() }

func encodeInto(param string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[1] == nil {
			return nil, nullArgument(param, map[string]string{"chars": arrayNull}[param])
		}
		if a[4] == nil {
			return nil, nullArgument("bytes", arrayNull)
		}
		s, err := partOf(a, param, "charIndex", "charCount")
		if err != nil {
			return nil, err
		}
		target, at := array(a[4]).Bytes(), intArg(a[5])
		if at < 0 || at > len(target) {
			return nil, indexOutOfRange("byteIndex")
		}
		b, err := m.encoded(encoding(a), s)
		if err != nil {
			return nil, err
		}
		if len(b) > len(target)-at {
			return nil, dotnet.Argument("The output byte buffer is too small to contain the encoded data, encoding '"+encoding(a).DisplayName()+"' fallback '"+fallbackName(encoding(a).EncoderFallback, "Encoder")+"'.", "bytes")
		}
		copy(target[at:], b)
		return int32(len(b)), nil
	}
}

func convertBytes(m *Machine, a []any) (any, error) {
	switch {
	case a[0] == nil:
		return nil, nullArgument("srcEncoding", arrayNull)
	case a[1] == nil:
		return nil, nullArgument("dstEncoding", arrayNull)
	case a[2] == nil:
		return nil, dotnet.ArgumentNull("bytes")
	}
	b := array(a[2]).Bytes()
	if len(a) > 3 {
		var err error
		if b, err = bytesPart(b, intArg(a[3]), intArg(a[4]), "index", "count"); err != nil {
			return nil, err
		}
	}
	s, err := m.decoded(a[0].(*dotnet.Encoding), b)
	if err != nil {
		return nil, err
	}
	b, err = m.encoded(a[1].(*dotnet.Encoding), s)
	if err != nil {
		return nil, err
	}
	return NewBytes(b), nil
}

// bytesPart is the part of bytes that an index and a count tell.
func bytesPart(b []byte, start, n int, index, count string) ([]byte, error) {
	switch {
	case start < 0:
		return nil, dotnet.ArgumentOutOfRange(index, needNonNegative)
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange(count, needNonNegative)
	case start > len(b)-n:
		return nil, dotnet.ArgumentOutOfRange("bytes", "Index and count must refer to a location within the buffer.")
	}
	return b[start : start+n], nil
}
