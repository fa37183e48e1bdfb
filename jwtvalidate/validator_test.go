package jwtvalidate

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestValidateReturnsTheToken(t *testing.T) {
	key := rsaKey(1)
	v, _ := newValidator(t, newIssuer(key))
	token := newDraft(key).set("n", json.Number("12.50")).sign(t)
	tok := mustAccept(t, v, token, newRules())

	if tok.Algorithm != "RS256" || tok.KeyID != "key-1" || tok.KeySet != discoveryURL || tok.Issuer != testIssuer {
		t.Errorf("got %q, %q, %q, %q", tok.Algorithm, tok.KeyID, tok.KeySet, tok.Issuer)
	}
	if !sameTexts(tok.Audiences, []string{"api"}) {
		t.Errorf("got audiences %q", tok.Audiences)
	}
	if !tok.ExpiresAt.Equal(epoch.Add(time.Hour)) || !tok.NotBefore.Equal(epoch) {
		t.Errorf("got lifetime %v to %v", tok.NotBefore, tok.ExpiresAt)
	}
	if got := tok.Claims["n"]; got != json.Number("12.50") {
		t.Errorf("claim n: got %#v, want the number as written", got)
	}
	if !json.Valid(tok.RawHeader) || !bytes.Contains(tok.RawClaims, []byte(`"sub":"me"`)) {
		t.Errorf("got raw header %s and claims %s", tok.RawHeader, tok.RawClaims)
	}
	if tok.Warnings != nil {
		t.Errorf("got warnings %q, want none", tok.Warnings)
	}
	if again := mustAccept(t, v, token, newRules()); again != tok {
		t.Error("the second call gave another Token: it was verified again")
	}
}

func symmetric(t testing.TB, secret []byte) Key {
	t.Helper()
	key, err := ParseSymmetricKey(base64.StdEncoding.EncodeToString(secret))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func inline(t testing.TB, id string, key signingKey) Key {
	t.Helper()
	public, err := NewPublicKey(key.public())
	if err != nil {
		t.Fatal(err)
	}
	public.ID = id
	return public
}

func TestAlgorithms(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	rsa1 := rsaKey(1)
	for _, c := range []struct {
		alg    string
		key    signingKey
		warned bool
	}{
		{"RS256", rsa1, false},
		{"RS512", rsa1, false},
		{"PS256", rsa1, false},
		{"RS384", rsa1, true},
		{"PS384", rsa1, true},
		{"PS512", rsa1, true},
		{"ES256", ecKey("p256", elliptic.P256()), true},
		{"ES384", ecKey("p384", elliptic.P384()), true},
		{"ES512", ecKey("p521", elliptic.P521()), true},
		{"HS256", signingKey{"s", secret}, false},
		{"HS384", signingKey{"s", secret}, false},
		{"HS512", signingKey{"s", secret}, false},
		{"HS512", signingKey{"short", secret[:32]}, true},
		{"HS256", signingKey{"short", secret[:16]}, true},
	} {
		t.Run(c.alg+" "+c.key.id, func(t *testing.T) {
			token := newDraft(c.key).head("alg", c.alg).sign(t)
			var sources []*Rules
			iss := newIssuer()
			if s, ok := c.key.key.([]byte); ok {
				r := newRules()
				r.OpenIDConfigs, r.Keys = nil, []Key{symmetric(t, s)}
				sources = append(sources, r)
			} else {
				iss.publish(c.key)
				r := newRules()
				r.OpenIDConfigs, r.Keys = nil, []Key{inline(t, c.key.id, c.key)}
				sources = append(sources, r, newRules())
			}
			for _, rules := range sources {
				v, _ := newValidator(t, iss)
				tok := mustAccept(t, v, token, rules)
				if got := len(tok.Warnings) > 0; got != c.warned {
					t.Errorf("got warnings %q, want any: %v", tok.Warnings, c.warned)
				}
				rules.Strict = true
				if e := refusal(t, v, token, rules); (e != nil) != c.warned {
					t.Errorf("strict: got %v, want refused: %v", e, c.warned)
				} else if e != nil && e.Reason != ReasonInvalidSignature {
					t.Errorf("strict: got reason %s", e.Reason)
				}
			}
		})
	}
}

func TestRefusedAlgorithms(t *testing.T) {
	key := rsaKey(1)
	for _, alg := range []string{"EdDSA", "RS1", "rs256", "None", "NONE", "ES256K", "dir", "HS1"} {
		v, _ := newValidator(t, newIssuer(key))
		e := mustRefuse(t, v, newDraft(key).head("alg", alg).sign(t), newRules(), ReasonInvalidSignature)
		if !strings.Contains(e.Message, "'"+alg+"'") || !strings.Contains(e.Message, "Signature validation failed") {
			t.Errorf("%s: got message %q", alg, e.Message)
		}
	}
}

// An attacker signs with what is public, and hopes that it is taken for a secret.
func TestPublicKeyIsNoSecret(t *testing.T) {
	key := rsaKey(1)
	public := key.public().(*rsa.PublicKey)
	pkix, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PublicKey(public)
	jwk, _ := json.Marshal(key.jwk())
	for name, secret := range map[string][]byte{
		"PKIX DER":  pkix,
		"PKIX PEM":  pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}),
		"PKCS1 DER": pkcs1,
		"PKCS1 PEM": pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: pkcs1}),
		"modulus":   public.N.Bytes(),
		"JWK":       jwk,
		"empty":     {},
	} {
		for _, kid := range []any{"key-1", "unknown", nil} {
			t.Run(fmt.Sprint(name, " ", kid), func(t *testing.T) {
				iss := newIssuer(key)
				v, _ := newValidator(t, iss)
				mustAccept(t, v, newDraft(key).sign(t), newRules())
				forged := newDraft(signingKey{"", secret}).head("alg", "HS256").head("kid", kid).sign(t)
				e := mustRefuse(t, v, forged, newRules(), ReasonInvalidSignature)
				if !strings.Contains(e.Hint(), "symmetric") && kid != "key-1" {
					t.Errorf("got hint %q", e.Hint())
				}
				rules := newRules()
				rules.OpenIDConfigs, rules.Keys = nil, []Key{inline(t, "key-1", key)}
				mustRefuse(t, v, forged, rules, ReasonInvalidSignature)
				if _, fetches := iss.counts(); fetches != 1 {
					t.Errorf("got %d key fetches, want 1: no fetch brings a symmetric key", fetches)
				}
			})
		}
	}
}

