package dotnet

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// encodingKind is how an encoding writes characters.
type encodingKind uint8

const (
	utf8Encoding encodingKind = iota
	utf16Encoding
	utf32Encoding
	utf7Encoding
	asciiEncoding
	latin1Encoding
)

// Encoding is System.Text.Encoding: how text is written in bytes.
type Encoding struct {
	kind      encodingKind
	bigEndian bool
	preamble  bool // GetPreamble tells the byte order mark
	optionals bool // of UTF-7: more characters stand for themselves
	readOnly  bool
	// What is done about characters and bytes that can't be translated.
	EncoderFallback, DecoderFallback Fallback
}

// Fallback is what an encoding does about what it can't translate: it takes a
// text instead, or fails.
type Fallback struct {
	Fails       bool
	Replacement string
	// own says that the encoding has a rule of its own: Latin-1 takes a similar
	// character, UTF-7 the byte's value.
	own bool
}

// ExceptionFallback fails.
var ExceptionFallback = Fallback{Fails: true}

// ReplacementFallback is what the encodings of Unicode do.
var ReplacementFallback = Fallback{Replacement: "\uFFFD"}

// NewUTF8Encoding is new UTF8Encoding(preamble, fails).
func NewUTF8Encoding(preamble, fails bool) *Encoding {
	return newEncoding(Encoding{kind: utf8Encoding, preamble: preamble}, fails)
}

// NewUnicodeEncoding is new UnicodeEncoding(bigEndian, preamble, fails).
func NewUnicodeEncoding(bigEndian, preamble, fails bool) *Encoding {
	return newEncoding(Encoding{kind: utf16Encoding, bigEndian: bigEndian, preamble: preamble}, fails)
}

// NewUTF32Encoding is new UTF32Encoding(bigEndian, preamble, fails).
func NewUTF32Encoding(bigEndian, preamble, fails bool) *Encoding {
	return newEncoding(Encoding{kind: utf32Encoding, bigEndian: bigEndian, preamble: preamble}, fails)
}

// NewUTF7Encoding is new UTF7Encoding(optionals).
func NewUTF7Encoding(optionals bool) *Encoding {
	e := newEncoding(Encoding{kind: utf7Encoding, optionals: optionals}, false)
	e.EncoderFallback, e.DecoderFallback = Fallback{}, Fallback{own: true}
	return e
}

// NewASCIIEncoding is new ASCIIEncoding().
func NewASCIIEncoding() *Encoding {
	question := Fallback{Replacement: "?"}
	return &Encoding{kind: asciiEncoding, readOnly: true, EncoderFallback: question, DecoderFallback: question}
}

func newLatin1Encoding() *Encoding {
	own := Fallback{Replacement: "?", own: true}
	return &Encoding{kind: latin1Encoding, readOnly: true, EncoderFallback: own, DecoderFallback: own}
}

func newEncoding(e Encoding, fails bool) *Encoding {
	e.readOnly = true
	e.EncoderFallback, e.DecoderFallback = ReplacementFallback, ReplacementFallback
	if fails {
		e.EncoderFallback, e.DecoderFallback = ExceptionFallback, ExceptionFallback
	}
	return &e
}

// The encodings that Encoding's properties and GetEncoding give.
var (
	UTF8             = NewUTF8Encoding(true, false)
	DefaultEncoding  = NewUTF8Encoding(false, false)
	Unicode          = NewUnicodeEncoding(false, true, false)
	BigEndianUnicode = NewUnicodeEncoding(true, true, false)
	UTF32            = NewUTF32Encoding(false, true, false)
	bigEndianUTF32   = NewUTF32Encoding(true, true, false)
	UTF7             = NewUTF7Encoding(false)
	ASCII            = NewASCIIEncoding()
	Latin1           = newLatin1Encoding()
)

// TypeName is the encoding's .NET type.
func (e *Encoding) TypeName() string {
	return "System.Text." + [...]string{"UTF8Encoding", "UnicodeEncoding", "UTF32Encoding", "UTF7Encoding", "ASCIIEncoding", "Latin1Encoding"}[e.kind]
}

// unmappable is a character that can't be encoded, at an index in units.
func (e *Encoding) unmappable(r rune, index int) error {
	return NewException("System.Text.EncoderFallbackException", fmt.Sprintf(`Unable to translate Unicode character \\u%04X at index %d to specified code page.`, r, index))
}

// undecodable is what bytes that are no text become.
func (e *Encoding) undecodable(b []byte, index int) (string, error) {
	if !e.DecoderFallback.Fails {
		return e.DecoderFallback.Replacement, nil
	}
	var shown strings.Builder
	for i, c := range b {
		if i == 20 {
			shown.WriteString(" ...")
			break
		}
		fmt.Fprintf(&shown, "[%02X]", c)
	}
	return "", NewException("System.Text.DecoderFallbackException", fmt.Sprintf("Unable to translate bytes %s at index %d from specified code page to Unicode.", &shown, index))
}

