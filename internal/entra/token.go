package entra

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// token serves /oauth2/token and /oauth2/v2.0/token.
func (s *Server) token(w http.ResponseWriter, c *call) {
	if s.injectToken(w, c) {
		return
	}
	answer, err := s.answerToken(c)
	if err != nil {
		s.refuseJSON(w, c, err)
		return
	}
	noStore(w)
	writeJSON(w, http.StatusOK, answer)
}

// injectToken lets the request have the token endpoint's fault. It reports whether
// it is answered.
func (s *Server) injectToken(w http.ResponseWriter, c *call) bool {
	f := s.faults.token()
	if s.inject(w, c, f.Fault) {
		return true
	}
	if e := f.injected(); e != nil {
		s.refuseJSON(w, c, e)
		return true
	}
	return false
}

func (s *Server) answerToken(c *call) (any, *Error) {
	if c.Method != http.MethodPost {
		return nil, errNotPost.of(c.Method)
	}
	f, err := c.postForm()
	if err != nil {
		return nil, err
	}
	if id := f.get("client-request-id"); isGUID(id) { // where msal-node puts it
		c.correlation = strings.ToLower(id)
	}
	grantType, err := f.need("grant_type")
	if err != nil {
		return nil, err
	}
	read, err := grantReader(grantType)
	if err != nil {
		return nil, err
	}
	client, err := s.authenticate(c, f)
	if err != nil {
		return nil, err
	}
	iss, err := read(s, c, f, client)
	if err != nil {
		return nil, err
	}
	return s.issue(c, iss)
}

// An issuance is what a token request was found to deserve.
type issuance struct {
	tenant *tenant
	client authenticated
	target target
	// asked is the scope parameter, version 2.0.
	asked scopeRequest
	// grant is the user's; nil when an application asks for itself.
	grant *grant
	// clientInfo says that client_info was asked for.
	clientInfo bool
	// renewal says that a refresh token was used, which always gives a new one.
	renewal bool
}

// issue makes the tokens and the answer around them.
func (s *Server) issue(c *call, i issuance) (any, *Error) {
	access := accessToken{
		tenant: i.tenant, client: i.client.ClientID, clientAuth: i.client.method, resource: i.target.resource,
		issued: c.now, lifetime: s.accessLifetime(i.grant != nil), ip: remoteIP(c.Request),
	}
	if i.grant != nil {
		access.user, access.scopes = i.grant.user, i.target.names
		access.signedIn, access.capabilities = i.grant.signedIn, i.grant.capabilities
	} else {
		access.servicePrincipal = i.client.objectIn(i.tenant)
	}
	var err *Error
	if access.roles, err = rolesFor(i); err != nil {
		return nil, err
	}
	version := i.target.resource.version()
	signed, failure := access.draft(version).sign(s.keys.signer())
	if failure != nil {
		return nil, s.internal(c, failure)
	}
	answer := tokenAnswer{AccessToken: signed, issued: access.notBefore(), lifetime: access.lifetime, expires: access.expires()}
	if i.grant != nil {
		if failure := s.addUserTokens(c, i, &answer); failure != nil {
			return nil, s.internal(c, failure)
		}
	}
	s.log.Info("token issued", "tenant", i.tenant.ID, "client", i.client.ClientID, "audience", access.resource.audience(version),
		"version", version, "user", i.grant != nil, "trace", c.trace)
	if c.v2 {
		return answer.v2(), nil
	}
	return answer.v1(i.target), nil
}

// addUserTokens adds what only a user's client gets.
func (s *Server) addUserTokens(c *call, i issuance, answer *tokenAnswer) error {
	if c.v2 {
		answer.Scope = i.asked.granted(i.target)
	} else {
		answer.Scope = strings.Join(i.target.names, " ")
	}
	if !c.v2 || i.asked.has(scopeOpenID) {
		id := idToken{
			grant: *i.grant, scopes: i.asked, issued: c.now, lifetime: s.accessLifetime(false), ip: remoteIP(c.Request),
		}
		version := 1
		if c.v2 {
			version = 2
		}
		signed, err := id.draft(version).sign(s.keys.signer())
		if err != nil {
			return err
		}
		answer.IDToken = signed
	}
	if !c.v2 || i.renewal || i.asked.has(scopeOffline) {
		answer.RefreshToken = s.refresh.issue(&refreshToken{grant: *i.grant})
	}
	if i.clientInfo {
		answer.ClientInfo = clientInfo(i.grant)
	}
	return nil
}

// internal is the answer to a failure that is nobody's fault but the server's.
func (s *Server) internal(c *call, failure error) *Error {
	s.log.Error("a token can't be made", "error", failure, "trace", c.trace)
	e := errTransient.of()
	e.Status = http.StatusInternalServerError
	return e
}

// rolesFor are the app roles of the user or application on the API. It fails if the
// API insists on one and there is none.
func rolesFor(i issuance) ([]string, *Error) {
	api := i.target.resource.app
	if api == nil {
		return nil, nil
	}
	granted := i.client.AppRoleAssignments
	if i.grant != nil {
		granted = i.grant.user.AppRoleAssignments
	}
	roles := rolesOn(granted, api)
	switch {
	case len(roles) > 0 || !api.AppRoleAssignmentRequired:
		return roles, nil
	case i.grant != nil:
		return nil, errUserNotAssigned.of(api.ClientID, api.Name, i.grant.user.UserPrincipalName)
	default:
		return nil, errAppNotAssigned.of(i.client.ClientID, i.client.Name, api.ClientID, api.Name)
	}
}

// A tokenAnswer is what both versions of the endpoint answer, in their own forms
// (identity.md 5.6).
type tokenAnswer struct {
	Scope, AccessToken, RefreshToken, IDToken, ClientInfo string

	issued, expires time.Time
	lifetime        time.Duration
}

// expiresIn is a second less than the token lives, as in Entra.
func (a tokenAnswer) expiresIn() int64 { return max(seconds(a.lifetime)-1, 0) }

// v2 has numbers.
func (a tokenAnswer) v2() any {
	return struct {
		TokenType    string `json:"token_type"`
		Scope        string `json:"scope,omitempty"`
		ExpiresIn    int64  `json:"expires_in"`
		ExtExpiresIn int64  `json:"ext_expires_in"`
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token,omitempty"`
		IDToken      string `json:"id_token,omitempty"`
		ClientInfo   string `json:"client_info,omitempty"`
	}{"Bearer", a.Scope, a.expiresIn(), a.expiresIn(), a.AccessToken, a.RefreshToken, a.IDToken, a.ClientInfo}
}

// v1 has strings, and names the resource.
func (a tokenAnswer) v1(t target) any {
	in := strconv.FormatInt(a.expiresIn(), 10)
	return struct {
		TokenType    string `json:"token_type"`
		Scope        string `json:"scope,omitempty"`
		ExpiresIn    string `json:"expires_in"`
		ExtExpiresIn string `json:"ext_expires_in"`
		ExpiresOn    string `json:"expires_on"`
		NotBefore    string `json:"not_before"`
		Resource     string `json:"resource"`
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token,omitempty"`
		IDToken      string `json:"id_token,omitempty"`
		ClientInfo   string `json:"client_info,omitempty"`
	}{
		"Bearer", a.Scope, in, in, strconv.FormatInt(a.expires.Unix(), 10), strconv.FormatInt(a.issued.Unix(), 10),
		t.resource.asked, a.AccessToken, a.RefreshToken, a.IDToken, a.ClientInfo,
	}
}

// remoteIP is the address the request came from. Forwarding headers have no say.
func remoteIP(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return "127.0.0.1"
}
