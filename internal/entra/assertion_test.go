package entra

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// signer is a key and its certificate.
type signer struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

func newSigner(serial int64, from, to time.Time) signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: fmt.Sprint("client ", serial)}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return signer{key, certificate}
}

// signers are made once: "good" is registered, "old" too but expired, "other" is not.
var signers = sync.OnceValue(func() map[string]signer {
	return map[string]signer{
		"good": newSigner(1, start.Add(-time.Hour), start.AddDate(1, 0, 0)), "old": newSigner(2, start.AddDate(-1, 0, 0), start.Add(-time.Hour)),
		"other": newSigner(3, start.Add(-time.Hour), start.AddDate(1, 0, 0)),
	}
})

const (
	workerID    = "77777777-7777-4777-8777-777777777777"
	clusterURL  = "https://oidc.example/cluster/"
	workSubject = "system:serviceaccount:default:orders"
)

func withWorker(c *Config, o *Options) {
	c.Certificates = map[string]*x509.Certificate{}
	for name, s := range signers() {
		c.Certificates[name] = s.certificate
	}
	c.Tenants[0].Apps = append(c.Tenants[0].Apps, App{
		Name: "worker", ClientID: workerID, Certificates: []string{"good", "old"},
		FederatedCredentials: []FederatedCredential{
			{Issuer: clusterURL, Subject: workSubject},
			{Issuer: "https://github.example", Subject: "repo:a/b:ref:refs/heads/main", Audiences: []string{"api://own"}, Certificates: []string{"other"}},
		},
	})
	o.Federate = func(_ context.Context, token, issuer string) error {
		switch {
		case issuer != clusterURL:
			return fmt.Errorf("asked for issuer %q", issuer)
		case strings.HasSuffix(token, ".badc"):
			return fmt.Errorf("%w: IDX10511", ErrIssuerSignature)
		case strings.HasSuffix(token, ".down"):
			return errors.Join(ErrIssuerKeys, errors.New("the issuer does not answer"))
		}
		return nil
	}
}

