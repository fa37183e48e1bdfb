package jwtvalidate

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/policy/exchange"
)

// epoch is when the virtual clock of a test starts.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const (
	testIssuer   = "https://issuer.example/"
	discoveryURL = "https://issuer.example/.well-known/openid-configuration"
	keysURL      = "https://issuer.example/keys"
)

// A signingKey is a private key with its kid.
type signingKey struct {
	id  string
	key any // *rsa.PrivateKey, *ecdsa.PrivateKey or []byte
}

func (k signingKey) public() crypto.PublicKey { return k.key.(crypto.Signer).Public() }

// jwk is the public half as Entra ID publishes it: without alg.
func (k signingKey) jwk() map[string]any {
	switch public := k.public().(type) {
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "use": "sig", "kid": k.id, "n": b64(public.N.Bytes()), "e": b64(big.NewInt(int64(public.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := public.Bytes() // 4, x, y
		if err != nil {
			panic(err)
		}
		x, y := point[1:len(point)/2+1], point[len(point)/2+1:]
		return map[string]any{"kty": "EC", "use": "sig", "kid": k.id, "crv": public.Params().Name, "x": b64(x), "y": b64(y)}
	default:
		panic("no public key")
	}
}

func with(jwk map[string]any, name string, value any) map[string]any {
	jwk = maps.Clone(jwk)
	jwk[name] = value
	return jwk
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

var rsaKeys = sync.OnceValue(func() []signingKey {
	keys := make([]signingKey, 4)
	for i, id := range []string{"key-1", "key-2", "key-3", "key-4"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = signingKey{id, key}
	}
	return keys
})

// rsaKey gives one of four RSA keys, made once for all tests.
func rsaKey(i int) signingKey { return rsaKeys()[i-1] }

func ecKey(id string, curve elliptic.Curve) signingKey {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		panic(err)
	}
	return signingKey{id, key}
}

// A draft is a token before it is signed.
type draft struct {
	header, claims map[string]any
	key            any
}

// newDraft is a token of the test issuer for the audience "api", good for an hour.
func newDraft(key signingKey) *draft {
	return &draft{
		header: map[string]any{"typ": "JWT", "alg": "RS256", "kid": key.id},
		claims: map[string]any{"iss": testIssuer, "aud": "api", "exp": epoch.Add(time.Hour).Unix(), "nbf": epoch.Unix(), "sub": "me", "roles": []string{"read", "write"}},
		key:    key.key,
	}
}

func (d *draft) set(name string, value any) *draft {
	if value == nil {
		delete(d.claims, name)
	} else {
		d.claims[name] = value
	}
	return d
}

func (d *draft) head(name string, value any) *draft {
	if value == nil {
		delete(d.header, name)
	} else {
		d.header[name] = value
	}
	return d
}

// sign makes the compact token. An alg that golang-jwt does not have gets bytes that
// are no signature.
func (d *draft) sign(t testing.TB) string {
	t.Helper()
	input := segment(t, d.header) + "." + segment(t, d.claims)
	alg, _ := d.header["alg"].(string)
	switch method := jwt.GetSigningMethod(alg); {
	case alg == "none":
		return input + "."
	case method == nil || alg == "EdDSA":
		return input + "." + b64([]byte("signature"))
	default:
		signature, err := method.Sign(input, d.key)
		if err != nil {
			t.Fatalf("signing with %s: %v", alg, err)
		}
		return input + "." + b64(signature)
	}
}

func segment(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b64(raw)
}

// An answer is what the test issuer says to one request.
type answer struct {
	status int
	body   string
	err    error
}

// An issuer answers for https://issuer.example without a network. Its fields may be
// changed between requests, through do.
type issuer struct {
	mu        sync.Mutex
	name      string // issuer in the discovery document
	keys      []map[string]any
	discovery *answer // instead of the document
	keySet    *answer // instead of the keys
	gate      chan struct{}

	discoveries, keyFetches int
}

func newIssuer(keys ...signingKey) *issuer {
	i := &issuer{name: testIssuer}
	i.publish(keys...)
	return i
}

func (i *issuer) do(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

// publish replaces the key set.
func (i *issuer) publish(keys ...signingKey) {
	i.do(func() {
		i.keys = nil
		for _, k := range keys {
			i.keys = append(i.keys, k.jwk())
		}
	})
}

// counts says how often the document and the keys were fetched.
func (i *issuer) counts() (discoveries, keys int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.discoveries, i.keyFetches
}

// RoundTrip answers a request, after the gate has opened if there is one.
func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	gate := i.gate
	i.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	a := i.answer(r.URL.String())
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(a.body))), Request: r}, nil
}

