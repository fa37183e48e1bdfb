package entra

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rich gives Alice roles and groups, and the APIs claims of their own.
func rich(c *Config, _ *Options) {
	c.AccessTokenLifetime = time.Hour
	t := &c.Tenants[0]
	v1, v2 := &t.Apps[0], &t.Apps[2]
	v1.AppRoles, v1.GroupMembershipClaims = []string{"Driver"}, groupsAll
	v1.OptionalClaims, v1.Claims = []string{"idtyp", "xms_cc", "auth_time"}, map[string]any{"plant": "Leipzig"}
	v2.OptionalClaims = OptionalClaims()
	alice := &t.Users[0]
	alice.AppRoleAssignments = map[string][]string{"car-assistant": {"Driver"}, apiV2ID: {"Caller"}}
	alice.Groups = []string{"99999999-0000-4000-8000-000000000001"}
	alice.DirectoryRoles = []string{"62e90394-69f5-4237-9190-012177145e10"}
	alice.Claims = map[string]any{"employee": map[string]any{"level": 3}}
}

// stable takes out what is random in a token and checks that it is there.
func stable(t *testing.T, claims map[string]any) map[string]any {
	t.Helper()
	claims = maps.Clone(claims)
	if uti, _ := claims["uti"].(string); len(uti) != 22 {
		t.Errorf("uti %v, want 22 characters", claims["uti"])
	}
	delete(claims, "uti")
	for _, name := range []string{"aio", "rh"} {
		if s, _ := claims[name].(string); !strings.Contains(s, "emulated") {
			t.Errorf("%s %v doesn't say what the token is", name, claims[name])
		}
		delete(claims, name)
	}
	return claims
}

