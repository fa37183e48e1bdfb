package trace

import (
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Masked stands for a secret.
const Masked = "***"

// secretNames are query parameters whose values are secrets; so are those of
// names that end in one of secretEndings: subscription-key, access_token,
// client_secret, x-amz-signature.
var (
	secretNames   = []string{"sig", "code", "code_verifier", "id_token_hint", "jwt", "pwd"}
	secretEndings = []string{"key", "token", "secret", "password", "signature", "assertion", "authorization"}
)

// MaskURL is u with the values of secret query parameters masked, and of those
// named besides: an API may call its subscription key's anything. A JSON Web
// Token is masked wherever it stands, since a policy may take it from anywhere.
func MaskURL(u *exchange.URL, secret ...string) string {
	if u.RawQuery == "" {
		return u.String()
	}
	pieces := strings.Split(u.RawQuery, "&")
	for i, piece := range pieces {
		name, value, found := strings.Cut(piece, "=")
		if found && (isSecret(name, secret) || holdsToken(value)) {
			pieces[i] = name + "=" + Masked
		}
	}
	masked := *u
	masked.RawQuery = strings.Join(pieces, "&")
	return masked.String()
}

func isSecret(written string, secret []string) bool {
	name := strings.ToLower(unescaped(written))
	return slices.Contains(secretNames, name) ||
		slices.ContainsFunc(secretEndings, func(ending string) bool { return strings.HasSuffix(name, ending) }) ||
		slices.ContainsFunc(secret, func(s string) bool { return strings.EqualFold(s, name) })
}

// holdsToken looks for the beginning of a JSON object in Base64url and the dots
// of a token.
func holdsToken(written string) bool {
	value := unescaped(written)
	return strings.Contains(value, "eyJ") && strings.Count(value, ".") >= 2
}

func unescaped(written string) string {
	if text, err := url.QueryUnescape(written); err == nil {
		return text
	}
	return written
}
