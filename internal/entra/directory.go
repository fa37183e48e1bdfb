package entra

import (
	"crypto/x509"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// A directory is the configuration made ready for look-ups: ids in lower case, the
// derived ones filled in, generated secrets added. It doesn't change.
type directory struct {
	tenants []*tenant
}

type tenant struct {
	Tenant
	apps  []*app
	users []*user
}

type app struct {
	App
	home         *tenant
	certificates []*x509.Certificate
	federations  []*federation
}

// A federation is a federated credential, ready for use.
type federation struct {
	FederatedCredential
	certificates []*x509.Certificate
}

type user struct {
	User
	tenant *tenant
}

// newDirectory makes the directory of a valid configuration. The generated secrets
// are by client id.
func newDirectory(c Config, generated map[string]Secret) *directory {
	d := &directory{}
	for _, ct := range c.Tenants {
		ct.ID = strings.ToLower(ct.ID)
		if ct.DisplayName == "" {
			ct.DisplayName = ct.Domains[0]
		}
		t := &tenant{Tenant: ct}
		for _, a := range ct.Apps {
			a.ClientID = strings.ToLower(a.ClientID)
			a.ServicePrincipalID = strings.ToLower(a.ServicePrincipalID)
			if secret, ok := generated[a.ClientID]; ok && a.GenerateSecret {
				a.Secrets = append(slices.Clone(a.Secrets), ClientSecret{Value: secret})
			}
			t.apps = append(t.apps, &app{App: a, home: t, certificates: c.certificatesOf(a.Certificates), federations: c.federationsOf(a)})
		}
		for _, u := range ct.Users {
			if u.ObjectID == "" {
				u.ObjectID = derivedID("user", t.ID, strings.ToLower(u.UserPrincipalName))
			}
			u.ObjectID = strings.ToLower(u.ObjectID)
			if u.DisplayName == "" {
				u.DisplayName = u.UserPrincipalName
			}
			t.users = append(t.users, &user{User: u, tenant: t})
		}
		d.tenants = append(d.tenants, t)
	}
	return d
}

// defaultAudience is that of tokens for Entra (Microsoft's page of workload identity
// federation).
const defaultAudience = "api://AzureADTokenExchange"

func (c Config) federationsOf(a App) []*federation {
	var list []*federation
	for _, f := range a.FederatedCredentials {
		if len(f.Audiences) == 0 {
			f.Audiences = []string{defaultAudience}
		}
		list = append(list, &federation{f, c.certificatesOf(f.Certificates)})
	}
	return list
}

func (c Config) certificatesOf(names []string) []*x509.Certificate {
	var list []*x509.Certificate
	for _, name := range names {
		if certificate := c.Certificates[name]; certificate != nil {
			list = append(list, certificate)
		}
	}
	return list
}

// idSpace is the name space of derived object ids; any constant serves.
var idSpace = uuid.MustParse("4d0b0f4e-7d53-4f0a-9c0e-61706d736971")

// derivedID is a GUID that is always the same for the same names.
func derivedID(names ...string) string {
	return uuid.NewSHA1(idSpace, []byte(strings.Join(names, "|"))).String()
}

// tenant finds a tenant by id or domain, without regard to case; nil if there is none.
func (d *directory) tenant(name string) *tenant {
	for _, t := range d.tenants {
		if strings.EqualFold(t.ID, name) || slices.ContainsFunc(t.Domains, equalFold(name)) {
			return t
		}
	}
	return nil
}

// calledBy reports whether s is the app's client id or name.
func (a *App) calledBy(s string) bool {
	return strings.EqualFold(a.ClientID, s) || strings.EqualFold(a.Name, s)
}

// usableIn reports whether the app has a service principal in t.
func (a *app) usableIn(t *tenant) bool { return a.home == t || a.SignInAudience == multipleOrgs }

// objectIn is the object id of the app's service principal in t.
func (a *app) objectIn(t *tenant) string {
	if a.home == t && a.ServicePrincipalID != "" {
		return a.ServicePrincipalID
	}
	return derivedID("service principal", t.ID, a.ClientID)
}

// usableApps are the apps that can be used in t, its own first.
func (d *directory) usableApps(t *tenant) []*app {
	apps := slices.Clone(t.apps)
	for _, other := range d.tenants {
		for _, a := range other.apps {
			if other != t && a.usableIn(t) {
				apps = append(apps, a)
			}
		}
	}
	return apps
}

// appIn finds an app usable in t that match accepts; nil if there is none.
func (d *directory) appIn(t *tenant, match func(*app) bool) *app {
	apps := d.usableApps(t)
	if i := slices.IndexFunc(apps, match); i >= 0 {
		return apps[i]
	}
	return nil
}

// appAnywhere finds an app of any tenant by its client id; nil if there is none.
func (d *directory) appAnywhere(clientID string) *app {
	for _, t := range d.tenants {
		for _, a := range t.apps {
			if strings.EqualFold(a.ClientID, clientID) {
				return a
			}
		}
	}
	return nil
}

// user finds a user of t by user principal name, object id or display name.
func (t *tenant) user(name string) *user {
	for _, called := range []func(*user) string{
		func(u *user) string { return u.UserPrincipalName },
		func(u *user) string { return u.ObjectID },
		func(u *user) string { return u.DisplayName },
	} {
		for _, u := range t.users {
			if strings.EqualFold(called(u), name) {
				return u
			}
		}
	}
	return nil
}

// rolesOn is what of the roles granted (by API name or client id) are on api.
func rolesOn(granted map[string][]string, api *app) []string {
	var roles []string
	for _, name := range sortedKeys(granted) {
		if api.calledBy(name) {
			roles = append(roles, granted[name]...)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}
