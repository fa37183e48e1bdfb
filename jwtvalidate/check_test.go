package jwtvalidate

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestLifetime(t *testing.T) {
	at := func(d time.Duration) int64 { return epoch.Add(d).Unix() }
	for _, c := range []struct {
		name     string
		exp, nbf any
		skew     time.Duration
		optional bool
		want     Reason // empty: accepted
	}{
		{name: "good", exp: at(time.Hour), nbf: at(-time.Hour)},
		{name: "exp is now", exp: at(0), nbf: nil},
		{name: "exp a second ago", exp: at(-time.Second), want: ReasonExpired},
		{name: "exp a second ago, skew 1 s", exp: at(-time.Second), skew: time.Second},
		{name: "exp two seconds ago, skew 1 s", exp: at(-2 * time.Second), skew: time.Second, want: ReasonExpired},
		{name: "nbf is now", exp: at(time.Hour), nbf: at(0)},
		{name: "nbf in a second", exp: at(time.Hour), nbf: at(time.Second), want: ReasonInvalid},
		{name: "nbf in a second, skew 1 s", exp: at(time.Hour), nbf: at(time.Second), skew: time.Second},
		{name: "nbf in two seconds, skew 1 s", exp: at(time.Hour), nbf: at(2 * time.Second), skew: time.Second, want: ReasonInvalid},
		{name: "nbf after exp", exp: at(time.Hour), nbf: at(2 * time.Hour), want: ReasonInvalid},
		{name: "nbf after exp, both past", exp: at(-2 * time.Hour), nbf: at(-time.Hour), want: ReasonInvalid},
		{name: "no exp", want: ReasonInvalid},
		{name: "no exp, not required", optional: true},
		{name: "no exp, not required, not yet valid", nbf: at(time.Minute), optional: true, want: ReasonInvalid},
		{name: "expired, not required", exp: at(-time.Minute), optional: true, want: ReasonExpired},
		{name: "fraction before now", exp: json.Number("1767323044.5"), want: ReasonExpired},
		{name: "fraction after now", exp: json.Number("1767323045.5")},
		{name: "exponent", exp: json.Number("1.9e9")},
		{name: "zero", exp: 0, want: ReasonExpired},
		{name: "negative", exp: -1, want: ReasonExpired},
		{name: "beyond the calendar", exp: json.Number("1e300")},
		{name: "beyond any float", exp: json.Number("1e999")},
		{name: "beyond int64", exp: json.Number("99999999999999999999")},
		{name: "before the calendar", exp: json.Number("-1e999"), want: ReasonExpired},
		{name: "Go's zero time", exp: json.Number("-62135596800"), want: ReasonExpired},
		{name: "exp is a string", exp: "1767330000", want: ReasonInvalid},
		{name: "exp is null", exp: json.RawMessage("null"), want: ReasonInvalid},
		{name: "exp is true", exp: true, want: ReasonInvalid},
		{name: "nbf is a string", exp: at(time.Hour), nbf: "0", want: ReasonInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(rsaKey(1)))
			rules := newRules()
			rules.ClockSkew, rules.RequireExpiration = c.skew, !c.optional
			token := newDraft(rsaKey(1)).set("exp", c.exp).set("nbf", c.nbf).sign(t)
			for range 2 {
				if c.want == "" {
					mustAccept(t, v, token, rules)
				} else {
					mustRefuse(t, v, token, rules, c.want)
				}
			}
		})
	}
}

// The cache does not outlive a token.
func TestLifetimeIsCheckedOnEveryCall(t *testing.T) {
	v, clock := newValidator(t, newIssuer(rsaKey(1)))
	token := newDraft(rsaKey(1)).sign(t)
	mustAccept(t, v, token, newRules())
	clock.Advance(time.Hour)
	mustAccept(t, v, token, newRules())
	clock.Advance(time.Second)
	mustRefuse(t, v, token, newRules(), ReasonExpired)
	if n := v.cache.len(); n != 0 {
		t.Errorf("%d tokens are remembered, want the expired one dropped", n)
	}
	generous := newRules()
	generous.ClockSkew = time.Minute
	mustAccept(t, v, token, generous)
	mustRefuse(t, v, token, newRules(), ReasonExpired)
}

