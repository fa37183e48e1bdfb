package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	audience = "22222222-2222-4222-8222-222222222222"
	callerID = "33333333-3333-4333-8333-333333333333" // the claim that becomes X-User
	apiKey   = "a-subscription-key-of-the-bench"
	keyID    = "bench"
)

// identityToken is what the managed identity gives, and what the backend has to see.
var identityToken = "identity." + strings.Repeat("token-of-the-gateway", 50)

// stub is an issuer with one RSA key, a managed identity in App Service's shape, and a backend
// for who has just started. They answer at the start only: nobody asks them at load.
type stub struct {
	key *rsa.PrivateKey
	url string
}

func startStub() (*stub, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stub{key: key, url: "http://" + l.Addr().String()}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", answerJSON(map[string]any{
		"issuer": s.url, "jwks_uri": s.url + "/keys", "authorization_endpoint": s.url + "/authorize", "token_endpoint": s.url + "/token",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
	}))
	mux.HandleFunc("/keys", answerJSON(map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID, "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}}}))
	mux.HandleFunc("/msi/token", answerJSON(map[string]any{
		"access_token": identityToken, "token_type": "Bearer", "resource": "api://backend", "expires_on": fmt.Sprint(time.Now().Add(24 * time.Hour).Unix()),
	}))
	mux.HandleFunc(plainPath+"{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(answerBody) // who asked may be gone
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go server.Serve(l) // until the process ends
	return s, nil
}

func answerJSON(v any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v) // whoever asked may have gone
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// token is the n-th token: like one of Entra ID, of about 1,100 bytes.
func (s *stub) token(n int) (string, error) {
	now := time.Now()
	header, err := json.Marshal(map[string]any{"typ": "JWT", "alg": "RS256", "kid": keyID})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"aud": audience, "iss": s.url, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(24 * time.Hour).Unix(),
		"oid": callerID, "sub": fmt.Sprintf("subject-%08d", n), "tid": "11111111-1111-4111-8111-111111111111", "ver": "1.0",
		"appid": audience, "name": "Alice Adams", "email": "alice@contoso.onmicrosoft.com", "email_verified": true,
		"scp": "user_impersonation", "roles": []string{"reader", "writer"}, "uti": strings.Repeat("u", 60),
	})
	if err != nil {
		return "", err
	}
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, digest[:])
	return signed + "." + encode(signature), err
}

// publicKey is the issuer's in PEM.
func (s *stub) publicKey() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), err
}

// tampered is a token with another signature.
func tampered(token string) string {
	at := strings.LastIndexByte(token, '.') + 10
	other := byte('A')
	if token[at] == other {
		other = 'B'
	}
	return token[:at] + string(other) + token[at+1:]
}

// request is a request's bytes: prepared, so that the load costs little.
func request(path, token string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nOcp-Apim-Subscription-Key: %s\r\n\r\n", path, token, apiKey)
}
