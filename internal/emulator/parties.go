package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

// parties are the emulated services around the gateway.
type parties struct {
	entra    *entra.Server
	identity *managedidentity.Server
	openai   *azureopenai.Server
	// identityHeader is the IDENTITY_HEADER of the App Service shape.
	identityHeader string
}

// entraPublic is the part of a configuration that clients need to know.
type entraPublic struct{ tenantID, clientID string }

// partyConfigs are the parties' sections of apim.yaml, read over what an absent
// one means.
type partyConfigs struct {
	entra    entra.Config
	identity managedidentity.Config
	openai   azureopenai.Config
}

func readParties(s *service.Service) (partyConfigs, error) {
	p := partyConfigs{entra: entra.DefaultConfig(), identity: managedidentity.DefaultConfig()}
	if err := s.Parties.DecodeEntra(&p.entra); err != nil {
		return p, err
	}
	if err := s.Parties.DecodeManagedIdentity(&p.identity); err != nil {
		return p, err
	}
	tenant := p.entra.Tenants[0].ID
	if own := p.identity.SystemAssigned; own != nil {
		p.openai = azureopenai.DefaultConfig(tenant, own.PrincipalID)
	} else {
		p.openai = azureopenai.DefaultConfig(tenant, "")
		p.openai.RoleAssignments = nil
	}
	return p, s.Parties.DecodeAzureOpenAI(&p.openai)
}

// changed names the sections of apim.yaml in which other differs.
func (p partyConfigs) changed(other partyConfigs) []string {
	var sections []string
	for _, section := range []struct {
		name      string
		ours, its any
	}{{"entra", p.entra, other.entra}, {"managedIdentity", p.identity, other.identity}, {"azureOpenAI", p.openai, other.openai}} {
		if !reflect.DeepEqual(section.ours, section.its) {
			sections = append(sections, section.name)
		}
	}
	return sections
}

// public is what clients need to know: the first tenant and its first public
// client.
func (p partyConfigs) public() entraPublic {
	tenant := p.entra.Tenants[0]
	for _, app := range tenant.Apps {
		if app.PublicClient {
			return entraPublic{tenant.ID, app.ClientID}
		}
	}
	return entraPublic{tenantID: tenant.ID}
}

func newParties(c *Config, configs partyConfigs, st *state, verify func(context.Context, string, []string) (azureopenai.Principal, error)) (*parties, error) {
	p := &parties{identityHeader: randomText(32)}
	var err error
	p.entra, err = entra.New(configs.entra, entra.Options{Clock: c.Clock, StateDir: st.folder("entra"), AutoSignIn: c.AutoSignIn, Logger: c.PartyLog.With("party", "entra")})
	if err != nil {
		return nil, fmt.Errorf("emulated Entra ID: %w", err)
	}
	p.identity, err = managedidentity.New(configs.identity, managedidentity.Options{
		Issuer: identityIssuer{p.entra, c.Clock}, Secret: p.identityHeader, Clock: c.Clock, Logger: c.PartyLog.With("party", "managed identity"),
	})
	if err != nil {
		return nil, fmt.Errorf("emulated managed identity: %w", err)
	}
	p.openai, err = azureopenai.New(configs.openai, azureopenai.Options{Clock: c.Clock, Verify: verify, Logger: c.PartyLog.With("party", "azure openai")})
	if err != nil {
		return nil, fmt.Errorf("emulated Azure OpenAI: %w", err)
	}
	return p, nil
}

// handler is a mapped party's, nil if nobody serves it.
func (p *parties) handler(party hosts.Party) http.Handler {
	switch party {
	case hosts.Entra:
		return p.entra
	case hosts.ManagedIdentity:
		return p.identity
	case hosts.AzureOpenAI:
		return p.openai
	}
	return nil
}

// byPath is the party that a request to localhost means.
func (p *parties) byPath(path string) http.Handler {
	path = strings.ToLower(path)
	switch {
	case strings.HasPrefix(path, "/metadata/identity"), strings.HasPrefix(path, "/msi/"):
		return p.identity
	case strings.HasPrefix(path, "/openai/"):
		return p.openai
	}
	return p.entra
}

// dispatch serves each request by the host it names: any listener serves every
// mapped name. Requests to other names, localhost foremost, go to local.
func dispatch(m func() hosts.Map, p *parties, gateway http.Handler, local func(*http.Request) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := route(m(), p, gateway, r); h != nil {
			h.ServeHTTP(w, r)
			return
		}
		local(r).ServeHTTP(w, r)
	})
}

// route is who serves the mapped host that r names; nil if it is not mapped.
func route(m hosts.Map, p *parties, gateway http.Handler, r *http.Request) http.Handler {
	host := r.Host
	if r.URL.Host != "" {
		host = r.URL.Host // absolute form, from a proxy
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	target, mapped := m.Lookup(host)
	if !mapped || target.Party == "" {
		return nil
	}
	if target.Party == hosts.Gateway {
		return gateway
	}
	if h := p.handler(target.Party); h != nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, fmt.Sprintf("apimulator: host %s is mapped to the party %q, which is not emulated", host, target.Party), http.StatusNotImplemented)
	})
}

// identityIssuer lets the emulated managed identity hand out the emulated Entra
// ID's tokens.
type identityIssuer struct {
	entra *entra.Server
	clock exchange.Clock
}

// ManagedIdentityToken is part of managedidentity.Issuer.
func (i identityIssuer) ManagedIdentityToken(_ context.Context, resource string, id managedidentity.Identity) (managedidentity.Token, error) {
	token, expires, err := i.entra.MintManagedIdentity(entra.ManagedIdentityToken{
		Resource: resource, ClientID: id.ClientID, PrincipalID: id.PrincipalID, TenantID: id.TenantID, ResourceID: id.ResourceID,
	})
	var unknown *entra.Error
	if errors.As(err, &unknown) && unknown.Code == unknownResource {
		return managedidentity.Token{}, &managedidentity.ResourceError{Text: unknown.Error()}
	}
	if err != nil {
		return managedidentity.Token{}, err
	}
	// Tokens are dated 5 minutes back (identity.md 5.1).
	return managedidentity.Token{AccessToken: token, NotBefore: i.clock.Now().Add(-5 * time.Minute), ExpiresOn: expires}, nil
}

// unknownResource is AADSTS500011: no such resource in the tenant.
const unknownResource = 500011

// verifier checks the tokens that the emulated Azure OpenAI gets, as the real one
// would: by the keys that its tenant publishes. That is the emulated Entra ID,
// also where the login hosts are off the map, so it is reached by localhost.
func verifier(tokens *jwtvalidate.Validator) func(context.Context, string, []string) (azureopenai.Principal, error) {
	return func(ctx context.Context, token string, audiences []string) (azureopenai.Principal, error) {
		valid, err := tokens.Validate(ctx, token, &jwtvalidate.Rules{
			OpenIDConfigs:     []string{"https://localhost/common/.well-known/openid-configuration"},
			Audiences:         audiences,
			RequireExpiration: true, RequireSigned: true,
		})
		if err != nil {
			return azureopenai.Principal{}, err
		}
		p := azureopenai.Principal{}
		p.ObjectID, _ = valid.Claims["oid"].(string)
		p.TenantID, _ = valid.Claims["tid"].(string)
		if p.ObjectID == "" {
			return p, errors.New("the token names no object id (oid)")
		}
		return p, nil
	}
}
