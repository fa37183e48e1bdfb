package entra

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

func (l *lab) mint(m MintRequest) string {
	l.t.Helper()
	token, err := l.srv.Mint(m)
	if err != nil {
		l.t.Fatalf("Mint(%+v): %v", m, err)
	}
	return token
}

func TestMint(t *testing.T) {
	l := newLab(t, rich, func(c *Config, _ *Options) { c.Tenants[0].Apps[3].ServicePrincipalID = strings.ToUpper(aliceID) })
	tests := []struct {
		name string
		m    MintRequest
		want map[string]any // a part of the claims; nil: absent
	}{
		{"nothing said", MintRequest{},
			map[string]any{"aud": assistantID, "appid": assistantID, "oid": aliceID, "scp": "user_impersonation"}},
		{"first user, by scope", MintRequest{Scope: "a b", Audience: "api://elsewhere"}, map[string]any{"aud": "api://elsewhere", "oid": aliceID, "scp": "a b"}},
		{"app without an audience", MintRequest{App: "api-v2"}, map[string]any{"aud": apiV2ID, "azp": apiV2ID, "scp": nil}},
		{"user of an app without an audience", MintRequest{User: "Bob Example", App: "api-v2"},
			map[string]any{"aud": apiV2ID, "azp": apiV2ID, "scp": "access_as_user"}},
		{"user", MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: "api://" + assistantID},
			map[string]any{"aud": "api://" + assistantID, "appid": assistantID, "appidacr": "0", "scp": "user_impersonation", "ver": "1.0", "oid": aliceID}},
		{"user by display name, v2", MintRequest{User: "Alice Example", Audience: apiV2ID},
			map[string]any{"aud": apiV2ID, "azp": assistantID, "scp": "access_as_user", "ver": "2.0", "roles": []any{"Caller"}}},
		{"user of a confidential client", MintRequest{User: aliceID, App: "web", Audience: assistantID, Scope: "a b", Tenant: "contoso.onmicrosoft.com"},
			map[string]any{"appid": webID, "appidacr": "1", "scp": "a b"}},
		{"app", MintRequest{App: "daemon", Audience: apiV2ID}, map[string]any{"azp": daemonID, "azpacr": "1", "roles": []any{"Caller"}, "scp": nil}},
		{"app with a principal of its own", MintRequest{App: "web", Audience: apiV2ID}, map[string]any{"oid": aliceID, "sub": aliceID}},
		{"roles", MintRequest{App: daemonID, Audience: assistantID, Roles: []string{"X"}}, map[string]any{"roles": []any{"X"}}},
		{"no roles", MintRequest{App: daemonID, Audience: apiV2ID, Roles: []string{}}, map[string]any{"roles": nil}},
		{"other version", MintRequest{App: daemonID, Audience: "api://" + assistantID, Version: 2}, map[string]any{"aud": assistantID, "ver": "2.0", "azp": daemonID}},
		{"audience that nobody registered", MintRequest{App: daemonID, Audience: "api://elsewhere"}, map[string]any{"aud": "api://elsewhere", "ver": "1.0"}},
		{"claims", MintRequest{User: aliceID, Audience: assistantID, Claims: map[string]any{"tid": "x", "own": true}, RemoveClaims: []string{"name", "nothing"}},
			map[string]any{"tid": "x", "own": true, "name": nil}},
		{"lifetime", MintRequest{App: daemonID, Audience: assistantID, LifetimeSeconds: 10}, map[string]any{"exp": float64(start.Unix() + 10)}},
	}
	for _, test := range tests {
		_, claims := l.mustVerify(l.mint(test.m))
		for name, want := range test.want {
			if diff := cmp.Diff(want, claims[name]); diff != "" {
				t.Errorf("%s: claim %s (-want +got):\n%s", test.name, name, diff)
			}
		}
	}
}