func TestPublishedSecretsAndEncryptionKeysVerifyNothing(t *testing.T) {
	good, other := rsaKey(1), rsaKey(2)
	secret := []byte("0123456789abcdef0123456789abcdef")
	iss := newIssuer(good)
	iss.keys = append(iss.keys,
		map[string]any{"kty": "oct", "kid": "secret", "use": "sig", "k": b64(secret)},
		with(other.jwk(), "use", "enc"))
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(good).sign(t), newRules())
	mustRefuse(t, v, newDraft(signingKey{"secret", secret}).head("alg", "HS256").sign(t), newRules(), ReasonInvalidSignature)
	e := mustRefuse(t, v, newDraft(other).sign(t), newRules(), ReasonSignatureKeyNotFound)
	if !strings.Contains(e.Hint(), `its use is "enc"`) {
		t.Errorf("got hint %q, want it to say why the key is not used", e.Hint())
	}
	mustRefuse(t, v, newDraft(other).head("kid", nil).sign(t), newRules(), ReasonInvalidSignature)
}

func TestUnsignedTokens(t *testing.T) {
	key := rsaKey(1)
	unsigned := newDraft(key).head("alg", "none").head("kid", nil).sign(t)
	withSignature := unsigned + b64([]byte("x"))
	cutOff := newDraft(key).sign(t)
	cutOff = cutOff[:strings.LastIndex(cutOff, ".")+1]

	v, _ := newValidator(t, newIssuer(key))
	rules := newRules()
	mustRefuse(t, v, unsigned, rules, ReasonInvalidSignature)
	mustRefuse(t, v, cutOff, rules, ReasonInvalidSignature)

	rules.RequireSigned = false
	tok := mustAccept(t, v, unsigned, rules)
	if len(tok.Warnings) != 1 || tok.KeySet != "" {
		t.Errorf("got warnings %q, key set %q", tok.Warnings, tok.KeySet)
	}
	mustRefuse(t, v, withSignature, rules, ReasonInvalidSignature)
	mustRefuse(t, v, cutOff, rules, ReasonInvalidSignature)
	mustRefuse(t, v, newDraft(rsaKey(2)).head("kid", "key-1").sign(t), rules, ReasonInvalidSignature)
	mustRefuse(t, v, newDraft(key).head("alg", "none").set("aud", "other").sign(t), rules, ReasonAudienceNotAllowed)
	if n := v.cache.len(); n != 0 {
		t.Errorf("%d tokens are remembered as verified, want none", n)
	}
}

