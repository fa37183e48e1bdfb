package jwtvalidate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
)

// family is the kind of key an algorithm needs. Keys and algorithms are matched by
// it before a signature is looked at, so that a public key never serves as an HMAC
// secret.
type family int

const (
	familyHMAC family = iota
	familyRSA
	familyECDSA
)

// An algorithm is an accepted value of the alg header.
type algorithm struct {
	family family
	// curve is that of an ECDSA algorithm.
	curve elliptic.Curve
	// hashBits is the length of an HMAC algorithm's hash, the shortest key that
	// RFC 7518 section 3.2 allows.
	hashBits int
	// unlisted: not in the policy's reference (edition 2024-03: PS256, RS256,
	// RS512) nor in its examples (HS256). Nobody says whether API Management
	// accepts it: accepted with a warning, refused under Rules.Strict.
	unlisted bool
}

// algorithms is the allow list. It is needed because the JWKs of Entra ID carry no
// alg, so any RSA algorithm would do for them (identity.md 6.2). The alg none is not
// here: it names no signature and is decided by Rules.RequireSigned.
var algorithms = map[string]algorithm{
	"RS256": {family: familyRSA},
	"RS512": {family: familyRSA},
	"PS256": {family: familyRSA},
	"RS384": {family: familyRSA, unlisted: true},
	"PS384": {family: familyRSA, unlisted: true},
	"PS512": {family: familyRSA, unlisted: true},
	"ES256": {family: familyECDSA, curve: elliptic.P256(), unlisted: true},
	"ES384": {family: familyECDSA, curve: elliptic.P384(), unlisted: true},
	"ES512": {family: familyECDSA, curve: elliptic.P521(), unlisted: true},
	"HS256": {family: familyHMAC, hashBits: 256},
	"HS384": {family: familyHMAC, hashBits: 384},
	"HS512": {family: familyHMAC, hashBits: 512},
}

const algNone = "none"

// suits says whether the key is of the kind the algorithm needs.
func (a algorithm) suits(key any) bool {
	switch key := key.(type) {
	case []byte:
		return a.family == familyHMAC
	case *rsa.PublicKey:
		return a.family == familyRSA
	case *ecdsa.PublicKey:
		return a.family == familyECDSA && a.curve == key.Curve
	default:
		return false
	}
}

// warnings is what a caller should know of a token that this key verified with
// this algorithm; under Rules.Strict such a token is refused.
func (a algorithm) warnings(alg string, key any) []string {
	var w []string
	if a.unlisted {
		w = append(w, alg+" is not among the signature algorithms that the reference of validate-jwt"+
			" (edition 2024-03) lists: PS256, RS256, RS512; whether API Management accepts it is unknown")
	}
	if secret, ok := key.([]byte); ok && len(secret)*8 < a.hashBits {
		w = append(w, "the symmetric key is shorter than the hash of "+alg+", which RFC 7518 section 3.2"+
			" forbids and newer versions of Microsoft.IdentityModel refuse (IDX10720)")
	}
	return w
}

// checkAlgorithm is the second step, of a token whose form is good: is alg accepted, and
// is there a signature where there has to be one? An unsigned token that may pass has no algorithm.
func checkAlgorithm(t *Token, signature string, rules *Rules) (algorithm, *Error) {
	alg, known := algorithms[t.Algorithm]
	switch {
	case t.Algorithm == algNone && signature == "" && !rules.RequireSigned:
		return algorithm{}, nil
	case signature == "":
		return algorithm{}, badSignature(messageUnsigned, always("The token has no signature, and these rules require one."))
	case !known:
		return algorithm{}, badSignature(messageAlgorithm(t.Algorithm), func() string { return hintAlgorithm(t.Algorithm) })
	case alg.unlisted && rules.Strict:
		return algorithm{}, strictFault(t.Algorithm, alg.warnings(t.Algorithm, nil))
	case alg.family != familyHMAC && rules.onlySymmetric():
		return algorithm{}, &Error{Reason: ReasonInvalid, Status: 500, Message: messageUnsupportedKey(t.Algorithm), hint: func() string { return hintOnlySymmetric(t.Algorithm) }}
	}
	// Its letters have been looked at with the form, so only the last ones can be wrong.
	if _, err := base64URL.DecodeString(signature[len(signature)/4*4:]); err != nil {
		return algorithm{}, badSignature(messageSignature, always("The third segment of the token is not Base64url: it may have been cut off."))
	}
	return alg, nil
}

func badSignature(message string, hint func() string) *Error {
	return &Error{Reason: ReasonInvalidSignature, Message: message, hint: hint}
}

// strictFault refuses what passes with a warning otherwise.
func strictFault(alg string, warnings []string) *Error {
	return badSignature(messageAlgorithm(alg), always("Under strict rules: "+warnings[0]+"."))
}