func TestMintErrors(t *testing.T) {
	l := newLab(t)
	identity := &ManagedIdentityToken{Resource: "r", ClientID: webID, PrincipalID: aliceID}
	tests := []struct {
		m    MintRequest
		want string
	}{
		{MintRequest{App: "nothing"}, `no app "nothing"`},
		{MintRequest{User: "eve", Audience: "x"}, `no user "eve"; it has alice@contoso.onmicrosoft.com, bob@`},
		{MintRequest{App: "nothing", Audience: "x"}, `no app "nothing"; it has car-assistant, daemon`},
		{MintRequest{App: "daemon", Audience: "x", Tenant: "fabrikam.com"}, `no tenant "fabrikam.com"`},
		{MintRequest{App: "daemon", Audience: "x", Scope: "a"}, "scope is for a user's token"},
		{MintRequest{App: "daemon", Audience: "x", Version: 3}, "version is 3"},
		{MintRequest{App: "daemon", Audience: "x", LifetimeSeconds: -1}, `the fault "expired"`},
		{MintRequest{App: "daemon", Audience: "x", LifetimeSeconds: 1 << 40}, "lifetimeSeconds is"},
		{MintRequest{App: "daemon", Audience: "x", Fault: "rotten"}, `unknown fault "rotten"; want one of alg-none, audience, expired, graph, hs256-with-public-key, issuer, malformed, no-exp, no-kid, not-yet-valid, tampered, unknown-kid, wrong-signature`},
		{MintRequest{App: "daemon", ManagedIdentity: identity}, "can't be combined"},
		{MintRequest{Audience: "x", ManagedIdentity: identity}, "managedIdentity.resource"},
		{MintRequest{ManagedIdentity: &ManagedIdentityToken{Resource: "r"}}, "needs resource"},
		{MintRequest{App: "daemon", Audience: "x", Claims: map[string]any{"f": func() {}}}, "unsupported type"},
	}
	for _, test := range tests {
		if token, err := l.srv.Mint(test.m); err == nil || token != "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Mint(%+v) = %q, %v; want an error with %q", test.m, token, err, test.want)
		}
	}
}

// TestMintNothingToTake asks a tenant without users and public clients for what it
// would have to fill in.
func TestMintNothingToTake(t *testing.T) {
	l := newLab(t, func(c *Config, _ *Options) {
		c.Tenants[0].Users = nil
		c.Tenants[0].Apps[0].PublicClient = false
	})
	for want, m := range map[string]MintRequest{
		"has no user; say whose token it is": {Audience: "x"},
		`no user "eve"; it has `:             {User: "eve", Audience: "x"},
		"has no public client":               {User: "eve"},
	} {
		if token, err := l.srv.Mint(m); err == nil || token != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("Mint(%+v) = %q, %v; want an error with %q", m, token, err, want)
		}
	}
}

