package entra

import (
	"crypto/x509"
	"log/slog"
	"time"
)

// Config is the directory that the emulated Entra ID serves: the `entra:` section
// of the emulator's configuration. [DefaultConfig] is what an absent section means.
type Config struct {
	// Tenants are the directories. The first is the one meant where none is named.
	Tenants []Tenant `yaml:"tenants"`
	// AccessTokenLifetime is how long access tokens and ID tokens live after they
	// are issued. Zero means as in Entra: 60 minutes for an application's own
	// tokens, a random 60 to 90 minutes for a user's. Client libraries don't cache a
	// token that has 5 minutes or less to live.
	AccessTokenLifetime time.Duration `yaml:"accessTokenLifetime,omitempty"`

	// Certificates are the certificates that apps can name, by their names. They come from
	// elsewhere in the configuration; one that can't be had is nil.
	Certificates map[string]*x509.Certificate `yaml:"-"`
}

// A Tenant is a directory with its registrations and users.
type Tenant struct {
	// ID is the tenant id, a GUID.
	ID string `yaml:"id"`
	// DisplayName is how error texts call the directory; the first domain if empty.
	DisplayName string `yaml:"displayName,omitempty"`
	// Domains are the verified domain names; users' names end in one of them.
	Domains []string `yaml:"domains"`
	// Apps are the app registrations, each at once a client and an API if it says so.
	Apps []App `yaml:"apps,omitempty"`
	// Users are the people who can sign in. The first is whom AutoSignIn signs in.
	Users []User `yaml:"users,omitempty"`
}

// An App is an app registration together with its service principal. The members
// are named as in the portal's manifest.
type App struct {
	// Name is the display name, and how other parts of the configuration refer to it.
	Name string `yaml:"name"`
	// ClientID is the application (client) id, a GUID.
	ClientID string `yaml:"clientId"`
	// ServicePrincipalID is the object id that app-only tokens have as oid and sub;
	// if empty, one that follows from the tenant and the client id.
	ServicePrincipalID string `yaml:"servicePrincipalId,omitempty"`
	// SignInAudience is AzureADMyOrg (also if empty) or AzureADMultipleOrgs, which
	// lets the registration be used in every tenant and by /common.
	SignInAudience string `yaml:"signInAudience,omitempty"`

	// PublicClient says that the app can't keep a secret: it signs users in without
	// one. Without it the app must authenticate: with one of its Secrets, or with an
	// assertion by its Certificates or FederatedCredentials.
	PublicClient bool `yaml:"publicClient,omitempty"`
	// RedirectURIs are where the app may be answered. http://localhost and
	// http://127.0.0.1 stand for every port.
	RedirectURIs []string `yaml:"redirectUris,omitempty"`
	// Secrets are the client secrets.
	Secrets []ClientSecret `yaml:"secrets,omitempty"`
	// GenerateSecret adds a random secret, made once per state folder; see
	// [Server.Secret].
	GenerateSecret bool `yaml:"generateSecret,omitempty"`
	// Certificates are the names of certificates whose keys sign the app's client
	// assertions.
	Certificates []string `yaml:"certificates,omitempty"`
	// FederatedCredentials let tokens of other issuers stand for client assertions.
	FederatedCredentials []FederatedCredential `yaml:"federatedCredentials,omitempty"`
	// AppRoleAssignments are the app roles that this app was granted on APIs: the
	// API's name or client id, and the roles.
	AppRoleAssignments map[string][]string `yaml:"appRoleAssignments,omitempty"`

	// AppIDURIs are the identifier URIs of the API. The client id always identifies
	// it too.
	AppIDURIs []string `yaml:"appIdUris,omitempty"`
	// RequestedAccessTokenVersion decides the version of the tokens for this API: 1
	// (also if zero) or 2.
	RequestedAccessTokenVersion int `yaml:"requestedAccessTokenVersion,omitempty"`
	// Scopes are the delegated scopes that the API exposes.
	Scopes []string `yaml:"scopes,omitempty"`
	// AppRoles are the values of the app roles that the API defines.
	AppRoles []string `yaml:"appRoles,omitempty"`
	// AppRoleAssignmentRequired refuses users and apps that have no role of this API.
	AppRoleAssignmentRequired bool `yaml:"appRoleAssignmentRequired,omitempty"`
	// OptionalClaims are the optional claims of access tokens for this API, of those
	// that [OptionalClaims] lists.
	OptionalClaims []string `yaml:"optionalClaims,omitempty"`
	// GroupMembershipClaims says which of a user's memberships the tokens for this
	// API list: None (also if empty), SecurityGroup, DirectoryRole or All.
	GroupMembershipClaims string `yaml:"groupMembershipClaims,omitempty"`
	// Claims are further claims of every access token for this API, as a claims
	// mapping policy adds them.
	Claims map[string]any `yaml:"claims,omitempty"`
}

