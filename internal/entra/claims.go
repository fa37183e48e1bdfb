package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	// backdated is how far iat and nbf lie in the past, so that a verifier with a
	// slow clock accepts a new token (identity.md 5.1).
	backdated = 5 * time.Minute
	// shortLife and longLife are the bounds of an access token's life.
	shortLife = 60 * time.Minute
	longLife  = 90 * time.Minute
	// maxGroups is how many groups a token lists before it points to Graph instead.
	maxGroups = 200
)

// ownClaims are the claims that a configuration can't set: those that say who
// issued the token, for whom, and until when.
var ownClaims = []string{
	"aud", "iss", "iat", "nbf", "exp", "aio", "appid", "appidacr", "azp", "azpacr", "cnf", "groups", "idp",
	"nonce", "oid", "rh", "roles", "scp", "sub", "tid", "uti", "ver", "wids", "xms_mirid", "_claim_names", "_claim_sources",
}

// accessLifetime is how long a new access token lives.
func (s *Server) accessLifetime(random bool) time.Duration {
	switch {
	case s.lifetime > 0:
		return s.lifetime
	case random:
		return shortLife + time.Duration(rand.IntN(int(longLife-shortLife)/int(time.Second)+1))*time.Second
	default:
		return shortLife
	}
}

// An accessToken is all that decides the claims of an access token.
type accessToken struct {
	tenant *tenant
	// client and clientAuth are the client id and how it authenticated.
	client, clientAuth string
	// user is nil for a token of an application; servicePrincipal is its object id.
	user             *user
	servicePrincipal string
	resource         resource
	scopes, roles    []string
	capabilities     []string
	ip               string
	signedIn         time.Time
	issued           time.Time
	lifetime         time.Duration
}

func (a accessToken) notBefore() time.Time { return a.issued.Add(-backdated) }
func (a accessToken) expires() time.Time   { return a.issued.Add(a.lifetime) }

// draft is the token before it is signed, in version 1 or 2 (identity.md 5.1).
func (a accessToken) draft(version int) draft {
	claims := registered(version, a.tenant.ID, a.resource.audience(version), a.issued, a.lifetime)
	a.addClient(claims, version)
	if a.user != nil {
		a.addUser(claims, version)
	} else {
		claims["oid"], claims["sub"], claims["idp"] = a.servicePrincipal, a.servicePrincipal, claims["iss"]
	}
	if len(a.roles) > 0 {
		claims["roles"] = a.roles
	}
	a.addOptional(claims)
	return draft{header: header(version), claims: claims, graph: a.resource.isGraph()}
}

// registered are the claims of every token.
func registered(version int, tenantID, audience string, issued time.Time, lifetime time.Duration) map[string]any {
	claims := map[string]any{
		"aud": audience,
		"iss": issuerV1(tenantID),
		"iat": issued.Add(-backdated).Unix(),
		"nbf": issued.Add(-backdated).Unix(),
		"exp": issued.Add(lifetime).Unix(),
		"tid": tenantID,
		"ver": "1.0",
		"uti": base64.RawURLEncoding.EncodeToString(randomBytes(16)),
		// aio and rh are opaque to everybody: they can say what the token is.
		"aio": aioOf(),
		"rh":  "0.emulated-by-" + EmulatedBy,
	}
	if version == 2 {
		claims["iss"], claims["ver"] = issuerV2(tenantID), "2.0"
	}
	return claims
}

// aioOf is the aio of every token of an emulated Entra ID.
func aioOf() string { return "emulated-by-" + EmulatedBy }

func (a accessToken) addClient(claims map[string]any, version int) {
	if version == 2 {
		claims["azp"], claims["azpacr"] = a.client, a.clientAuth
		return
	}
	claims["appid"], claims["appidacr"] = a.client, a.clientAuth
}

func (a accessToken) addUser(claims map[string]any, version int) {
	u := a.user
	claims["oid"] = u.ObjectID
	claims["sub"] = pairwise(a.tenant.ID, a.resource.id(), u.ObjectID)
	claims["name"] = u.DisplayName
	if len(a.scopes) > 0 {
		claims["scp"] = joinScopes(a.scopes)
	}
	if version == 2 {
		claims["preferred_username"] = u.UserPrincipalName
	} else {
		claims["acr"], claims["amr"] = "1", []string{"pwd"}
		claims["unique_name"], claims["upn"] = u.UserPrincipalName, u.UserPrincipalName
		addText(claims, "ipaddr", a.ip)
		addText(claims, "given_name", u.GivenName)
		addText(claims, "family_name", u.Surname)
	}
	if a.resource.app != nil {
		addMemberships(claims, u, a.resource.app.GroupMembershipClaims)
	}
}

