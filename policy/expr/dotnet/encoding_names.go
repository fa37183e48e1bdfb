package dotnet

import (
	"math"
	"strconv"
	"strings"
)

// encodingInfo is what an encoding says of itself.
type encodingInfo struct {
	encoding    *Encoding
	codePage    int
	name        string // WebName, BodyName, HeaderName
	displayName string
	others      string // the names that GetEncoding knows besides, in lower case
}

// encodingInfos are the encodings that there are.
var encodingInfos = []encodingInfo{
	{Unicode, 1200, "utf-16", "Unicode", "unicode utf-16le iso-10646-ucs-2 ucs-2"},
	{BigEndianUnicode, 1201, "utf-16BE", "Unicode (Big-Endian)", "utf-16be unicodefffe"},
	{UTF32, 12000, "utf-32", "Unicode (UTF-32)", "utf-32le"},
	{bigEndianUTF32, 12001, "utf-32BE", "Unicode (UTF-32 Big-Endian)", "utf-32be"},
	{ASCII, 20127, "us-ascii", "US-ASCII", "ansi_x3.4-1968 ansi_x3.4-1986 ascii cp367 csascii ibm367 iso-ir-6 iso646-us iso_646.irv:1991 us"},
	{Latin1, 28591, "iso-8859-1", "Western European (ISO)", "cp819 csisolatin1 ibm819 iso-ir-100 iso8859-1 iso_8859-1 iso_8859-1:1987 l1 latin1"},
	{UTF7, 65000, "utf-7", "Unicode (UTF-7)", "csunicode11utf7 unicode-1-1-utf-7 unicode-2-0-utf-7 x-unicode-1-1-utf-7 x-unicode-2-0-utf-7"},
	{UTF8, 65001, "utf-8", "Unicode (UTF-8)", "unicode-1-1-utf-8 unicode-2-0-utf-8 x-unicode-1-1-utf-8 x-unicode-2-0-utf-8"},
}

const registerProvider = "For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method."

// GetEncoding is Encoding.GetEncoding(name).
func GetEncoding(name string) (*Encoding, error) {
	lower := strings.ToLower(name)
	for _, info := range encodingInfos {
		if lower == strings.ToLower(info.name) {
			return info.encoding, nil
		}
		for other := range strings.FieldsSeq(info.others) {
			if lower == other {
				return info.encoding, nil
			}
		}
	}
	return nil, Argument("'"+name+"' is not a supported encoding name. "+registerProvider, "name")
}

// GetCodePage is Encoding.GetEncoding(codePage).
func GetCodePage(codePage int) (*Encoding, error) {
	if codePage == 0 {
		return DefaultEncoding, nil
	}
	for _, info := range encodingInfos {
		if info.codePage == codePage {
			return info.encoding, nil
		}
	}
	switch {
	case codePage < 0 || codePage > math.MaxUint16:
		return nil, ArgumentOutOfRange("codepage", "Valid values are between 0 and 65535, inclusive.")
	case codePage <= 3 || codePage == 42:
		return nil, Argument(strconv.Itoa(codePage)+" is not a supported code page.", "codepage")
	}
	return nil, NewException("System.NotSupportedException", "No data is available for encoding "+strconv.Itoa(codePage)+". "+registerProvider)
}

// info is what is said of encodings of e's kind.
func (e *Encoding) info() encodingInfo {
	for _, info := range encodingInfos {
		if info.encoding.kind == e.kind && info.encoding.bigEndian == e.bigEndian {
			return info
		}
	}
	panic("dotnet: an encoding without a name")
}

// CodePage is the encoding's number.
func (e *Encoding) CodePage() int { return e.info().codePage }

// Name is WebName, BodyName and HeaderName.
func (e *Encoding) Name() string { return e.info().name }

// DisplayName is EncodingName.
func (e *Encoding) DisplayName() string { return e.info().displayName }

// WindowsCodePage is the code page of Windows that has the same characters.
func (e *Encoding) WindowsCodePage() int {
	if e.IsSingleByte() {
		return 1252
	}
	return 1200
}

// IsSingleByte reports whether each character takes one byte.
func (e *Encoding) IsSingleByte() bool { return e.kind == asciiEncoding || e.kind == latin1Encoding }

// IsBrowserDisplay reports whether .NET thinks that browsers show it.
func (e *Encoding) IsBrowserDisplay() bool { return e.kind == utf8Encoding || e.kind == latin1Encoding }

// IsBrowserSave reports whether .NET thinks that browsers save it.
func (e *Encoding) IsBrowserSave() bool {
	return e.IsBrowserDisplay() || e.kind == utf16Encoding && !e.bigEndian
}

// IsMailNews reports whether .NET thinks that mail programs take it.
func (e *Encoding) IsMailNews() bool { return e.kind != utf16Encoding && e.kind != utf32Encoding }

// IsReadOnly reports whether the fallbacks can't be changed.
func (e *Encoding) IsReadOnly() bool { return e.readOnly }

// Clone is a copy whose fallbacks can be changed.
func (e *Encoding) Clone() *Encoding {
	c := *e
	c.readOnly = false
	return &c
}

// SetFallbacks changes the fallbacks; nil leaves one.
func (e *Encoding) SetFallbacks(encoder, decoder *Fallback) error {
	if e.readOnly {
		return InvalidOperation("Instance is read-only.")
	}
	if encoder != nil {
		e.EncoderFallback = *encoder
	}
	if decoder != nil {
		e.DecoderFallback = *decoder
	}
	return nil
}

// Equal is Equals: the same encoding with the same preamble and fallbacks.
func (e *Encoding) Equal(other *Encoding) bool {
	a, b := *e, *other
	a.readOnly, b.readOnly = false, false
	return a == b
}

// Preamble is GetPreamble: the byte order mark.
func (e *Encoding) Preamble() []byte {
	if !e.preamble {
		return []byte{}
	}
	b, _ := e.appendRune(nil, 0xFEFF)
	return b
}

// MaxByteCount is GetMaxByteCount.
func (e *Encoding) MaxByteCount(chars int) (int, error) {
	if chars < 0 {
		return 0, ArgumentOutOfRange("charCount", nonNegativeNeeded)
	}
	replaced := max(1, unitCount(e.EncoderFallback.Replacement))
	n := (chars + 1) * replaced
	switch e.kind {
	case utf8Encoding:
		n *= 3
	case utf16Encoding:
		n *= 2
	case utf32Encoding:
		n *= 4
	case utf7Encoding:
		n = chars*3 + 2
	}
	if n > math.MaxInt32 {
		return 0, ArgumentOutOfRange("charCount", "Too many characters. The resulting number of bytes is larger than what can be returned as an int.")
	}
	return n, nil
}

// MaxCharCount is GetMaxCharCount.
func (e *Encoding) MaxCharCount(bytes int) (int, error) {
	if bytes < 0 {
		return 0, ArgumentOutOfRange("byteCount", nonNegativeNeeded)
	}
	replaced := max(1, unitCount(e.DecoderFallback.Replacement))
	n := bytes * replaced
	switch e.kind {
	case utf8Encoding:
		n = (bytes + 1) * replaced
	case utf16Encoding:
		n = (bytes/2 + bytes%2 + 1) * replaced
	case utf32Encoding:
		n = bytes/2 + 2
		if replaced > 2 {
			n = n * replaced / 2
		}
	case utf7Encoding:
		n = max(bytes, 1)
	}
	if n > math.MaxInt32 {
		return 0, ArgumentOutOfRange("byteCount", "Too many bytes. The resulting number of chars is larger than what can be returned as an int.")
	}
	return n, nil
}
