package jwtvalidate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// certificate is a self-signed certificate of the key, as in x5c, with its x5t.
func certificate(t *testing.T, key signingKey) (x5c []string, x5t string) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.public(), key.key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(der)
	return []string{base64.StdEncoding.EncodeToString(der)}, b64(sum[:])
}

// A bad key is dropped with a reason, and the good one beside it verifies.
func TestBadKeysAreDroppedOneByOne(t *testing.T) {
	good, key := rsaKey(1), rsaKey(2)
	x5c, x5t := certificate(t, key)
	foreignX5C, foreignX5T := certificate(t, rsaKey(3))
	certified := with(with(key.jwk(), "x5c", x5c), "x5t", x5t)
	p256 := ecKey("ec", elliptic.P256())
	for _, c := range []struct {
		name string
		jwk  map[string]any
		want string // part of the reason; empty: used
	}{
		{"plain", key.jwk(), ""},
		{"certified", certified, ""},
		{"Entra's members", with(with(certified, "issuer", "x"), "cloud_instance_name", "y"), ""},
		{"no use", with(key.jwk(), "use", ""), ""},
		{"key_ops", with(key.jwk(), "key_ops", []string{"verify"}), ""},
		{"relative x5u", with(key.jwk(), "x5u", "/cert"), ""},
		{"x5t without x5c", with(key.jwk(), "x5t", "AAAA"), ""},
		{"EC", p256.jwk(), ""},
		{"x5t of another certificate", with(certified, "x5t", foreignX5T), "X5T"},
		{"certificate of another key", with(with(key.jwk(), "x5c", foreignX5C), "x5t", foreignX5T), "X.509"},
		{"x5c is no certificate", with(key.jwk(), "x5c", []string{"AAAA"}), "certificate"},
		{"kty oct", map[string]any{"kty": "oct", "kid": "key-2", "k": b64(make([]byte, 32))}, `kty is "oct"`},
		{"kty OKP", map[string]any{"kty": "OKP", "kid": "key-2", "crv": "Ed25519", "x": b64(make([]byte, 32))}, `kty is "OKP"`},
		{"no kty", map[string]any{"kid": "key-2"}, `kty is ""`},
		{"use enc", with(key.jwk(), "use", "enc"), `use is "enc"`},
		{"key_ops encrypt", with(key.jwk(), "key_ops", []string{"encrypt"}), "key_ops"},
		{"alg HS256", with(key.jwk(), "alg", "HS256"), `alg is "HS256"`},
		{"alg RSA-OAEP", with(key.jwk(), "alg", "RSA-OAEP"), `alg is "RSA-OAEP"`},
		{"kid is a number", with(key.jwk(), "kid", 7), "not a JSON Web Key"},
		{"no modulus", with(key.jwk(), "n", ""), `requires parameters "n"`},
		{"modulus is no Base64", with(key.jwk(), "n", "!"), "decode"},
		{"1024 bits", with(key.jwk(), "n", b64(modulus(1024).Bytes())), "1024 bits"},
		{"2047 bits", with(key.jwk(), "n", b64(modulus(2047).Bytes())), "2047 bits"},
		{"8193 bits", with(key.jwk(), "n", b64(modulus(8193).Bytes())), "8193 bits"},
		{"exponent 1", with(key.jwk(), "e", "AQ"), `"e" is out of range`},
		{"exponent that overflows", with(key.jwk(), "e", b64(append([]byte{1, 0, 0, 0, 0, 0}, 1, 0, 1))), "E in marshal"},
		{"same kid as an earlier key", with(key.jwk(), "kid", good.id), "same kid"},
		{"point off the curve", with(p256.jwk(), "x", b64(make([]byte, 32))), "unable to unmarshal"},
		{"unknown curve", with(p256.jwk(), "crv", "secp256k1"), "unsupported curve"},
	} {
		t.Run(c.name, func(t *testing.T) {
			iss := newIssuer(good)
			iss.keys = append(iss.keys, c.jwk)
			v, _ := newValidator(t, iss)
			mustAccept(t, v, newDraft(good).sign(t), newRules())
			state := v.KeySets()[0]
			if c.want == "" {
				if len(state.Dropped) > 0 {
					t.Fatalf("dropped: %+v", state.Dropped)
				}
				return
			}
			if len(state.Dropped) != 1 || !strings.Contains(state.Dropped[0].Reason, c.want) {
				t.Fatalf("got dropped keys %+v, want one for %q", state.Dropped, c.want)
			}
			if state.LastError != "" || !sameTexts(state.KeyIDs, []string{good.id}) {
				t.Errorf("got keys %q, error %q", state.KeyIDs, state.LastError)
			}
			if c.name != "same kid as an earlier key" {
				return
			}
			mustRefuse(t, v, newDraft(key).head("kid", good.id).sign(t), newRules(), ReasonInvalidSignature)
		})
	}
}

func TestTooManyKeys(t *testing.T) {
	good := rsaKey(1)
	iss := newIssuer()
	for i := range MaxKeys + 20 {
		iss.keys = append(iss.keys, with(good.jwk(), "kid", fmt.Sprint(i)))
	}
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(good).head("kid", "99").sign(t), newRules())
	mustRefuse(t, v, newDraft(good).head("kid", "100").sign(t), newRules(), ReasonSignatureKeyNotFound)
	state := v.KeySets()[0]
	if len(state.KeyIDs) != MaxKeys || len(state.Dropped) != 1 || !strings.Contains(state.Dropped[0].Reason, "20 keys follow") {
		t.Errorf("got %d keys, dropped %+v", len(state.KeyIDs), state.Dropped)
	}
}

// Of a key set only public halves are used, even if somebody publishes more.
func TestPublishedPrivateKeyIsReadAsPublic(t *testing.T) {
	key := rsaKey(1)
	private := key.key.(*rsa.PrivateKey)
	iss := newIssuer()
	iss.keys = []map[string]any{with(key.jwk(), "d", b64(private.D.Bytes()))}
	v, _ := newValidator(t, iss)
	mustAccept(t, v, newDraft(key).sign(t), newRules())
	for _, k := range v.sets[discoveryURL].current.Load().keys {
		if _, ok := k.public.(*rsa.PublicKey); !ok {
			t.Errorf("the set holds a %T", k.public)
		}
	}
}

func TestECDSAKeyOnAnotherCurve(t *testing.T) {
	key := ecKey("ec", elliptic.P384())
	iss := newIssuer(key)
	v, _ := newValidator(t, iss)
	d := newDraft(key).head("alg", "ES256")
	input := segment(t, d.header) + "." + segment(t, d.claims)
	r, s, err := ecdsa.Sign(rand.Reader, key.key.(*ecdsa.PrivateKey), []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	signature := append(r.FillBytes(make([]byte, 48))[:32], s.FillBytes(make([]byte, 48))[:32]...)
	mustRefuse(t, v, input+"."+b64(signature), newRules(), ReasonInvalidSignature)
}
