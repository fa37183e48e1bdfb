package jwtvalidate

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A fault spoils a good token in one way. Two faults go together unless they touch the
// same part.
type fault struct {
	name    string
	step    int // as in the package comment
	touches string
	want    Reason
	draft   func(*draft)
	text    func(string) string
}

var faults = []fault{
	{name: "padded", step: 1, touches: "text", want: ReasonInvalid, text: func(s string) string { return s + "=" }},
	{name: "four segments", step: 1, touches: "text", want: ReasonInvalid, text: func(s string) string { return s + ".e30" }},
	{name: "exp is a string", step: 1, touches: "exp", want: ReasonInvalid, draft: func(d *draft) { d.set("exp", "1767326645") }},
	{name: "aud is a number", step: 1, touches: "aud", want: ReasonInvalid, draft: func(d *draft) { d.set("aud", 7) }},
	{name: "kid is a number", step: 1, touches: "kid", want: ReasonInvalid, draft: func(d *draft) { d.head("kid", 7) }},
	{name: "crit", step: 1, touches: "crit", want: ReasonInvalid, draft: func(d *draft) { d.head("crit", []string{"b64"}) }},

	{name: "alg EdDSA", step: 2, touches: "signature", want: ReasonInvalidSignature, draft: func(d *draft) { d.head("alg", "EdDSA") }},
	{name: "alg none", step: 2, touches: "signature", want: ReasonInvalidSignature, draft: func(d *draft) { d.head("alg", "none") }},

	{name: "unknown kid", step: 3, touches: "kid", want: ReasonSignatureKeyNotFound, draft: func(d *draft) { d.head("kid", "nobody") }},
	{name: "another key", step: 4, touches: "signature", want: ReasonInvalidSignature, draft: func(d *draft) { d.key = rsaKey(2).key }},

	{name: "expired", step: 5, touches: "exp nbf", want: ReasonExpired, draft: func(d *draft) {
		d.set("nbf", epoch.Add(-2*time.Hour).Unix()).set("exp", epoch.Add(-time.Hour).Unix())
	}},
	{name: "not yet valid", step: 5, touches: "nbf", want: ReasonInvalid, draft: func(d *draft) { d.set("nbf", epoch.Add(time.Minute).Unix()) }},
	{name: "no exp", step: 5, touches: "exp", want: ReasonInvalid, draft: func(d *draft) { d.set("exp", nil) }},

	{name: "other audience", step: 6, touches: "aud", want: ReasonAudienceNotAllowed, draft: func(d *draft) { d.set("aud", "other") }},
	{name: "no audience", step: 6, touches: "aud", want: ReasonAudienceNotAllowed, draft: func(d *draft) { d.set("aud", nil) }},

	{name: "other issuer", step: 7, touches: "iss", want: ReasonIssuerNotAllowed, draft: func(d *draft) { d.set("iss", "https://other.example/") }},
	{name: "no issuer", step: 7, touches: "iss", want: ReasonIssuerNotAllowed, draft: func(d *draft) { d.set("iss", nil) }},

	{name: "missing claim", step: 8, touches: "sub", want: ReasonMissingClaims, draft: func(d *draft) { d.set("sub", nil) }},
	{name: "wrong claim", step: 9, touches: "roles", want: ReasonClaimValueMismatch, draft: func(d *draft) { d.set("roles", []string{"none"}) }},
}

func spoiled(t *testing.T, faults ...fault) string {
	d := newDraft(rsaKey(1))
	for _, f := range faults {
		if f.draft != nil {
			f.draft(d)
		}
	}
	token := d.sign(t)
	for _, f := range faults {
		if f.text != nil {
			token = f.text(token)
		}
	}
	return token
}

func orderRules() *Rules {
	rules := newRules()
	rules.RequiredClaims = []RequiredClaim{{Name: "sub"}, {Name: "roles", Values: []string{"read"}}}
	return rules
}

// A token with two faults gets the reason of the earlier step.
func TestTwoFaults(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	mustAccept(t, v, spoiled(t), orderRules())
	pairs := 0
	for _, a := range faults {
		if e := refusal(t, v, spoiled(t, a), orderRules()); e == nil || e.Reason != a.want {
			t.Errorf("%s: got %v, want %s", a.name, e, a.want)
		}
		for _, b := range faults {
			if a.step >= b.step || overlap(a.touches, b.touches) {
				continue
			}
			pairs++
			if e := refusal(t, v, spoiled(t, a, b), orderRules()); e == nil || e.Reason != a.want {
				t.Errorf("%s and %s: got %v, want %s", a.name, b.name, e, a.want)
			}
		}
	}
	if pairs < 100 {
		t.Errorf("only %d pairs were tried", pairs)
	}
}

func overlap(a, b string) bool {
	return slices.ContainsFunc(strings.Fields(a), func(part string) bool { return slices.Contains(strings.Fields(b), part) })
}