// TestMintManagedIdentity holds the token against the example in identity.md 5.1.
func TestMintManagedIdentity(t *testing.T) {
	const armID = "/subscriptions/0000/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"
	l := newLab(t, rich)
	token, expires, err := l.srv.MintManagedIdentity(ManagedIdentityToken{
		Resource: "https://cognitiveservices.azure.com", ClientID: webID, PrincipalID: aliceID, ResourceID: armID,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, claims := l.mustVerify(token)
	issuer := "https://sts.windows.net/" + tenantID + "/"
	want := map[string]any{
		"aud": "https://cognitiveservices.azure.com", "iss": issuer, "iat": float64(start.Unix() - 300), "nbf": float64(start.Unix() - 300),
		"exp": float64(start.Unix() + 86400), "appid": webID, "appidacr": "2", "idp": issuer, "idtyp": "app", "oid": aliceID, "sub": aliceID,
		"tid": tenantID, "ver": "1.0", "xms_mirid": armID,
	}
	if diff := cmp.Diff(want, stable(t, claims)); diff != "" || !expires.Equal(start.Add(24*time.Hour)) {
		t.Errorf("expires %v, claims (-want +got):\n%s", expires, diff)
	}

	if _, claims := l.mustVerify(l.mint(MintRequest{ManagedIdentity: &ManagedIdentityToken{Resource: apiV2ID, ClientID: webID, PrincipalID: aliceID}})); claims["ver"] != "1.0" || claims["xms_mirid"] != nil {
		t.Errorf("for a v2 API, without an ARM id: %v; want version 1.0 and no xms_mirid", claims)
	}
	_, _, err = l.srv.MintManagedIdentity(ManagedIdentityToken{Resource: "api://nothing", ClientID: webID, PrincipalID: aliceID})
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != 500011 {
		t.Errorf("unknown resource: %v, want AADSTS500011", err)
	}
	if _, _, err := l.srv.MintManagedIdentity(ManagedIdentityToken{Resource: "https://vault.azure.net", TenantID: "fabrikam.com"}); err == nil {
		t.Error("an unknown tenant is taken")
	}
}

// TestMintFaults verifies each broken token: the check that must fail fails, and
// the attack it stands for would have worked against a verifier without that check.
func TestMintFaults(t *testing.T) {
	l := newLab(t)
	const audience = "https://cognitiveservices.azure.com"
	issuer := "https://sts.windows.net/" + tenantID + "/"
	strict := []jwt.ParserOption{jwt.WithAudience(audience), jwt.WithIssuer(issuer)}
	wants := map[string]error{
		faultExpired: jwt.ErrTokenExpired, faultNotYetValid: jwt.ErrTokenNotValidYet, faultAudience: jwt.ErrTokenInvalidAudience,
		faultIssuer: jwt.ErrTokenInvalidIssuer, faultTampered: jwt.ErrTokenSignatureInvalid, faultUnknownKeyID: jwt.ErrTokenUnverifiable,
		faultNoKeyID: jwt.ErrTokenUnverifiable, faultWrongSignature: jwt.ErrTokenSignatureInvalid, faultAlgNone: jwt.ErrTokenSignatureInvalid,
		faultHS256: jwt.ErrTokenSignatureInvalid, faultMalformed: jwt.ErrTokenMalformed, faultGraph: jwt.ErrTokenSignatureInvalid,
		faultNoExpiry: jwt.ErrTokenRequiredClaimMissing,
	}
	if len(wants) != len(TokenFaults()) {
		t.Errorf("the test knows %d faults, the product %v", len(wants), TokenFaults())
	}
	tokens := map[string]string{}
	for _, fault := range TokenFaults() {
		tokens[fault] = l.mint(MintRequest{App: "daemon", Audience: audience, Fault: fault})
		if _, _, err := l.verify(tokens[fault], strict...); !errors.Is(err, wants[fault]) {
			t.Errorf("%s: verifying gives %v, want %v", fault, err, wants[fault])
		}
	}
	if _, _, err := l.verify(l.mint(MintRequest{App: "daemon", Audience: audience}), strict...); err != nil {
		t.Errorf("without a fault: %v", err)
	}
	checkGraphToken(t, l, tokens[faultGraph])
	current := l.states()["current"][0]
	for fault, want := range map[string]any{faultWrongSignature: current, faultAlgNone: current, faultHS256: current, faultNoKeyID: nil} {
		if header, _ := unverified(t, tokens[fault]); header["kid"] != want {
			t.Errorf("%s: kid %v, want %v", fault, header["kid"], want)
		}
	}
	if header, _ := unverified(t, tokens[faultUnknownKeyID]); header["kid"] == current {
		t.Error("unknown-kid: the kid is the current key's")
	}
	attacks := map[string]jwt.Keyfunc{
		faultAlgNone: func(*jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil },
		faultHS256:   func(*jwt.Token) (any, error) { return l.srv.keys.signer().publicPEM() },
		faultNoKeyID: func(*jwt.Token) (any, error) { return l.srv.keys.signer().private.Public(), nil },
	}
	for fault, key := range attacks {
		if _, err := jwt.NewParser(jwt.WithTimeFunc(l.clock.Now)).Parse(tokens[fault], key); err != nil {
			t.Errorf("%s: a careless verifier says %v; want that it is taken in", fault, err)
		}
	}
	v2 := l.mint(MintRequest{App: "daemon", Audience: apiV2ID, Fault: faultIssuer})
	if _, claims := unverified(t, v2); !strings.HasSuffix(claims["iss"].(string), "/v2.0") {
		t.Errorf("wrong issuer of a v2 token: %v", claims["iss"])
	}
}
