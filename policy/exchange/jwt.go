package exchange

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// JWT is a parsed JSON Web Token, as AsJwt and output-token-variable-name give
// it to a policy. It is shared between requests and must not be changed.
type JWT struct {
	Algorithm, ID, Issuer, Subject, Type string
	Audiences                            []string
	ExpirationTime, NotBefore, IssuedAt  *time.Time
	Claims                               []Claim
}

// Claim is one claim of a token: one that is no array has one value, a value that
// is no string its JSON text.
type Claim struct {
	Name   string
	Values []string
}

// Claim is the values of the claim of that name.
func (t *JWT) Claim(name string) (values []string, ok bool) {
	for i := range t.Claims {
		if t.Claims[i].Name == name {
			return t.Claims[i].Values, true
		}
	}
	return nil, false
}

// NewJWT makes the view of a token's header and claims, which are decoded JSON.
// The claims are in the order of their names.
func NewJWT(header, claims map[string]any) *JWT {
	t := &JWT{Claims: make([]Claim, 0, len(claims))}
	t.Algorithm, _ = header["alg"].(string)
	t.Type, _ = header["typ"].(string)
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		t.Claims = append(t.Claims, Claim{name, claimTexts(claims[name])})
	}
	t.ID, t.Issuer, t.Subject = t.first("jti"), t.first("iss"), t.first("sub")
	t.Audiences, _ = t.Claim("aud")
	t.ExpirationTime, t.NotBefore, t.IssuedAt = NumericDate(claims["exp"]), NumericDate(claims["nbf"]), NumericDate(claims["iat"])
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

func (t *JWT) first(name string) string {
	if values, _ := t.Claim(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// The ends of .NET's calendar, the years 1 to 9999, in seconds since 1970.
const minUnix, maxUnix = -62135596800, 253402300799

// NumericDate reads seconds since 1970, fractions allowed (RFC 7519 section 2).
// What lies beyond the calendar is its end; nil of what is no number.
func NumericDate(value any) *time.Time {
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
