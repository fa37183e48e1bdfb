package dotnet

import (
	"encoding/base64"
	"strings"
)

// Base64FormattingOptions is System.Base64FormattingOptions.
type Base64FormattingOptions int32

// InsertLineBreaks breaks the text with CR LF after every 76 characters.
const (
	Base64FormattingNone Base64FormattingOptions = 0
	InsertLineBreaks     Base64FormattingOptions = 1
)

const base64Line = 76

// ToBase64String is Convert.ToBase64String.
func ToBase64String(data []byte, options Base64FormattingOptions) (string, error) {
	text := base64.StdEncoding.EncodeToString(data)
	switch options {
	case Base64FormattingNone:
		return text, nil
	case InsertLineBreaks:
		var out strings.Builder
		for len(text) > base64Line {
			out.WriteString(text[:base64Line])
			out.WriteString("\r\n")
			text = text[base64Line:]
		}
		out.WriteString(text)
		return out.String(), nil
	}
	return "", Argument("Illegal enum value: "+enumName(int64(options), nil)+".", "options")
}

// ToBase64StringRange is Convert.ToBase64String of a part of an array.
func ToBase64StringRange(data []byte, offset, length int32, options Base64FormattingOptions) (string, error) {
	switch {
	case length < 0:
		return "", ArgumentOutOfRange("length", indexOutOfRange)
	case offset < 0:
		return "", ArgumentOutOfRange("offset", "Value must be positive.")
	case int64(offset)+int64(length) > int64(len(data)):
		return "", ArgumentOutOfRange("offset", "Offset and length must refer to a position in the string.")
	}
	return ToBase64String(data[offset:offset+length], options)
}

// FromBase64String is Convert.FromBase64String. White space may stand anywhere;
// padding must not lack.
func FromBase64String(text string) ([]byte, error) {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n", r) {
			return -1
		}
		return r
	}, text)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, Format("The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.")
	}
	return data, nil
}

// indexOutOfRange is what arrays' methods say of an index.
const indexOutOfRange = "Index was out of range. Must be non-negative and less than the size of the collection."
