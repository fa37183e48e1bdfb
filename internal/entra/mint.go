package entra

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A MintRequest asks for any access token, without the public side's checks. One of
// User, App alone, or ManagedIdentity says whose it is; if none does, it is the
// tenant's first user's.
type MintRequest struct {
	// Tenant is a tenant's id or domain; the first tenant if empty.
	Tenant string `json:"tenant,omitempty"`
	// User is a user principal name, object id or display name.
	User string `json:"user,omitempty"`
	// App is the name or client id of the client. Alone, the token is the app's own;
	// with User it is the client that the user signed in to (if empty: the API
	// itself where it is a public client, else the first public client).
	App string `json:"app,omitempty"`
	// ManagedIdentity asks for a managed identity's token. Its Resource is the
	// audience; Tenant and Audience above must be empty.
	ManagedIdentity *ManagedIdentityToken `json:"managedIdentity,omitempty"`
	// Audience is the resource, as a client would ask for it: an identifier URI or a
	// client id. One that nobody registered is taken, too, and gets version 1. If
	// empty, the token is for the client's own API.
	Audience string `json:"audience,omitempty"`
	// Scope is the scp of a user's token, separated by blanks; if empty, all scopes
	// that the API exposes.
	Scope string `json:"scope,omitempty"`
	// Roles are the roles; if absent, those assigned.
	Roles []string `json:"roles,omitempty"`
	// Version is 1 or 2; 0 is the one that the API's registration asks for.
	Version int `json:"version,omitempty"`
	// Claims are added, or replace what would be there.
	Claims map[string]any `json:"claims,omitempty"`
	// RemoveClaims are left out.
	RemoveClaims []string `json:"removeClaims,omitempty"`
	// LifetimeSeconds is how long the token lives; 0 means 60 minutes (24 hours for a
	// managed identity), at most ten years.
	LifetimeSeconds int `json:"lifetimeSeconds,omitempty"`
	// Fault breaks the token in one of the ways that [TokenFaults] lists.
	Fault string `json:"fault,omitempty"`
}

// A ManagedIdentityToken asks for an access token of a managed identity.
type ManagedIdentityToken struct {
	// Resource is what the identity wants to call, as it asked for it.
	Resource string `json:"resource"`
	// ClientID and PrincipalID are the identity's.
	ClientID    string `json:"clientId"`
	PrincipalID string `json:"principalId"`
	// TenantID is the identity's tenant (or a domain of it); the first if empty.
	TenantID string `json:"tenantId,omitempty"`
	// ResourceID is the ARM id of the identity, or of the host of a system-assigned
	// one: the claim xms_mirid. Left out if empty.
	ResourceID string `json:"resourceId,omitempty"`
}

const (
	managedIdentityLife = 24 * time.Hour
	maxMintLife         = 10 * 365 * 24 * time.Hour
)

// Mint makes an access token as asked for. The error says what is wrong with the
// request.
func (s *Server) Mint(m MintRequest) (string, error) {
	token, _, err := s.mint(m)
	return token, err
}

// MintManagedIdentity makes an access token of a managed identity (identity.md 5.1)
// and tells when it expires: 24 hours from now, of which a client is told 86399
// seconds. An unknown resource is an [*Error] with code 500011.
func (s *Server) MintManagedIdentity(m ManagedIdentityToken) (token string, expires time.Time, err error) {
	t, err := s.mintTenant(m.TenantID)
	if err != nil {
		return "", time.Time{}, err
	}
	if _, refused := s.directory.resource(t, m.Resource); refused != nil {
		return "", time.Time{}, refused
	}
	return s.mint(MintRequest{ManagedIdentity: &m})
}

// mint gives the time of expiry, too; zero if the token has none.
func (s *Server) mint(m MintRequest) (string, time.Time, error) {
	access, version, err := s.mintAccess(m)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("mint: %w", err)
	}
	d := access.draft(version)
	if m.ManagedIdentity != nil {
		d.claims["idtyp"] = "app"
		addText(d.claims, "xms_mirid", m.ManagedIdentity.ResourceID)
	}
	maps.Copy(d.claims, m.Claims)
	for _, name := range m.RemoveClaims {
		delete(d.claims, name)
	}
	token, err := s.signFaulty(d, m.Fault)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("mint: %w", err)
	}
	s.log.Info("token minted", "tenant", access.tenant.ID, "client", access.client, "audience", access.resource.asked, "fault", m.Fault)
	return token, expiryOf(d.claims), nil
}

// expiryOf is the time that the claims give for exp.
func expiryOf(claims map[string]any) time.Time {
	switch exp := claims["exp"].(type) {
	case int64:
		return time.Unix(exp, 0).UTC()
	case float64: // overridden in JSON
		return time.Unix(int64(exp), 0).UTC()
	default:
		return time.Time{}
	}
}

// mintAccess finds what the request is about.
func (s *Server) mintAccess(m MintRequest) (accessToken, int, error) {
	if err := m.check(); err != nil {
		return accessToken{}, 0, err
	}
	if m.ManagedIdentity != nil {
		m.Tenant, m.Audience = m.ManagedIdentity.TenantID, m.ManagedIdentity.Resource
	}
	t, err := s.mintTenant(m.Tenant)
	if err == nil && m.ManagedIdentity == nil {
		err = s.completeMint(&m, t)
	}
	if err != nil {
		return accessToken{}, 0, err
	}
	res, refused := s.directory.resource(t, m.Audience)
	if refused != nil {
		res = resource{asked: m.Audience, firstParty: &firstParty{id: m.Audience}}
	}
	access := accessToken{tenant: t, resource: res, issued: s.clock.Now(), lifetime: shortLife, ip: "127.0.0.1"}
	version := m.Version
	switch {
	case m.ManagedIdentity != nil:
		// Managed identities' tokens are of version 1, whatever they are for: all but those
		// for Entra itself.
		if version == 0 && (res.firstParty == nil || !res.firstParty.version2) {
			version = 1
		}
		access.mintIdentity(*m.ManagedIdentity)
	case m.User != "":
		err = s.mintUser(&access, m)
	default:
		err = s.mintApp(&access, m)
	}
	if err != nil {
		return accessToken{}, 0, err
	}
	if version == 0 {
		version = res.version()
	}
	if m.Roles != nil {
		access.roles = m.Roles
	}
	if m.LifetimeSeconds > 0 {
		access.lifetime = time.Duration(m.LifetimeSeconds) * time.Second
	}
	return access, version, nil
}

