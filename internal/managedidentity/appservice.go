package managedidentity

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// appService is the endpoint's shape in App Service and Functions, API version
// 2019-08-01 (identity.md 2.1).
type appService struct{ *Server }

const appServiceVersion = "2019-08-01"

var appServiceSelectors = []selector{
	{"client_id", byClientID}, {"principal_id", byPrincipalID}, {"object_id", byPrincipalID}, {"mi_res_id", byResourceID},
}

func (s appService) read(r *http.Request) (query, *refusal) {
	if !sameSecret(r.Header.Get("X-IDENTITY-HEADER"), s.secret) {
		// The status is chosen: nobody documents it, and no client retries a 401.
		return query{}, &refusal{http.StatusUnauthorized, "unauthorized", "The header X-IDENTITY-HEADER is missing, or it isn't the value of IDENTITY_HEADER."}
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return query{}, badRequest("The query string is malformed.")
	}
	version, problem := single(values, "api-version")
	if problem != nil {
		return query{}, problem
	}
	if version != appServiceVersion {
		return query{}, badRequest("The api-version '" + version + "' is not emulated; use " + appServiceVersion + ".")
	}
	q := query{}
	if q.resource, problem = single(values, "resource"); problem != nil {
		return query{}, problem
	}
	q.identity, problem = s.choose(values)
	return q, problem
}

// choose finds the identity. Without a selector it is the system-assigned one.
func (s appService) choose(values url.Values) (Identity, *refusal) {
	by, value, problem := selection(values, appServiceSelectors)
	if problem != nil {
		return Identity{}, problem
	}
	in := s.identities()
	if value == "" {
		if in.SystemAssigned == nil {
			return Identity{}, badRequest("No Managed Identity found for specified ClientId/ResourceId/PrincipalId.")
		}
		return *in.SystemAssigned, nil
	}
	if id, ok := in.userAssigned(by, value); ok {
		return id, nil
	}
	return Identity{}, badRequest("No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.")
}

// answer has strings only. expires_in isn't in the documented answer, but harmless,
// and some clients know nothing else.
func (appService) answer(q query, t Token, now time.Time) any {
	return struct {
		AccessToken string `json:"access_token"`
		ExpiresOn   string `json:"expires_on"`
		ExpiresIn   string `json:"expires_in"`
		Resource    string `json:"resource"`
		TokenType   string `json:"token_type"`
		ClientID    string `json:"client_id"`
	}{t.AccessToken, unix(t.ExpiresOn), expiresIn(t, now), q.resource, "Bearer", q.identity.ClientID}
}

func (appService) problem(r *http.Request, e *refusal) any {
	return struct {
		StatusCode    int    `json:"statusCode"`
		Message       string `json:"message"`
		CorrelationID string `json:"correlationId"`
	}{e.status, e.text, correlationID(r)}
}

// sameSecret compares in constant time; hashing hides the length, too.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// unix is a time as a string of seconds, the form that every client reads.
func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// expiresIn is how many seconds are left, less one, as Entra counts.
func expiresIn(t Token, now time.Time) string {
	left := int64(t.ExpiresOn.Sub(now) / time.Second)
	return strconv.FormatInt(max(left-1, 0), 10)
}
