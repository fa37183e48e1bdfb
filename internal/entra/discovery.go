package entra

import (
	"encoding/base64"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// issuerV2 is the issuer of version 2.0 tokens: no slash at the end (identity.md trap 21).
func issuerV2(tenantID string) string {
	return "https://login.microsoftonline.com/" + tenantID + "/v2.0"
}

// issuerV1 is the issuer of version 1.0 tokens: with a slash at the end.
func issuerV1(tenantID string) string { return "https://sts.windows.net/" + tenantID + "/" }

// issuerTenant is what stands in an issuer of a document: the tenant's id, or the
// template of the common documents.
func (a authority) issuerTenant() string {
	if a.tenant == nil {
		return "{tenantid}"
	}
	return a.tenant.ID
}

// A discoveryDocument is an OpenID Connect discovery document with the members and
// the order of Entra's (identity.md 5.4).
type discoveryDocument struct {
	TokenEndpoint               string   `json:"token_endpoint"`
	TokenEndpointAuthMethods    []string `json:"token_endpoint_auth_methods_supported"`
	JWKSURI                     string   `json:"jwks_uri"`
	ResponseModes               []string `json:"response_modes_supported"`
	SubjectTypes                []string `json:"subject_types_supported"`
	IDTokenSigningAlgs          []string `json:"id_token_signing_alg_values_supported"`
	ResponseTypes               []string `json:"response_types_supported"`
	Scopes                      []string `json:"scopes_supported"`
	Issuer                      string   `json:"issuer"`
	MicrosoftMultiRefreshToken  *bool    `json:"microsoft_multi_refresh_token,omitempty"`
	RequestURIParameter         *bool    `json:"request_uri_parameter_supported,omitempty"`
	UserinfoEndpoint            string   `json:"userinfo_endpoint"`
	AuthorizationEndpoint       string   `json:"authorization_endpoint"`
	DeviceAuthorizationEndpoint string   `json:"device_authorization_endpoint"`
	HTTPLogout                  bool     `json:"http_logout_supported"`
	FrontchannelLogout          bool     `json:"frontchannel_logout_supported"`
	EndSessionEndpoint          string   `json:"end_session_endpoint"`
	Claims                      []string `json:"claims_supported"`
	CheckSessionIframe          string   `json:"check_session_iframe,omitempty"`
	KerberosEndpoint            string   `json:"kerberos_endpoint"`
	TenantRegionScope           *string  `json:"tenant_region_scope"`
	CloudInstanceName           string   `json:"cloud_instance_name"`
	CloudGraphHostName          string   `json:"cloud_graph_host_name"`
	MSGraphHost                 string   `json:"msgraph_host"`
	RBACURL                     string   `json:"rbac_url"`
	EmulatedBy                  string   `json:"x_emulated_by"`
}

const cloudInstance = "microsoftonline.com"

// discoveryCommon are the members that both versions have alike.
func discoveryCommon(c *call) discoveryDocument {
	d := discoveryDocument{
		TokenEndpointAuthMethods: []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		ResponseModes:            []string{modeQuery, modeFragment, modeFormPost},
		SubjectTypes:             []string{"pairwise"},
		IDTokenSigningAlgs:       []string{"RS256"},
		HTTPLogout:               true,
		FrontchannelLogout:       true,
		KerberosEndpoint:         c.endpoint("/kerberos"),
		CloudInstanceName:        cloudInstance,
		CloudGraphHostName:       "graph.windows.net",
		MSGraphHost:              "graph.microsoft.com",
		RBACURL:                  "https://pas.windows.net",
		EmulatedBy:               EmulatedBy,
	}
	if c.authority.tenant != nil {
		region := "WW"
		d.TenantRegionScope = &region
	}
	return d
}

// discoveryV2 serves /<tenant>/v2.0/.well-known/openid-configuration.
func (s *Server) discoveryV2(w http.ResponseWriter, c *call) {
	d := discoveryCommon(c)
	d.TokenEndpoint = c.endpoint("/oauth2/v2.0/token")
	d.JWKSURI = c.endpoint("/discovery/v2.0/keys") + appSpecific(c)
	d.ResponseTypes = []string{"code", "id_token", "code id_token", "id_token token"}
	d.Scopes = []string{scopeOpenID, scopeProfile, scopeEmail, scopeOffline}
	d.Issuer = issuerV2(c.authority.issuerTenant())
	d.RequestURIParameter = new(bool)
	d.UserinfoEndpoint = "https://graph.microsoft.com/oidc/userinfo"
	d.AuthorizationEndpoint = c.endpoint("/oauth2/v2.0/authorize")
	d.DeviceAuthorizationEndpoint = c.endpoint("/oauth2/v2.0/devicecode")
	d.EndSessionEndpoint = c.endpoint("/oauth2/v2.0/logout")
	d.Claims = []string{"sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"}
	s.publish(w, c, s.faults.discovery(), d)
}

// discoveryV1 serves /<tenant>/.well-known/openid-configuration.
func (s *Server) discoveryV1(w http.ResponseWriter, c *call) {
	multi := true
	d := discoveryCommon(c)
	d.TokenEndpoint = c.endpoint("/oauth2/token")
	d.JWKSURI = c.baseURL() + "/common/discovery/keys" + appSpecific(c)
	d.ResponseTypes = []string{"code", "id_token", "code id_token", "token id_token", "token"}
	d.Scopes = []string{scopeOpenID}
	d.Issuer = issuerV1(c.authority.issuerTenant())
	d.MicrosoftMultiRefreshToken = &multi
	d.UserinfoEndpoint = c.endpoint("/openid/userinfo")
	d.AuthorizationEndpoint = c.endpoint("/oauth2/authorize")
	d.DeviceAuthorizationEndpoint = c.endpoint("/oauth2/devicecode")
	d.EndSessionEndpoint = c.endpoint("/oauth2/logout")
	d.CheckSessionIframe = c.endpoint("/oauth2/checksession")
	d.Claims = []string{"sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email", "given_name", "family_name", "nickname"}
	s.publish(w, c, s.faults.discovery(), d)
}

// appSpecific repeats ?appid=, which asks for the keys of one app (identity.md
// 5.5). The emulator has no keys for single apps, so they are the same keys.
func appSpecific(c *call) string {
	if id := c.URL.Query().Get("appid"); isGUID(id) {
		return "?appid=" + id
	}
	return ""
}

// publish answers a public document, unless the fault says otherwise.
func (s *Server) publish(w http.ResponseWriter, c *call, f Fault, document any) {
	if s.inject(w, c, f) {
		return
	}
	w.Header().Set("Cache-Control", "max-age=86400, private")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, document)
}

