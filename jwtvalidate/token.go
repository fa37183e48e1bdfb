package jwtvalidate

import (
	"encoding/json"
	"sync/atomic"
	"time"
)

// A Token is a validated JSON Web Token. It is shared by all calls that bring the
// same text, so it and everything it leads to must not be changed. It does not hold
// the signature: printing it does not give a usable token away.
type Token struct {
	// Header and Claims are the two JSON objects; numbers are json.Number.
	Header, Claims map[string]any
	// RawHeader and RawClaims are their text as it was signed.
	RawHeader, RawClaims json.RawMessage

	// Algorithm is the alg header; "none" for an unsigned token.
	Algorithm string
	// KeyID is the kid header; empty if there is none.
	KeyID string
	// KeySet is the discovery URL whose key verified the token; empty for an inline
	// key and for an unsigned token.
	KeySet string

	// Issuer is iss; empty if absent.
	Issuer string
	// Audiences are the values of aud, which may be one string or a list.
	Audiences []string
	// ExpiresAt and NotBefore are exp and nbf; zero if absent.
	ExpiresAt, NotBefore time.Time

	// Warnings say what in this token API Management is not known to accept. Such a
	// token is refused under Rules.Strict.
	Warnings []string

	derived *atomic.Value // nil of a token that is not kept
}

// Derived is what make makes of the token, which all callers have to call with the same
// make. It is made once for a token that is remembered, and shared like the token then.
func (t *Token) Derived(make func(*Token) any) any {
	if t.derived == nil {
		return make(t)
	}
	if made := t.derived.Load(); made != nil {
		return made
	}
	t.derived.CompareAndSwap(nil, make(t))
	return t.derived.Load()
}

// text gives a claim that is a string, else "".
func (t *Token) text(name string) string {
	s, _ := t.Claims[name].(string)
	return s
}
