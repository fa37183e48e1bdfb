package jwtvalidate

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// check does the steps that every call repeats, cached token or not.
func (v *Validator) check(ctx context.Context, entry *verified, rules *Rules, now time.Time) *Error {
	if fault := checkLifetime(entry.token, rules, now); fault != nil {
		return fault
	}
	if fault := checkAudience(entry.token, rules); fault != nil {
		return fault
	}
	if fault := v.checkIssuer(ctx, entry, rules); fault != nil {
		return fault
	}
	return checkClaims(entry.token, rules)
}

// checkLifetime compares as Microsoft.IdentityModel does: in this order, and a token is
// good up to and including its exp.
func checkLifetime(t *Token, rules *Rules, now time.Time) *Error {
	from, to, skew := t.NotBefore, t.ExpiresAt, rules.ClockSkew
	switch {
	case to.IsZero() && rules.RequireExpiration:
		return &Error{Reason: ReasonInvalid, Claim: "exp", Message: messageNoExpiry, hint: always("The token has no exp, and these rules require one.")}
	case !to.IsZero() && from.After(to):
		return &Error{Reason: ReasonInvalid, Claim: "nbf", Message: messageLifetimeReversed(from, to), hint: always("The nbf of the token is after its exp: its issuer made it wrong.")}
	case from.After(now.Add(skew)):
		return &Error{Reason: ReasonInvalid, Claim: "nbf", Message: messageNotYetValid(from, now), hint: func() string { return hintNotYetValid(from, now, skew) }}
	case !to.IsZero() && to.Before(now.Add(-skew)):
		return &Error{Reason: ReasonExpired, Claim: "exp", Message: messageExpired(to, now), hint: func() string { return hintExpired(to, now, skew) }}
	}
	return nil
}

func checkAudience(t *Token, rules *Rules) *Error {
	if len(rules.Audiences) == 0 {
		return nil
	}
	for _, audience := range t.Audiences {
		if slices.Contains(rules.Audiences, audience) {
			return nil
		}
	}
	return AudienceNotAllowed(t, rules.Audiences)
}

// AudienceNotAllowed is the fault of a token that is for none of the audiences
// allowed, for who looks further than [Rules] do.
func AudienceNotAllowed(t *Token, allowed []string) *Error {
	e := &Error{
		Reason: ReasonAudienceNotAllowed, Claim: "aud", Message: messageNoAudience, Expected: allowed, Actual: t.Audiences,
		hint: func() string { return hintAudience(t.Audiences, allowed) },
	}
	if len(t.Audiences) > 0 {
		e.Message = messageAudience(t.Audiences, allowed)
	}
	return e
}

// ClaimMissing is the fault of a token without a claim that has to be there.
func ClaimMissing(name string) *Error {
	return &Error{Reason: ReasonMissingClaims, Claim: name, Message: messageMissingClaims([]string{name}), hint: always("The token lacks " + name + "."), Expected: []string{name}}
}

// ClaimNotAllowed is the fault of a claim that has none of the values allowed.
func ClaimNotAllowed(name, actual string, allowed []string) *Error {
	return mismatch(&RequiredClaim{Name: name, Values: allowed, Match: MatchAny}, actual, allowed)
}

// checkIssuer accepts the issuers of the rules and those of their discovery documents.
func (v *Validator) checkIssuer(ctx context.Context, entry *verified, rules *Rules) *Error {
	t := entry.token
	if len(rules.Issuers) == 0 && len(rules.OpenIDConfigs) == 0 {
		return nil
	}
	if t.Issuer != "" && slices.Contains(rules.Issuers, t.Issuer) {
		return nil
	}
	if entry.remote != nil && issuedBy(entry.remote.set.current.Load(), t) {
		return nil
	}
	return v.checkDiscoveredIssuers(ctx, t, rules)
}

// checkDiscoveredIssuers looks at all discovery documents, and waits for those never
// fetched while none matches.
func (v *Validator) checkDiscoveredIssuers(ctx context.Context, t *Token, rules *Rules) *Error {
	sets := watch(v.keySets(rules))
	for {
		for i := range sets {
			sets[i].seen = sets[i].set.current.Load()
			if issuedBy(sets[i].seen, t) {
				return nil
			}
		}
		if changed, err := awaitFirst(ctx, sets); !changed {
			return issuerFault(t, rules, sets, err)
		}
	}
}