// check finds what can't be, before anything is looked up.
func (m MintRequest) check() error {
	longest := seconds(maxMintLife)
	switch {
	case m.ManagedIdentity != nil && (m.User != "" || m.App != ""):
		return errors.New("managedIdentity can't be combined with user or app")
	case m.ManagedIdentity != nil && (m.Audience != "" || m.Tenant != ""):
		return errors.New("a managed identity's token has its audience in managedIdentity.resource and its tenant in managedIdentity.tenantId")
	case m.ManagedIdentity != nil && (m.ManagedIdentity.Resource == "" || !isGUID(m.ManagedIdentity.ClientID) || !isGUID(m.ManagedIdentity.PrincipalID)):
		return errors.New("managedIdentity needs resource, and clientId and principalId as GUIDs")
	case m.Scope != "" && m.User == "" && (m.App != "" || m.ManagedIdentity != nil):
		return errors.New("scope is for a user's token; an application's has roles")
	case m.Version < 0 || m.Version > 2:
		return fmt.Errorf("version is %d; want 1 or 2, or 0 for the one that the audience's registration asks for", m.Version)
	case m.LifetimeSeconds < 0 || int64(m.LifetimeSeconds) > longest:
		return fmt.Errorf("lifetimeSeconds is %d; want 1 to %d, or 0; for a token that has expired use the fault %q", m.LifetimeSeconds, longest, faultExpired)
	}
	return nil
}

func (s *Server) mintTenant(name string) (*tenant, error) {
	if name == "" {
		return s.directory.tenants[0], nil
	}
	if t := s.directory.tenant(name); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("there is no tenant %q", name)
}

// completeMint says whose the token is and what it is for where the request
// doesn't.
func (s *Server) completeMint(m *MintRequest, t *tenant) error {
	if m.User == "" && m.App == "" {
		if len(t.users) == 0 {
			return fmt.Errorf("tenant %s has no user; say whose token it is: app or managedIdentity", t.ID)
		}
		m.User = t.users[0].UserPrincipalName
	}
	if m.Audience == "" {
		client, err := s.mintClient(&accessToken{tenant: t}, m.App)
		if err != nil {
			return err
		}
		m.Audience = client.ClientID
	}
	return nil
}

func (a *accessToken) mintIdentity(m ManagedIdentityToken) {
	a.client, a.clientAuth = strings.ToLower(m.ClientID), authCertificate
	a.servicePrincipal = strings.ToLower(m.PrincipalID)
	a.lifetime = managedIdentityLife
}

func (s *Server) mintUser(a *accessToken, m MintRequest) error {
	if a.user = a.tenant.user(m.User); a.user == nil {
		var names []string
		for _, u := range a.tenant.users {
			names = append(names, u.UserPrincipalName)
		}
		return fmt.Errorf("tenant %s has no user %q; it has %s", a.tenant.ID, m.User, strings.Join(names, ", "))
	}
	client, err := s.mintClient(a, m.App)
	if err != nil {
		return err
	}
	a.client, a.clientAuth = client.ClientID, authSecret
	if client.PublicClient {
		a.clientAuth = authNone
	}
	a.signedIn = a.issued
	a.scopes = a.resource.delegated()
	if m.Scope != "" {
		a.scopes = strings.Fields(m.Scope)
	}
	if api := a.resource.app; api != nil {
		a.roles = rolesOn(a.user.AppRoleAssignments, api)
	}
	return nil
}

// mintClient is the client that a minted user token says was used.
func (s *Server) mintClient(a *accessToken, name string) (*app, error) {
	if name != "" {
		return s.mintNamed(a.tenant, name)
	}
	if api := a.resource.app; api != nil && api.PublicClient {
		return api, nil
	}
	if public := s.directory.appIn(a.tenant, func(x *app) bool { return x.PublicClient }); public != nil {
		return public, nil
	}
	return nil, fmt.Errorf("tenant %s has no public client; say which app the user signed in to: app", a.tenant.ID)
}

func (s *Server) mintNamed(t *tenant, name string) (*app, error) {
	if found := s.directory.appIn(t, func(x *app) bool { return x.calledBy(name) }); found != nil {
		return found, nil
	}
	var names []string
	for _, x := range s.directory.usableApps(t) {
		names = append(names, x.Name)
	}
	return nil, fmt.Errorf("tenant %s has no app %q; it has %s", t.ID, name, strings.Join(slices.Compact(names), ", "))
}

func (s *Server) mintApp(a *accessToken, m MintRequest) error {
	client, err := s.mintNamed(a.tenant, m.App)
	if err != nil {
		return err
	}
	a.client, a.clientAuth = client.ClientID, authSecret
	a.servicePrincipal = client.objectIn(a.tenant)
	if api := a.resource.app; api != nil {
		a.roles = rolesOn(client.AppRoleAssignments, api)
	}
	return nil
}
