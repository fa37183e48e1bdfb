package entra

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/pattern"
)

// maxTokenLifetime is the longest access token lifetime that Entra lets be configured.
const maxTokenLifetime = 24 * time.Hour

// Validate reports the first thing that is wrong with the configuration: where it
// is, what it is and what would be right.
func (c Config) Validate() error {
	if len(c.Tenants) == 0 {
		return configError("tenants", "is empty; list a tenant, or leave the section out for the default one")
	}
	if c.AccessTokenLifetime < 0 || c.AccessTokenLifetime > maxTokenLifetime {
		return configError("accessTokenLifetime", "is %v; want up to %v, or 0 for Entra's own", c.AccessTokenLifetime, maxTokenLifetime)
	}
	if c.AccessTokenLifetime%time.Second != 0 {
		return configError("accessTokenLifetime", "is %v; want whole seconds", c.AccessTokenLifetime)
	}
	v := validation{config: c, names: unique{}, clients: unique{}}
	for i, t := range c.Tenants {
		if err := v.tenant(at("tenants", i), t); err != nil {
			return err
		}
	}
	return nil
}

// configError is an error about the member at path.
func configError(path, format string, args ...any) error {
	return fmt.Errorf("entra.%s: "+format, append([]any{path}, args...)...)
}

func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// unique remembers where a name was first used. Names compare without regard to case.
type unique map[string]string

func (u unique) add(path, name string) error {
	name = strings.ToLower(name)
	if first, taken := u[name]; taken {
		return configError(path, "%q is used already, by entra.%s", name, first)
	}
	u[name] = path
	return nil
}

type validation struct {
	config  Config
	names   unique // tenant ids and domains
	clients unique // client ids, which are unique among all tenants
}

