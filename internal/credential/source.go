package credential

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A Mode is where tokens come from: the values of --identity.
type Mode string

const (
	// FromEmulated asks the emulated metadata service, whatever the process's
	// environment says.
	FromEmulated Mode = "emulated"
	// FromEnvironment asks the managed identity endpoint that MSAL finds by the
	// process's environment: App Service, Azure ML, Cloud Shell, Azure Arc or the
	// metadata service. Service Fabric is refused: it pins a certificate, which the
	// gateway's transport cannot.
	FromEnvironment Mode = "environment"
	// FromAzure asks azidentity: ManagedIdentityCredential for a client id, else
	// DefaultAzureCredential (which takes AZURE_CLIENT_ID and the other variables
	// that it documents).
	FromAzure Mode = "azure"
)

// Config says where a [Source] gets its tokens.
type Config struct {
	// Mode is FromEmulated if empty.
	Mode Mode
	// Transport carries all requests. With FromEmulated it leads 169.254.169.254 to
	// the emulated metadata service; with FromAzure no host to an emulated party.
	Transport http.RoundTripper
	// Clock is that of whoever issues the tokens; nil is the system's.
	Clock exchange.Clock

	// credential stands in for azidentity's credentials in tests.
	credential func(clientID string) (azcore.TokenCredential, error)
}

// A Source gives the tokens of one gateway's identities. It is safe for use by
// several goroutines. Make one with [New].
type Source struct {
	mode        Mode
	clock       exchange.Clock
	fetch       fetch
	holdFailure time.Duration
	issued      issued

	context context.Context // of all fetches
	cancel  context.CancelFunc
	running sync.WaitGroup

	// entries is replaced, never changed, so that a hit takes no lock.
	entries atomic.Pointer[map[identity]*entry]
	mu      sync.Mutex // guards replacing entries, their flights and failures, and closed
	closed  bool
}

var _ policy.IdentitySource = (*Source)(nil)

// An identity of the gateway, asked for a token for a resource. The
// system-assigned one has no client id.
type identity struct{ resource, clientID string }

// A fetch asks for one token, once, past all caches. The error is a [*refusal] if
// the endpoint answered and gave none.
type fetch func(ctx context.Context, id identity) (grant, error)

// A grant is a token as an endpoint gave it.
type grant struct {
	value     string
	expiresOn time.Time
	kind      Kind
}

// New makes a source; nothing is fetched before it is asked. The error names what
// is wrong with the configuration or, with FromAzure, with azidentity's.
func New(c Config) (*Source, error) {
	if c.Transport == nil {
		return nil, errors.New("credential: the configuration has no transport")
	}
	s := &Source{mode: c.Mode, clock: c.Clock, holdFailure: failurePause}
	if s.clock == nil {
		s.clock = exchange.System
	}
	w := wire{c.Transport}
	switch c.Mode {
	case "", FromEmulated:
		s.mode, s.fetch, s.holdFailure = FromEmulated, w.fetchEmulated, 0
	case FromEnvironment:
		s.fetch = w.fetchFromEnvironment
	case FromAzure:
		credential, err := azureCredentials(c)
		if err != nil {
			return nil, fmt.Errorf("--identity azure: %s", oneLine(err.Error()))
		}
		s.fetch = credential.fetch
	default:
		return nil, fmt.Errorf("--identity %q is unknown; it is %s, %s or %s", c.Mode, FromEmulated, FromEnvironment, FromAzure)
	}
	s.context, s.cancel = context.WithCancel(context.Background())
	s.entries.Store(&map[identity]*entry{})
	return s, nil
}

// Close ends the fetches under way and waits for that. A closed source gives no
// token anymore but those it holds.
func (s *Source) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.running.Wait()
}

// Wait returns when no fetch is under way. It must not be called beside Token;
// tests call it so that nothing depends on how long a fetch takes.
func (s *Source) Wait() { s.running.Wait() }

// Token is an access token for resource, of the user-assigned identity clientID
// or, when that is "", of the system-assigned one; with FromAzure "" is
// DefaultAzureCredential's identity. It has not expired.
//
// The error is a [*TokenError], or context.Cause(ctx) if ctx ended first.
func (s *Source) Token(ctx context.Context, resource, clientID string) (policy.Token, error) {
	id := identity{resource, clientID}
	if e := (*s.entries.Load())[id]; e != nil {
		if h := e.held.Load(); h != nil {
			switch now := s.clock.Now(); {
			case now.Before(h.refreshAt):
				return h.token, nil
			case now.Before(h.token.ExpiresOn):
				s.join(ctx, id)
				return h.token, nil
			}
		}
	}
	return s.wait(ctx, id)
}

// wait gives the token of the fetch under way.
func (s *Source) wait(ctx context.Context, id identity) (policy.Token, error) {
	if err := id.check(); err != nil {
		return policy.Token{}, s.explain(id, err)
	}
	f := s.join(ctx, id)
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return policy.Token{}, context.Cause(ctx)
	}
}

// check finds what no endpoint takes. MSAL would cut a scope's ending off, the
// real gateway is not known to.
func (id identity) check() error {
	if id.resource == "" {
		return unusable("the resource is empty; name the one that the token is for, such as https://cognitiveservices.azure.com")
	}
	if resource, isScope := strings.CutSuffix(id.resource, scopeEnding); isScope {
		return unusable(fmt.Sprintf("that is a scope, and a managed identity takes a resource; write %q", resource))
	}
	return nil
}

// Issued reports whether this source issued a bearer token (without "Bearer "),
// of which kind, and for which resource. Only the last 1024 are known.
func (s *Source) Issued(token string) (kind Kind, resource string, ok bool) {
	return s.issued.find(token)
}