// addOptional adds what the API's registration and the user's configuration add.
func (a accessToken) addOptional(claims map[string]any) {
	if api := a.resource.app; api != nil {
		for _, name := range api.OptionalClaims {
			if value := optionalClaims[name](a); value != nil {
				claims[name] = value
			}
		}
		maps.Copy(claims, api.Claims)
	}
	if a.user != nil {
		maps.Copy(claims, a.user.Claims)
	}
}

// optionalClaims make the optional claims; nil leaves the claim out.
var optionalClaims = map[string]func(accessToken) any{
	"idtyp": func(a accessToken) any {
		if a.user != nil {
			return nil
		}
		return "app"
	},
	"xms_cc": func(a accessToken) any {
		if len(a.capabilities) == 0 {
			return nil
		}
		return a.capabilities
	},
	"auth_time": func(a accessToken) any {
		if a.signedIn.IsZero() {
			return nil
		}
		return a.signedIn.Unix()
	},
	"ipaddr":      ofUser(func(a accessToken) string { return a.ip }),
	"email":       ofUser(func(a accessToken) string { return a.user.Mail }),
	"upn":         ofUser(func(a accessToken) string { return a.user.UserPrincipalName }),
	"given_name":  ofUser(func(a accessToken) string { return a.user.GivenName }),
	"family_name": ofUser(func(a accessToken) string { return a.user.Surname }),
}

func ofUser(text func(accessToken) string) func(accessToken) any {
	return func(a accessToken) any {
		if a.user == nil || text(a) == "" {
			return nil
		}
		return text(a)
	}
}

// OptionalClaims are the claims that [App.OptionalClaims] can list.
func OptionalClaims() []string { return slices.Sorted(maps.Keys(optionalClaims)) }

// An idToken is all that decides the claims of an ID token. Its version is that of
// the endpoint.
type idToken struct {
	grant    grant
	scopes   scopeRequest
	issued   time.Time
	lifetime time.Duration
	ip       string
}

// draft is the token before it is signed. A nonce is in it only if the client asked
// with one (identity.md trap 20).
func (i idToken) draft(version int) draft {
	g, u := i.grant, i.grant.user
	claims := registered(version, g.tenant.ID, g.client.ClientID, i.issued, i.lifetime)
	claims["sub"] = pairwise(g.tenant.ID, g.client.ClientID, u.ObjectID)
	addText(claims, "nonce", g.nonce)
	if version == 2 {
		if i.scopes.has(scopeProfile) {
			claims["oid"], claims["name"], claims["preferred_username"] = u.ObjectID, u.DisplayName, u.UserPrincipalName
		}
		if i.scopes.has(scopeEmail) {
			addText(claims, "email", u.Mail)
		}
	} else {
		claims["oid"], claims["name"], claims["amr"] = u.ObjectID, u.DisplayName, []string{"pwd"}
		claims["unique_name"], claims["upn"] = u.UserPrincipalName, u.UserPrincipalName
		addText(claims, "ipaddr", i.ip)
		addText(claims, "given_name", u.GivenName)
		addText(claims, "family_name", u.Surname)
	}
	if roles := rolesOn(u.AppRoleAssignments, g.client); len(roles) > 0 {
		claims["roles"] = roles
	}
	addMemberships(claims, u, g.client.GroupMembershipClaims)
	return draft{header: header(version), claims: claims}
}

// addMemberships adds groups and directory roles as the registration asks. Beyond
// 200 groups there is a pointer to Graph instead.
func addMemberships(claims map[string]any, u *user, which string) {
	if (which == groupsSecurityGroup || which == groupsAll) && len(u.Groups) > 0 {
		if len(u.Groups) <= maxGroups {
			claims["groups"] = u.Groups
		} else {
			endpoint := "https://graph.windows.net/" + u.tenant.ID + "/users/" + u.ObjectID + "/getMemberObjects"
			claims["_claim_names"] = map[string]any{"groups": "src1"}
			claims["_claim_sources"] = map[string]any{"src1": map[string]any{"endpoint": endpoint}}
		}
	}
	if (which == groupsDirectoryRole || which == groupsAll) && len(u.DirectoryRoles) > 0 {
		claims["wids"] = u.DirectoryRoles
	}
}

func addText(claims map[string]any, name, text string) {
	if text != "" {
		claims[name] = text
	}
}

// pairwise is the sub of a user: another one for each app, always the same.
func pairwise(tenantID, app, objectID string) string {
	sum := sha256.Sum256([]byte(tenantID + "|" + app + "|" + objectID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// clientInfo tells MSAL which account signed in: without padding (identity.md 1.3).
func clientInfo(g *grant) string {
	info, err := json.Marshal(struct {
		UserID   string `json:"uid"`
		TenantID string `json:"utid"`
	}{g.user.ObjectID, g.tenant.ID})
	if err != nil {
		panic(err) // two strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(info)
}