func TestAudience(t *testing.T) {
	for _, c := range []struct {
		name    string
		aud     any
		allowed []string
		want    Reason
	}{
		{"string", "api", []string{"api"}, ""},
		{"one of the allowed", "b", []string{"a", "b"}, ""},
		{"one of the token's", []string{"x", "b"}, []string{"a", "b"}, ""},
		{"other", "api2", []string{"api"}, ReasonAudienceNotAllowed},
		{"slash", "api/", []string{"api"}, ReasonAudienceNotAllowed},
		{"case", "API", []string{"api"}, ReasonAudienceNotAllowed},
		{"empty list", []string{}, []string{"api"}, ReasonAudienceNotAllowed},
		{"absent", nil, []string{"api"}, ReasonAudienceNotAllowed},
		{"absent, none asked for", nil, nil, ""},
		{"any, none asked for", "x", nil, ""},
		{"number", 1, nil, ReasonInvalid},
		{"object", map[string]any{"a": 1}, nil, ReasonInvalid},
		{"mixed list", []any{"api", 1}, []string{"api"}, ReasonInvalid},
		{"null", json.RawMessage("null"), nil, ReasonInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(rsaKey(1)))
			rules := newRules()
			rules.Audiences = c.allowed
			token := newDraft(rsaKey(1)).set("aud", c.aud).sign(t)
			if c.want == "" {
				mustAccept(t, v, token, rules)
			} else {
				mustRefuse(t, v, token, rules, c.want)
			}
		})
	}
}

const tenant = "11111111-2222-3333-4444-555555555555"

func TestIssuer(t *testing.T) {
	const template = "https://login.microsoftonline.com/{tenantid}/v2.0"
	for _, c := range []struct {
		name     string
		document string // the issuer in the discovery document
		allowed  []string
		iss, tid any
		want     Reason
	}{
		{"of the document", testIssuer, nil, testIssuer, nil, ""},
		{"not of the document", testIssuer, nil, "https://other.example/", nil, ReasonIssuerNotAllowed},
		{"of the rules", testIssuer, []string{"a", "b"}, "b", nil, ""},
		{"of the document, beside the rules", testIssuer, []string{"a"}, testIssuer, nil, ""},
		{"of neither", testIssuer, []string{"a"}, "c", nil, ReasonIssuerNotAllowed},
		{"without the slash", testIssuer, nil, "https://issuer.example", nil, ReasonIssuerNotAllowed},
		{"absent", testIssuer, nil, nil, nil, ReasonIssuerNotAllowed},
		{"empty", testIssuer, []string{""}, "", nil, ReasonIssuerNotAllowed},
		{"number", testIssuer, nil, 7, nil, ReasonInvalid},
		{"template", template, nil, "https://login.microsoftonline.com/" + tenant + "/v2.0", tenant, ""},
		{"template, another tid", template, nil, "https://login.microsoftonline.com/" + tenant + "/v2.0", "other", ReasonIssuerNotAllowed},
		{"template, no tid", template, nil, "https://login.microsoftonline.com/" + tenant + "/v2.0", nil, ReasonIssuerNotAllowed},
		{"template, empty tid", template, nil, "https://login.microsoftonline.com//v2.0", "", ReasonIssuerNotAllowed},
		{"template, literally", template, nil, template, "{tenantid}", ""},
		{"template, other host", template, nil, "https://evil.example/" + tenant + "/v2.0", tenant, ReasonIssuerNotAllowed},
		{"template, v1 issuer", template, nil, "https://sts.windows.net/" + tenant + "/", tenant, ReasonIssuerNotAllowed},
		{"template, shorter than itself", template, nil, "https://login.microsoftonline.com/v2.0", "x", ReasonIssuerNotAllowed},
		{"a template in the rules is none", testIssuer, []string{template}, "https://login.microsoftonline.com/" + tenant + "/v2.0", tenant, ReasonIssuerNotAllowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			iss := newIssuer(rsaKey(1))
			iss.name = c.document
			v, _ := newValidator(t, iss)
			rules := newRules()
			rules.Issuers = c.allowed
			token := newDraft(rsaKey(1)).set("iss", c.iss).set("tid", c.tid).sign(t)
			for range 2 {
				if c.want == "" {
					mustAccept(t, v, token, rules)
				} else {
					mustRefuse(t, v, token, rules, c.want)
				}
			}
		})
	}
}