func TestAsymmetricTokenWithSymmetricKeysOnly(t *testing.T) {
	v, _ := newValidator(t, newIssuer())
	rules := newRules()
	rules.OpenIDConfigs, rules.Keys = nil, []Key{symmetric(t, []byte("0123456789abcdef"))}
	e := mustRefuse(t, v, newDraft(rsaKey(1)).sign(t), rules, ReasonInvalid)
	const want = "IDX10634: Unable to create the SignatureProvider. Algorithm: 'RS256', SecurityKey: 'Microsoft.IdentityModel.Tokens.SymmetricSecurityKey' is not supported."
	if e.Status != 500 || e.Message != want {
		t.Errorf("got %d %q\nwant 500 %q", e.Status, e.Message, want)
	}
}

func TestInlineKeys(t *testing.T) {
	one, two, three := rsaKey(1), rsaKey(2), rsaKey(3)
	named := func(k signingKey) Key { return inline(t, k.id, k) }
	nameless := func(k signingKey) Key { return inline(t, "", k) }
	for _, c := range []struct {
		name   string
		keys   []Key
		signer signingKey
		kid    any
		want   Reason // empty: accepted
	}{
		{"named key by its kid", []Key{named(one), named(two)}, two, "key-2", ""},
		{"nameless key, token with kid", []Key{nameless(one), nameless(two)}, two, "key-2", ""},
		{"named keys, token without kid", []Key{named(one), named(two)}, two, nil, ""},
		{"no key has the kid: every key is tried", []Key{named(one), named(two)}, two, "other", ""},
		{"a key has the kid: only that one", []Key{named(one), nameless(two)}, two, "key-1", ReasonInvalidSignature},
		{"two keys with one id", []Key{inline(t, "x", one), inline(t, "x", two)}, two, "x", ""},
		{"unknown signer, kid unknown", []Key{named(one)}, three, "key-3", ReasonSignatureKeyNotFound},
		{"unknown signer, no kid", []Key{named(one)}, three, nil, ReasonInvalidSignature},
		{"empty kid counts as none", []Key{nameless(one)}, three, "", ReasonInvalidSignature},
		{"zero key", []Key{{}}, one, "key-1", ReasonSignatureKeyNotFound},
		{"no keys", nil, one, "key-1", ReasonSignatureKeyNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := newValidator(t, newIssuer())
			rules := newRules()
			rules.OpenIDConfigs, rules.Keys = nil, c.keys
			token := newDraft(c.signer).head("kid", c.kid).sign(t)
			for range 2 { // the second time from the cache
				if c.want == "" {
					mustAccept(t, v, token, rules)
				} else {
					mustRefuse(t, v, token, rules, c.want)
				}
			}
		})
	}
}

// The cache knows a token by its key; which key may serve a kid is up to the rules.
func TestCachedTokenAndTheIDsOfKeys(t *testing.T) {
	one, two := rsaKey(1), rsaKey(2)
	v, _ := newValidator(t, newIssuer())
	rules := &Rules{Keys: []Key{inline(t, "", two)}}
	token := newDraft(two).head("kid", "key-1").sign(t)
	mustAccept(t, v, token, rules)
	rules = &Rules{Keys: []Key{inline(t, "key-1", one), inline(t, "", two)}}
	mustRefuse(t, v, token, rules, ReasonInvalidSignature)
	rules = &Rules{Keys: []Key{inline(t, "other", one), inline(t, "key-1", two)}}
	mustAccept(t, v, token, rules)
}

