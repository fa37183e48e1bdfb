package entra

import (
	"slices"
	"strings"
)

const defaultScope = ".default"

// Scopes of OpenID Connect. Every grant may list them, client credentials too:
// MSAL Go always does (identity.md 1.1, trap 3).
const (
	scopeOpenID  = "openid"
	scopeProfile = "profile"
	scopeEmail   = "email"
	scopeOffline = "offline_access"
)

func isOIDCScope(s string) bool {
	return slices.ContainsFunc([]string{scopeOpenID, scopeProfile, scopeEmail, scopeOffline}, equalFold(s))
}

// A target is what an access token is asked for: an API and the rights on it.
type target struct {
	resource resource
	// names are the delegated scopes of the API: the token's scp.
	names []string
	// asked are the scopes as the request spelled them; the answer lists them, and
	// MSAL Go insists on each (identity.md 1.3).
	asked []string
	// byDefault says that /.default was asked for.
	byDefault bool
}

// A scopeRequest is the value of a scope parameter: OpenID Connect's scopes, and a
// target for each API it names.
type scopeRequest struct {
	oidc    []string
	targets []target
}

func (s scopeRequest) has(oidc string) bool { return slices.Contains(s.oidc, oidc) }

// readScope understands a scope parameter as client asks for it in t.
func (d *directory) readScope(t *tenant, client *app, scope string) (scopeRequest, *Error) {
	var req scopeRequest
	for item := range strings.FieldsSeq(scope) {
		if isOIDCScope(item) {
			if item := strings.ToLower(item); !req.has(item) {
				req.oidc = append(req.oidc, item)
			}
			continue
		}
		if err := d.readResourceScope(&req, t, client, item); err != nil {
			return scopeRequest{}, err
		}
	}
	for i := range req.targets {
		tg := &req.targets[i]
		if !tg.byDefault {
			continue
		}
		if len(tg.names) > 0 {
			return scopeRequest{}, errScopeMixed.of()
		}
		tg.names = tg.resource.delegated()
		if len(tg.names) == 0 && tg.resource.app != client {
			return scopeRequest{}, errResourceNotListed.of(client.ClientID, client.Name, tg.resource.asked, tg.resource.id())
		}
	}
	return req, nil
}

// readResourceScope adds one scope of an API to req.
func (d *directory) readResourceScope(req *scopeRequest, t *tenant, client *app, item string) *Error {
	identifier, name, ok := splitScope(item)
	if !ok {
		return errScopeInvalid.of(item)
	}
	res, err := d.resource(t, identifier)
	if err != nil {
		return err
	}
	tg := req.target(res)
	tg.asked = append(tg.asked, item)
	if name == defaultScope {
		tg.byDefault = true
		return nil
	}
	known, ok := res.scope(name)
	if !ok {
		return errScopeUnknown.of(client.Name, name, res.id())
	}
	if !slices.Contains(tg.names, known) {
		tg.names = append(tg.names, known)
	}
	return nil
}

// target is the part of the request about that API, made if there is none yet.
func (s *scopeRequest) target(res resource) *target {
	i := slices.IndexFunc(s.targets, func(t target) bool { return t.resource.same(res) })
	if i < 0 {
		i = len(s.targets)
		s.targets = append(s.targets, target{resource: res})
	}
	return &s.targets[i]
}

// splitScope splits "identifier/name" at the last slash, so that a doubled slash
// leaves one at the end of the identifier. A bare name is one of Graph's.
func splitScope(item string) (identifier, name string, ok bool) {
	i := strings.LastIndexByte(item, '/')
	if i < 0 {
		return graphID, item, true
	}
	identifier, name = item[:i], item[i+1:]
	return identifier, name, identifier != "" && name != ""
}

// single is the one target of a token request for a user. None at all (OpenID
// Connect's scopes only) means Graph, as in Entra.
func (s scopeRequest) single(scope string) (target, *Error) {
	switch len(s.targets) {
	case 0:
		var names []string
		for _, o := range s.oidc {
			if o != scopeOffline {
				names = append(names, o)
			}
		}
		return target{resource: resource{asked: graphID, firstParty: microsoftGraph}, names: names}, nil
	case 1:
		return s.targets[0], nil
	default:
		return target{}, errResourcesMany.of(scope)
	}
}

// granted is the scope member of a version 2 answer to a user's client: the scopes
// that were asked for, and those that /.default stood for under the API's name.
// /.default itself stays in the list (identity.md 1.3, trap 4).
func (s scopeRequest) granted(tg target) string {
	var list []string
	for _, o := range s.oidc {
		if o != scopeOffline {
			list = append(list, o)
		}
	}
	if tg.byDefault {
		for _, name := range tg.names {
			list = append(list, tg.resource.asked+"/"+name)
		}
	}
	return strings.Join(append(list, tg.asked...), " ")
}
