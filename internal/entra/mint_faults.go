package entra

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Ways to break a token.
const (
	faultNone           = ""
	faultExpired        = "expired"
	faultNotYetValid    = "not-yet-valid"
	faultAudience       = "audience"
	faultIssuer         = "issuer"
	faultTampered       = "tampered"
	faultUnknownKeyID   = "unknown-kid"
	faultNoKeyID        = "no-kid"
	faultWrongSignature = "wrong-signature"
	faultAlgNone        = "alg-none"
	faultHS256          = "hs256-with-public-key"
	faultMalformed      = "malformed"
	faultGraph          = "graph"
	faultNoExpiry       = "no-exp"
)

// What faulty tokens say.
const (
	nowhereTenant   = "00000000-0000-4000-8000-000000000000"
	foreignAudience = "api://" + nowhereTenant
	tamperedRole    = "Tampered.Admin"
)

// faultyTokens make the broken tokens. A draft's claims may be changed.
var faultyTokens = map[string]func(*Server, draft) (string, error){
	// Valid until an hour ago.
	faultExpired: claimsFault(func(s *Server, claims map[string]any) {
		claims["exp"] = s.clock.Now().Add(-time.Hour).Unix()
		claims["iat"] = s.clock.Now().Add(-2 * time.Hour).Unix()
		claims["nbf"] = claims["iat"]
	}),
	// Valid for an hour, an hour from now.
	faultNotYetValid: claimsFault(func(s *Server, claims map[string]any) {
		claims["nbf"] = s.clock.Now().Add(time.Hour).Unix()
		claims["exp"] = s.clock.Now().Add(2 * time.Hour).Unix()
	}),
	faultAudience: claimsFault(func(_ *Server, claims map[string]any) {
		claims["aud"] = foreignAudience
	}),
	// Issued by a tenant that there isn't, in the form of its version.
	faultIssuer: claimsFault(func(_ *Server, claims map[string]any) {
		claims["iss"] = issuerV1(nowhereTenant)
		if claims["ver"] == "2.0" {
			claims["iss"] = issuerV2(nowhereTenant)
		}
	}),
	faultNoExpiry:       claimsFault(func(_ *Server, claims map[string]any) { delete(claims, "exp") }),
	faultTampered:       (*Server).signTampered,
	faultUnknownKeyID:   (*Server).signUnknownKey,
	faultNoKeyID:        (*Server).signWithoutKeyID,
	faultWrongSignature: (*Server).signForeign,
	faultAlgNone:        (*Server).signNone,
	faultHS256:          (*Server).signPublicKey,
	faultMalformed:      (*Server).signMalformed,
	faultGraph:          (*Server).signGraph,
}

// TokenFaults are the values of [MintRequest.Fault].
func TokenFaults() []string { return slices.Sorted(maps.Keys(faultyTokens)) }

// signFaulty signs the draft, broken as asked for.
func (s *Server) signFaulty(d draft, fault string) (string, error) {
	if fault == faultNone {
		return d.sign(s.keys.signer())
	}
	broken, ok := faultyTokens[fault]
	if !ok {
		return "", fmt.Errorf("unknown fault %q; want one of %s", fault, strings.Join(TokenFaults(), ", "))
	}
	return broken(s, d)
}

// claimsFault is a fault of claims only: the signature is good.
func claimsFault(change func(*Server, map[string]any)) func(*Server, draft) (string, error) {
	return func(s *Server, d draft) (string, error) {
		change(s, d.claims)
		return d.sign(s.keys.signer())
	}
}

// signTampered changes the payload after it was signed: somebody gave himself a role.
func (s *Server) signTampered(d draft) (string, error) {
	signed, err := d.sign(s.keys.signer())
	if err != nil {
		return "", err
	}
	d.claims["roles"] = []string{tamperedRole}
	payload, err := json.Marshal(d.claims)
	if err != nil {
		return "", fmt.Errorf("writing the payload: %w", err)
	}
	parts := strings.Split(signed, ".")
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload) + "." + parts[2], nil
}

// signUnknownKey signs with a key that was never published, under its own id.
func (s *Server) signUnknownKey(d draft) (string, error) {
	foreign, err := s.foreign(s.clock.Now())
	if err != nil {
		return "", err
	}
	return d.sign(foreign)
}

// signForeign signs with a key that was never published, under the id of the real one.
func (s *Server) signForeign(d draft) (string, error) {
	foreign, err := s.foreign(s.clock.Now())
	if err != nil {
		return "", err
	}
	foreign.id = s.keys.signer().id
	return d.sign(foreign)
}

// signWithoutKeyID signs well, but doesn't say with which key.
func (s *Server) signWithoutKeyID(d draft) (string, error) {
	delete(d.header, "kid")
	delete(d.header, "x5t")
	return d.sign(s.keys.signer())
}

// signNone doesn't sign.
func (s *Server) signNone(d draft) (string, error) {
	d = d.withKey(s.keys.signer().id)
	d.header["alg"] = "none"
	return d.signWith(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)
}

// signPublicKey signs with what everybody knows: the published key as an HMAC secret.
func (s *Server) signPublicKey(d draft) (string, error) {
	k := s.keys.signer()
	secret, err := k.publicPEM()
	if err != nil {
		return "", err
	}
	d = d.withKey(k.id)
	d.header["alg"] = "HS256"
	return d.signWith(jwt.SigningMethodHS256, secret)
}

// signMalformed cuts the payload in the middle.
func (s *Server) signMalformed(d draft) (string, error) {
	signed, err := d.sign(s.keys.signer())
	if err != nil {
		return "", err
	}
	parts := strings.Split(signed, ".")
	return parts[0] + "." + parts[1][:len(parts[1])/2] + "." + parts[2], nil
}

// signGraph signs as for Microsoft Graph, whatever the audience.
func (s *Server) signGraph(d draft) (string, error) {
	d.graph = true
	return d.sign(s.keys.signer())
}
