package main

import (
	"crypto/rsa"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// jwtProxy is the same work as one writes it in Go without a gateway: a key, golang-jwt,
// two headers, httputil.ReverseProxy.
func jwtProxy(backend, issuer string) (http.Handler, error) {
	key, err := fetchKey(issuer + "/keys")
	if err != nil {
		return nil, err
	}
	next := bareProxy(backend)
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(audience), jwt.WithIssuer(issuer), jwt.WithExpirationRequired())
	keys := func(t *jwt.Token) (any, error) {
		if t.Header["kid"] != keyID {
			return nil, errors.New("unknown key")
		}
		return key, nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Ocp-Apim-Subscription-Key")), []byte(apiKey)) != 1 {
			http.Error(w, "no key", http.StatusUnauthorized)
			return
		}
		claims := jwt.MapClaims{}
		text, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if _, err := parser.ParseWithClaims(text, claims, keys); err != nil {
			http.Error(w, "invalid token", http.StatusUnauthorized)
			return
		}
		caller, _ := claims["oid"].(string)
		r.Header.Set("X-User", caller)
		r.Header.Set("Authorization", "Bearer "+identityToken)
		next.ServeHTTP(w, r)
	}), nil
}

func fetchKey(address string) (*rsa.PublicKey, error) {
	response, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct{ Keys []struct{ N, E string } }
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, err
	}
	if len(set.Keys) != 1 {
		return nil, fmt.Errorf("%s has %d keys, not 1", address, len(set.Keys))
	}
	n, err := base64.RawURLEncoding.DecodeString(set.Keys[0].N)
	if err != nil {
		return nil, err
	}
	e, err := base64.RawURLEncoding.DecodeString(set.Keys[0].E)
	if err != nil {
		return nil, err
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
}
