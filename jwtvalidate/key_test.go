package jwtvalidate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

func modulus(bits int) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return n.SetBit(n, 0, 1)
}

func TestParseSymmetricKey(t *testing.T) {
	secret := []byte("0123456789abcdef\xff\xfe")
	text := base64.StdEncoding.EncodeToString(secret)
	for _, c := range []struct{ text, want string }{ // want: part of the error
		{text, ""},
		{"\n  " + text[:8] + "\r\n\t" + text[8:] + " ", ""},
		{"", "is empty"},
		{"   ", "is empty"},
		{strings.TrimRight(text, "="), ""},
		{"{{jwt-signing-key}}", "is not Base64 (character 1 of 19"},
		{base64.URLEncoding.EncodeToString(secret), "is not Base64 (character"},
		{text + "A", "is not Base64"},
		{base64.StdEncoding.EncodeToString(secret[:15]), "has 120 bits, at least 128"},
	} {
		key, err := ParseSymmetricKey(c.text)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: got the error %v", c.text, err)
		case c.want == "" && string(key.value.([]byte)) != string(secret):
			t.Errorf("%q: got another secret", c.text)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%q: got the error %v, want one with %q", c.text, err, c.want)
		case err != nil && len(c.text) > 4 && strings.Contains(err.Error(), c.text[:5]):
			t.Errorf("%q: the error %q quotes the key", c.text, err)
		}
	}
}

func TestParseRSAKey(t *testing.T) {
	public := rsaKey(1).public().(*rsa.PublicKey)
	n, e := b64(public.N.Bytes()), "AQAB"
	for _, c := range []struct{ n, e, want string }{
		{n, e, ""},
		{n, "Aw", ""},
		{"", e, "value n is empty"},
		{n, "", "value e is empty"},
		{n + "=", e, "value n is not Base64url without padding"},
		{base64.StdEncoding.EncodeToString(public.N.Bytes()), e, "value n is not Base64url"},
		{n, "A+/B", "value e is not Base64url"},
		{e, n, "exponent e is too large"},
		{e, e, "has 17 bits, accepted are 2048 to 8192"},
		{b64(modulus(1024).Bytes()), e, "has 1024 bits"},
		{b64(modulus(8192).Bytes()), e, ""},
		{b64(modulus(8193).Bytes()), e, "has 8193 bits"},
		{n, "AQ", "exponent 1 is not an odd number"},
		{n, "Ag", "exponent 2 is not an odd number"},
		{n, "gAAAAQ", "exponent e is too large"},
	} {
		_, err := ParseRSAKey(c.n, c.e)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("n %.12s…, e %.12s: got the error %v, want one with %q", c.n, c.e, err, c.want)
		}
	}
}

func TestParsedRSAKeyVerifies(t *testing.T) {
	public := rsaKey(1).public().(*rsa.PublicKey)
	key, err := ParseRSAKey(b64(public.N.Bytes()), "AQAB")
	if err != nil {
		t.Fatal(err)
	}
	v, _ := newValidator(t, newIssuer())
	rules := newRules()
	rules.OpenIDConfigs, rules.Keys = nil, []Key{key}
	token := newDraft(rsaKey(1)).sign(t)
	first := mustAccept(t, v, token, rules)

	// Reloaded rules have new Key values for the same key.
	again, _ := ParseRSAKey(b64(public.N.Bytes()), "AQAB")
	rules = &Rules{Keys: []Key{again}}
	if mustAccept(t, v, token, rules) != first {
		t.Error("the token was verified again after a reload of the same key")
	}
}

func TestNewPublicKey(t *testing.T) {
	for _, c := range []struct {
		key  crypto.PublicKey
		want string
	}{
		{rsaKey(1).public(), ""},
		{ecKey("", elliptic.P256()).public(), ""},
		{ecKey("", elliptic.P521()).public(), ""},
		{ecKey("", elliptic.P224()).public(), "not on one of the curves"},
		{ed25519.PublicKey(make([]byte, 32)), "type ed25519.PublicKey cannot"},
		{rsaKey(1).key, "type *rsa.PrivateKey cannot"},
		{&rsa.PublicKey{}, "is empty"},
		{&ecdsa.PublicKey{}, "not on one of the curves"},
		{(*rsa.PublicKey)(nil), "is empty"},
		{(*ecdsa.PublicKey)(nil), "not on one of the curves"},
		{nil, "cannot verify"},
	} {
		_, err := NewPublicKey(c.key)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: got the error %v, want one with %q", c.key, err, c.want)
		}
	}
}

func TestKeysPrintWithoutTheirSecret(t *testing.T) {
	key := symmetric(t, []byte("0123456789abcdef"))
	key.ID = "mine"
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got, want := fmt.Sprintf(format, key), `symmetric key of 128 bits, id "mine"`; got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
	for want, key := range map[string]Key{
		"RSA key of 2048 bits":       inline(t, "", rsaKey(1)),
		`ECDSA key on P-384, id "x"`: inline(t, "x", ecKey("x", elliptic.P384())),
		"no key":                     {},
	} {
		if got := key.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