// GetBytes encodes a text.
func (e *Encoding) GetBytes(s string) ([]byte, error) {
	switch {
	case e.kind == utf8Encoding && utf8.ValidString(s), e.kind <= latin1Encoding && e.kind >= asciiEncoding && isASCII(s):
		return []byte(s), nil
	case e.kind == utf7Encoding:
		return e.encodeUTF7(s), nil
	}
	b := make([]byte, 0, len(s))
	for index := 0; s != ""; {
		r, size := decode(s)
		if encoded, ok := e.appendRune(b, r); ok {
			b = encoded
		} else {
			if e.EncoderFallback.Fails {
				return nil, e.unmappable(r, index)
			}
			for range units(r) { // each half of a pair is replaced
				b = e.appendText(b, e.EncoderFallback.Replacement)
			}
		}
		index += units(r)
		s = s[size:]
	}
	return b, nil
}

// units is how many units a code point takes.
func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// appendText appends a replacement, which is made of characters that exist.
func (e *Encoding) appendText(b []byte, s string) []byte {
	for _, r := range s {
		b, _ = e.appendRune(b, r)
	}
	return b
}

// appendRune appends a code point, if it can be encoded.
func (e *Encoding) appendRune(b []byte, r rune) ([]byte, bool) {
	if isHigh(r) || isLow(r) {
		return b, false
	}
	switch e.kind {
	case utf8Encoding:
		return utf8.AppendRune(b, r), true
	case utf16Encoding:
		return e.appendUTF16(b, r), true
	case utf32Encoding:
		return append(b, e.order(byte(r), byte(r>>8), byte(r>>16), byte(r>>24))...), true
	case latin1Encoding:
		if r > 0xFF && e.EncoderFallback.own {
			if similar, ok := latin1Similar(r); ok {
				r = similar
			}
		}
		return append(b, byte(r)), r <= 0xFF
	}
	return append(b, byte(r)), r < utf8.RuneSelf
}

func (e *Encoding) appendUTF16(b []byte, r rune) []byte {
	for c := range Chars(string(r)) {
		b = append(b, e.order(byte(c), byte(c>>8))...)
	}
	return b
}

// order puts bytes, the lowest first, into the encoding's order.
func (e *Encoding) order(b ...byte) []byte {
	if e.bigEndian {
		for i, k := 0, len(b)-1; i < k; i, k = i+1, k-1 {
			b[i], b[k] = b[k], b[i]
		}
	}
	return b
}

// GetString decodes bytes.
func (e *Encoding) GetString(b []byte) (string, error) {
	switch e.kind {
	case utf8Encoding:
		if utf8.Valid(b) {
			return string(b), nil
		}
		return e.decodeEach(b, nextUTF8)
	case utf16Encoding:
		return e.decodeEach(b, e.nextUTF16)
	case utf32Encoding:
		return e.decodeEach(b, e.nextUTF32)
	case utf7Encoding:
		return decodeUTF7(b), nil
	case latin1Encoding:
		return e.decodeEach(b, func(b []byte) (rune, int) { return rune(b[0]), 1 })
	}
	return e.decodeEach(b, func(b []byte) (rune, int) {
		if b[0] >= utf8.RuneSelf {
			return -1, 1
		}
		return rune(b[0]), 1
	})
}

// decodeEach decodes character by character: next tells the first one, or -1, and
// how many bytes it takes.
func (e *Encoding) decodeEach(b []byte, next func([]byte) (rune, int)) (string, error) {
	text := make([]byte, 0, len(b))
	for index := 0; index < len(b); {
		r, size := next(b[index:])
		if r >= 0 {
			text = utf8.AppendRune(text, r)
		} else {
			instead, err := e.undecodable(b[index:index+size], index)
			if err != nil {
				return "", err
			}
			text = appendText(text, instead)
		}
		index += size
	}
	return string(text), nil
}

// nextUTF8 decodes a character. What is none takes as many bytes as could have
// begun one.
func nextUTF8(b []byte) (rune, int) {
	r, size := utf8.DecodeRune(b)
	if r != utf8.RuneError || size > 1 {
		return r, size
	}
	low, high, more := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c < 0xE0:
		more = 1
	case c >= 0xE0 && c < 0xF0:
		more = 2
	case c >= 0xF0 && c < 0xF5:
		more = 3
	}
	switch b[0] {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	n := 1
	for n < len(b) && n <= more && b[n] >= low && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return -1, n
}

func (e *Encoding) nextUTF16(b []byte) (rune, int) {
	unit := func(i int) rune {
		if i+1 >= len(b) {
			return -1
		}
		if e.bigEndian {
			return rune(b[i])<<8 | rune(b[i+1])
		}
		return rune(b[i]) | rune(b[i+1])<<8
	}
	r := unit(0)
	switch {
	case r < 0:
		return -1, 1
	case isHigh(r) && isLow(unit(2)):
		return (r-0xD800)<<10 + (unit(2) - 0xDC00) + 0x10000, 4
	case isHigh(r) || isLow(r):
		return -1, 2
	}
	return r, 2
}

func (e *Encoding) nextUTF32(b []byte) (rune, int) {
	if len(b) < 4 {
		return -1, len(b)
	}
	c := e.order(b[0], b[1], b[2], b[3])
	if r := rune(c[0]) | rune(c[1])<<8 | rune(c[2])<<16 | rune(c[3])<<24; utf8.ValidRune(r) {
		return r, 4
	}
	return -1, 4
}