func (i *issuer) answer(url string) answer {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch url {
	case discoveryURL:
		i.discoveries++
		if i.discovery != nil {
			return *i.discovery
		}
		return answer{status: 200, body: document(i.name, keysURL)}
	case keysURL:
		i.keyFetches++
		if i.keySet != nil {
			return *i.keySet
		}
		return answer{status: 200, body: keySetBody(i.keys...)}
	default:
		return answer{err: errors.New("no such host")}
	}
}

func document(issuer, keys string) string {
	body, _ := json.Marshal(map[string]string{"issuer": issuer, "jwks_uri": keys})
	return string(body)
}

func keySetBody(keys ...map[string]any) string {
	if keys == nil {
		keys = []map[string]any{}
	}
	body, _ := json.Marshal(map[string]any{"keys": keys})
	return string(body)
}

// routes sends requests to issuers by host.
type routes map[string]http.RoundTripper

func (rs routes) RoundTrip(r *http.Request) (*http.Response, error) {
	if rt := rs[r.URL.Host]; rt != nil {
		return rt.RoundTrip(r)
	}
	return nil, errors.New("no such host")
}

// newValidator is a Validator with a virtual clock in front of the issuer.
func newValidator(t testing.TB, transport http.RoundTripper) (*Validator, *exchange.VirtualClock) {
	clock := exchange.NewVirtualClock(epoch)
	v := New(Config{Client: &http.Client{Transport: transport}, Clock: clock})
	t.Cleanup(v.Close)
	return v, clock
}

// newRules trust the test issuer, as validate-jwt would with one openid-config.
func newRules() *Rules {
	return &Rules{OpenIDConfigs: []string{discoveryURL}, Audiences: []string{"api"}, RequireExpiration: true, RequireSigned: true}
}

// refusal validates and gives the error; nil if the token was accepted.
func refusal(t testing.TB, v *Validator, token string, rules *Rules) *Error {
	t.Helper()
	tok, err := v.Validate(context.Background(), token, rules)
	if err == nil {
		if tok == nil {
			t.Fatal("neither token nor error")
		}
		return nil
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is a %T, want *Error: %v", err, err)
	}
	if tok != nil {
		t.Fatalf("a token together with the error %v", err)
	}
	return e
}

// mustAccept fails the test if the token is refused.
func mustAccept(t testing.TB, v *Validator, token string, rules *Rules) *Token {
	t.Helper()
	tok, err := v.Validate(context.Background(), token, rules)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return tok
}

// mustRefuse fails the test unless the token is refused for the reason.
func mustRefuse(t testing.TB, v *Validator, token string, rules *Rules, want Reason) *Error {
	t.Helper()
	e := refusal(t, v, token, rules)
	if e == nil {
		t.Fatalf("accepted, want refused with %s", want)
	}
	if e.Reason != want {
		t.Fatalf("got reason %s (%s), want %s", e.Reason, e.Message, want)
	}
	return e
}

// settle waits for the fetches in the background.
func settle(v *Validator) { v.fetches.Wait() }

func sameTexts(a, b []string) bool { return slices.Equal(a, b) }
