package jwtvalidate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/pattern"
)

// Hints are for the developer at the screen: one sentence that says what is the matter
// in this token and what to do about it.

func hintSegments(token string) string {
	if scheme, _, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		return "The token begins with its scheme: pass what follows 'Bearer '."
	}
	return "A JWT is three Base64url segments without padding, joined by dots; this text is not: a reference token, a cut-off token or another credential."
}

func hintAlgorithm(alg string) string {
	if strings.EqualFold(alg, algNone) {
		return "An unsigned token has alg none and an empty third segment, and passes only where no signature is required."
	}
	return fmt.Sprintf("Tokens signed with %s are not accepted: have the issuer sign with RS256.", shown(alg))
}

func hintOnlySymmetric(alg string) string {
	return fmt.Sprintf("The token is signed with %s, and the rules have symmetric keys only: give a public key (n and e, a certificate) or a discovery document.", alg)
}

func hintNoConfiguration(url string) string {
	return fmt.Sprintf("There are no keys of %s yet, since it could not be fetched: look whether the issuer is up and the address is right.", url)
}

func hintNotYetValid(from, now time.Time, skew time.Duration) string {
	return fmt.Sprintf("The token becomes valid in %v and the clock skew allowed is %v: compare the clocks of issuer and gateway.", rounded(from.Sub(now)), skew)
}

func hintExpired(to, now time.Time, skew time.Duration) string {
	return fmt.Sprintf("The token expired %v ago and the clock skew allowed is %v: get a new one.", rounded(now.Sub(to)), skew)
}

func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d
	}
	return d.Round(time.Second)
}

// graphAudiences name Microsoft Graph.
var graphAudiences = []string{"https://graph.microsoft.com", "https://graph.microsoft.com/", "00000003-0000-0000-c000-000000000000"}

func forGraph(t *Token) (audience string, ok bool) {
	for _, audience := range t.Audiences {
		if slices.Contains(graphAudiences, audience) {
			return audience, true
		}
	}
	return "", false
}

// scopeToAsk is the scope that brings a token for the audiences of the rules.
func scopeToAsk(audiences []string) string {
	if len(audiences) == 0 {
		return "of this API (api://<its application id>/.default)"
	}
	return audiences[0] + "/.default"
}

// hint says why a signature could not be verified.
func (a *attempt) hint() string {
	if audience, ok := forGraph(a.token); ok && a.token.Header["nonce"] != nil {
		return fmt.Sprintf("The token is for Microsoft Graph (its audience is %s): Graph tokens carry a nonce in their header and only Graph can verify them; ask for the scope %s instead.", audience, scopeToAsk(a.rules.Audiences))
	}
	switch {
	case a.alg.family == familyHMAC && !a.rules.hasSymmetric():
		return fmt.Sprintf("The token is signed with the symmetric algorithm %s, and the rules have public keys only.", a.token.Algorithm)
	case a.matchedInline || a.matchedRemote:
		return fmt.Sprintf("The key with the id %s does not verify the signature: the token was changed, or signed with another key or algorithm.", shown(a.kid))
	case a.kid == "":
		return fmt.Sprintf("The token names no key (kid), and none of the %d keys verifies it.", a.inline+a.remote)
	}
	if dropped, ok := a.droppedKey(); ok {
		return fmt.Sprintf("The key set has a key with the id %s, but it is not used: %s.", shown(a.kid), dropped.Reason)
	}
	if len(a.tried) > 0 {
		return fmt.Sprintf("No key has the id %s, and none of the %d keys tried instead verifies the signature.", shown(a.kid), len(a.tried))
	}
	return fmt.Sprintf("No key has the id %s; the token may come from another issuer (its iss is %q) than the rules expect, or be signed with a key not yet published.", shown(a.kid), shown(a.token.Issuer))
}

// droppedKey finds the token's kid among the keys that are not used.
func (a *attempt) droppedKey() (DroppedKey, bool) {
	for _, w := range a.sets {
		dropped := w.set.state().Dropped
		if i := slices.IndexFunc(dropped, func(d DroppedKey) bool { return d.KeyID == shown(a.kid) }); i >= 0 {
			return dropped[i], true
		}
	}
	return DroppedKey{}, false
}

