package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Values of grant_type.
const (
	grantCode              = "authorization_code"
	grantClientCredentials = "client_credentials"
	grantRefreshToken      = "refresh_token"
	// MSAL Go and msal-node send the short one (identity.md 1.1, trap 2).
	grantDeviceCode     = "urn:ietf:params:oauth:grant-type:device_code"
	grantDeviceCodeMSAL = "device_code"
	grantPassword       = "password"
	grantOnBehalfOf     = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// Values of code_challenge_method.
const (
	challengePlain = "plain"
	challengeS256  = "S256"
)

// A readGrant finds out what a token request deserves by its kind of grant.
type readGrant func(*Server, *call, form, authenticated) (issuance, *Error)

func grantReader(grantType string) (readGrant, *Error) {
	switch grantType {
	case grantCode:
		return (*Server).redeemCode, nil
	case grantClientCredentials:
		return (*Server).clientCredentials, nil
	case grantRefreshToken:
		return (*Server).redeemRefreshToken, nil
	case grantDeviceCode, grantDeviceCodeMSAL:
		return (*Server).redeemDeviceCode, nil
	case grantPassword:
		return nil, errPasswordEmulated.of()
	case grantOnBehalfOf:
		return nil, errOnBehalfEmulated.of()
	default:
		return nil, errGrantUnsupported.of(grantType)
	}
}

// An authorizationCode is a grant on its way through a browser.
type authorizationCode struct {
	grant
	redirectURI       string
	challenge, method string
	redeemed          atomic.Bool
}

// redeemCode is the authorization code grant. The code is spent only when all else
// is in order, and then only once.
func (s *Server) redeemCode(c *call, f form, client authenticated) (issuance, *Error) {
	name, err := f.need("code")
	if err != nil {
		return issuance{}, err
	}
	code, _, state := s.codes.get(name)
	switch {
	case state == ticketUnknown:
		return issuance{}, errGrantMalformed.of()
	case code.client != client.app:
		return issuance{}, errGrantForeign.of()
	case code.redeemed.Load():
		return issuance{}, errCodeRedeemed.of()
	case state == ticketExpired:
		return issuance{}, errCodeExpired.of()
	}
	redirectURI, err := f.need("redirect_uri")
	if err != nil {
		return issuance{}, err
	}
	if redirectURI != code.redirectURI {
		return issuance{}, errRedirectMismatch.of(redirectURI, client.ClientID)
	}
	if !code.verifierMatches(f.get("code_verifier")) {
		return issuance{}, errVerifier.of()
	}
	iss, err := s.userIssuance(c, f, client, code.grant)
	if err != nil {
		return issuance{}, err
	}
	if !code.redeemed.CompareAndSwap(false, true) {
		return issuance{}, errCodeRedeemed.of()
	}
	return iss, nil
}

// verifierMatches checks PKCE (RFC 7636 section 4.6). A verifier without a
// challenge is refused, too: the client thinks it is protected and is not.
func (a *authorizationCode) verifierMatches(verifier string) bool {
	switch {
	case a.challenge == "":
		return verifier == ""
	case verifier == "":
		return false
	case a.method == challengeS256:
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return sameSecret(verifier, a.challenge) == 1
}

// redeemDeviceCode is a device's poll.
func (s *Server) redeemDeviceCode(c *call, f form, client authenticated) (issuance, *Error) {
	name, err := f.need("device_code")
	if err != nil {
		return issuance{}, err
	}
	flow, _, state := s.devices.byDevice.get(name)
	switch {
	case state == ticketUnknown || flow.client != client.app:
		return issuance{}, errDeviceUnknown.of()
	case state == ticketExpired:
		return issuance{}, errDeviceExpired.of()
	}
	g, err := flow.grant()
	if err != nil {
		return issuance{}, err
	}
	iss, err := s.userIssuance(c, f, client, g)
	if err != nil {
		return issuance{}, err
	}
	if _, state := s.devices.byDevice.take(name); state != ticketValid {
		return issuance{}, errDeviceUnknown.of()
	}
	return iss, nil
}

// A refreshToken is a grant that lasts. Each use gives a new one; as Entra
// documents, the old one goes on working until it expires.
type refreshToken struct{ grant }

// redeemRefreshToken is the refresh token grant.
func (s *Server) redeemRefreshToken(c *call, f form, client authenticated) (issuance, *Error) {
	name, err := f.need("refresh_token")
	if err != nil {
		return issuance{}, err
	}
	refresh, issued, state := s.refresh.get(name)
	switch {
	case state == ticketUnknown:
		return issuance{}, errGrantMalformed.of()
	case refresh.client != client.app:
		return issuance{}, errGrantForeign.of()
	case state == ticketExpired:
		return issuance{}, errRefreshExpired.of(issued.UTC().Format("2006-01-02T15:04:05.0000000Z"), dotnetSpan(refreshLife))
	}
	g := refresh.grant
	g.nonce = "" // it belonged to the sign-in, not to its renewals
	iss, err := s.userIssuance(c, f, client, g)
	iss.renewal = true
	return iss, err
}

// dotnetSpan is a duration in the form that Entra's texts have.
func dotnetSpan(d time.Duration) string {
	day := 24 * time.Hour
	return fmt.Sprintf("%d.%02d:%02d:%02d", d/day, d%day/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second)
}

// userIssuance finds what a user's client gets: for the scope or resource of this
// request, or else for the grant's.
func (s *Server) userIssuance(c *call, f form, client authenticated, g grant) (issuance, *Error) {
	if c.authority.tenant != nil && c.authority.tenant != g.tenant {
		return issuance{}, errGrantOtherTenant.of()
	}
	iss := issuance{tenant: g.tenant, client: client, grant: &g, clientInfo: f.get("client_info") == "1"}
	capabilities, err := f.capabilities()
	if err != nil {
		return issuance{}, err
	}
	if capabilities != nil {
		g.capabilities = capabilities
	}
	if c.v2 {
		err = s.readUserScope(f, &g, &iss)
	} else {
		err = s.readUserResource(f, &g, &iss)
	}
	return iss, err
}

// readUserScope is the version 2.0 part of userIssuance.
func (s *Server) readUserScope(f form, g *grant, iss *issuance) *Error {
	if f.get("resource") != "" {
		return errResourceOnV2.of()
	}
	if scope := f.get("scope"); scope != "" {
		g.scope = scope
	}
	if g.scope == "" {
		return errParameterMissing.of("scope")
	}
	var err *Error
	if iss.asked, err = s.directory.readScope(g.tenant, g.client, g.scope); err != nil {
		return err
	}
	iss.target, err = iss.asked.single(g.scope)
	return err
}

// readUserResource is the version 1.0 part of userIssuance.
func (s *Server) readUserResource(f form, g *grant, iss *issuance) *Error {
	if resource := f.get("resource"); resource != "" {
		g.resource = resource
	}
	if g.resource == "" {
		return errParameterMissing.of("resource")
	}
	res, err := s.directory.resource(g.tenant, g.resource)
	if err != nil {
		return err
	}
	iss.target = target{resource: res, names: res.delegated(), byDefault: true}
	return nil
}

// clientCredentials is the grant of an application for itself.
func (s *Server) clientCredentials(c *call, f form, client authenticated) (issuance, *Error) {
	if client.PublicClient {
		return issuance{}, errCredentialMissing.of()
	}
	if c.authority.tenant == nil {
		return issuance{}, errNoTenant.of()
	}
	iss := issuance{tenant: c.authority.tenant, client: client}
	if !c.v2 {
		identifier, err := f.need("resource")
		if err != nil {
			return issuance{}, err
		}
		iss.target.resource, err = s.directory.resource(iss.tenant, identifier)
		return iss, err
	}
	if f.get("resource") != "" {
		return issuance{}, errResourceOnV2.of()
	}
	scope, err := f.need("scope")
	if err != nil {
		return issuance{}, err
	}
	iss.target.resource, err = s.ownScope(iss.tenant, scope)
	return iss, err
}

// ownScope reads the scope of client credentials: one API's /.default, besides
// OpenID Connect's scopes, which MSAL Go always adds (identity.md trap 3).
func (s *Server) ownScope(t *tenant, scope string) (resource, *Error) {
	var own []string
	for _, item := range strings.Fields(scope) {
		if !isOIDCScope(item) {
			own = append(own, item)
		}
	}
	if len(own) != 1 {
		return resource{}, errScopeNotDefault.of(scope)
	}
	identifier, name, ok := splitScope(own[0])
	if !ok || name != defaultScope {
		return resource{}, errScopeNotDefault.of(scope)
	}
	return s.directory.resource(t, identifier)
}
