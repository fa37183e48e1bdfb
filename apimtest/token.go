package apimtest

import (
	"time"

	"github.com/apimulator/apimulator/internal/entra"
)

// A TokenOption of [Gateway.Token] says what is in a token, or wrong with it.
type TokenOption func(*token)

type token struct {
	request entra.MintRequest
	issuer  string
}

// Audience is the resource that the token is for: an identifier URI or a client id, known
// to the emulated Entra ID or not. Without it, the token is for the first client's own API.
func Audience(resource string) TokenOption { return func(t *token) { t.request.Audience = resource } }

// Scope are the delegated permissions, separated by blanks; without it, all that the API
// has.
func Scope(scopes string) TokenOption { return func(t *token) { t.request.Scope = scopes } }

// Roles are the token's roles; without it, those that are assigned.
func Roles(roles ...string) TokenOption {
	return func(t *token) { t.request.Roles = append([]string{}, roles...) }
}

// User is whose token it is, by principal name, object id or display name; without User
// and [App] it is the tenant's first user's.
func User(name string) TokenOption { return func(t *token) { t.request.User = name } }

// App is the client, by name or client id. Without [User], the token is the app's own.
func App(name string) TokenOption { return func(t *token) { t.request.App = name } }

// Claim adds a claim, or replaces it; nil as the value leaves it out.
func Claim(name string, value any) TokenOption {
	return func(t *token) {
		if value == nil {
			t.request.RemoveClaims = append(t.request.RemoveClaims, name)
			return
		}
		if t.request.Claims == nil {
			t.request.Claims = make(map[string]any)
		}
		t.request.Claims[name] = value
	}
}

// Lifetime is how long the token lives, in whole seconds from where the clock stands;
// without it, an hour.
func Lifetime(d time.Duration) TokenOption {
	return func(t *token) { t.request.LifetimeSeconds = int(d / time.Second) }
}

// Fault breaks the token in a way that Entra ID never would: "expired", "signature",
// "audience" and others, which docs/test.md lists.
func Fault(name string) TokenOption { return func(t *token) { t.request.Fault = name } }

// Issuer makes it a token of another issuer, by the address that tokens have in iss. Its
// discovery document is below that, with keys of its own. User and App are Entra ID's only.
func Issuer(address string) TokenOption { return func(t *token) { t.issuer = address } }

// Token mints an access token of the emulated Entra ID that begins where the clock stands.
// It ends the test if it can't be made.
func (g *Gateway) Token(options ...TokenOption) string {
	g.t.Helper()
	var t token
	for _, o := range options {
		o(&t)
	}
	text, err := g.world.Mint(t.request, t.issuer)
	if err != nil {
		g.t.Fatalf("apimtest: token: %v", err)
	}
	g.world.Hide(text)
	return text
}
