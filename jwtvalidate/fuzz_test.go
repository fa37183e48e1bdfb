package jwtvalidate

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// The committed corpus stands in testdata/fuzz, a file for each input.

// FuzzInspect: what is decoded is a token of the form that RFC 7515 describes, and
// decodes to the same again.
func FuzzInspect(f *testing.F) {
	f.Fuzz(func(t *testing.T, token string) {
		header, claims, err := Inspect(token)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Reason != ReasonInvalid || e.Message == "" || strings.ContainsAny(e.Hint(), "\r\n") {
				t.Fatalf("%q: got %#v", token, err)
			}
			return
		}
		if header == nil || claims == nil || strings.Count(token, ".") != 2 || strings.ContainsAny(token, "=+/ \r\n") {
			t.Fatalf("%q: accepted with header %v and claims %v", token, header, claims)
		}
		if alg, ok := header["alg"].(string); !ok || alg == "" {
			t.Fatalf("%q: accepted without alg", token)
		}
	})
}

// FuzzValidate: nobody without the key makes a token that is accepted, and every
// refusal has a reason.
func FuzzValidate(f *testing.F) {
	v, _ := newValidator(f, newIssuer(rsaKey(1)))
	rules := newRules()
	rules.Keys = []Key{symmetric(f, []byte("0123456789abcdef"))}
	mustAccept(f, v, newDraft(rsaKey(1)).sign(f), rules)
	f.Fuzz(func(t *testing.T, token string) {
		for range 2 {
			tok, err := v.Validate(context.Background(), token, rules)
			var e *Error
			if tok != nil || !errors.As(err, &e) || e.Reason == "" || e.Message == "" {
				t.Fatalf("%q: got %v, %v", token, tok, err)
			}
			_, told, _ := v.Explain(context.Background(), token, rules)
			if n := len(told.Checks); n == 0 || told.Checks[n-1].Passed {
				t.Fatalf("%q: refused, and it is told %v", token, told.Checks)
			}
		}
	})
}

// FuzzKeySet: what is read of a key set is fit to verify with.
func FuzzKeySet(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, jwks, dropped, err := parseKeySet(body)
		if len(keys) != len(jwks) || len(keys) > MaxKeys || len(dropped) > MaxKeys+1 || (err == nil) != (len(keys) > 0) {
			t.Fatalf("%q: got %d keys, %d JWKs, %d dropped, error %v", body, len(keys), len(jwks), len(dropped), err)
		}
		for _, key := range keys {
			if err := checkPublicKey(key.public); err != nil {
				t.Fatalf("%q: key %q: %v", body, key.id, err)
			}
		}
		for _, d := range dropped {
			if d.Reason == "" || strings.ContainsAny(d.Reason, "\r\n") {
				t.Fatalf("%q: dropped for %q", body, d.Reason)
			}
		}
	})
}
