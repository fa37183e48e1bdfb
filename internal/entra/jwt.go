package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// A draft is a token before it is signed. The header gets its key's id then.
type draft struct {
	header map[string]any
	claims map[string]any
	// graph signs as for Microsoft Graph: so that nobody else can verify it.
	graph bool
}

// header is the header of a token of that version: x5t only in version 1.
func header(version int) map[string]any {
	h := map[string]any{"typ": "JWT", "alg": "RS256", "kid": ""}
	if version == 1 {
		h["x5t"] = ""
	}
	return h
}

// withKey fills in the id of a key where the header has a place for it.
func (d draft) withKey(id string) draft {
	filled := map[string]any{}
	for name, value := range d.header {
		if name == "kid" || name == "x5t" {
			value = id
		}
		filled[name] = value
	}
	d.header = filled
	return d
}

// sign makes the token with that key.
func (d draft) sign(k *signingKey) (string, error) {
	d = d.withKey(k.id)
	if d.graph {
		return d.signForGraph(k)
	}
	return d.signWith(jwt.SigningMethodRS256, k.private)
}

// signWith makes the token with any method and key; the header stays as it is.
func (d draft) signWith(method jwt.SigningMethod, key any) (string, error) {
	token := jwt.Token{Header: d.header, Claims: jwt.MapClaims(d.claims), Method: method}
	signed, err := token.SignedString(key)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return signed, nil
}

// signForGraph makes a token whose signature fails ordinary verification: it covers
// a header in which nonce is base64url(SHA-256(nonce)) (identity.md 5.2).
func (d draft) signForGraph(k *signingKey) (string, error) {
	nonce := randomName()
	sum := sha256.Sum256([]byte(nonce))
	d.header["nonce"] = base64.RawURLEncoding.EncodeToString(sum[:])
	signed, err := d.signWith(jwt.SigningMethodRS256, k.private)
	if err != nil {
		return "", err
	}
	d.header["nonce"] = nonce
	shown, err := json.Marshal(d.header)
	if err != nil {
		return "", fmt.Errorf("writing the header of a token: %w", err)
	}
	_, rest, _ := strings.Cut(signed, ".")
	return base64.RawURLEncoding.EncodeToString(shown) + "." + rest, nil
}

func joinScopes(scopes []string) string { return strings.Join(scopes, " ") }
