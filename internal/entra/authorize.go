package entra

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// An authorizeRequest is a request to the authorization endpoint that was found in
// order: only the user is missing.
type authorizeRequest struct {
	authority   authority
	v2          bool
	client      *app
	redirectURI string
	mode        string
	state       string

	scope, resource   string
	nonce             string
	capabilities      []string
	challenge, method string // of PKCE
	prompt, loginHint string
}

// A grant is what a user agreed to. Codes, device codes and refresh tokens carry it.
type grant struct {
	tenant       *tenant
	user         *user
	client       *app
	scope        string // asked for, version 2.0
	resource     string // asked for, version 1.0
	nonce        string
	capabilities []string
	signedIn     time.Time
}

// authorize serves /oauth2/authorize and /oauth2/v2.0/authorize. Until the redirect
// URI is known to be the client's, errors are pages; then they go to the client.
func (s *Server) authorize(w http.ResponseWriter, c *call) {
	f, err := c.parameters()
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	req, err := s.authorizeTo(c, f)
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	if err := s.readAuthorize(req, f); err != nil {
		s.refuseToClient(w, c, req, err)
		return
	}
	s.chooseUser(w, c, req)
}

// authorizeTo finds who asks and where the answer goes.
func (s *Server) authorizeTo(c *call, f form) (*authorizeRequest, *Error) {
	id, err := f.need("client_id")
	if err != nil {
		return nil, err
	}
	client, err := s.client(c.authority, id)
	if err != nil {
		return nil, err
	}
	redirectURI, err := f.need("redirect_uri")
	if err != nil {
		return nil, err
	}
	if !client.redirectAllowed(redirectURI) {
		return nil, errRedirectMismatch.of(redirectURI, client.ClientID)
	}
	return &authorizeRequest{
		authority: c.authority, v2: c.v2, client: client, redirectURI: redirectURI,
		mode: defaultMode(f.get("response_type")), state: f.get("state"),
	}, nil
}

// client finds the registration of a client id for an authority.
func (s *Server) client(a authority, id string) (*app, *Error) {
	if a.tenant != nil {
		found := s.directory.appIn(a.tenant, func(x *app) bool { return strings.EqualFold(x.ClientID, id) })
		if found == nil {
			return nil, errClientUnknown.of(id, a.tenant.DisplayName)
		}
		return found, nil
	}
	switch found := s.directory.appAnywhere(id); {
	case found == nil:
		return nil, errClientUnknown.of(id, a.name)
	case found.SignInAudience != multipleOrgs:
		return nil, errClientSingleTenant.of(found.ClientID, found.Name)
	default:
		return found, nil
	}
}

var prompts = []string{"", "none", "login", "consent", "select_account", "admin_consent", "create"}

// readAuthorize reads the rest of the request.
func (s *Server) readAuthorize(req *authorizeRequest, f form) *Error {
	if mode := f.get("response_mode"); mode != "" {
		if !modeAllowed(mode, req.redirectURI) {
			return errResponseMode.of(mode)
		}
		req.mode = mode
	}
	if err := checkResponseType(f); err != nil {
		return err
	}
	if err := s.readRights(req, f); err != nil {
		return err
	}
	if err := req.readChallenge(f); err != nil {
		return err
	}
	req.prompt = f.get("prompt")
	if !slices.Contains(prompts, req.prompt) {
		return errPrompt.of(req.prompt)
	}
	req.nonce, req.loginHint = f.get("nonce"), f.get("login_hint")
	var err *Error
	req.capabilities, err = f.capabilities()
	return err
}

// checkResponseType takes the code flow only: the implicit and hybrid flows are off
// for every registration, as they are for new ones in Entra.
func checkResponseType(f form) *Error {
	asked, err := f.need("response_type")
	if err != nil || asked == "code" {
		return err
	}
	words := strings.Fields(asked)
	unknown := func(word string) bool { return !slices.Contains([]string{"code", "token", "id_token"}, word) }
	switch {
	case len(words) == 0 || slices.ContainsFunc(words, unknown):
		return errResponseTypeUnknown.of(asked)
	case slices.Contains(words, "id_token"):
		return errIDTokenOff.of("id_token")
	case slices.Contains(words, "token"):
		return errResponseTypeOff.of("token")
	default:
		return errResponseTypeUnknown.of(asked)
	}
}

// readRights reads what is asked for: scopes, or in version 1.0 a resource, which
// the token request may name instead.
func (s *Server) readRights(req *authorizeRequest, f form) *Error {
	t := req.authority.tenant
	if t == nil {
		t = req.client.home
	}
	req.resource = f.get("resource")
	if !req.v2 {
		if req.resource == "" {
			return nil
		}
		_, err := s.directory.resource(t, req.resource)
		return err
	}
	if req.resource != "" {
		return errResourceOnV2.of()
	}
	var err *Error
	if req.scope, err = f.need("scope"); err != nil {
		return err
	}
	_, err = s.directory.readScope(t, req.client, req.scope)
	return err
}

// readChallenge reads the PKCE challenge (RFC 7636), if there is one.
func (req *authorizeRequest) readChallenge(f form) *Error {
	req.challenge, req.method = f.get("code_challenge"), f.get("code_challenge_method")
	if req.challenge == "" && req.method == "" {
		return nil
	}
	if req.method == "" {
		req.method = challengePlain
	}
	if req.method != challengePlain && req.method != challengeS256 {
		return errChallengeMethod.of(req.method)
	}
	if len(req.challenge) < 43 || len(req.challenge) > 128 {
		return errChallengeSize.of()
	}
	return nil
}

// chooseUser finds out who signs in: without a page if the server may, else by one.
func (s *Server) chooseUser(w http.ResponseWriter, c *call, req *authorizeRequest) {
	users := s.usersFor(req.authority)
	switch {
	case s.autoSignIn:
		u, err := automaticUser(users, req.loginHint, s.authorityName(req.authority))
		if err != nil {
			s.refusePage(w, c, err)
			return
		}
		s.grantCode(w, c, req, u)
	case req.prompt == "none":
		s.refuseToClient(w, c, req, errNotSignedIn.of())
	default:
		s.signInPage(w, c, req, users)
	}
}

// usersFor are the users who can sign in by that authority.
func (s *Server) usersFor(a authority) []*user {
	if a.tenant != nil {
		return a.tenant.users
	}
	var users []*user
	for _, t := range s.directory.tenants {
		users = append(users, t.users...)
	}
	return users
}

func (s *Server) authorityName(a authority) string {
	if a.tenant != nil {
		return a.tenant.DisplayName
	}
	return a.name
}

// automaticUser is the hinted user, or the first.
func automaticUser(users []*user, hint, directory string) (*user, *Error) {
	for _, u := range users {
		if hint == "" || strings.EqualFold(u.UserPrincipalName, hint) {
			return u, nil
		}
	}
	if hint == "" {
		hint = "(none is configured)"
	}
	return nil, errUserUnknown.of(hint, directory)
}

// grantCode gives the client a code for the user.
func (s *Server) grantCode(w http.ResponseWriter, c *call, req *authorizeRequest, u *user) {
	code := s.codes.issue(&authorizationCode{
		grant: grant{
			tenant: u.tenant, user: u, client: req.client,
			scope: req.scope, resource: req.resource, nonce: req.nonce,
			capabilities: req.capabilities, signedIn: c.now,
		},
		redirectURI: req.redirectURI, challenge: req.challenge, method: req.method,
	})
	s.log.Info("signed in", "user", u.UserPrincipalName, "client", req.client.ClientID, "trace", c.trace)
	s.answerClient(w, c, req, map[string]string{"code": code, "state": req.state})
}