// TestAccessTokenClaims holds tokens against the table in identity.md 5.1.
func TestAccessTokenClaims(t *testing.T) {
	l := newLab(t, rich, autoSignIn)
	now := float64(start.Unix())
	common := func(version string, more map[string]any) map[string]any {
		claims := map[string]any{
			"iat": now - 300, "nbf": now - 300, "exp": now + 3600, "tid": tenantID, "ver": version + ".0",
			"iss": map[string]string{"1": "https://sts.windows.net/" + tenantID + "/", "2": "https://login.microsoftonline.com/" + tenantID + "/v2.0"}[version],
		}
		maps.Copy(claims, more)
		return claims
	}
	user := func(scope string) string {
		query := with(interactive(), "scope", scope+" openid", "claims", `{"access_token":{"xms_cc":{"values":["CP1"]}}}`)
		return l.token(tokenV2, with(redemption(l.authorizeCode(authorizeV2, query)), "scope", ""))["access_token"].(string)
	}
	app := func(scope string) string {
		secret, err := l.srv.Secret(daemonID)
		if err != nil {
			t.Fatal(err)
		}
		return l.token(tokenV2, values("grant_type", "client_credentials", "client_id", daemonID, "client_secret", string(secret), "scope", scope))["access_token"].(string)
	}
	daemonObject := derivedID("service principal", tenantID, daemonID)
	sub := func(api string) string { return pairwise(tenantID, api, aliceID) }
	tests := []struct {
		name  string
		token string
		want  map[string]any
	}{
		{"user, v1 by a v2 endpoint", user("api://" + assistantID + "/user_impersonation"), common("1", map[string]any{
			"aud": "api://" + assistantID, "appid": assistantID, "appidacr": "0", "acr": "1", "amr": []any{"pwd"}, "ipaddr": "192.0.2.1",
			"name": "Alice Example", "given_name": "Alice", "family_name": "Example", "unique_name": "alice@contoso.onmicrosoft.com",
			"upn": "alice@contoso.onmicrosoft.com", "oid": aliceID, "sub": sub(assistantID), "scp": "user_impersonation", "roles": []any{"Driver"},
			"groups": []any{"99999999-0000-4000-8000-000000000001"}, "wids": []any{"62e90394-69f5-4237-9190-012177145e10"},
			"xms_cc": []any{"CP1"}, "auth_time": now, "plant": "Leipzig", "employee": map[string]any{"level": 3.0},
		})},
		{"user, v2", user("api://" + apiV2ID + "/.default"), common("2", map[string]any{
			"aud": apiV2ID, "azp": assistantID, "azpacr": "0", "name": "Alice Example", "preferred_username": "alice@contoso.onmicrosoft.com",
			"oid": aliceID, "sub": sub(apiV2ID), "scp": "access_as_user", "roles": []any{"Caller"}, "employee": map[string]any{"level": 3.0},
			"xms_cc": []any{"CP1"}, "auth_time": now, "ipaddr": "192.0.2.1", "email": "alice@contoso.onmicrosoft.com",
			"upn": "alice@contoso.onmicrosoft.com", "given_name": "Alice", "family_name": "Example",
		})},
		{"app, v1", app(assistantID + "/.default"), common("1", map[string]any{
			"aud": assistantID, "appid": daemonID, "appidacr": "1", "idp": "https://sts.windows.net/" + tenantID + "/", "oid": daemonObject, "sub": daemonObject,
			"idtyp": "app", "plant": "Leipzig",
		})},
		{"app, v2", app("api://" + apiV2ID + "/.default"), common("2", map[string]any{
			"aud": apiV2ID, "azp": daemonID, "azpacr": "1", "idp": "https://login.microsoftonline.com/" + tenantID + "/v2.0", "oid": daemonObject, "sub": daemonObject,
			"idtyp": "app", "roles": []any{"Caller"},
		})},
		{"app, Azure service with a slash", app("https://cognitiveservices.azure.com//.default"), common("1", map[string]any{
			"aud": "https://cognitiveservices.azure.com/", "appid": daemonID, "appidacr": "1", "idp": "https://sts.windows.net/" + tenantID + "/",
			"oid": daemonObject, "sub": daemonObject,
		})},
	}
	for _, test := range tests {
		header, claims := l.mustVerify(test.token)
		if diff := cmp.Diff(test.want, stable(t, claims)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		names := []string{"alg", "kid", "typ"}
		if test.want["ver"] == "1.0" {
			names = append(names, "x5t")
		}
		if got := slices.Sorted(maps.Keys(header)); !slices.Equal(got, names) || header["typ"] != "JWT" || header["x5t"] != nil && header["x5t"] != header["kid"] {
			t.Errorf("%s: header %v, want %v", test.name, header, names)
		}
	}
}

func TestIDTokenClaims(t *testing.T) {
	l := newLab(t, rich, autoSignIn)
	get := func(scope string) map[string]any {
		query := with(interactive(), "scope", scope, "nonce", "n")
		answer := l.token(tokenV2, with(redemption(l.authorizeCode(authorizeV2, query)), "scope", ""))
		_, claims := l.mustVerify(answer["id_token"])
		return stable(t, claims)
	}
	now := float64(start.Unix())
	want := map[string]any{
		"aud": assistantID, "iss": "https://login.microsoftonline.com/" + tenantID + "/v2.0", "iat": now - 300, "nbf": now - 300, "exp": now + 3600,
		"tid": tenantID, "ver": "2.0", "sub": pairwise(tenantID, assistantID, aliceID), "nonce": "n", "roles": []any{"Driver"},
		"groups": []any{"99999999-0000-4000-8000-000000000001"}, "wids": []any{"62e90394-69f5-4237-9190-012177145e10"},
	}
	if diff := cmp.Diff(want, get("openid")); diff != "" {
		t.Errorf("openid (-want +got):\n%s", diff)
	}
	maps.Copy(want, map[string]any{
		"oid": aliceID, "name": "Alice Example", "preferred_username": "alice@contoso.onmicrosoft.com", "email": "alice@contoso.onmicrosoft.com",
	})
	if diff := cmp.Diff(want, get("openid profile email")); diff != "" {
		t.Errorf("openid profile email (-want +got):\n%s", diff)
	}
}

// TestGraphTokensCanNotBeVerified is the trap of identity.md 5.2.
func TestGraphTokensCanNotBeVerified(t *testing.T) {
	l := newLab(t, autoSignIn)
	for scope, audience := range map[string]string{
		"User.Read openid":                     graphID,
		"openid profile offline_access":        graphID,
		"https://graph.microsoft.com/.default": "https://graph.microsoft.com",
	} {
		form := with(redemption(l.authorizeCode(authorizeV2, with(interactive(), "scope", scope))), "scope", "")
		token := l.token(tokenV2, form)["access_token"].(string)
		checkGraphToken(t, l, token)
		if _, claims := unverified(t, token); claims["aud"] != audience {
			t.Errorf("%s: aud %v, want %s", scope, claims["aud"], audience)
		}
	}
}

func checkGraphToken(t *testing.T, l *lab, token string) {
	t.Helper()
	if _, _, err := l.verify(token); err == nil || !strings.Contains(err.Error(), "signature is invalid") {
		t.Errorf("verifying a Graph token: %v; want that the signature is invalid", err)
	}
	parts := strings.Split(token, ".")
	header, _ := unverified(t, token)
	header["nonce"] = base64SHA256(header["nonce"].(string))
	replaced, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.verify(base64Raw(replaced) + "." + parts[1] + "." + parts[2]); err != nil {
		t.Errorf("with the nonce replaced by its hash: %v; want a good signature", err)
	}
}

// TestScopeAnswers is the scope member: what was asked for must come back.
func TestScopeAnswers(t *testing.T) {
	l := newLab(t, autoSignIn)
	for asked, want := range map[string]string{
		"api://" + assistantID + "/User_Impersonation openid":  "openid api://" + assistantID + "/User_Impersonation",
		"api://" + apiV2ID + "/.default offline_access":        "api://" + apiV2ID + "/access_as_user api://" + apiV2ID + "/.default",
		"https://cognitiveservices.azure.com//.default openid": "openid https://cognitiveservices.azure.com//user_impersonation https://cognitiveservices.azure.com//.default",
		"openid profile email":                                 "openid profile email",
		"User.Read OpenID":                                     "openid User.Read",
	} {
		form := with(redemption(l.authorizeCode(authorizeV2, with(interactive(), "scope", asked))), "scope", "")
		if got := l.token(tokenV2, form)["scope"]; got != want {
			t.Errorf("asked %q: got %q, want %q", asked, got, want)
		}
	}
}

func TestLifetimes(t *testing.T) {
	l := newLab(t, autoSignIn)
	seen := map[float64]bool{}
	for range 20 {
		in := l.token(tokenV2, redemption(l.authorizeCode(authorizeV2, interactive())))["expires_in"].(float64)
		if in < 3599 || in > 5399 {
			t.Errorf("expires_in %v of a user's token, want 60 to 90 minutes", in)
		}
		seen[in] = true
	}
	if len(seen) < 2 {
		t.Errorf("20 users' tokens all live %v s; want random lives", seen)
	}
	short := newLab(t, func(c *Config, _ *Options) { c.AccessTokenLifetime = 2 * time.Minute })
	got := short.token(tokenV2, clientCredentials())
	if _, claims := short.mustVerify(got["access_token"]); got["expires_in"] != 119.0 || claims["exp"] != float64(start.Unix()+120) {
		t.Errorf("configured for 2 minutes: expires_in %v, exp %v", got["expires_in"], claims["exp"])
	}
}

func TestManyGroupsPointToGraph(t *testing.T) {
	for groups, want := range map[int]bool{200: false, 201: true} {
		l := newLab(t, rich, func(c *Config, _ *Options) {
			c.Tenants[0].Users[0].Groups = nil
			for i := range groups {
				c.Tenants[0].Users[0].Groups = append(c.Tenants[0].Users[0].Groups, fmt.Sprintf("99999999-0000-4000-8000-%012d", i))
			}
		})
		token, err := l.srv.Mint(MintRequest{User: aliceID, Audience: assistantID})
		if err != nil {
			t.Fatal(err)
		}
		_, claims := l.mustVerify(token)
		if overage := claims["groups"] == nil && claims["_claim_names"] != nil && claims["_claim_sources"] != nil; overage != want {
			t.Errorf("%d groups: groups %v, _claim_names %v; want the pointer: %v", groups, claims["groups"] != nil, claims["_claim_names"], want)
		}
	}
}

// TestSeveralTenants: a multi-tenant app works by common, with the user's tenant in
// the token; ids of service principals differ between tenants.
func TestSeveralTenants(t *testing.T) {
	const fabrikam = "12121212-1111-4111-8111-111111111111"
	l := newLab(t, func(c *Config, o *Options) {
		o.AutoSignIn = true
		c.Tenants[0].Apps[0].SignInAudience = multipleOrgs
		c.Tenants[0].Apps[3].SignInAudience = multipleOrgs
		c.Tenants = append(c.Tenants, Tenant{ID: strings.ToUpper(fabrikam), Domains: []string{"fabrikam.com"},
			Users: []User{{UserPrincipalName: "eve@fabrikam.com", AppRoleAssignments: map[string][]string{"car-assistant": nil}}}})
	})
	path := "/common/oauth2/v2.0/"
	code := l.authorizeCode(path+"authorize", with(interactive(), "login_hint", "eve@fabrikam.com"))
	l.wantError("another tenant", l.post(tokenV2, redemption(code)), 400, "invalid_grant", 700005)
	answer := l.token(path+"token", redemption(code))
	_, claims := l.mustVerify(answer["access_token"])
	if claims["tid"] != fabrikam || claims["iss"] != "https://sts.windows.net/"+fabrikam+"/" || claims["upn"] != "eve@fabrikam.com" {
		t.Errorf("claims %v; want those of the user's tenant", claims)
	}
	objects := map[any]bool{}
	for _, tenant := range []string{"fabrikam.com", "contoso.onmicrosoft.com"} {
		_, claims := l.mustVerify(l.token("/"+tenant+"/oauth2/v2.0/token", clientCredentials())["access_token"])
		objects[claims["oid"]] = true
	}
	if len(objects) != 2 {
		t.Errorf("service principals %v; want one for each tenant", objects)
	}
}