type jwkSet struct {
	Keys []jwk `json:"keys"`
}

// A jwk has exactly the members of Entra's keys: no alg (identity.md 5.5, trap 25).
type jwk struct {
	Type              string   `json:"kty"`
	Use               string   `json:"use"`
	ID                string   `json:"kid"`
	Thumbprint        string   `json:"x5t"`
	Modulus           string   `json:"n"`
	Exponent          string   `json:"e"`
	Certificates      [][]byte `json:"x5c"` // base64, with padding
	CloudInstanceName string   `json:"cloud_instance_name"`
	Issuer            string   `json:"issuer"`
}

// jwks serves the signing keys, in both versions.
func (s *Server) jwks(w http.ResponseWriter, c *call) {
	f := s.faults.keys()
	set := jwkSet{Keys: []jwk{}}
	if !f.EmptySet {
		for _, k := range s.keys.published() {
			public := k.private.PublicKey
			set.Keys = append(set.Keys, jwk{
				Type: "RSA", Use: "sig", ID: k.id, Thumbprint: k.id,
				Modulus:           base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
				Exponent:          base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
				Certificates:      [][]byte{k.certificate},
				CloudInstanceName: cloudInstance,
				Issuer:            issuerV2(c.authority.issuerTenant()),
			})
		}
	}
	s.publish(w, c, f.Fault, set)
}

// microsoftHosts are the names of the public cloud's authority.
var microsoftHosts = []string{"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"}

type instanceDocument struct {
	TenantDiscoveryEndpoint string             `json:"tenant_discovery_endpoint"`
	APIVersion              string             `json:"api-version"`
	Metadata                []instanceMetadata `json:"metadata"`
}

type instanceMetadata struct {
	PreferredNetwork string   `json:"preferred_network"`
	PreferredCache   string   `json:"preferred_cache"`
	Aliases          []string `json:"aliases"`
}

// instanceDiscovery serves /common/discovery/instance: whether the host of an
// authorization endpoint is an authority, and under which names (identity.md 5.4).
func (s *Server) instanceDiscovery(w http.ResponseWriter, c *call) {
	asked, err := url.Parse(c.URL.Query().Get("authorization_endpoint"))
	if err != nil || asked.Scheme != "https" || !hostName().MatchString(asked.Host) || !s.isAuthorityHost(c, asked.Host) {
		s.refuseDiscovery(w, c, errInstanceUnknown.of())
		return
	}
	tenant, _, _ := splitTenant(asked.Path)
	if tenant == "" {
		tenant = common
	}
	metadata := instanceMetadata{PreferredNetwork: microsoftHosts[0], PreferredCache: "login.windows.net", Aliases: slices.Clone(microsoftHosts)}
	if !slices.ContainsFunc(microsoftHosts, equalFold(asked.Host)) {
		// Clients go to the preferred network: it must be the name they can reach.
		metadata.PreferredNetwork = asked.Host
		metadata.Aliases = append(metadata.Aliases, asked.Host)
	}
	s.publish(w, c, s.faults.discovery(), instanceDocument{
		TenantDiscoveryEndpoint: "https://" + asked.Host + "/" + url.PathEscape(tenant) + "/v2.0/.well-known/openid-configuration",
		APIVersion:              "1.1",
		Metadata:                []instanceMetadata{metadata},
	})
}

// isAuthorityHost reports whether host (with a port, if any) is a name of this server.
func (s *Server) isAuthorityHost(c *call, host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return slices.ContainsFunc(microsoftHosts, equalFold(host)) ||
		slices.ContainsFunc(s.hosts, equalFold(host)) || slices.ContainsFunc(s.hosts, equalFold(name)) ||
		strings.EqualFold(host, c.Host) || isLoopbackName(strings.Trim(name, "[]"))
}

const userRealmPrefix = "/userrealm/"

// userRealm serves /common/UserRealm/<user principal name>: how a user of that
// domain signs in. MSAL Go requires all of these members.
func (s *Server) userRealm(w http.ResponseWriter, c *call, name string) {
	if c.Method != http.MethodGet && c.Method != http.MethodHead {
		w.Header().Set("Allow", strings.Join(get, ", "))
		http.Error(w, "The user realm endpoint takes GET requests only.", http.StatusMethodNotAllowed)
		return
	}
	_, domain, _ := strings.Cut(name, "@")
	account := "Managed"
	if s.directory.tenant(domain) == nil || isGUID(domain) {
		account = "Unknown"
	}
	s.publish(w, c, s.faults.discovery(), struct {
		Version       string `json:"ver"`
		AccountType   string `json:"account_type"`
		Domain        string `json:"domain_name"`
		CloudInstance string `json:"cloud_instance_name"`
		CloudAudience string `json:"cloud_audience_urn"`
	}{"1.0", account, domain, cloudInstance, "urn:federation:MicrosoftOnline"})
}