var (
	domainName  = pattern.Lazy(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)
	permission  = pattern.Lazy(`^[A-Za-z0-9_:.\-]+$`)
	upnAccount  = pattern.Lazy(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.\-]+$`)
	uriAsListed = pattern.Lazy(`^[!-~]+$`)
)

func (v validation) tenant(path string, t Tenant) error {
	if err := guid(path+".id", t.ID); err != nil {
		return err
	}
	if err := v.names.add(path+".id", t.ID); err != nil {
		return err
	}
	if len(t.Domains) == 0 {
		return configError(path+".domains", "is empty; give the tenant a domain such as contoso.onmicrosoft.com")
	}
	for i, d := range t.Domains {
		path := at(path+".domains", i)
		if !domainName().MatchString(d) {
			return configError(path, "%q is no domain name such as contoso.onmicrosoft.com", d)
		}
		if err := v.names.add(path, d); err != nil {
			return err
		}
	}
	apps, uris := unique{}, unique{}
	for i, a := range t.Apps {
		if err := v.app(at(path+".apps", i), t, a, apps, uris); err != nil {
			return err
		}
	}
	users := unique{}
	for i, u := range t.Users {
		if err := v.user(at(path+".users", i), t, u, users); err != nil {
			return err
		}
	}
	return nil
}

func (v validation) app(path string, t Tenant, a App, names, uris unique) error {
	if a.Name == "" {
		return configError(path+".name", "is missing")
	}
	if err := names.add(path+".name", a.Name); err != nil {
		return err
	}
	if err := guid(path+".clientId", a.ClientID); err != nil {
		return err
	}
	if err := v.clients.add(path+".clientId", a.ClientID); err != nil {
		return err
	}
	if a.ServicePrincipalID != "" {
		if err := guid(path+".servicePrincipalId", a.ServicePrincipalID); err != nil {
			return err
		}
	}
	if err := oneOf(path+".signInAudience", a.SignInAudience, "", myOrg, multipleOrgs); err != nil {
		return err
	}
	if err := v.client(path, a); err != nil {
		return err
	}
	if err := validateAPI(path, a, uris); err != nil {
		return err
	}
	return v.assignments(path+".appRoleAssignments", t, a.AppRoleAssignments)
}

// client checks the members that make a registration a client.
func (v validation) client(path string, a App) error {
	if a.PublicClient && len(a.Certificates)+len(a.FederatedCredentials) > 0 {
		return configError(path, "app %q is a public client with a certificate or a federated credential; take off publicClient, or those", a.Name)
	}
	if a.PublicClient && (len(a.Secrets) > 0 || a.GenerateSecret) {
		return configError(path, "app %q is a public client with a secret; take off publicClient, or the secret", a.Name)
	}
	for i, s := range a.Secrets {
		if s.Value == "" {
			return configError(at(path+".secrets", i)+".value", "is missing")
		}
	}
	if err := v.certificates(path+".certificates", a.Certificates); err != nil {
		return err
	}
	for i, f := range a.FederatedCredentials {
		if err := v.federation(at(path+".federatedCredentials", i), f); err != nil {
			return err
		}
	}
	for i, u := range a.RedirectURIs {
		if problem := redirectURIProblem(u); problem != "" {
			return configError(at(path+".redirectUris", i), "%q %s", u, problem)
		}
	}
	return nil
}

// certificates checks that the names are those of certificates with RSA keys, which alone
// Entra takes.
func (v validation) certificates(path string, names []string) error {
	for i, name := range names {
		certificate, known := v.config.Certificates[name]
		if !known {
			return configError(at(path, i), "there is no certificate %q; the certificates are [%s]", name, strings.Join(sortedKeys(v.config.Certificates), ", "))
		}
		if certificate == nil {
			continue
		}
		if _, ok := certificate.PublicKey.(*rsa.PublicKey); !ok {
			return configError(at(path, i), "the key of certificate %q is not an RSA key", name)
		}
	}
	return nil
}

func (v validation) federation(path string, f FederatedCredential) error {
	if u, err := url.Parse(f.Issuer); err != nil || u.Scheme != "https" || u.Host == "" {
		return configError(path+".issuer", "%q is no https address such as https://token.actions.githubusercontent.com", f.Issuer)
	}
	if f.Subject == "" {
		return configError(path+".subject", "is missing; it is the sub of the issuer's tokens")
	}
	if slices.Contains(f.Audiences, "") {
		return configError(path+".audiences", "an audience is empty")
	}
	return v.certificates(path+".certificates", f.Certificates)
}

// validateAPI checks the members that make a registration an API.
func validateAPI(path string, a App, uris unique) error {
	for i, u := range a.AppIDURIs {
		path := at(path+".appIdUris", i)
		if parsed, err := url.Parse(u); err != nil || !uriAsListed().MatchString(u) || parsed.Scheme == "" {
			return configError(path, "%q is no absolute URI such as api://%s", u, a.ClientID)
		}
		if firstPartyResource(u) != nil {
			return configError(path, "%q belongs to Microsoft and can't be registered", u)
		}
		if err := uris.add(path, u); err != nil {
			return err
		}
	}
	if v := a.RequestedAccessTokenVersion; v < 0 || v > 2 {
		return configError(path+".requestedAccessTokenVersion", "is %d; want 1 or 2", v)
	}
	if err := permissions(path+".scopes", a.Scopes); err != nil {
		return err
	}
	if err := permissions(path+".appRoles", a.AppRoles); err != nil {
		return err
	}
	for i, c := range a.OptionalClaims {
		if err := oneOf(at(path+".optionalClaims", i), c, OptionalClaims()...); err != nil {
			return err
		}
	}
	if err := oneOf(path+".groupMembershipClaims", a.GroupMembershipClaims,
		"", groupsNone, groupsSecurityGroup, groupsDirectoryRole, groupsAll); err != nil {
		return err
	}
	return furtherClaims(path+".claims", a.Claims)
}

func (v validation) user(path string, t Tenant, u User, names unique) error {
	account, domain, _ := strings.Cut(u.UserPrincipalName, "@")
	if !upnAccount().MatchString(account) || !slices.ContainsFunc(t.Domains, equalFold(domain)) {
		return configError(path+".userPrincipalName", "%q doesn't have the form name@%s", u.UserPrincipalName, strings.Join(t.Domains, " or name@"))
	}
	if err := names.add(path+".userPrincipalName", u.UserPrincipalName); err != nil {
		return err
	}
	if u.ObjectID != "" {
		if err := guid(path+".objectId", u.ObjectID); err != nil {
			return err
		}
		if err := names.add(path+".objectId", u.ObjectID); err != nil {
			return err
		}
	}
	for i, g := range u.Groups {
		if err := guid(at(path+".groups", i), g); err != nil {
			return err
		}
	}
	for i, r := range u.DirectoryRoles {
		if err := guid(at(path+".directoryRoles", i), r); err != nil {
			return err
		}
	}
	if err := v.assignments(path+".appRoleAssignments", t, u.AppRoleAssignments); err != nil {
		return err
	}
	return furtherClaims(path+".claims", u.Claims)
}

// assignments checks that the roles which somebody of tenant t was granted exist.
func (v validation) assignments(path string, t Tenant, granted map[string][]string) error {
	for _, api := range sortedKeys(granted) {
		app := v.registration(t, api)
		if app == nil {
			return configError(path, "%q is neither the name nor the client id of an app in tenant %s", api, t.ID)
		}
		for _, role := range granted[api] {
			if !slices.Contains(app.AppRoles, role) {
				return configError(path, "app %q has no app role %q; its appRoles are [%s]", api, role, strings.Join(app.AppRoles, ", "))
			}
		}
	}
	return nil
}

// registration finds an app that can be used in tenant t.
func (v validation) registration(t Tenant, nameOrID string) *App {
	for _, home := range v.config.Tenants {
		for _, a := range home.Apps {
			usable := home.ID == t.ID || a.SignInAudience == multipleOrgs
			if usable && a.calledBy(nameOrID) {
				return &a
			}
		}
	}
	return nil
}

func guid(path, s string) error {
	if s == "" {
		return configError(path, "is missing; want a GUID such as 11111111-1111-4111-8111-111111111111")
	}
	if !isGUID(s) {
		return configError(path, "%q is no GUID such as 11111111-1111-4111-8111-111111111111", s)
	}
	return nil
}

// isGUID takes the plain form only, not the others that package uuid knows.
func isGUID(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}

func oneOf(path, s string, known ...string) error {
	if slices.Contains(known, s) {
		return nil
	}
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == "" })
	return configError(path, "%q is unknown; want one of %s", s, strings.Join(known, ", "))
}

func permissions(path string, values []string) error {
	for i, p := range values {
		if !permission().MatchString(p) || p == defaultScope || isOIDCScope(p) {
			return configError(at(path, i), "%q can't be the value of a scope or role; want letters, digits and any of _ : . -", p)
		}
	}
	return nil
}

// furtherClaims refuses the claims that a token can't be without or that say who
// it is for: overriding those is what Mint is for.
func furtherClaims(path string, claims map[string]any) error {
	for _, name := range sortedKeys(claims) {
		if slices.Contains(ownClaims, name) {
			return configError(path, "claim %q is Entra's own and can't be configured; mint a token with another one instead", name)
		}
		if _, err := json.Marshal(claims[name]); err != nil {
			return configError(path, "claim %q can't be written as JSON: %v", name, err)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func equalFold(a string) func(string) bool {
	return func(b string) bool { return strings.EqualFold(a, b) }
}