func TestIssuerIsNotCheckedWithoutIssuersAndDocuments(t *testing.T) {
	v, _ := newValidator(t, newIssuer())
	rules := newRules()
	rules.OpenIDConfigs, rules.Keys = nil, []Key{inline(t, "", rsaKey(1))}
	mustAccept(t, v, newDraft(rsaKey(1)).set("iss", nil).sign(t), rules)
}

func TestRequiredClaims(t *testing.T) {
	claim := func(match Match, separator string, values ...string) []RequiredClaim {
		return []RequiredClaim{{Name: "c", Values: values, Match: match, Separator: separator}}
	}
	const all, one = MatchAll, MatchAny
	for _, c := range []struct {
		name    string
		value   any // of claim c; nil: absent
		rules   []RequiredClaim
		want    Reason
		message string
	}{
		{"string", "a", claim(all, "", "a"), "", ""},
		{"string, other", "b", claim(all, "", "a"), ReasonClaimValueMismatch, "Claim value mismatch: c=a."},
		{"string, other case", "A", claim(all, "", "a"), ReasonClaimValueMismatch, "Claim value mismatch: c=a."},
		{"string is not split without separator", "a b", claim(all, "", "a"), ReasonClaimValueMismatch, "Claim value mismatch: c=a."},
		{"string split by blank", "a b", claim(all, " ", "b"), "", ""},
		{"string split, all", "a,b,c", claim(all, ",", "c", "a"), "", ""},
		{"string split, not all", "a,b", claim(all, ",", "a", "c"), ReasonClaimValueMismatch, "Claim value mismatch: c=c."},
		{"string split by two characters", "a, b", claim(all, ", ", "b"), "", ""},
		{"parts are not trimmed", "a, b", claim(all, ",", "b"), ReasonClaimValueMismatch, "Claim value mismatch: c=b."},
		{"the policy's value is never split", "a", claim(one, ",", "a,b"), ReasonClaimValueMismatch, "Claim value mismatch: c=a,b."},
		{"a comma list in one value", "a", claim(one, "", "a,b"), ReasonClaimValueMismatch, "Claim value mismatch: c=a,b."},
		{"empty string", "", claim(all, "", ""), "", ""},
		{"list, all", []string{"a", "b"}, claim(all, "", "b", "a"), "", ""},
		{"list, not all", []string{"a", "b"}, claim(all, "", "a", "x", "y"), ReasonClaimValueMismatch, "Claim value mismatch: c=x."},
		{"list, any", []string{"a", "b"}, claim(one, "", "x", "b"), "", ""},
		{"list, not any", []string{"a", "b"}, claim(one, "", "x", "y"), ReasonClaimValueMismatch, "Claim value mismatch: c=x, y."},
		{"empty list", []string{}, claim(all, "", "a"), ReasonClaimValueMismatch, "Claim value mismatch: c=a."},
		{"elements are not split", []string{"a b"}, claim(all, " ", "b"), ReasonClaimValueMismatch, "Claim value mismatch: c=b."},
		{"mixed list", []any{1, true, "x", nil, map[string]any{}}, claim(all, "", "1", "true", "x"), "", ""},
		{"number", 7, claim(all, "", "7"), "", ""},
		{"number as written", json.Number("7.0"), claim(all, "", "7.0"), "", ""},
		{"number, other form", json.Number("7.0"), claim(all, "", "7"), ReasonClaimValueMismatch, "Claim value mismatch: c=7."},
		{"large number", json.Number("12345678901234567890"), claim(all, "", "12345678901234567890"), "", ""},
		{"true", true, claim(all, "", "true"), "", ""},
		{"false", false, claim(all, "", "false"), "", ""},
		{"False", false, claim(all, "", "False"), ReasonClaimValueMismatch, "Claim value mismatch: c=False."},
		{"null matches nothing", json.RawMessage("null"), claim(all, "", "null"), ReasonClaimValueMismatch, "Claim value mismatch: c=null."},
		{"object matches nothing", map[string]any{"a": 1}, claim(all, "", `{"a":1}`), ReasonClaimValueMismatch, `Claim value mismatch: c={"a":1}.`},
		{"present, no value asked for", "x", claim(all, ""), "", ""},
		{"present, no value asked for, any", "x", claim(one, ""), "", ""},
		{"null is present", json.RawMessage("null"), claim(all, ""), "", ""},
		{"absent, no value asked for", nil, claim(all, ""), ReasonMissingClaims, "Missing claims: c."},
		{"absent", nil, claim(one, "", "a"), ReasonMissingClaims, "Missing claims: c."},
		{"names are exact", "x", []RequiredClaim{{Name: "C"}}, ReasonMissingClaims, "Missing claims: C."},
		{"several absent", nil, []RequiredClaim{{Name: "c"}, {Name: "sub"}, {Name: "d"}}, ReasonMissingClaims, "Missing claims: c, d."},
		{"absent before wrong", nil, []RequiredClaim{{Name: "sub", Values: []string{"you"}}, {Name: "c"}}, ReasonMissingClaims, "Missing claims: c."},
		{"the first wrong one", "a", []RequiredClaim{{Name: "c", Values: []string{"a"}}, {Name: "sub", Values: []string{"you"}}, {Name: "iss", Values: []string{"x"}}}, ReasonClaimValueMismatch, "Claim value mismatch: sub=you."},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(rsaKey(1)))
			rules := newRules()
			rules.RequiredClaims = c.rules
			token := newDraft(rsaKey(1)).set("c", c.value).sign(t)
			e := refusal(t, v, token, rules)
			if c.want == "" {
				if e != nil {
					t.Fatalf("refused: %v", e)
				}
				return
			}
			if e == nil || e.Reason != c.want || e.Message != c.message {
				t.Fatalf("got %+v\nwant %s %q", e, c.want, c.message)
			}
			if e.Claim == "" || e.Hint() == "" || e.Expected == nil {
				t.Errorf("details are lacking: %+v", e)
			}
		})
	}
}

