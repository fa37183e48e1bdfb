package entra

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Describe tells what to ask [Server.Mint] for to get a token like one that this server
// made, whole or broken: the same claims but for its times and what is random. at is when
// the token was used: one that was not valid then is described with that fault. It is
// false for any other text.
func (s *Server) Describe(token string, at time.Time) (MintRequest, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return MintRequest{}, false
	}
	head, err := jsonPart(parts[0])
	if err != nil {
		return MintRequest{}, false
	}
	kid, _ := head["kid"].(string)
	key := s.keyOf(kid)
	claims, err := jsonPart(parts[1])
	if err != nil {
		return MintRequest{Fault: faultMalformed}, key != nil
	}
	if key == nil && claims["aio"] != aioOf() {
		return MintRequest{}, false
	}
	m := s.likeness(claims)
	m.Fault = faultOf(head, claims, parts, key, at)
	s.completeLikeness(&m, claims)
	return m, true
}

func jsonPart(part string) (map[string]any, error) {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil, err
	}
	var members map[string]any
	return members, json.Unmarshal(data, &members)
}

// keyOf is the server's key of that id, nil if it has none.
func (s *Server) keyOf(kid string) *signingKey {
	for _, k := range s.keys.published() {
		if k.id == kid {
			return k
		}
	}
	return nil
}

// faultOf is the fault that a token of this server has; "" if it is whole.
func faultOf(head, claims map[string]any, parts []string, key *signingKey, at time.Time) string {
	_, hasKeyID := head["kid"]
	switch {
	case head["alg"] == "none":
		return faultAlgNone
	case head["alg"] == "HS256":
		return faultHS256
	case !hasKeyID:
		return faultNoKeyID
	case key == nil:
		return faultUnknownKeyID
	case head["nonce"] != nil:
		return faultGraph
	case !verifies(parts, key) && slices.Equal(texts(claims["roles"]), []string{tamperedRole}):
		return faultTampered
	case !verifies(parts, key):
		return faultWrongSignature
	}
	return faultOfClaims(claims, at)
}

func faultOfClaims(claims map[string]any, at time.Time) string {
	exp, hasExpiry := claims["exp"].(float64)
	nbf, _ := claims["nbf"].(float64)
	issuer, _ := claims["iss"].(string)
	switch {
	case !hasExpiry:
		return faultNoExpiry
	case float64(at.Unix()) >= exp:
		return faultExpired
	case float64(at.Unix()) < nbf:
		return faultNotYetValid
	case claims["aud"] == foreignAudience:
		return faultAudience
	case strings.Contains(issuer, nowhereTenant):
		return faultIssuer
	}
	return faultNone
}

func verifies(parts []string, key *signingKey) bool {
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	return err == nil && jwt.SigningMethodRS256.Verify(parts[0]+"."+parts[1], signature, key.private.Public()) == nil
}

// likeness says whose token it is and what it is for, as far as the directory knows.
func (s *Server) likeness(claims map[string]any) MintRequest {
	text := func(name string) string { v, _ := claims[name].(string); return v }
	m := MintRequest{Audience: text("aud"), Version: 1}
	if text("ver") == "2.0" {
		m.Version = 2
	}
	t := s.directory.tenant(text("tid"))
	if t == nil {
		t = s.directory.tenants[0]
	} else if t != s.directory.tenants[0] {
		m.Tenant = t.ID
	}
	client := text("appid") + text("azp") // it has one of them
	if m.Audience == foreignAudience {
		m.Audience = client
	}
	if u := t.user(text("oid")); u != nil {
		m.User = u.UserPrincipalName
	}
	if app := s.directory.appIn(t, func(a *app) bool { return strings.EqualFold(a.ClientID, client) }); app != nil {
		m.App = app.Name
	}
	return m
}

// changing are claims that are others in each token, or follow from its times.
var changing = []string{"iat", "nbf", "exp", "uti", "aio", "rh", "auth_time"}

// completeLikeness puts the claims into m in which a token minted so differs.
func (s *Server) completeLikeness(m *MintRequest, claims map[string]any) {
	access, version, err := s.mintAccess(*m)
	if err != nil { // the directory does not know what the token names
		*m = MintRequest{Version: m.Version, Fault: m.Fault}
		if access, version, err = s.mintAccess(*m); err != nil {
			return
		}
	}
	minted := access.draft(version).claims
	skip := append(claimsOfFault(m.Fault), changing...)
	for _, name := range sortedKeys(claims) {
		switch value := claims[name]; {
		case slices.Contains(skip, name) || sameJSON(value, minted[name]):
		case name == "scp" && m.User != "":
			m.Scope, _ = value.(string)
		case name == "roles":
			m.Roles = texts(value)
		default:
			if m.Claims == nil {
				m.Claims = make(map[string]any)
			}
			m.Claims[name] = value
		}
	}
	for _, name := range sortedKeys(minted) {
		if _, has := claims[name]; !has && !slices.Contains(skip, name) {
			m.RemoveClaims = append(m.RemoveClaims, name)
		}
	}
}

// claimsOfFault are the claims that a fault sets by itself.
func claimsOfFault(fault string) []string {
	switch fault {
	case faultAudience:
		return []string{"aud"}
	case faultIssuer:
		return []string{"iss"}
	case faultTampered:
		return []string{"roles"}
	}
	return nil
}

func sameJSON(a, b any) bool {
	one, err := json.Marshal(a)
	other, fault := json.Marshal(b)
	return err == nil && fault == nil && bytes.Equal(one, other)
}

func texts(value any) []string {
	list, _ := value.([]any)
	var all []string
	for _, v := range list {
		if text, ok := v.(string); ok {
			all = append(all, text)
		}
	}
	return all
}