func hintAudience(audiences, allowed []string) string {
	switch {
	case len(audiences) == 0:
		return fmt.Sprintf("The token has no aud; accepted are %s.", list(allowed))
	case differBySlash(audiences, allowed):
		return fmt.Sprintf("The token's audience %s differs from an accepted one (%s) by the slash at its end only, and the comparison is exact.", shown(list(audiences)), list(allowed))
	case slices.ContainsFunc(audiences, isGUID) && slices.ContainsFunc(allowed, isAppURI):
		return fmt.Sprintf("The token's audience is an application id (%s), as in v2.0 tokens, and the rules list %s: add the id to the audiences.", shown(list(audiences)), list(allowed))
	default:
		return fmt.Sprintf("The token is for %s, accepted are %s: ask for the scope %s.", shown(list(audiences)), list(allowed), scopeToAsk(allowed))
	}
}

func isAppURI(s string) bool { return strings.HasPrefix(s, "api://") }

var guid = pattern.Lazy(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isGUID(s string) bool { return guid().MatchString(s) }

func differBySlash(actual, allowed []string) bool {
	for _, a := range actual {
		for _, b := range allowed {
			if a != b && strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") {
				return true
			}
		}
	}
	return false
}

// entraIssuer recognises the two forms of Entra ID's issuers (identity.md 5.1).
func entraIssuer(issuer string) (version, tenant string) {
	if rest, ok := strings.CutPrefix(issuer, "https://sts.windows.net/"); ok {
		return "v1.0", strings.TrimSuffix(rest, "/")
	}
	if rest, ok := strings.CutPrefix(issuer, "https://login.microsoftonline.com/"); ok {
		return "v2.0", strings.TrimSuffix(strings.TrimSuffix(rest, "/"), "/v2.0")
	}
	return "", ""
}

func hintIssuer(issuer string, allowed []string) string {
	if issuer == "" {
		return fmt.Sprintf("The token has no iss; accepted are %s.", list(allowed))
	}
	if differBySlash([]string{issuer}, allowed) {
		return fmt.Sprintf("The token's issuer %s differs from an accepted one (%s) by the slash at its end only, and the comparison is exact.", shown(issuer), list(allowed))
	}
	version, tenant := entraIssuer(issuer)
	for _, expected := range allowed {
		wanted, wantedTenant := entraIssuer(expected)
		switch {
		case version == "" || wanted == "":
		case version != wanted && (tenant == wantedTenant || wantedTenant == tenantTemplate):
			return fmt.Sprintf("The token looks like a %s token of Entra ID (issuer %s), and the rules accept %s tokens (%s): the version is set in the registration of the API (requestedAccessTokenVersion), not by the endpoint; change it there or accept the other issuer.", version, shown(issuer), wanted, expected)
		case version == wanted && tenant != wantedTenant:
			return fmt.Sprintf("The token looks like a %s token of the tenant %s, and the rules accept the tenant %s.", version, shown(tenant), wantedTenant)
		}
	}
	return fmt.Sprintf("The token was issued by %s, accepted are %s.", shown(issuer), list(allowed))
}

func hintMissingClaims(t *Token, missing []string) string {
	if slices.Contains(missing, "roles") && t.Claims["scp"] != nil {
		return "The token has scp and no roles: it was issued to a user's client, or no app role is assigned."
	}
	if slices.Contains(missing, "scp") && t.Claims["roles"] != nil {
		return "The token has roles and no scp: it was issued to an application, not to a user's client."
	}
	return fmt.Sprintf("The token lacks %s: have the issuer put it in.", list(missing))
}

func hintMismatch(c *RequiredClaim, actual []string) string {
	how := "all of"
	if c.Match == MatchAny {
		how = "one of"
	}
	hint := fmt.Sprintf("The rules ask for %s %s in %s; the token has %s.", how, quoted(c.Values), c.Name, shown(quoted(actual)))
	if slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, ",") }) {
		return hint + " A value is compared as a whole: list each one by itself."
	}
	if c.Separator == "" && len(actual) == 1 && strings.Contains(actual[0], " ") {
		return hint + " A separator would split the claim."
	}
	return hint
}

func quoted(values []string) string {
	if len(values) == 0 {
		return "no comparable value"
	}
	q := make([]string, len(values))
	for i, v := range values {
		q[i] = fmt.Sprintf("%q", v)
	}
	return list(q)
}
