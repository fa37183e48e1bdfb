package managedidentity

import (
	"net/http"
	"net/url"
	"time"

	"github.com/apimulator/apimulator/internal/pattern"
)

// imds is the endpoint's shape on virtual machines: the instance metadata service
// (identity.md 2.1).
type imds struct{ *Server }

// imdsOldest is the first API version with managed identities.
const imdsOldest = "2018-02-01"

var isoDate = pattern.Lazy(`^\d{4}-\d{2}-\d{2}$`)

var imdsSelectors = []selector{{"client_id", byClientID}, {"object_id", byPrincipalID}, {"msi_res_id", byResourceID}}

func (s imds) read(r *http.Request) (query, *refusal) {
	if r.Header.Get("Metadata") != "true" {
		return query{}, &refusal{http.StatusBadRequest, "bad_request_102", "Required metadata header not specified"}
	}
	// The real service refuses what came through a proxy: it may be somebody else's.
	if len(r.Header.Values("X-Forwarded-For")) > 0 {
		return query{}, badRequest("The request has an X-Forwarded-For header; requests through proxies are refused")
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return query{}, badRequest("The query string is malformed")
	}
	version, problem := single(values, "api-version")
	if problem != nil {
		return query{}, problem
	}
	if !isoDate().MatchString(version) || version < imdsOldest {
		return query{}, badRequest("The api-version '" + version + "' is not supported; use " + imdsOldest + " or a later one")
	}
	q := query{}
	if q.resource, problem = single(values, "resource"); problem != nil {
		return query{}, problem
	}
	q.identity, problem = s.choose(values)
	return q, problem
}

// choose finds the identity. Without a selector it is the system-assigned one, or
// else the only user-assigned one.
func (s imds) choose(values url.Values) (Identity, *refusal) {
	by, value, problem := selection(values, imdsSelectors)
	if problem != nil {
		return Identity{}, problem
	}
	in := s.identities()
	switch {
	case value != "":
		if id, ok := in.userAssigned(by, value); ok {
			return id, nil
		}
		return Identity{}, badRequest("Identity not found")
	case in.SystemAssigned != nil:
		return *in.SystemAssigned, nil
	case len(in.UserAssigned) == 1:
		return in.UserAssigned[0], nil
	case len(in.UserAssigned) > 1:
		return Identity{}, badRequest("Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request")
	default:
		return Identity{}, badRequest("Identity not found")
	}
}

// answer has strings only (identity.md 2.2).
func (imds) answer(q query, t Token, now time.Time) any {
	return struct {
		AccessToken  string `json:"access_token"`
		ClientID     string `json:"client_id"`
		ExpiresIn    string `json:"expires_in"`
		ExpiresOn    string `json:"expires_on"`
		ExtExpiresIn string `json:"ext_expires_in"`
		NotBefore    string `json:"not_before"`
		Resource     string `json:"resource"`
		TokenType    string `json:"token_type"`
	}{
		t.AccessToken, q.identity.ClientID, expiresIn(t, now), unix(t.ExpiresOn), expiresIn(t, now), unix(t.NotBefore),
		q.resource, "Bearer",
	}
}

func (imds) problem(_ *http.Request, e *refusal) any {
	return struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{e.name, e.text}
}
