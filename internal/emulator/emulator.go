package emulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/apimulator/apimulator/internal/console"
	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/internal/telemetry"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Emulator is everything, running.
type Emulator struct {
	config    Config
	state     *state
	hosts     atomic.Pointer[hosts.Map]
	authority *hosts.Authority
	bundle    string // path of the trust bundle; "" without a state folder
	parties   *parties.Set
	public    entraPublic
	tokens    *jwtvalidate.Validator
	upstream  *edge.Upstream
	recorder  *trace.Recorder
	metrics   *telemetry.Metrics
	tracing   *telemetry.Tracing // nil: nobody asked for it
	debug     *trace.Debug
	places    store.Places
	cache     *store.Cache
	vectors   store.Vectors
	revoked   store.Revocations
	counters  store.Counters
	sinks     store.Sinks
	backends  store.Backends
	gateway   *gateway.Gateway
	server    *edge.Server
	bearer    string // of the management listener
	sessions  *management.Sessions
	reloads   console.Reloads

	fixed fixed // what a reload can't change

	listeners map[string]net.Listener // by what they are for
	closers   []func(context.Context) error
	failed    chan error
	// Warnings are for the person who starts the emulator.
	Warnings []string
}

// Start runs an emulator until its Close. Everything listens when it returns; an
// error leaves nothing behind.
func Start(c Config) (_ *Emulator, err error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	e := &Emulator{config: c, cache: store.NewCache(store.DefaultCacheSize), recorder: &trace.Recorder{Finished: c.Finished, ShowSecrets: c.ShowSecrets, PerSecond: c.TraceRate, KeepRaw: true}, debug: trace.NewDebug(), bearer: cmp.Or(c.Bearer, randomText(32)), sessions: management.NewSessions(), listeners: make(map[string]net.Listener), failed: make(chan error, 1)}
	defer func() {
		if err != nil {
			e.Close(context.Background())
		}
	}()
	if e.state, err = openState(c.State); err != nil {
		return nil, err
	}
	watched, err := e.watchFiles()
	if err != nil {
		return nil, err
	}
	s, err := c.load(e.state, watched)
	if err != nil {
		return nil, err
	}
	if err := e.build(s); err != nil {
		return nil, err
	}
	if err := e.announce(s); err != nil {
		return nil, err
	}
	if watched != nil {
		e.loop(func(ctx context.Context) error { e.follow(ctx, watched); return nil })
	}
	return e, nil
}

// mostInBackground is how many requests are sent at a time that nobody waits for.
const mostInBackground = 1000

func (e *Emulator) build(s *service.Service) error {
	c := &e.config
	var err error
	if err := e.measure(); err != nil {
		return err
	}
	if e.fixed, err = readFixed(s); err != nil {
		return err
	}
	m, err := hostMap(c, s)
	if err != nil {
		return err
	}
	real := findReal(c, s, m)
	warning, err := real.check(c)
	if err != nil {
		return err
	}
	e.warn(warning)
	// Certificates are read by programs beside the emulator, so they go by the
	// real time, however the emulator's clock is moved.
	if e.authority, err = hosts.LoadOrCreate(e.state.folder("tls"), m.Patterns(), exchange.System); err != nil {
		return err
	}
	if err := e.listen(); err != nil {
		return err
	}
	if m, err = e.bind(m); err != nil {
		return err
	}
	e.hosts.Store(&m)
	network := hosts.NewNetwork(hosts.NetworkConfig{Map: m, Authority: e.authority, AllowReal: real.dialsReal(c)})
	e.tokens = e.validator(network)
	inside := network
	if !c.GatewayOnly {
		if inside, err = e.surround(); err != nil {
			return err
		}
	}
	if err := checkServed(s, m, e.parties); err != nil {
		return err
	}
	identity, err := e.identity(network, inside)
	if err != nil {
		return err
	}
	e.upstream = edge.NewUpstream(edge.UpstreamConfig{Dial: network.Dial, DialWith: network.DialWith})
	e.atEnd(e.upstream.Close)
	background := store.NewBackground(mostInBackground)
	e.closers = append(e.closers, background.Close)
	env := &policy.Env{
		Cache: e.cache, ExternalCache: e.externalCache(s.Cache), Vectors: &e.vectors,
		Sender:   trace.Watch(gateway.GuardTokens(telemetry.Sender(e.upstream, c.Clock, e.metrics, e.tracing), identity, m)),
		Identity: identity, Tokens: e.tokens, Places: &e.places, Sinks: &e.sinks, Counters: &e.counters, Revocations: &e.revoked, Backends: &e.backends, Meter: telemetry.Meter(e.metrics, e.tracing), Background: background, BodyLimit: c.BodyLimit, Strict: c.Strict,
	}
	e.gateway = gateway.New(env, e.recorder, s)
	e.gateway.Debug(e.debugging())
	e.logEvents(background)
	e.countEmitted()
	for _, w := range s.Warnings {
		e.warn(w.String())
	}
	e.serve()
	return nil
}