func issuerFault(t *Token, rules *Rules, sets []watched, cause error) *Error {
	allowed := slices.Clone(rules.Issuers)
	for _, w := range sets {
		if w.seen != nil {
			allowed = append(allowed, w.seen.issuer)
		} else if cause == nil {
			_, cause = w.set.outlook()
		}
	}
	e := &Error{Reason: ReasonIssuerNotAllowed, Claim: "iss", Message: messageNoIssuer, Expected: allowed, Err: cause, hint: func() string { return hintIssuer(t.Issuer, allowed) }}
	if t.Issuer != "" {
		e.Message = messageIssuer(t.Issuer, allowed)
		e.Actual = []string{t.Issuer}
	}
	return e
}

func issuedBy(s *snapshot, t *Token) bool {
	return s != nil && t.Issuer != "" && issuerMatches(s.issuer, t)
}

// tenantTemplate stands in the issuer of the documents of common and organizations.
const tenantTemplate = "{tenantid}"

// issuerMatches compares iss with the issuer of a discovery document, in which
// {tenantid} means the token's tid (identity.md 5.4, 5.5).
func issuerMatches(issuer string, t *Token) bool {
	before, after, template := strings.Cut(issuer, tenantTemplate)
	if !template {
		return issuer == t.Issuer
	}
	rest, ok := strings.CutPrefix(t.Issuer, before)
	if !ok {
		return false
	}
	tenant, ok := strings.CutSuffix(rest, after)
	return ok && tenant != "" && tenant == t.text("tid")
}

// checkClaims reports missing claims, all of them, before the first wrong value.
func checkClaims(t *Token, rules *Rules) *Error {
	var missing []string
	var wrong *Error
	for i := range rules.RequiredClaims {
		c := &rules.RequiredClaims[i]
		value, there := t.Claims[c.Name]
		if !there {
			missing = append(missing, c.Name)
		} else if unmet := c.unmet(value); unmet != nil && wrong == nil {
			wrong = mismatch(c, value, unmet)
		}
	}
	if missing != nil {
		return &Error{Reason: ReasonMissingClaims, Claim: missing[0], Message: messageMissingClaims(missing), Expected: missing, hint: func() string { return hintMissingClaims(t, missing) }}
	}
	return wrong
}

func mismatch(c *RequiredClaim, value any, unmet []string) *Error {
	actual := valueTexts(value, c.Separator)
	return &Error{
		Reason:   ReasonClaimValueMismatch,
		Claim:    c.Name,
		Message:  messageClaimMismatch(c.Name, unmet),
		Expected: c.Values,
		Actual:   actual,
		hint:     func() string { return hintMismatch(c, actual) },
	}
}

// unmet gives the values asked for that a claim lacks: the first one of all, or all of
// them if any would do. Nil if the claim is met.
func (c *RequiredClaim) unmet(value any) []string {
	for i, wanted := range c.Values {
		has := hasValue(value, wanted, c.Separator)
		if has && c.Match == MatchAny {
			return nil
		}
		if !has && c.Match == MatchAll {
			return c.Values[i : i+1]
		}
	}
	if c.Match == MatchAny && len(c.Values) > 0 {
		return c.Values
	}
	return nil
}

// hasValue compares a claim with one wanted value: a string whole or split, a list by
// its elements, anything else by its JSON text.
func hasValue(value any, wanted, separator string) bool {
	switch value := value.(type) {
	case string:
		if separator == "" {
			return value == wanted
		}
		for rest, more := value, true; more; {
			var part string
			if part, rest, more = strings.Cut(rest, separator); part == wanted {
				return true
			}
		}
		return false
	case []any:
		for _, element := range value {
			if text, ok := scalarText(element); ok && text == wanted {
				return true
			}
		}
		return false
	default:
		text, ok := scalarText(value)
		return ok && text == wanted
	}
}

// scalarText is the JSON text of a simple value, a string without its quotes. Objects,
// lists and null have none.
func scalarText(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	case bool:
		if value {
			return "true", true
		}
		return "false", true
	default:
		return "", false
	}
}

// valueTexts lists the values that hasValue would compare with, for a trace.
func valueTexts(value any, separator string) []string {
	if s, ok := value.(string); ok && separator != "" {
		return strings.Split(s, separator)
	}
	elements, ok := value.([]any)
	if !ok {
		elements = []any{value}
	}
	var texts []string
	for _, element := range elements {
		if text, ok := scalarText(element); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
