package entra

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func TestDefaultConfig(t *testing.T) {
	c := DefaultConfig()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	one := c.Tenants[0]
	if len(c.Tenants) != 1 || one.ID != tenantID || one.Domains[0] != "contoso.onmicrosoft.com" || one.Users[0].UserPrincipalName != "alice@contoso.onmicrosoft.com" {
		t.Errorf("got %+v", c)
	}
}

// TestConfigFromYAML decodes a file with every member as the emulator does.
func TestConfigFromYAML(t *testing.T) {
	data, err := os.ReadFile("testdata/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var got Config
	if err := yaml.UnmarshalWithOptions(data, &got, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if err := got.Validate(); err != nil {
		t.Fatal(err)
	}
	want := Config{
		AccessTokenLifetime: 10 * time.Minute,
		Tenants: []Tenant{{
			ID: tenantID, DisplayName: "Contoso", Domains: []string{"contoso.com", "contoso.onmicrosoft.com"},
			Apps: []App{{
				Name: "orders", ClientID: apiV2ID, ServicePrincipalID: "44444444-0000-4000-8000-000000000000", SignInAudience: multipleOrgs,
				RedirectURIs: []string{"https://orders.example.com/cb"}, Secrets: []ClientSecret{{Value: "a"}, {Value: "b", Expires: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}},
				GenerateSecret: true, AppRoleAssignments: map[string][]string{"orders": {"Reader"}}, AppIDURIs: []string{"https://contoso.com/orders"},
				RequestedAccessTokenVersion: 2, Scopes: []string{"Orders.Read"}, AppRoles: []string{"Reader"}, AppRoleAssignmentRequired: true,
				OptionalClaims: []string{"idtyp"}, GroupMembershipClaims: groupsAll, Claims: map[string]any{"plant": map[string]any{"line": uint64(3)}},
			}, {Name: "app", ClientID: assistantID, PublicClient: true}},
			Users: []User{{
				UserPrincipalName: "alice@contoso.com", ObjectID: aliceID, DisplayName: "Alice", GivenName: "A", Surname: "B", Mail: "a@b.c",
				Groups: []string{aliceID}, DirectoryRoles: []string{aliceID}, AppRoleAssignments: map[string][]string{apiV2ID: {"Reader"}}, Claims: map[string]any{"level": uint64(3)},
			}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := yaml.UnmarshalWithOptions([]byte("tenantz: []"), &got, yaml.Strict()); err == nil {
		t.Error("an unknown member is taken")
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		change func(*Tenant)
		want   string
	}{
		{func(t *Tenant) { t.ID = "contoso" }, `entra.tenants[0].id: "contoso" is no GUID`},
		{func(t *Tenant) { t.ID = "" }, "entra.tenants[0].id: is missing"},
		{func(t *Tenant) { t.ID = "urn:uuid:" + tenantID }, "is no GUID"},
		{func(t *Tenant) { t.Domains = nil }, "entra.tenants[0].domains: is empty"},
		{func(t *Tenant) { t.Domains = []string{"common"} }, `"common" is no domain name`},
		{func(t *Tenant) { t.Domains = []string{"a.com", "A.com"} }, `entra.tenants[0].domains[1]: "a.com" is used already, by entra.tenants[0].domains[0]`},
		{func(t *Tenant) { t.Apps[0].Name = "" }, "entra.tenants[0].apps[0].name: is missing"},
		{func(t *Tenant) { t.Apps[1].Name = "Car-Assistant" }, "is used already"},
		{func(t *Tenant) { t.Apps[1].ClientID = assistantID }, "is used already"},
		{func(t *Tenant) { t.Apps[1].ServicePrincipalID = "x" }, "apps[1].servicePrincipalId"},
		{func(t *Tenant) { t.Apps[0].SignInAudience = "Everybody" }, `"Everybody" is unknown; want one of AzureADMyOrg, AzureADMultipleOrgs`},
		{func(t *Tenant) { t.Apps[0].GenerateSecret = true }, "public client with a secret"},
		{func(t *Tenant) { t.Apps[1].Secrets = []ClientSecret{{}} }, "apps[1].secrets[0].value: is missing"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"localhost"} }, "is no absolute URI"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"https://*.example.com"} }, "wildcard"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"https://a@example.com"} }, "user information"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"https:/x"} }, "has no host"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"JavaScript:alert(1)"} }, "scheme that a browser would run"},
		{func(t *Tenant) { t.Apps[0].RedirectURIs = []string{"http://example.com"} }, "plain http to another machine"},
		{func(t *Tenant) { t.Apps[0].AppIDURIs = []string{"orders"} }, "is no absolute URI such as api://" + assistantID},
		{func(t *Tenant) { t.Apps[0].AppIDURIs = []string{"https://graph.microsoft.com/"} }, "belongs to Microsoft"},
		{func(t *Tenant) { t.Apps[1].AppIDURIs = t.Apps[0].AppIDURIs }, "is used already"},
		{func(t *Tenant) { t.Apps[0].RequestedAccessTokenVersion = 3 }, "is 3; want 1 or 2"},
		{func(t *Tenant) { t.Apps[0].Scopes = []string{"a b"} }, "can't be the value of a scope or role"},
		{func(t *Tenant) { t.Apps[0].Scopes = []string{".default"} }, "can't be the value of a scope or role"},
		{func(t *Tenant) { t.Apps[0].AppRoles = []string{"openid"} }, "can't be the value of a scope or role"},
		{func(t *Tenant) { t.Apps[0].OptionalClaims = []string{"shoe"} }, "want one of auth_time, email,"},
		{func(t *Tenant) { t.Apps[0].GroupMembershipClaims = "Some" }, "want one of None, SecurityGroup, DirectoryRole, All"},
		{func(t *Tenant) { t.Apps[0].Claims = map[string]any{"aud": "x"} }, `claim "aud" is Entra's own`},
		{func(t *Tenant) { t.Apps[0].Claims = map[string]any{"x": func() {}} }, "can't be written as JSON"},
		{func(t *Tenant) { t.Apps[0].AppRoleAssignments = map[string][]string{"nobody": nil} }, "neither the name nor the client id"},
		{func(t *Tenant) { t.Apps[0].AppRoleAssignments = map[string][]string{"api-v2": {"Boss"}} }, `has no app role "Boss"; its appRoles are [Caller]`},
		{func(t *Tenant) { t.Users[0].UserPrincipalName = "alice@fabrikam.com" }, "doesn't have the form name@contoso.onmicrosoft.com"},
		{func(t *Tenant) { t.Users[0].UserPrincipalName = "@contoso.onmicrosoft.com" }, "doesn't have the form"},
		{func(t *Tenant) { t.Users[1].UserPrincipalName = "ALICE@contoso.onmicrosoft.com" }, "is used already"},
		{func(t *Tenant) { t.Users[1].ObjectID = aliceID }, "is used already"},
		{func(t *Tenant) { t.Users[0].ObjectID = "x" }, "users[0].objectId"},
		{func(t *Tenant) { t.Users[0].Groups = []string{"x"} }, "users[0].groups[0]"},
		{func(t *Tenant) { t.Users[0].DirectoryRoles = []string{"x"} }, "users[0].directoryRoles[0]"},
		{func(t *Tenant) { t.Users[0].AppRoleAssignments = map[string][]string{"api-v2": {"Boss"}} }, `has no app role "Boss"`},
		{func(t *Tenant) { t.Users[0].Claims = map[string]any{"roles": nil} }, "Entra's own"},
	}
	for i, test := range tests {
		c := DefaultConfig()
		test.change(&c.Tenants[0])
		err := c.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), "entra.") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("case %d: got %v, want an error with %q", i, err, test.want)
		}
		if _, err := New(c, Options{}); err == nil {
			t.Errorf("case %d: New takes it", i)
		}
	}
	for want, c := range map[string]Config{
		"entra.tenants: is empty":                 {},
		"entra.accessTokenLifetime: is 48h0m0s":   {Tenants: DefaultConfig().Tenants, AccessTokenLifetime: 48 * time.Hour},
		"entra.accessTokenLifetime: is 1.5s":      {Tenants: DefaultConfig().Tenants, AccessTokenLifetime: 1500 * time.Millisecond},
		`"` + tenantID + `" is used already`:      {Tenants: append(DefaultConfig().Tenants, DefaultConfig().Tenants...)},
		"entra.accessTokenLifetime: is -1s; want": {Tenants: DefaultConfig().Tenants, AccessTokenLifetime: -time.Second},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestSecretsHide(t *testing.T) {
	const value = "very-secret"
	c := Config{Tenants: []Tenant{{Apps: []App{{Secrets: []ClientSecret{{Value: value}}}}}}}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), Secret(value).LogValue().String(), string(asJSON), string(asYAML)} {
		if strings.Contains(shown, value) || !strings.Contains(shown, hiddenSecret) {
			t.Errorf("a secret is shown, or not even mentioned: %s", shown)
		}
	}
}