// surround makes the emulated parties, and gives the network among them.
func (e *Emulator) surround() (*hosts.Network, error) {
	c := &e.config
	inside, err := e.inside()
	if err != nil {
		return nil, err
	}
	e.public = publicOf(e.fixed.parties)
	e.parties, err = parties.New(e.fixed.parties, parties.Options{
		Clock: c.Clock, EntraState: e.state.folder("entra"), AutoSignIn: c.AutoSignIn, Verify: parties.Verifier(e.validator(inside)), Federate: parties.Federation(e.tokens), Log: c.PartyLog,
	})
	return inside, err
}

// inside is the network of the emulated parties among themselves: they reach each
// other also where configuration takes the names off the map that others know
// them by.
func (e *Emulator) inside() (*hosts.Network, error) {
	var m hosts.Map
	for host, party := range map[string]hosts.Party{"localhost": hosts.Entra, "169.254.169.254": hosts.ManagedIdentity} {
		var err error
		if m, err = m.Add(host, party); err != nil {
			return nil, err
		}
	}
	m, err := e.bind(m)
	if err != nil {
		return nil, err
	}
	return hosts.NewNetwork(hosts.NetworkConfig{Map: m, Authority: e.authority}), nil
}

// client is a client of that network, whose idle connections end with the
// emulator.
func (e *Emulator) client(network *hosts.Network) *http.Client {
	client := &http.Client{Transport: hosts.Told(network.Transport())}
	e.atEnd(client.CloseIdleConnections)
	return client
}

func (e *Emulator) validator(network *hosts.Network) *jwtvalidate.Validator {
	v := jwtvalidate.New(jwtvalidate.Config{Client: e.client(network), Clock: e.config.Clock})
	e.atEnd(v.Close)
	return v
}

// identity is where the gateway's managed identity tokens come from. The emulated
// endpoint is asked inside, so that no real one's tokens pass for emulated ones;
// Azure's own endpoints are never looked for on the map.
func (e *Emulator) identity(network, inside *hosts.Network) (*credential.Source, error) {
	mode, clock := credential.Mode(e.config.Identity), exchange.Clock(e.config.Clock)
	switch mode {
	case credential.FromEmulated:
		network = inside
	case credential.FromAzure:
		// Real tokens live by the real time, however the emulator's clock is moved.
		network, clock = hosts.NewNetwork(hosts.NetworkConfig{AllowReal: true}), exchange.System
	}
	source, err := credential.New(credential.Config{Mode: mode, Transport: e.client(network).Transport, Clock: clock})
	if err != nil {
		return nil, err
	}
	e.atEnd(source.Close)
	return source, nil
}

func (e *Emulator) warn(text string) {
	if text != "" {
		e.Warnings = append(e.Warnings, text)
	}
}

// Gateway, and the methods that follow, say where to reach what. With GatewayOnly there is
// nothing but Gateway, GatewayPlain and Bundle to reach.

// Alone reports whether that is so.
func (e *Emulator) Alone() bool { return e.config.GatewayOnly }

// Gateway is the gateway's address, https.
func (e *Emulator) Gateway() string { return "https://" + localhost(e.server.Addr()) }

// GatewayPlain is its address without TLS, "" if there is none.
func (e *Emulator) GatewayPlain() string {
	if a := e.server.PlainAddr(); a != nil {
		return "http://" + localhost(a)
	}
	return ""
}

// Parties is the address of the emulated Entra ID and Azure OpenAI, https.
func (e *Emulator) Parties() string { return "https://" + localhost(e.listeners["parties"].Addr()) }

