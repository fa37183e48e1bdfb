package entra

import (
	"slices"
	"strings"
)

// A resource is an API that an access token is for, as one request named it.
type resource struct {
	// asked is the spelling of the request: the aud of a version 1 token (identity.md
	// 5.1 and trap 21: with or without the trailing slash, as asked for).
	asked string
	// app is the registration; nil for Microsoft's own services.
	app *app
	// firstParty is Microsoft's own service; nil for a registration.
	firstParty *firstParty
}

// A firstParty is a service of Microsoft that every tenant has.
type firstParty struct {
	// id tells the services apart: the application id or the URI.
	id string
	// identifiers are the ways to ask for it; each also with a slash at the end.
	identifiers []string
	// graph says that it is Microsoft Graph: its tokens can't be verified by others,
	// and its delegated scopes are too many to list, so that every name is one.
	graph bool
	// version2 says that its tokens are of version 2.
	version2 bool
}

const graphID = "00000003-0000-0000-c000-000000000000"

var microsoftGraph = &firstParty{id: graphID, identifiers: []string{"https://graph.microsoft.com", graphID}, graph: true}

var firstParties = []*firstParty{
	microsoftGraph,
	{id: "cognitiveservices", identifiers: []string{"https://cognitiveservices.azure.com"}},
	{id: "ai", identifiers: []string{"https://ai.azure.com"}},
	{id: "management", identifiers: []string{"https://management.azure.com", "https://management.core.windows.net"}},
	{id: "vault", identifiers: []string{"https://vault.azure.net"}},
	{id: "storage", identifiers: []string{"https://storage.azure.com"}},
	// Tokens for Entra itself: a managed identity's, that stand for an app. Their issuer is
	// that of version 2 (Microsoft's page "Configure an application to trust a managed
	// identity"); aud stays as it was asked for (chosen).
	{id: "tokenexchange", identifiers: []string{defaultAudience}, version2: true},
}

// userImpersonation is the delegated scope that Azure's own services have.
const userImpersonation = "user_impersonation"

// firstPartyResource finds Microsoft's service of that identifier; nil if there is none.
func firstPartyResource(identifier string) *firstParty {
	trimmed := strings.TrimSuffix(identifier, "/")
	for _, f := range firstParties {
		if slices.ContainsFunc(f.identifiers, equalFold(trimmed)) {
			return f
		}
	}
	return nil
}

// resource finds what an identifier (an identifier URI, a client id) means in t.
func (d *directory) resource(t *tenant, identifier string) (resource, *Error) {
	if f := firstPartyResource(identifier); f != nil {
		return resource{asked: identifier, firstParty: f}, nil
	}
	registered := d.appIn(t, func(a *app) bool {
		return strings.EqualFold(a.ClientID, identifier) || slices.ContainsFunc(a.AppIDURIs, equalFold(identifier))
	})
	if registered == nil {
		return resource{}, errResourceUnknown.of(identifier, t.DisplayName)
	}
	return resource{asked: identifier, app: registered}, nil
}

// same reports whether both mean the same API, however they were spelled.
func (r resource) same(other resource) bool {
	return r.app == other.app && r.firstParty == other.firstParty
}

// id tells the API apart from others.
func (r resource) id() string {
	if r.app != nil {
		return r.app.ClientID
	}
	return r.firstParty.id
}

// version is the version of access tokens for the API, 1 or 2. The endpoint that
// the client called has no say in it (identity.md 5.1, trap 23).
func (r resource) version() int {
	if r.app != nil && r.app.RequestedAccessTokenVersion == 2 || r.firstParty != nil && r.firstParty.version2 {
		return 2
	}
	return 1
}

// audience is the aud of an access token of that version.
func (r resource) audience(version int) string {
	if version == 2 && r.app != nil {
		return r.app.ClientID
	}
	return r.asked
}

func (r resource) isGraph() bool { return r.firstParty != nil && r.firstParty.graph }

// delegated are the scopes that a user's client has on the API when it asks for
// /.default: all of them, since the emulator takes every consent as given.
func (r resource) delegated() []string {
	switch {
	case r.app != nil:
		return r.app.Scopes
	case r.isGraph():
		return []string{"User.Read"}
	default:
		return []string{userImpersonation}
	}
}

// scope finds a delegated scope, in the spelling of the registration.
func (r resource) scope(name string) (string, bool) {
	if r.isGraph() {
		return name, permission().MatchString(name)
	}
	known := r.delegated()
	if i := slices.IndexFunc(known, equalFold(name)); i >= 0 {
		return known[i], true
	}
	return "", false
}
