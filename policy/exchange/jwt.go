package exchange

import (
	"encoding/json"
	"strings"
	"time"
)

// JWT is a parsed JSON Web Token, as AsJwt and output-token-variable-name give
// it to a policy. It is shared between requests and must not be changed.
type JWT struct {
	Algorithm, ID, Issuer, Subject, Type string
	Audiences                            []string
	ExpirationTime, NotBefore            *time.Time
	// Claims are name to values; a claim that is no array has one value, a
	// value that is no string its JSON text.
	Claims map[string][]string
}

// NewJWT makes the view of a token's header and claims, which are decoded JSON.
func NewJWT(header, claims map[string]any) *JWT {
	t := &JWT{Claims: make(map[string][]string, len(claims))}
	t.Algorithm, _ = header["alg"].(string)
	t.Type, _ = header["typ"].(string)
	for name, value := range claims {
		t.Claims[name] = claimTexts(value)
	}
	t.ID, t.Issuer, t.Subject = first(t.Claims["jti"]), first(t.Claims["iss"]), first(t.Claims["sub"])
	t.Audiences = t.Claims["aud"]
	t.ExpirationTime, t.NotBefore = numericDate(claims["exp"]), numericDate(claims["nbf"])
	return t
}

func claimTexts(value any) []string {
	if list, ok := value.([]any); ok {
		texts := make([]string, len(list))
		for i, v := range list {
			texts[i] = claimText(v)
		}
		return texts
	}
	return []string{claimText(value)}
}

func claimText(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return ""
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// The ends of .NET's calendar, the years 1 to 9999, in seconds since 1970.
const minUnix, maxUnix = -62135596800, 253402300799

// numericDate reads seconds since 1970, fractions allowed (RFC 7519 section 2).
// What lies beyond the calendar is its end.
func numericDate(value any) *time.Time {
	var seconds float64
	switch v := value.(type) {
	case json.Number:
		seconds, _ = v.Float64() // infinite where no float is that large
	case float64:
		seconds = v
	default:
		return nil
	}
	t := time.Unix(int64(max(minUnix, min(seconds, maxUnix))), 0).UTC()
	return &t
}
