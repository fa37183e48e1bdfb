package emulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
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

func newParties(c *Config, s *service.Service, st *state, verify func(context.Context, string, []string) (azureopenai.Principal, error)) (*parties, entraPublic, error) {
	directory := entra.DefaultConfig()
	if err := s.Parties.DecodeEntra(&directory); err != nil {
		return nil, entraPublic{}, err
	}
	p := &parties{identityHeader: randomText(32)}
	var err error
	p.entra, err = entra.New(directory, entra.Options{Clock: c.Clock, StateDir: st.folder("entra"), AutoSignIn: c.AutoSignIn, Logger: c.Log.With("party", "entra")})
	if err != nil {
		return nil, entraPublic{}, fmt.Errorf("emulated Entra ID: %w", err)
	}
	public := entraPublic{tenantID: directory.Tenants[0].ID}
	for _, app := range directory.Tenants[0].Apps {
		if app.PublicClient {
			public.clientID = app.ClientID
			break
		}
	}
	identities := managedidentity.DefaultConfig()
	if err := s.Parties.DecodeManagedIdentity(&identities); err != nil {
		return nil, public, err
	}
	p.identity, err = managedidentity.New(identities, managedidentity.Options{
		Issuer: identityIssuer{p.entra, c.Clock}, Secret: p.identityHeader, Clock: c.Clock, Logger: c.Log.With("party", "managed identity"),
	})
	if err != nil {
		return nil, public, fmt.Errorf("emulated managed identity: %w", err)
	}
	principal := ""
	if identities.SystemAssigned != nil {
		principal = identities.SystemAssigned.PrincipalID
	}
	resource := azureopenai.DefaultConfig(public.tenantID, principal)
	if err := s.Parties.DecodeAzureOpenAI(&resource); err != nil {
		return nil, public, err
	}
	p.openai, err = azureopenai.New(resource, azureopenai.Options{Clock: c.Clock, Verify: verify, Logger: c.Log.With("party", "azure openai")})
	if err != nil {
		return nil, public, fmt.Errorf("emulated Azure OpenAI: %w", err)
	}
	return p, public, nil
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
	if err != nil {
		return managedidentity.Token{}, &managedidentity.ResourceError{Text: err.Error()}
	}
	return managedidentity.Token{AccessToken: token, NotBefore: i.clock.Now(), ExpiresOn: expires}, nil
}

// verifier checks the tokens that the emulated Azure OpenAI gets, as the real one
// would: by the published keys of the tenant.
func verifier(tokens *jwtvalidate.Validator) func(context.Context, string, []string) (azureopenai.Principal, error) {
	return func(ctx context.Context, token string, audiences []string) (azureopenai.Principal, error) {
		valid, err := tokens.Validate(ctx, token, &jwtvalidate.Rules{
			OpenIDConfigs:     []string{"https://login.microsoftonline.com/common/.well-known/openid-configuration"},
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

// serveHTTP runs a plain server over a listener; Shutdown of the result ends it.
func serveHTTP(l net.Listener, h http.Handler, log *slog.Logger) *http.Server {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("a listener failed", "address", l.Addr().String(), "error", err)
		}
	}()
	return s
}
