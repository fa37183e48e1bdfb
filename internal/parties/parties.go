package parties

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Set is the emulated services around one gateway.
type Set struct {
	Entra    *entra.Server
	Identity *managedidentity.Server
	OpenAI   *azureopenai.Server
	// IdentityHeader is the IDENTITY_HEADER of the App Service shape.
	IdentityHeader string
}

// Options are what the parties need besides their configuration.
type Options struct {
	Clock exchange.Clock // required
	// EntraState is the folder of the emulated Entra ID's keys; "" keeps them in memory.
	EntraState string
	AutoSignIn bool
	// Keys are signing keys to share; see [entra.Options].
	Keys *entra.KeyPool
	// Verify checks the tokens that the emulated Azure OpenAI gets; see [Verifier].
	Verify func(ctx context.Context, token string, audiences []string) (azureopenai.Principal, error)
	// Federate checks tokens of other issuers for the emulated Entra ID; see [Federation].
	Federate func(ctx context.Context, token, issuer string) error
	// Log takes what the parties do; nil discards it.
	Log *slog.Logger
}

// New makes the parties.
func New(c Configs, o Options) (*Set, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Set{IdentityHeader: rand.Text()}
	var err error
	s.Entra, err = entra.New(c.Entra, entra.Options{Clock: o.Clock, StateDir: o.EntraState, AutoSignIn: o.AutoSignIn, Keys: o.Keys, Federate: o.Federate, Logger: o.Log.With("party", "entra")})
	if err != nil {
		return nil, fmt.Errorf("emulated Entra ID: %w", err)
	}
	s.Identity, err = managedidentity.New(c.Identity, managedidentity.Options{
		Issuer: identityIssuer{s.Entra, o.Clock}, Secret: s.IdentityHeader, Clock: o.Clock, Logger: o.Log.With("party", "managed identity"),
	})
	if err != nil {
		return nil, fmt.Errorf("emulated managed identity: %w", err)
	}
	s.OpenAI, err = azureopenai.New(c.OpenAI, azureopenai.Options{Clock: o.Clock, Verify: o.Verify, Logger: o.Log.With("party", "azure openai")})
	if err != nil {
		return nil, fmt.Errorf("emulated Azure OpenAI: %w", err)
	}
	return s, nil
}

// Handler is a mapped party's, nil if nobody serves it.
func (s *Set) Handler(party hosts.Party) http.Handler {
	switch party {
	case hosts.Entra:
		return s.Entra
	case hosts.ManagedIdentity:
		return s.Identity
	case hosts.AzureOpenAI:
		return s.OpenAI
	}
	return nil
}

// ByPath is the party that a request to localhost means.
func (s *Set) ByPath(path string) http.Handler {
	path = strings.ToLower(path)
	switch {
	case strings.HasPrefix(path, "/metadata/identity"), strings.HasPrefix(path, "/msi/"):
		return s.Identity
	case strings.HasPrefix(path, "/openai/"), strings.HasPrefix(path, "/contentsafety/"):
		return s.OpenAI
	}
	return s.Entra
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

// Federation checks tokens of other issuers, which stand for client assertions, by the keys
// in their discovery documents.
func Federation(tokens *jwtvalidate.Validator) func(ctx context.Context, token, issuer string) error {
	return func(ctx context.Context, token, issuer string) error {
		_, err := tokens.Validate(ctx, token, &jwtvalidate.Rules{
			OpenIDConfigs:     []string{strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"},
			Issuers:           []string{issuer},
			RequireExpiration: true, RequireSigned: true, ClockSkew: 5 * time.Minute,
		})
		var fault *jwtvalidate.Error
		switch {
		case err == nil:
			return nil
		case errors.As(err, &fault) && fault.Reason == jwtvalidate.ReasonInvalidSignature:
			return fmt.Errorf("%w: %w", entra.ErrIssuerSignature, err)
		}
		return fmt.Errorf("%w: %w", entra.ErrIssuerKeys, err)
	}
}

// Verifier checks the tokens that the emulated Azure OpenAI gets, as the real one
// would: by the keys that its tenant publishes. That is the emulated Entra ID,
// also where the login hosts are off the map, so it is reached by localhost.
func Verifier(tokens *jwtvalidate.Validator) func(context.Context, string, []string) (azureopenai.Principal, error) {
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
