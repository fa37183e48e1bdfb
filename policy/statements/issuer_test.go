package statements

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The issuer of these tests is https://idp.example, with one RSA key of the id
// "key-1"; nobody else is reached. Named values rsa-n and rsa-e give that key, and
// hmac-key a symmetric one.

const hmacSecret = "a secret of at least 32 bytes, in Base64"

var issuerKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func base64URL(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }

// withIssuerKey adds the issuer's key to named values.
func withIssuerKey(others func(string) (string, bool)) func(string) (string, bool) {
	return func(name string) (string, bool) {
		switch public := issuerKey().PublicKey; name {
		case "rsa-n":
			return base64URL(public.N), true
		case "rsa-e":
			return base64URL(big.NewInt(int64(public.E))), true
		case "hmac-key":
			return base64.StdEncoding.EncodeToString([]byte(hmacSecret)), true
		}
		if others == nil {
			return "", false
		}
		return others(name)
	}
}

// issuer is the identity provider's side of the wire.
type issuer struct{}

func (issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	var body any
	switch r.URL.String() {
	case "https://idp.example/.well-known/openid-configuration":
		body = map[string]any{"issuer": "https://idp.example/", "jwks_uri": "https://idp.example/keys"}
	case "https://idp.example/contoso/v2.0/.well-known/openid-configuration":
		body = map[string]any{"issuer": "https://idp.example/contoso/v2.0/", "jwks_uri": "https://idp.example/keys"}
	case "https://idp.example/contoso/.well-known/openid-configuration":
		// Whichever comes first, the key is in the other one.
		body = map[string]any{"issuer": "https://idp.example/contoso/", "jwks_uri": "https://idp.example/keys?id=key-0"}
	case "https://idp.example/keys", "https://idp.example/keys?id=key-0":
		public := issuerKey().PublicKey
		kid := "key-1"
		if id := r.URL.Query().Get("id"); id != "" {
			kid = id
		}
		body = map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "kid": kid, "n": base64URL(public.N), "e": base64URL(big.NewInt(int64(public.E))),
		}}}
	default:
		return nil, fmt.Errorf("%s is not served", r.URL)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r}, nil
}

func newValidator(clock exchange.Clock) *jwtvalidate.Validator {
	return jwtvalidate.New(jwtvalidate.Config{Client: &http.Client{Transport: issuer{}}, Clock: clock})
}

// signToken makes the token that a case describes as JSON: the members of header
// and claims add to those of a good token of RS256 for the audience "api"; null
// takes one away.
func signToken(t testing.TB, description string) string {
	t.Helper()
	var d struct{ Header, Claims map[string]any }
	if err := json.Unmarshal([]byte(description), &d); err != nil {
		t.Fatalf("token: %s", err)
	}
	token := jwt.New(jwt.SigningMethodRS256)
	token.Header["kid"] = "key-1"
	claims := map[string]any{"iss": "https://idp.example/", "aud": "api", "sub": "me", "exp": epoch.Unix() + 3600}
	change := func(to, by map[string]any) {
		for name, value := range by {
			if to[name] = value; value == nil {
				delete(to, name)
			}
		}
	}
	change(token.Header, d.Header)
	change(claims, d.Claims)
	token.Claims = jwt.MapClaims(claims)
	alg, _ := token.Header["alg"].(string)
	var key any = issuerKey()
	switch {
	case alg == "none":
		key = jwt.UnsafeAllowNoneSignatureType
	case strings.HasPrefix(alg, "HS"):
		key = []byte(hmacSecret)
	}
	token.Method = jwt.GetSigningMethod(alg)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatalf("token: %s", err)
	}
	return text
}