// A ClientSecret is a password of an app.
type ClientSecret struct {
	Value Secret `yaml:"value"`
	// Expires is when the secret stops working; never, if zero.
	Expires time.Time `yaml:"expires,omitempty"`
}

// A FederatedCredential is a federated identity credential: whose tokens stand for the app.
// All three are compared exactly.
type FederatedCredential struct {
	// Name is for people.
	Name string `yaml:"name,omitempty"`
	// Issuer is the tokens' iss. Its keys are fetched by its discovery document, at
	// /.well-known/openid-configuration below it.
	Issuer string `yaml:"issuer"`
	// Subject is the tokens' sub, such as system:serviceaccount:default:orders.
	Subject string `yaml:"subject"`
	// Audiences are values of the tokens' aud; api://AzureADTokenExchange if empty.
	Audiences []string `yaml:"audiences,omitempty"`
	// Certificates are the names of certificates whose keys sign the issuer's tokens, in
	// place of what its discovery document says.
	Certificates []string `yaml:"certificates,omitempty"`
}

// A Secret is a string that doesn't appear when it is printed, logged or encoded.
type Secret string

const hiddenSecret = "(hidden)"

// String hides the secret.
func (Secret) String() string { return hiddenSecret }

// GoString hides the secret.
func (Secret) GoString() string { return hiddenSecret }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(hiddenSecret), nil }

// A User is somebody who can sign in, without a password.
type User struct {
	// UserPrincipalName is the sign-in name, name@domain.
	UserPrincipalName string `yaml:"userPrincipalName"`
	// ObjectID is the user's oid; if empty, one that follows from tenant and name.
	ObjectID    string `yaml:"objectId,omitempty"`
	DisplayName string `yaml:"displayName,omitempty"`
	GivenName   string `yaml:"givenName,omitempty"`
	Surname     string `yaml:"surname,omitempty"`
	Mail        string `yaml:"mail,omitempty"`
	// Groups are object ids of groups, for APIs whose GroupMembershipClaims ask.
	Groups []string `yaml:"groups,omitempty"`
	// DirectoryRoles are template ids of directory roles (claim wids), likewise.
	DirectoryRoles []string `yaml:"directoryRoles,omitempty"`
	// AppRoleAssignments are the user's app roles: the API's name or client id, and
	// the roles.
	AppRoleAssignments map[string][]string `yaml:"appRoleAssignments,omitempty"`
	// Claims are further claims of every access token of this user.
	Claims map[string]any `yaml:"claims,omitempty"`
}

// Values of SignInAudience and GroupMembershipClaims.
const (
	myOrg        = "AzureADMyOrg"
	multipleOrgs = "AzureADMultipleOrgs"

	groupsNone          = "None"
	groupsSecurityGroup = "SecurityGroup"
	groupsDirectoryRole = "DirectoryRole"
	groupsAll           = "All"
)

// DefaultConfig is one tenant, contoso.onmicrosoft.com, with a public client that
// is its own API, a daemon whose secret is made per state folder, an API with
// version 2 tokens, and the users Alice and Bob.
func DefaultConfig() Config {
	const (
		assistant = "22222222-2222-4222-8222-222222222222"
		daemon    = "33333333-3333-4333-8333-333333333333"
		api       = "44444444-4444-4444-8444-444444444444"
	)
	return Config{Tenants: []Tenant{{
		ID:          "11111111-1111-4111-8111-111111111111",
		DisplayName: "Contoso",
		Domains:     []string{"contoso.onmicrosoft.com"},
		Apps: []App{{
			Name:                        "car-assistant",
			ClientID:                    assistant,
			PublicClient:                true,
			RedirectURIs:                []string{"http://localhost"},
			AppIDURIs:                   []string{"api://" + assistant},
			RequestedAccessTokenVersion: 1,
			Scopes:                      []string{"user_impersonation"},
		}, {
			Name:               "daemon",
			ClientID:           daemon,
			GenerateSecret:     true,
			AppRoleAssignments: map[string][]string{"api-v2": {"Caller"}},
		}, {
			Name:                        "api-v2",
			ClientID:                    api,
			AppIDURIs:                   []string{"api://" + api},
			RequestedAccessTokenVersion: 2,
			Scopes:                      []string{"access_as_user"},
			AppRoles:                    []string{"Caller"},
		}},
		Users: []User{{
			UserPrincipalName: "alice@contoso.onmicrosoft.com",
			ObjectID:          "aaaaaaaa-0000-4000-8000-000000000001",
			DisplayName:       "Alice Example",
			GivenName:         "Alice",
			Surname:           "Example",
			Mail:              "alice@contoso.onmicrosoft.com",
		}, {
			UserPrincipalName: "bob@contoso.onmicrosoft.com",
			ObjectID:          "aaaaaaaa-0000-4000-8000-000000000002",
			DisplayName:       "Bob Example",
			GivenName:         "Bob",
			Surname:           "Example",
			Mail:              "bob@contoso.onmicrosoft.com",
		}},
	}}}
}
