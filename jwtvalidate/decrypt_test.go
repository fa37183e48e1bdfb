package jwtvalidate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/policy/exchange"
)

// seal encrypts what is inside of a token.
func seal(t testing.TB, alg jose.KeyAlgorithm, enc jose.ContentEncryption, key any, kid, inside string) string {
	t.Helper()
	e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: key, KeyID: kid}, new(jose.EncrypterOptions).WithContentType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := e.Encrypt([]byte(inside))
	if err != nil {
		t.Fatal(err)
	}
	text, err := sealed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func secret(n int) []byte { return []byte(strings.Repeat("k", n)) }

func decryptionKey(t testing.TB, raw []byte, id string) DecryptionKey {
	t.Helper()
	k, err := ParseDecryptionKey(base64.StdEncoding.EncodeToString(raw))
	if err != nil {
		t.Fatal(err)
	}
	k.ID = id
	return k
}

func TestDecryption(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	asymmetric, err := NewDecryptionKey(private)
	if err != nil {
		t.Fatal(err)
	}
	signing := secret(32)
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"aud": "api"}).SignedString(signing)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"aud": "api"}).SignedString(secret(33))
	if err != nil {
		t.Fatal(err)
	}
	inline, err := ParseSymmetricKey(base64.StdEncoding.EncodeToString(signing))
	if err != nil {
		t.Fatal(err)
	}
	rules := func(keys ...DecryptionKey) *Rules {
		return &Rules{Keys: []Key{inline}, DecryptionKeys: keys, Audiences: []string{"api"}, RequireSigned: true}
	}
	unsigned := rules(decryptionKey(t, secret(32), ""))
	unsigned.RequireSigned = false
	direct := seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", signed)
	for _, c := range []struct {
		name, token string
		rules       *Rules
		reason      Reason // "": it is accepted
		message     string
	}{
		{"a shared key", direct, rules(decryptionKey(t, secret(32), "")), "", ""},
		{"192 bits", seal(t, jose.DIRECT, jose.A192CBC_HS384, secret(48), "", signed), rules(decryptionKey(t, secret(48), "")), "", ""},
		{"256 bits", seal(t, jose.DIRECT, jose.A256CBC_HS512, secret(64), "", signed), rules(decryptionKey(t, secret(64), "")), "", ""},
		{"a wrapped key", seal(t, jose.A256KW, jose.A128CBC_HS256, secret(32), "", signed), rules(decryptionKey(t, secret(32), "")), "", ""},
		{"RSA-OAEP", seal(t, jose.RSA_OAEP, jose.A256CBC_HS512, &private.PublicKey, "", signed), rules(asymmetric), "", ""},
		{"RSA1_5", seal(t, jose.RSA1_5, jose.A128CBC_HS256, &private.PublicKey, "", signed), rules(asymmetric), "", ""},
		{"the second of two keys", direct, rules(decryptionKey(t, secret(16), ""), decryptionKey(t, secret(32), "")), "", ""},
		{"the key of that id", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "b", signed), rules(decryptionKey(t, secret(16), "a"), decryptionKey(t, secret(32), "b")), "", ""},
		{"a key of that id that is another", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "a", signed),
			rules(decryptionKey(t, secret(16), "a"), decryptionKey(t, secret(32), "b")), ReasonInvalid, "IDX10603"},
		{"no key", direct, rules(), ReasonInvalid, "IDX10609"},
		{"another key", direct, rules(decryptionKey(t, secret(48), "")), ReasonInvalid, "IDX10603"},
		{"an algorithm that is not accepted", seal(t, jose.DIRECT, jose.A128GCM, secret(16), "", signed), rules(decryptionKey(t, secret(16), "")), ReasonInvalid, "IDX10603"},
		{"a wrong signature inside", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", forged), rules(decryptionKey(t, secret(32), "")), ReasonInvalidSignature, "IDX10517"},
		{"an encrypted token inside", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", direct), rules(decryptionKey(t, secret(32), "")), ReasonInvalid, "IDX10609"},
		{"claims without a signature", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", `{"aud":"api"}`), rules(decryptionKey(t, secret(32), "")), ReasonInvalidSignature, "IDX10504"},
		{"which the rules allow", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", `{"aud":"api"}`), unsigned, "", ""},
		{"and check", seal(t, jose.DIRECT, jose.A128CBC_HS256, secret(32), "", `{"aud":"another"}`), unsigned, ReasonAudienceNotAllowed, "IDX10214"},
		{"five segments of nothing", "a.b.c.d.e", rules(decryptionKey(t, secret(32), "")), ReasonInvalid, "IDX10603"},
	} {
		v := New(Config{Clock: exchange.NewVirtualClock(epoch)})
		got, err := v.Validate(context.Background(), c.token, c.rules)
		v.Close()
		var refused *Error
		switch {
		case c.reason == "" && err != nil:
			t.Errorf("%s: refused: %v", c.name, err)
		case c.reason == "" && got.Audiences[0] != "api":
			t.Errorf("%s: got %+v", c.name, got)
		case c.reason == "":
		case !errors.As(err, &refused) || refused.Reason != c.reason || !strings.HasPrefix(refused.Message, c.message):
			t.Errorf("%s: got %v, want %s %s", c.name, err, c.reason, c.message)
		case strings.Contains(refused.Message+refused.Hint(), c.token):
			t.Errorf("%s: the error tells the token", c.name)
		}
	}
}

func TestDecryptionKeys(t *testing.T) {
	for _, text := range []string{"", "not base64!", base64.StdEncoding.EncodeToString(secret(20))} {
		if k, err := ParseDecryptionKey(text); err == nil {
			t.Errorf("%q is taken: %v", text, k)
		}
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewDecryptionKey(curve); err == nil {
		t.Error("an ECDSA key is taken")
	}
	if got := fmt.Sprintf("%v %#v", decryptionKey(t, secret(32), "a"), decryptionKey(t, secret(16), "")); got != `symmetric key of 256 bits, id "a" symmetric key of 128 bits` {
		t.Errorf("keys print as %s", got)
	}
}

// FuzzDecrypt: whatever is no encrypted token of the key is refused.
func FuzzDecrypt(f *testing.F) {
	f.Add("a.b.c.d.e")
	f.Add(seal(f, jose.DIRECT, jose.A128CBC_HS256, secret(32), "k", "{}"))
	keys := []DecryptionKey{decryptionKey(f, secret(32), "k")}
	f.Fuzz(func(t *testing.T, token string) {
		_, _, fault := decrypt(token, keys)
		if fault != nil && (fault.Reason != ReasonInvalid || fault.Message == "" || strings.ContainsAny(fault.Hint(), "\r\n")) {
			t.Fatalf("%q: %v", token, fault)
		}
	})
}
