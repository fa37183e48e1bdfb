package testrun

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A World is all that a gateway under test has around it: time, the emulated parties,
// issuers, stubs in place of backends, and the gateway itself. Nothing in it reaches
// outside.
type World struct {
	subject *Subject
	clock   *Clock
	gateway *gateway.Gateway
	random  float64
	context context.Context
	answer  func(ctx context.Context, c *Call) (*exchange.Response, error)

	parties  func() (*parties.Set, error)
	tokens   *jwtvalidate.Validator // of the gateway
	inside   *jwtvalidate.Validator // of the emulated Azure OpenAI
	identity *credential.Source
	issuers  issuers
	places   store.Places
	cache    *store.Cache // the built-in one
	vectors  store.Vectors
	external *store.Cache // what stands for the external one; nil: the service has none
	revoked  store.Revocations
	counters store.Counters
	sinks    store.Sinks
	breakers store.Backends

	mu       sync.Mutex
	backend  *backendConfig
	uses     map[*stub]int
	calls    []*Call
	refused  []error // what a test must not do
	secrets  map[string]string
	requests int
	file     *File
	later    []func() // what nobody waits for, to be run when the world settles
	records  []*trace.Record
}

// WorldOptions are what a world needs besides its subject.
type WorldOptions struct {
	// Clock is the world's time; nil: one that stands at a date which stays the same.
	Clock *Clock
	// Strict resolves what no source settles to the refusing side.
	Strict bool
	// Context ends everything; nil: nothing does.
	Context context.Context
	// Answer, if set, is asked for the answer to each call before stubs and parties are;
	// nil: another one answers. It is called by whoever makes the call.
	Answer func(ctx context.Context, c *Call) (*exchange.Response, error)
}

// keyPool is the signing keys of all tests: making one takes longer than a test.
var keyPool entra.KeyPool

// tokensKept is how many verified tokens are remembered: a test has few.
const tokensKept = 64

// bodyLimit is the most bytes of one body, as serve has it.
const bodyLimit = 10 << 20

// NewWorld makes a world. [World.Close] ends it.
func NewWorld(s *Subject, o WorldOptions) (*World, error) {
	w := &World{subject: s, clock: o.Clock, random: 0.5, context: o.Context, answer: o.Answer, uses: make(map[*stub]int), secrets: make(map[string]string)}
	if w.clock == nil {
		w.clock = NewClock(epoch)
	}
	if w.context == nil {
		w.context = context.Background()
	}
	w.issuers.world = w
	w.cache = store.NewCache(store.DefaultCacheSize)
	if s.service.Cache != nil { // a test opens no socket, so this stands for a real one
		w.external = store.NewCache(store.DefaultCacheSize)
	}
	client := &http.Client{Transport: hosts.Told(network{w})}
	w.tokens = jwtvalidate.New(jwtvalidate.Config{Client: client, Clock: w.clock, CacheSize: tokensKept})
	w.inside = jwtvalidate.New(jwtvalidate.Config{Client: client, Clock: w.clock, CacheSize: tokensKept})
	w.parties = sync.OnceValues(func() (*parties.Set, error) {
		return parties.New(s.parties, parties.Options{Clock: w.clock, Keys: &keyPool, Verify: parties.Verifier(w.inside), Federate: parties.Federation(w.tokens)})
	})
	var err error
	if w.identity, err = credential.New(credential.Config{Mode: credential.FromEmulated, Transport: hosts.Told(network{w}), Clock: w.clock}); err != nil {
		return nil, err
	}
	w.gateway = s.gateway.With(&policy.Env{
		Cache: w.cache, ExternalCache: w.externalCache(), Vectors: &w.vectors,
		// No guard keeps emulated tokens from real hosts: a stub stands for those.
		Sender: sender{w}, Identity: identity{w}, Tokens: w.tokens, Places: &w.places, Sinks: &w.sinks, Counters: &w.counters, Revocations: &w.revoked, Backends: &w.breakers, Background: background{w}, BodyLimit: bodyLimit, Strict: o.Strict,
		Random: func() float64 { return w.random },
	}, &trace.Recorder{ // who finishes a request holds w.mu
		Hidden:   func(secrets map[string]string) { maps.Copy(w.secrets, secrets) },
		Finished: func(r *trace.Record) { w.records = append(w.records, r) },
	})
	return w, nil
}

// externalCache is the external cache as policies see it.
func (w *World) externalCache() policy.Cache {
	if w.external == nil {
		return nil
	}
	return w.external
}

// Close ends what runs in the background.
func (w *World) Close() {
	w.tokens.Close()
	w.inside.Close()
	w.identity.Close()
}

// Clock is the world's time.
func (w *World) Clock() *Clock { return w.clock }

// Settle waits until nothing runs in the background any more, so that what follows does
// not depend on how long that takes. No request may be under way.
func (w *World) Settle() {
	for later := w.takeLater(); len(later) > 0; later = w.takeLater() {
		w.clock.Run(later...)
	}
	w.tokens.Wait()
	w.inside.Wait()
	w.identity.Wait()
}

// Mint makes an access token: the emulated Entra ID's, or of the issuer that is named.
func (w *World) Mint(r entra.MintRequest, issuer string) (string, error) {
	if issuer != "" {
		return w.issuers.mint(r, issuer)
	}
	p, err := w.parties()
	if err != nil {
		return "", err
	}
	return p.Entra.Mint(r)
}

// Calls are what the backends received so far.
func (w *World) Calls() []*Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[:len(w.calls):len(w.calls)]
}

// Key is the key of a subscription; false if there is none.
func (w *World) Key(subscription string) (string, bool) { return w.subject.key(subscription) }

// Unmatched are the calls so far that nobody answered, and what else must not happen in
// a test.
func (w *World) Unmatched() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refused[:len(w.refused):len(w.refused)]
}

// NewExchange is a request that is yet to be filled in. Its id is the same each time.
func (w *World) NewExchange() *exchange.Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
	return &exchange.Exchange{Context: w.context, ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", w.requests), Timestamp: w.clock.Now(), Clock: w.clock}
}

// spoil notes that something happened which must not happen in a test, and gives it
// back.
func (w *World) spoil(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, err)
	return err
}

// hide keeps a text out of what is shown.
func (w *World) hide(secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets[secret] = trace.Masked
}

// identity gives managed identity tokens, and keeps them out of what is shown.
type identity struct{ world *World }

func (i identity) Token(ctx context.Context, resource, clientID string) (policy.Token, error) {
	token, err := i.world.identity.Token(ctx, resource, clientID)
	if err == nil {
		i.world.hide(token.Value)
	}
	return token, err
}
