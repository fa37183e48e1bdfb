package trace

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Masked stands for a secret.
const Masked = "***"

// secretParameters are the query parameters whose values are secrets. An API may
// rename its subscription key's; names that end in "key" or "token" are taken
// for one as well.
var secretParameters = []string{"sig", "code", "access_token", "id_token", "refresh_token", "client_secret", "client_assertion", "password", "jwt"}

// MaskURL is u with the values of secret query parameters masked.
func MaskURL(u *exchange.URL) string {
	if u.RawQuery == "" {
		return u.String()
	}
	pieces := strings.Split(u.RawQuery, "&")
	for i, piece := range pieces {
		name, _, found := strings.Cut(piece, "=")
		if found && isSecret(name) {
			pieces[i] = name + "=" + Masked
		}
	}
	masked := *u
	masked.RawQuery = strings.Join(pieces, "&")
	return masked.String()
}

func isSecret(parameter string) bool {
	name := strings.ToLower(parameter)
	return slices.Contains(secretParameters, name) || strings.HasSuffix(name, "key") || strings.HasSuffix(name, "token") || strings.HasSuffix(name, "secret")
}
