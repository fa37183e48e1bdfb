package jwtvalidate

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// line is a check as the table has it.
func (c Check) line() string {
	result := "passed"
	if !c.Passed {
		result = "failed"
	}
	line := fmt.Sprintf("%s %s: found %s; wanted %s", result, c.Name, c.Found, c.Wanted)
	if c.Remark != "" {
		line += " (" + c.Remark + ")"
	}
	return line
}

// What refuses a token is the last check told, with what was there and what was wanted; of
// a good one all are told.
func TestExplain(t *testing.T) {
	at := func(d time.Duration) int64 { return epoch.Add(d).Unix() }
	required := func(c ...RequiredClaim) func(*Rules) { return func(r *Rules) { r.RequiredClaims = c } }
	before := "algorithm, signature"
	for _, c := range []struct {
		name   string
		token  func(d *draft)
		broken func(token string) string
		rules  func(r *Rules)
		passed string // names of the checks before, up to the one listed
		last   string
	}{
		{name: "good", passed: before + ", not before, expiry, audience",
			last: "passed issuer: found https://issuer.example/; wanted https://issuer.example/"},
		{name: "not three segments", broken: func(string) string { return "reference-token" },
			last: "failed form: found 1 segment; wanted three segments of Base64url: header, claims and signature"},
		{name: "no JSON", broken: func(token string) string { return "AAAA" + token[4:] },
			last: "failed form: found 3 segments; wanted three segments of Base64url: header, claims and signature"},
		{name: "encrypted", broken: func(token string) string { return token + ".a.b" },
			last: "failed decryption: found 0 keys; wanted a decryption key of the policy that opens it"},
		{name: "algorithm", token: func(d *draft) { d.head("alg", "none") }, rules: func(r *Rules) { r.Strict = true },
			last: "failed algorithm: found none, without a signature; wanted one of HS256, HS384, HS512, PS256, RS256, RS512"},
		{name: "none needed", token: func(d *draft) { d.head("alg", "none") }, rules: func(r *Rules) { r.RequireSigned, r.OpenIDConfigs = false, nil },
			passed: before + ", not before, expiry, audience", last: "passed issuer: found https://issuer.example/; wanted any: the policy names none"},
		{name: "another key", token: func(d *draft) { d.key = rsaKey(2).key }, passed: "algorithm",
			last: "failed signature: found RS256, kid key-1; wanted a key of https://issuer.example/.well-known/openid-configuration (key-1)"},
		{name: "unknown kid", token: func(d *draft) { d.head("kid", "k-9") }, passed: "algorithm",
			last: "failed signature: found RS256, kid k-9; wanted a key of https://issuer.example/.well-known/openid-configuration (key-1)"},
		{name: "no key set", rules: func(r *Rules) { r.OpenIDConfigs = []string{"https://down.example/"} }, passed: "algorithm",
			last: "failed signature: found RS256, kid key-1; wanted a key of https://down.example/, which could not be fetched"},
		{name: "no key", rules: func(r *Rules) { r.OpenIDConfigs = nil }, passed: "algorithm",
			last: "failed signature: found RS256, kid key-1; wanted a key, and the policy has none"},
		{name: "not yet valid", token: func(d *draft) { d.set("nbf", at(90*time.Second)) }, passed: before,
			last: "failed not before: found 2026-01-02 03:05:35 UTC; wanted 2026-01-02 03:04:05 UTC or earlier (valid in 1 minute 30 seconds; no clock skew is allowed)"},
		{name: "valid after its end", token: func(d *draft) { d.set("nbf", at(2*time.Hour)) }, passed: before,
			last: "failed not before: found 2026-01-02 05:04:05 UTC; wanted earlier than it expires, 2026-01-02 04:04:05 UTC"},
		{name: "expired", token: func(d *draft) { d.set("exp", at(-5*time.Minute)).set("nbf", at(-time.Hour)) }, rules: func(r *Rules) { r.ClockSkew = time.Minute }, passed: before + ", not before",
			last: "failed expiry: found 2026-01-02 02:59:05 UTC; wanted 2026-01-02 03:04:05 UTC or later (expired 5 minutes ago; the clock skew allowed is 1 minute)"},
		{name: "never expires", token: func(d *draft) { d.set("exp", nil) }, passed: before,
			last: "failed expiry: found none; wanted a time at which the token expires"},
		{name: "audience", token: func(d *draft) { d.set("aud", []string{"a", "b"}) }, rules: func(r *Rules) { r.Audiences = []string{"api", "api2"} }, passed: before + ", not before, expiry",
			last: "failed audience: found a, b; wanted one of api, api2"},
		{name: "no audience", token: func(d *draft) { d.set("aud", nil) }, passed: before + ", not before, expiry",
			last: "failed audience: found none; wanted api"},
		{name: "issuer", token: func(d *draft) { d.set("iss", "https://other.example/") }, rules: func(r *Rules) { r.Issuers = []string{"https://a.example/"} }, passed: before + ", not before, expiry, audience",
			last: "failed issuer: found https://other.example/; wanted one of https://a.example/, https://issuer.example/"},
		{name: "claim", rules: required(RequiredClaim{Name: "sub"}, RequiredClaim{Name: "roles", Values: []string{"read", "admin"}}), passed: before + ", not before, expiry, audience, issuer, claim sub",
			last: `failed claim roles: found "read", "write"; wanted all of "read", "admin"`},
		{name: "any", rules: required(RequiredClaim{Name: "roles", Values: []string{"admin", "owner"}, Match: MatchAny}), passed: before + ", not before, expiry, audience, issuer",
			last: `failed claim roles: found "read", "write"; wanted one of "admin", "owner"`},
		{name: "separator", token: func(d *draft) { d.set("scp", "read write") }, rules: required(RequiredClaim{Name: "scp", Values: []string{"write"}, Separator: " "}), passed: before + ", not before, expiry, audience, issuer",
			last: `passed claim scp: found "read", "write"; wanted "write", the claim split at " "`},
		{name: "absent claim", rules: required(RequiredClaim{Name: "scp"}), passed: before + ", not before, expiry, audience, issuer",
			last: "failed claim scp: found absent; wanted any value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(rsaKey(1)))
			rules, d := newRules(), newDraft(rsaKey(1))
			if c.rules != nil {
				c.rules(rules)
			}
			if c.token != nil {
				c.token(d)
			}
			token := d.sign(t)
			if c.broken != nil {
				token = c.broken(token)
			}
			valid, e, err := v.Explain(context.Background(), token, rules)
			var passed []string
			for _, check := range e.Checks[:len(e.Checks)-1] {
				if !check.Passed {
					t.Errorf("%s, and then another check", check.line())
				}
				passed = append(passed, check.Name)
			}
			last := e.Checks[len(e.Checks)-1]
			if diff := cmp.Diff(c.passed+"\n"+c.last, strings.Join(passed, ", ")+"\n"+last.line()); diff != "" {
				t.Errorf("want (-), got (+)\n%s", diff)
			}
			if last.Passed != (err == nil) || last.Passed != (valid != nil) {
				t.Errorf("it says %s, and Validate %v", last.line(), err)
			}
			signature := token[strings.LastIndexByte(token, '.')+1:]
			if text := fmt.Sprint(e); strings.Contains(text, token) || len(signature) > 2 && strings.Contains(text, signature) {
				t.Errorf("the token is in %s", text)
			}
		})
	}
}