func TestMessages(t *testing.T) {
	key := rsaKey(1)
	const hidden = "[Security Artifact of type 'System.IdentityModel.Tokens.Jwt.JwtSecurityToken' is hidden. For more details, see https://aka.ms/IdentityModel/SecurityArtifactLogging.]"
	good := newDraft(key).sign(t)
	cases := []struct {
		name, token string
		rules       func(*Rules)
		want        string
	}{
		{"two segments", "e30.e30", nil, "IDX12741: JWT must have three segments (JWS) or five segments (JWE)."},
		{"empty", "", nil, "IDX12741: JWT must have three segments (JWS) or five segments (JWE)."},
		{"encrypted", "e30.e30.e30.e30.e30", nil, "IDX10609: Decryption failed. No Keys tried: token: '" + hidden + "'."},
		{"expired", newDraft(key).set("exp", epoch.Add(-time.Minute).Unix()).set("nbf", nil).sign(t), nil, "IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '01/02/2026 03:03:05', Current time (UTC): '01/02/2026 03:04:05'."},
		{"not yet valid", newDraft(key).set("nbf", epoch.Add(time.Minute).Unix()).sign(t), nil, "IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '01/02/2026 03:05:05', Current time (UTC): '01/02/2026 03:04:05'."},
		{"reversed", newDraft(key).set("nbf", epoch.Add(2*time.Hour).Unix()).sign(t), nil, "IDX10224: Lifetime validation failed. The NotBefore (UTC): '01/02/2026 05:04:05' is after Expires (UTC): '01/02/2026 04:04:05'."},
		{"no exp", newDraft(key).set("exp", nil).sign(t), nil, "IDX10225: Lifetime validation failed. The token is missing an Expiration Time. Tokentype: 'System.IdentityModel.Tokens.Jwt.JwtSecurityToken'."},
		{"audience", newDraft(key).set("aud", []string{"x", "y"}).sign(t), func(r *Rules) { r.Audiences = []string{"a", "b"} }, "IDX10214: Audience validation failed. Audiences: 'x, y'. Did not match: validationParameters.ValidAudience: 'null' or validationParameters.ValidAudiences: 'a, b'."},
		{"no audience", newDraft(key).set("aud", nil).sign(t), nil, "IDX10206: Unable to validate audience. The 'audiences' parameter is empty."},
		{"issuer", newDraft(key).set("iss", "x").sign(t), func(r *Rules) { r.Issuers = []string{"a"} }, "IDX10205: Issuer validation failed. Issuer: 'x'. Did not match: validationParameters.ValidIssuer: '' or validationParameters.ValidIssuers: 'a, https://issuer.example/'."},
		{"no issuer", newDraft(key).set("iss", nil).sign(t), nil, "IDX10211: Unable to validate issuer. The 'issuer' parameter is null or whitespace."},
		{"wrong signature", newDraft(rsaKey(2)).head("kid", "key-1").sign(t), nil, "IDX10511: Signature validation failed. Keys tried: 'KeyId: key-1'. \nNumber of keys in TokenValidationParameters: '0'. \nNumber of keys in Configuration: '1'. \nMatched key was in 'Configuration'. \nkid: 'key-1'. \nExceptions caught:\n ''.\ntoken: '" + hidden + "'. See https://aka.ms/IDX10511 for details."},
		{"unknown kid", newDraft(rsaKey(2)).sign(t), nil, "IDX10503: Signature validation failed. The token's kid is: 'key-2', but did not match any keys in TokenValidationParameters or Configuration. Keys tried: ''. Number of keys in TokenValidationParameters: '0'. \nNumber of keys in Configuration: '1'. \nExceptions caught:\n ''.\ntoken: '" + hidden + "'. See https://aka.ms/IDX10503 for details."},
		{"no kid", newDraft(rsaKey(2)).head("kid", nil).sign(t), nil, "IDX10517: Signature validation failed. The token's kid is missing. Keys tried: 'KeyId: key-1'. Number of keys in TokenValidationParameters: '0'. \nNumber of keys in Configuration: '1'. \nExceptions caught:\n ''.\ntoken: '" + hidden + "'. See https://aka.ms/IDX10503 for details."},
		{"unsigned", newDraft(key).head("alg", "none").sign(t), nil, "IDX10504: Unable to validate signature, token does not have a signature: '" + hidden + "'."},
		{"cut off", good[:strings.LastIndex(good, ".")+2], nil, "IDX10508: Signature validation failed. Signature is improperly formatted."},
		{"line break in kid", newDraft(rsaKey(2)).head("kid", "a\nb").sign(t), nil, "IDX10503: Signature validation failed. The token's kid is: 'a\ufffdb', but did not match any keys in TokenValidationParameters or Configuration. Keys tried: ''. Number of keys in TokenValidationParameters: '0'. \nNumber of keys in Configuration: '1'. \nExceptions caught:\n ''.\ntoken: '" + hidden + "'. See https://aka.ms/IDX10503 for details."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer(key))
			rules := newRules()
			if c.rules != nil {
				c.rules(rules)
			}
			e := refusal(t, v, c.token, rules)
			if e == nil || e.Message != c.want {
				t.Errorf("got  %v\nwant %s", e, c.want)
			}
		})
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                        "plain",
		"a\r\nb\x00c\x1b[31m":          "a\ufffd\ufffdb\ufffdc\ufffd[31m",
		strings.Repeat("x", maxShown):  strings.Repeat("x", maxShown),
		strings.Repeat("é", maxShown):  strings.Repeat("é", maxShown/2) + "…",
		"x" + strings.Repeat("é", 300): "x" + strings.Repeat("é", 255) + "…",
	} {
		if got := shown(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestHints(t *testing.T) {
	key := rsaKey(1)
	v1, v2 := "https://sts.windows.net/"+tenant+"/", "https://login.microsoftonline.com/"+tenant+"/v2.0"
	for _, c := range []struct {
		name   string
		draft  *draft
		issuer string
		rules  func(*Rules)
		want   []string
	}{
		{"Graph token", newDraft(rsaKey(2)).head("kid", "key-1").head("nonce", "n").set("aud", "https://graph.microsoft.com"), "", nil, []string{"Microsoft Graph", "nonce", "the scope api/.default", "https://graph.microsoft.com)"}},
		{"Graph token by id, unknown kid", newDraft(rsaKey(2)).head("nonce", "n").set("aud", "00000003-0000-0000-c000-000000000000"), "", nil, []string{"Microsoft Graph", "00000003-0000-0000-c000-000000000000"}},
		{"Graph token, no audience asked for", newDraft(rsaKey(2)).head("nonce", "n").set("aud", "https://graph.microsoft.com"), "", func(r *Rules) { r.Audiences = nil }, []string{"api://"}},
		{"v1 where v2 is expected", newDraft(key).set("iss", v1), v2, nil, []string{"v1.0 token", "v2.0 tokens", "requestedAccessTokenVersion"}},
		{"v2 where v1 is expected", newDraft(key).set("iss", v2), v1, nil, []string{"v2.0 token", "v1.0 tokens"}},
		{"v1 where any v2 is expected", newDraft(key).set("iss", v1), "https://login.microsoftonline.com/{tenantid}/v2.0", nil, []string{"v1.0 token"}},
		{"another tenant", newDraft(key).set("iss", "https://sts.windows.net/other/"), v1, nil, []string{"tenant other", tenant}},
		{"slash at the issuer's end", newDraft(key).set("iss", "https://sts.windows.net/"+tenant), v1, nil, []string{"by the slash at its end"}},
		{"no issuer", newDraft(key).set("iss", nil), v1, nil, []string{"no iss", v1}},
		{"other audience", newDraft(key).set("aud", "other"), "", nil, []string{"other", "accepted are api", "scope api/.default"}},
		{"slash at the audience's end", newDraft(key).set("aud", "api/"), "", nil, []string{"by the slash at its end"}},
		{"application id as audience", newDraft(key).set("aud", tenant), "", func(r *Rules) { r.Audiences = []string{"api://orders"} }, []string{"application id", "v2.0"}},
		{"no audience", newDraft(key).set("aud", nil), "", nil, []string{"no aud"}},
		{"expired", newDraft(key).set("exp", epoch.Add(-90*time.Second).Unix()).set("nbf", nil), "", nil, []string{"1m30s ago", "skew allowed is 0s"}},
		{"not yet valid", newDraft(key).set("nbf", epoch.Add(time.Minute).Unix()), "", nil, []string{"in 1m0s"}},
		{"unknown kid", newDraft(rsaKey(2)), "", nil, []string{"key-2", testIssuer}},
		{"delegated token where roles are asked for", newDraft(key).set("roles", nil).set("scp", "x"), "", func(r *Rules) { r.RequiredClaims = []RequiredClaim{{Name: "roles"}} }, []string{"scp and no roles"}},
		{"application token where scp is asked for", newDraft(key), "", func(r *Rules) { r.RequiredClaims = []RequiredClaim{{Name: "scp"}} }, []string{"roles and no scp"}},
		{"claim that wants splitting", newDraft(key).set("scp", "a b"), "", func(r *Rules) { r.RequiredClaims = []RequiredClaim{{Name: "scp", Values: []string{"a"}}} }, []string{"separator would split"}},
		{"comma list in a value", newDraft(key), "", func(r *Rules) {
			r.RequiredClaims = []RequiredClaim{{Name: "roles", Values: []string{"read,write"}, Match: MatchAny}}
		}, []string{"compared as a whole", "one of"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			iss := newIssuer(key)
			if c.issuer != "" {
				iss.name = c.issuer
			}
			v, _ := newValidator(t, iss)
			rules := newRules()
			if c.rules != nil {
				c.rules(rules)
			}
			e := refusal(t, v, c.draft.sign(t), rules)
			if e == nil {
				t.Fatal("accepted")
			}
			for _, part := range c.want {
				if !strings.Contains(e.Hint(), part) {
					t.Errorf("got hint %q, want it to have %q", e.Hint(), part)
				}
			}
		})
	}
}