// IdentityEndpoint is where managed identity is served, plain http.
func (e *Emulator) IdentityEndpoint() string {
	return "http://" + localhost(e.listeners["parties"].Addr()) + "/msi/token"
}

// IdentityHeader is the IDENTITY_HEADER that goes with IdentityEndpoint.
func (e *Emulator) IdentityHeader() string { return e.parties.IdentityHeader }

// Authority is the first tenant's, for MSAL.
func (e *Emulator) Authority() string { return e.Parties() + "/" + e.public.tenantID }

// Management is the management listener's address, http.
func (e *Emulator) Management() string {
	return "http://" + e.listeners["management"].Addr().String()
}

// Proxy is the forward proxy's address, http.
func (e *Emulator) Proxy() string { return "http://" + e.listeners["proxy"].Addr().String() }

// TenantID and ClientID are the first tenant and its first public client.
func (e *Emulator) TenantID() string { return e.public.tenantID }

// ClientID is the first tenant's first public client.
func (e *Emulator) ClientID() string { return e.public.clientID }

// Bundle is the path of a file with the system's roots and the emulator's own.
func (e *Emulator) Bundle() string { return e.bundle }

// Service is the one in use.
func (e *Emulator) Service() *service.Service { return e.gateway.Service() }

// Recorder keeps the records of requests.
func (e *Emulator) Recorder() *trace.Recorder { return e.recorder }

// Clock is everything's time.
func (e *Emulator) Clock() *exchange.MovableClock { return e.config.Clock }

// Failed gives the error of a listener that broke down.
func (e *Emulator) Failed() <-chan error { return e.failed }

// localhost is an address as a client on this machine writes it.
func localhost(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// HTTPClient is a client outside of the emulator, for tests and the demo: it
// trusts the emulator's authority and reaches mapped hosts.
func (e *Emulator) HTTPClient() *http.Client {
	network := hosts.NewNetwork(hosts.NetworkConfig{Map: *e.hosts.Load(), Authority: e.authority})
	return &http.Client{Transport: network.Transport()}
}

// atEnd has f called when the emulator closes, before what was named earlier.
func (e *Emulator) atEnd(f func()) {
	e.closers = append(e.closers, func(context.Context) error {
		f()
		return nil
	})
}

// Close drains: the gateway stops listening and finishes the requests under way,
// which may still need the parties; those follow, and then the rest. When ctx
// ends, what is not finished is broken off, which is the error. Nothing is left
// running.
func (e *Emulator) Close(ctx context.Context) (err error) {
	for _, c := range slices.Backward(e.closers) {
		if failed := c(ctx); failed != nil && err == nil {
			err = fmt.Errorf("requests under way were broken off: %w", failed)
		}
	}
	if e.server != nil {
		e.server.Close() // one that never served
	}
	for _, l := range e.listeners {
		l.Close()
	}
	if e.state != nil {
		e.state.remove(runningFile)
		e.state.remove(management.AddressFile)
		e.state.close()
	}
	e.closers, e.state = nil, nil // the folder may be another's by the next Close
	return err
}

// bundlePath is where the trust bundle is, or will be; "" without a state folder.
func (e *Emulator) bundlePath() string {
	if e.state.dir == "" {
		return ""
	}
	return filepath.Join(e.state.dir, "ca-bundle.pem")
}

// announce writes what other programs need once everything listens.
func (e *Emulator) announce(s *service.Service) error {
	if err := e.state.saveKeys(); err != nil {
		return fmt.Errorf("the generated keys can't be kept: %w", err)
	}
	if e.state.dir == "" {
		if e.config.EnvFile != "" {
			return errors.New("--env-file needs a state folder, for the certificates it names")
		}
		return nil
	}
	e.bundle = e.bundlePath()
	warning, err := e.authority.WriteBundle(e.bundle)
	if err != nil {
		return err
	}
	e.warn(warning)
	return e.publish(s)
}

// publish writes the files by which other programs find the emulator.
func (e *Emulator) publish(s *service.Service) error {
	if e.state.dir == "" || e.config.GatewayOnly {
		return nil
	}
	if err := e.writeRunning(s); err != nil {
		return err
	}
	if e.config.EnvFile != "" {
		return e.writeEnvFile(s)
	}
	return nil
}

// MintToken mints any token, broken ones included.
func (e *Emulator) MintToken(r entra.MintRequest) (string, error) { return e.parties.Entra.Mint(r) }
