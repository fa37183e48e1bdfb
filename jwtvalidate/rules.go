package jwtvalidate

import (
	"slices"
	"time"
)

// Rules are what a token is held against: the elements and attributes of one
// validate-jwt policy, evaluated. A Validator only reads them; they may be shared
// and must not change during a call. The zero Rules trust no key.
type Rules struct {
	// OpenIDConfigs are the addresses of discovery documents. The keys of all of
	// them are trusted, and their issuers are accepted beside Issuers.
	OpenIDConfigs []string
	// Keys are trusted beside those of OpenIDConfigs.
	Keys []Key
	// DecryptionKeys open encrypted tokens, of which what is inside is held against
	// the rest.
	DecryptionKeys []DecryptionKey
	// Audiences are the accepted aud values, compared exactly (no trailing slash
	// is forgiven, identity.md section 8, trap 21). Empty: aud is not checked.
	Audiences []string
	// Issuers are the accepted iss values, compared exactly. If it and
	// OpenIDConfigs are empty, iss is not checked.
	Issuers []string
	// RequiredClaims must all be met.
	RequiredClaims []RequiredClaim
	// RequireExpiration refuses tokens without exp. API Management's default is true.
	RequireExpiration bool
	// RequireSigned refuses tokens without a signature. API Management's default is
	// true. If false, a token with alg none and no signature passes that step; a
	// signature that is there must be good all the same.
	RequireSigned bool
	// ClockSkew is added to exp and taken off nbf. API Management's default is 0.
	ClockSkew time.Duration
	// Strict refuses what API Management is not known to accept, which else passes
	// with a warning in Token.Warnings.
	Strict bool
}

// A RequiredClaim is one claim element of required-claims.
type RequiredClaim struct {
	// Name of the claim, as in the token.
	Name string
	// Values asked for. Empty: the claim has to be there, with any value.
	Values []string
	// Match says how many of Values the token has to have.
	Match Match
	// Separator splits the token's claim, if it is a string, into several values;
	// it never splits Values (observed.md 1.12). Empty: no splitting.
	Separator string
}

// Match is the match attribute of a claim.
type Match int

const (
	// MatchAll asks for every value; the default.
	MatchAll Match = iota
	// MatchAny is content with one.
	MatchAny
)

// hasID says whether an inline key has the token's kid.
func (r *Rules) hasID(kid string) bool {
	return kid != "" && slices.ContainsFunc(r.Keys, func(k Key) bool { return k.ID == kid })
}

// hasKey says whether the key is among the inline keys, with the id unless that is empty.
func (r *Rules) hasKey(key fingerprint, id string) bool {
	for i := range r.Keys {
		if r.Keys[i].fingerprint == key && (id == "" || r.Keys[i].ID == id) {
			return true
		}
	}
	return false
}

// hasSymmetric says whether an HMAC signature can be verified at all.
func (r *Rules) hasSymmetric() bool { return slices.ContainsFunc(r.Keys, Key.symmetric) }

// onlySymmetric says that there are keys and that none is asymmetric.
func (r *Rules) onlySymmetric() bool {
	asymmetric := func(k Key) bool { return !k.symmetric() }
	return len(r.OpenIDConfigs) == 0 && len(r.Keys) > 0 && !slices.ContainsFunc(r.Keys, asymmetric)
}