func x5tOf(s signer) string {
	digest := sha1.Sum(s.certificate.Raw)
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

// signAssertion signs claims; nil values take claims, or header fields, out.
func signAssertion(t testing.TB, by string, method jwt.SigningMethod, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims{
		"iss": workerID, "sub": workerID, "aud": "https://" + authorityHost + tokenV2, "nbf": start.Unix(), "iat": start.Unix(), "exp": start.Add(10 * time.Minute).Unix(), "jti": "1",
	})
	token.Header["x5t"] = x5tOf(signers()[by])
	change(token.Header, header)
	change(token.Claims.(jwt.MapClaims), claims)
	signed, err := token.SignedString(signers()[by].key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func change(values, with map[string]any) {
	for name, value := range with {
		if value == nil {
			delete(values, name)
		} else {
			values[name] = value
		}
	}
}

func assertionForm(assertion string) url.Values {
	return values("grant_type", "client_credentials", "client_id", workerID, "scope", "https://vault.azure.net/.default",
		"client_assertion_type", jwtBearer, "client_assertion", assertion)
}

type claimsOf = map[string]any

func TestCertificateAssertions(t *testing.T) {
	l := newLab(t, withWorker)
	good := signers()["good"]
	long := sha256.Sum256(good.certificate.Raw)
	short := sha1.Sum(good.certificate.Raw)
	sign := func(header, claims map[string]any) string {
		return signAssertion(t, "good", jwt.SigningMethodRS256, header, claims)
	}
	for name, assertion := range map[string]string{
		"RS256, x5t":                   sign(nil, nil),
		"PS256, x5t#S256 as MSAL Go":   signAssertion(t, "good", jwt.SigningMethodPS256, claimsOf{"x5t": nil, "x5t#S256": base64.StdEncoding.EncodeToString(long[:])}, nil),
		"x5t#S256 in base64url":        sign(claimsOf{"x5t": nil, "x5t#S256": base64.RawURLEncoding.EncodeToString(long[:])}, nil),
		"kid, hexadecimal":             sign(claimsOf{"x5t": nil, "kid": strings.ToUpper(hex.EncodeToString(short[:]))}, nil),
		"audience: version 1":          sign(nil, claimsOf{"aud": "https://" + authorityHost + tokenV1}),
		"audience: the issuer":         sign(nil, claimsOf{"aud": "https://" + authorityHost + "/" + tenantID + "/v2.0"}),
		"audience: the issuer, v1":     sign(nil, claimsOf{"aud": "https://sts.windows.net/" + tenantID + "/"}),
		"audience: by domain, in list": sign(nil, claimsOf{"aud": []string{"x", "https://localhost:8444/contoso.onmicrosoft.com/oauth2/v2.0/token"}}),
		"ids in capitals":              sign(nil, claimsOf{"iss": strings.ToUpper(workerID), "sub": strings.ToUpper(workerID)}),
		"a clock that is off":          sign(nil, claimsOf{"nbf": start.Add(4 * time.Minute).Unix()}),
		"no nbf":                       sign(nil, claimsOf{"nbf": nil}),
		"a line feed at the end":       sign(nil, nil) + "\n",
	} {
		w := l.post(tokenV2, assertionForm(assertion))
		if w.Code != 200 {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
			continue
		}
		token := decode[map[string]any](t, w)["access_token"].(string)
		parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
		if err != nil || parsed.Claims.(jwt.MapClaims)["appidacr"] != "2" || parsed.Claims.(jwt.MapClaims)["appid"] != workerID {
			t.Errorf("%s: got claims %v, %v; want appidacr 2", name, parsed.Claims, err)
		}
	}
	for _, c := range []struct {
		name, assertion string
		code            int
		want            string
	}{
		{"no JWT", "x", 50027, "malformed"},
		{"no thumbprint", sign(claimsOf{"x5t": nil}, nil), 5002723, "No certificate SHA-1 thumbprint"},
		{"not registered", signAssertion(t, "other", jwt.SigningMethodRS256, nil, nil), 700027, "[Reason - The key was not found., Thumbprint of key used by client: '"},
		{"expired certificate", signAssertion(t, "old", jwt.SigningMethodRS256, nil, nil), 700027, "[Reason - The key used is expired., Thumbprint of key used by client: '"},
		{"another's signature", signAssertion(t, "other", jwt.SigningMethodRS256, claimsOf{"x5t": x5tOf(good)}, nil), 700027, "Found key 'Start=11/23/2026 11:00:00, End=11/23/2027 12:00:00', Please"},
		{"RS512", signAssertion(t, "good", jwt.SigningMethodRS512, nil, nil), 700027, "invalid signature"},
		{"another subject", sign(nil, claimsOf{"sub": daemonID}), 700021, "doesn't match 'client_id'"},
		{"another audience", sign(nil, claimsOf{"aud": "https://login.example/" + tenantID + "/oauth2/token"}), 700023, "audience claim"},
		{"another tenant", sign(nil, claimsOf{"aud": "https://" + authorityHost + "/common/oauth2/v2.0/token"}), 700023, "audience claim"},
		{"plain http", sign(nil, claimsOf{"aud": "http://" + authorityHost + tokenV2}), 700023, "audience claim"},
		{"no audience", sign(nil, claimsOf{"aud": nil}), 700023, "audience claim"},
		{"expired", sign(nil, claimsOf{"exp": start.Add(-6 * time.Minute).Unix()}), 700024,
			"Current time: 2026-11-23T12:00:00.0000000Z, assertion valid from 2026-11-23T12:00:00.0000000Z, expiry time of assertion 2026-11-23T11:54:00.0000000Z."},
		{"not yet valid", sign(nil, claimsOf{"nbf": start.Add(6 * time.Minute).Unix()}), 700024, "valid time range"},
		{"no exp", sign(nil, claimsOf{"exp": nil}), 50027, "malformed"},
	} {
		w := l.post(tokenV2, assertionForm(c.assertion))
		l.wantError(c.name, w, 401, "invalid_client", c.code)
		if text := decode[errorBody](t, w).Description; !strings.Contains(text, c.want) || strings.Contains(text, "%!") {
			t.Errorf("%s: got %q, want %q in it", c.name, text, c.want)
		}
	}
	l.wantError("no type", l.post(tokenV2, with(assertionForm(sign(nil, nil)), "client_assertion_type", "")), 400, "invalid_request", 900144)
	l.wantError("no assertion", l.post(tokenV2, with(assertionForm("x"), "client_assertion", "")), 400, "invalid_request", 900144)
	l.wantError("another type", l.post(tokenV2, with(assertionForm("x"), "client_assertion_type", "saml")), 400, "invalid_request", 90023)
	l.wantError("a secret, too", l.post(tokenV2, with(assertionForm("x"), "client_secret", "s")), 400, "invalid_request", 90023)
	l.wantError("of a public client", l.post(tokenV2, with(assertionForm("x"), "client_id", assistantID)), 401, "invalid_client", 700025)
	if strings.Contains(l.logs.String(), "eyJ") {
		t.Errorf("the log holds an assertion: %s", l.logs)
	}
}

func TestFederatedAssertions(t *testing.T) {
	l := newLab(t, withWorker)
	cluster := func(claims map[string]any) string {
		all := claimsOf{"iss": clusterURL, "sub": workSubject, "aud": []string{defaultAudience}}
		maps.Copy(all, claims)
		return signAssertion(t, "other", jwt.SigningMethodRS256, claimsOf{"x5t": nil, "kid": "k8s"}, all)
	}
	github := func(by string) string {
		return signAssertion(t, by, jwt.SigningMethodRS256, claimsOf{"x5t": nil, "kid": "any"}, claimsOf{"iss": "https://github.example", "sub": "repo:a/b:ref:refs/heads/main", "aud": "api://own"})
	}
	for name, assertion := range map[string]string{"by discovery": cluster(nil), "by certificate": github("other"), "a day long": cluster(claimsOf{"exp": start.Add(25 * time.Hour).Unix()})} {
		if w := l.post(tokenV2, assertionForm(assertion)); w.Code != 200 {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
	}
	unsigned := func(assertion, signature string) string {
		return assertion[:strings.LastIndexByte(assertion, '.')+1] + signature
	}
	for _, c := range []struct {
		name, assertion string
		status          int
		oauth           string
		code            int
		want            string
	}{
		{"issuer", cluster(claimsOf{"iss": "https://oidc.example/other/"}), 401, "invalid_client", 700211, "presented assertion issuer 'https://oidc.example/other/'."},
		{"issuer without slash", cluster(claimsOf{"iss": strings.TrimSuffix(clusterURL, "/")}), 401, "invalid_client", 700211, "assertion issuer"},
		{"audience", cluster(claimsOf{"aud": "api://else"}), 401, "invalid_client", 700212, "presented assertion audience 'api://else'."},
		{"subject", cluster(claimsOf{"sub": "system:serviceaccount:default:else"}), 401, "invalid_client", 700213, "presented assertion subject 'system:serviceaccount:default:else'."},
		{"letter case of the subject", cluster(claimsOf{"sub": strings.ToUpper(workSubject)}), 401, "invalid_client", 7002138, "case-insensitive"},
		{"expired", cluster(claimsOf{"exp": start.Add(-time.Hour).Unix()}), 401, "invalid_client", 700024, "valid time range"},
		{"too long", cluster(claimsOf{"exp": start.Add(26 * time.Hour).Unix()}), 400, "invalid_request", 70023, "1.01:00:00. Token issued at 1795435200. Token expires on 1795528800."},
		{"no iat", cluster(claimsOf{"iat": nil}), 400, "invalid_request", 70023, "Token issued at 0."},
		{"signature", unsigned(cluster(nil), "badc"), 401, "invalid_client", 700027, "invalid signature"},
		{"signature, by certificate", github("good"), 401, "invalid_client", 700027, "invalid signature"},
		{"issuer out of reach", unsigned(cluster(nil), "down"), 400, "invalid_request", 50166, "Request to External OIDC endpoint failed."},
	} {
		w := l.post(tokenV2, assertionForm(c.assertion))
		l.wantError(c.name, w, c.status, c.oauth, c.code)
		if text := decode[errorBody](t, w).Description; !strings.Contains(text, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.name, text, c.want)
		}
	}
	w := l.post(tokenV2, with(assertionForm(cluster(nil)), "client_id", webID))
	l.wantError("an app without credentials", w, 401, "invalid_client", 70021)
}

func TestCertificatesAndFederationsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*App)
		want   string
	}{
		"unknown certificate": {func(a *App) { a.Certificates = []string{"none"} }, `apps[3].certificates[0]: there is no certificate "none"; the certificates are [good, old, other]`},
		"public":              {func(a *App) { a.PublicClient = true }, `app "worker" is a public client with a certificate`},
		"issuer":              {func(a *App) { a.FederatedCredentials[0].Issuer = "http://x" }, `federatedCredentials[0].issuer: "http://x" is no https address`},
		"subject":             {func(a *App) { a.FederatedCredentials[1].Subject = "" }, `federatedCredentials[1].subject: is missing`},
		"audience":            {func(a *App) { a.FederatedCredentials[1].Audiences = []string{""} }, `federatedCredentials[1].audiences: an audience is empty`},
		"its certificate":     {func(a *App) { a.FederatedCredentials[1].Certificates = []string{"x"} }, `federatedCredentials[1].certificates[0]: there is no certificate "x"`},
	} {
		config, options := DefaultConfig(), Options{}
		withWorker(&config, &options)
		apps := config.Tenants[0].Apps
		c.change(&apps[len(apps)-1])
		if err := config.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func FuzzAssertion(f *testing.F) {
	f.Add("a.b.c")
	f.Add(signAssertion(f, "good", jwt.SigningMethodRS256, nil, nil))
	config, options := DefaultConfig(), Options{}
	withWorker(&config, &options)
	client := newDirectory(config, nil).appAnywhere(workerID)
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := readAssertion(raw)
		if (a == nil) == (err == nil) {
			t.Fatalf("%q: got both or neither of an assertion and an error", raw)
		}
		if a == nil {
			return
		}
		a.checkTime(start)
		a.certificate(client)
		a.federation(client)
	})
}