// All required claims are told, as all are looked at.
func TestExplainClaims(t *testing.T) {
	v, _ := newValidator(t, newIssuer(rsaKey(1)))
	rules := newRules()
	rules.RequiredClaims = []RequiredClaim{{Name: "a"}, {Name: "sub"}, {Name: "roles", Values: []string{"admin"}}}
	_, e, err := v.Explain(context.Background(), newDraft(rsaKey(1)).sign(t), rules)
	var got []string
	for _, c := range e.Checks {
		if strings.HasPrefix(c.Name, "claim ") {
			got = append(got, fmt.Sprint(c.Name, " ", c.Passed))
		}
	}
	if want := "claim a false, claim sub true, claim roles false"; strings.Join(got, ", ") != want || err == nil {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
}

// What is told of the key: whose it is and how it was chosen, of a remembered token, too.
func TestExplainKey(t *testing.T) {
	inline, err := NewPublicKey(rsaKey(1).public())
	if err != nil {
		t.Fatal(err)
	}
	inline.ID = "mine"
	for _, c := range []struct {
		name        string
		kid         any
		rules       func(r *Rules)
		set, choice string
	}{
		{"named", "key-1", nil, discoveryURL, `RSA key of 2048 bits, id "key-1", named by the token's kid`},
		{"tried", nil, nil, discoveryURL, `RSA key of 2048 bits, id "key-1", found by trying, since the token names none`},
		{"inline", "mine", func(r *Rules) { r.Keys = []Key{inline} }, KeysOfRules, `RSA key of 2048 bits, id "mine", named by the token's kid`},
		{"inline, tried", "other", func(r *Rules) { r.Keys = []Key{inline} }, KeysOfRules, `RSA key of 2048 bits, id "mine", found by trying, since none has the token's kid`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(rsaKey(1)))
			rules := newRules()
			if c.rules != nil {
				c.rules(rules)
			}
			token := newDraft(rsaKey(1)).head("kid", c.kid).sign(t)
			for _, remark := range []string{"", "verified earlier, and remembered"} {
				_, e, err := v.Explain(context.Background(), token, rules)
				if err != nil || e.KeySet != c.set || e.Key != c.choice {
					t.Errorf("got %q of %q, %v", e.Key, e.KeySet, err)
				}
				for _, check := range e.Checks {
					if check.Name == "signature" && check.Remark != remark {
						t.Errorf("the remark is %q; want %q", check.Remark, remark)
					}
				}
				if e.Claims["sub"] != "me" || e.Algorithm != "RS256" || e.Type != "JWT" {
					t.Errorf("it says %+v", e)
				}
			}
		})
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "less than a second", time.Second: "1 second", 61 * time.Second: "1 minute 1 second", 5 * time.Minute: "5 minutes",
		time.Hour + 5*time.Second: "1 hour", 26*time.Hour + 30*time.Minute: "1 day 2 hours", 48 * time.Hour: "2 days",
	} {
		if got := span(d); got != want {
			t.Errorf("%v is %q; want %q", d, got, want)
		}
	}
}