func TestAlgorithmsSuitTheirKeysOnly(t *testing.T) {
	keys := map[string]any{
		"HS": []byte("secret"), "RS": rsaKey(1).public(), "PS": rsaKey(1).public(),
		"ES256": ecKey("", elliptic.P256()).public(), "ES384": ecKey("", elliptic.P384()).public(), "ES512": ecKey("", elliptic.P521()).public(),
		"private": rsaKey(1).key, "none": nil,
	}
	for alg, a := range algorithms {
		for kind, key := range keys {
			same := strings.HasPrefix(alg, kind) || alg[0] != 'E' && alg[0] != 'H' && (kind == "RS" || kind == "PS")
			if got := a.suits(key); got != same {
				t.Errorf("%s with a key for %s: got %v, want %v", alg, kind, got, same)
			}
		}
	}
}

func TestInlineKeysBesideADiscoveryDocument(t *testing.T) {
	published, own := rsaKey(1), rsaKey(2)
	v, _ := newValidator(t, newIssuer(published))
	rules := newRules()
	rules.Keys = []Key{inline(t, "", own)}
	mustAccept(t, v, newDraft(published).sign(t), rules)
	mustAccept(t, v, newDraft(own).sign(t), rules)
	mustAccept(t, v, newDraft(own).head("kid", nil).sign(t), rules)
	// The published key has that kid, so nothing else is tried.
	claimed := newDraft(own).head("kid", published.id).sign(t)
	mustRefuse(t, v, claimed, rules, ReasonInvalidSignature)
	only := newRules()
	only.OpenIDConfigs, only.Issuers, only.Keys = nil, []string{testIssuer}, rules.Keys
	mustAccept(t, v, claimed, only) // and is cached now
	mustRefuse(t, v, claimed, rules, ReasonInvalidSignature)
}

func TestKeyWithAlg(t *testing.T) {
	key := rsaKey(1)
	iss := newIssuer()
	iss.keys = []map[string]any{with(key.jwk(), "alg", "RS512")}
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(key).head("alg", "RS512").sign(t), newRules())
	mustRefuse(t, v, newDraft(key).sign(t), newRules(), ReasonInvalidSignature)
	mustAccept(t, v, newDraft(key).head("alg", "RS512").head("kid", nil).sign(t), newRules())
	mustRefuse(t, v, newDraft(key).head("kid", nil).sign(t), newRules(), ReasonInvalidSignature)
}

func TestErrorsNeverHoldTheToken(t *testing.T) {
	key := rsaKey(1)
	v, _ := newValidator(t, newIssuer(key))
	for _, token := range []string{
		newDraft(key).set("aud", "other").sign(t),
		newDraft(key).set("exp", 1).sign(t),
		newDraft(rsaKey(2)).sign(t),
		newDraft(rsaKey(2)).head("kid", "key-1").sign(t),
		newDraft(key).head("alg", "none").sign(t),
		newDraft(key).set("exp", "soon").sign(t),
		"Bearer " + newDraft(key).sign(t),
	} {
		e := refusal(t, v, token, newRules())
		if e == nil {
			t.Fatal("accepted")
		}
		for _, part := range strings.Split(token, ".") {
			if len(part) > 8 && strings.Contains(fmt.Sprintf("%+v", *e), part) {
				t.Errorf("the error has a segment of the token: %+v", e)
			}
		}
	}
}

func TestNewWithoutClockPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New without Clock did not panic")
		}
	}()
	New(Config{})
}

func TestCallerThatGaveUp(t *testing.T) {
	iss := newIssuer(rsaKey(1))
	iss.gate = make(chan struct{})
	v, _ := newValidator(t, iss)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := v.Validate(ctx, newDraft(rsaKey(1)).sign(t), newRules())
	if e, ok := err.(*Error); !ok || e.Reason != ReasonSignatureKeyNotFound || e.Err != context.Canceled {
		t.Errorf("got %#v, want an *Error for the cancelled context", err)
	}
	close(iss.gate)
	settle(v)
	mustAccept(t, v, newDraft(rsaKey(1)).sign(t), newRules())
	if _, fetches := iss.counts(); fetches != 1 {
		t.Errorf("got %d key fetches, want 1: the first caller's fetch goes on", fetches)
	}
}
