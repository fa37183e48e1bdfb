package jwtvalidate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxTokenSize bounds a token, in bytes. Microsoft.IdentityModel's own limit is
// 250 kB, but a longer token than this does not come through in a header.
const MaxTokenSize = 16 << 10

// base64URL is the encoding of segments: RFC 7515 section 2, and no second spelling
// of the same bytes.
var base64URL = base64.RawURLEncoding.Strict()

// Inspect decodes a token without verifying anything, for traces of refused tokens.
// It is as strict on the form as [Validator.Validate], and the error, an *Error, is
// the one that it would give. Numbers are json.Number.
func Inspect(token string) (header, claims map[string]any, err error) {
	t, fault := parse(token)
	if fault != nil {
		return nil, nil, fault
	}
	return t.Header, t.Claims, nil
}

// parse checks the form of a token and decodes it; nothing in it is proved yet. The
// result shares no memory with the text.
func parse(token string) (*Token, *Error) {
	if len(token) > MaxTokenSize {
		return nil, malformed(messageTooLong(len(token)), fmt.Sprintf("The token has %d bytes, at most %d are accepted.", len(token), MaxTokenSize))
	}
	header, payload, fault := segments(token)
	if fault != nil {
		return nil, fault
	}
	t := &Token{}
	var err error
	if t.RawHeader, t.Header, err = decodeObject(header); err == nil {
		err = t.readHeader()
	}
	if err != nil {
		return nil, malformed(messageHeader, "The header of the token (its first segment) is not usable: "+err.Error()+".")
	}
	if t.RawClaims, t.Claims, err = decodeObject(payload); err == nil {
		err = t.readClaims()
	}
	if err != nil {
		return nil, malformed(messagePayload, "The payload of the token (its second segment) is not usable: "+err.Error()+".")
	}
	return t, nil
}

func malformed(message, hint string) *Error {
	return &Error{Reason: ReasonInvalid, Message: message, hint: always(hint)}
}

// segments takes a compact token apart. The signature may be empty.
func segments(token string) (header, payload string, fault *Error) {
	switch strings.Count(token, ".") + 1 {
	case 3:
	case 5:
		return "", "", malformed(messageEncrypted, "The token is encrypted (five segments), and there is no key to decrypt it.")
	default:
		return "", "", malformed(messageSegments, hintSegments(token))
	}
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	if header == "" || payload == "" || !isBase64URL(header) || !isBase64URL(payload) || !isBase64URL(signature) {
		return "", "", malformed(messageNotJWS, hintSegments(token))
	}
	return header, payload, nil
}

// isBase64URL looks at the alphabet; encoding/base64 would skip line breaks.
func isBase64URL(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// decodeObject decodes a segment that has to be a JSON object. A member that stands
// there twice is refused: parsers disagree on which one counts, so what one checks
// another might not use.
func decodeObject(segment string) (json.RawMessage, map[string]any, error) {
	raw, err := base64URL.DecodeString(segment)
	if err != nil {
		return nil, nil, errors.New("it is not Base64url")
	}
	return decodeJSON(raw)
}

func decodeJSON(raw []byte) (json.RawMessage, map[string]any, error) {
	if !utf8.Valid(raw) {
		return nil, nil, errors.New("it is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, nil, errors.New("it is not a JSON object")
	}
	object := make(map[string]any)
	for dec.More() {
		name, err := dec.Token()
		member, ok := name.(string)
		if err != nil || !ok {
			return nil, nil, errors.New("it is not valid JSON")
		}
		if _, twice := object[member]; twice {
			return nil, nil, fmt.Errorf("the member %q stands there twice", shown(member))
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return nil, nil, errors.New("it is not valid JSON")
		}
		object[member] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, errors.New("it is not valid JSON")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, nil, errors.New("something follows the JSON object")
	}
	return raw, object, nil
}

// readHeader takes over the members of the header that steer the verification.
func (t *Token) readHeader() error {
	alg, ok := t.Header["alg"].(string)
	if !ok || alg == "" {
		return errors.New("it has no alg, or one that is not a string")
	}
	t.Algorithm = alg
	if kid, there := t.Header["kid"]; there {
		if t.KeyID, ok = kid.(string); !ok {
			return errors.New("its kid is not a string")
		}
	}
	if _, there := t.Header["crit"]; there {
		return errors.New("it asks for extensions (crit), and none is supported")
	}
	return nil
}

// readClaims takes over the registered claims that are checked on every call.
func (t *Token) readClaims() (err error) {
	if t.ExpiresAt, err = numericDate(t.Claims, "exp"); err != nil {
		return err
	}
	if t.NotBefore, err = numericDate(t.Claims, "nbf"); err != nil {
		return err
	}
	if iss, there := t.Claims["iss"]; there {
		var ok bool
		if t.Issuer, ok = iss.(string); !ok {
			return errors.New("its iss is not a string")
		}
	}
	t.Audiences, err = stringList(t.Claims, "aud")
	return err
}

// numericDate reads a date claim: seconds since 1970, fractions allowed (RFC 7519
// section 2). A text is no number.
func numericDate(claims map[string]any, name string) (time.Time, error) {
	value, there := claims[name]
	if !there {
		return time.Time{}, nil
	}
	number, ok := value.(json.Number)
	if !ok {
		return time.Time{}, fmt.Errorf("its %s is not a number", name)
	}
	if seconds, err := strconv.ParseInt(string(number), 10, 64); err == nil {
		return unix(seconds, 0), nil
	}
	f, _ := number.Float64() // out of range: infinite, which unix bounds
	whole, fraction := math.Modf(max(minUnix, min(maxUnix, f)))
	return unix(int64(whole), int64(fraction*1e9)), nil
}

// minUnix and maxUnix are the ends of .NET's calendar, the first second of the year 1
// (which as time.Time's zero means absent) left out. Dates beyond are taken for them.
const (
	minUnix = -62135596799
	maxUnix = 253402300799
)

func unix(seconds, nanoseconds int64) time.Time {
	return time.Unix(max(minUnix, min(maxUnix, seconds)), nanoseconds).UTC()
}

// stringList reads a claim that is one string or a list of strings.
func stringList(claims map[string]any, name string) ([]string, error) {
	switch value := claims[name].(type) {
	case nil:
		if _, there := claims[name]; there {
			return nil, fmt.Errorf("its %s is null", name)
		}
		return nil, nil
	case string:
		return []string{value}, nil
	case []any:
		texts := make([]string, len(value))
		for i := range value {
			var ok bool
			if texts[i], ok = value[i].(string); !ok {
				return nil, fmt.Errorf("its %s holds something else than strings", name)
			}
		}
		return texts, nil
	default:
		return nil, fmt.Errorf("its %s is neither a string nor a list", name)
	}
}
