package apimtest

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/edge"
	"github.com/apimulator/apimulator/internal/testrun"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// T is what a gateway needs of a test. *testing.T, *testing.B and *testing.F have it.
type T interface {
	Helper()
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A Gateway is an emulated API Management gateway with all that is around it. Its methods
// may be called by any number of goroutines; those that end the test when something is
// wrong belong into the test's own.
type Gateway struct {
	t        T
	world    *testrun.World
	subject  *testrun.Subject
	clock    *Clock
	backend  *Recorder
	inside   *edge.Server // serves in process
	listener listener
	// certificates are the client's; at most one.
	certificates []tls.Certificate
	from         string // their address; "": as it is

	running sync.RWMutex // read-locked while the gateway works on a request

	mu       sync.Mutex
	last     *trace.Record
	reported int // of the world's unmatched calls
	closed   bool
}

// An Option of [New] says what the gateway runs, and how.
type Option func(*config)

type config struct {
	source testrun.Source
	at     time.Time
	strict bool
	client []tls.Certificate
	from   string // the client's address; "": as it is
}

// Policy makes the gateway run one policy document, for an API at the root that asks for
// no subscription key. The file is relative to the test's folder.
func Policy(file string) Option { return func(c *config) { c.source.Policy = file } }

// Service makes the gateway run the service that an apim.yaml describes.
func Service(file string) Option { return func(c *config) { c.source.Service = file } }

// Backend is the address to which a policy document's API sends its requests. Stubs
// answer there all the same; without this it is https://backend.example. A service names
// its backends itself.
func Backend(url string) Option { return func(c *config) { c.source.Backend = url } }

// NamedValue is a named value, in place of the service's of that name or beside them.
func NamedValue(name, value string) Option {
	return func(c *config) { c.source.NamedValues[name] = value }
}

// Fragment is a policy fragment, in place of the service's of that id or beside them.
func Fragment(id, file string) Option {
	return func(c *config) { c.source.Fragments[id] = file }
}

// At is where the clock stands at first; without it, 2026-01-01 12:00 UTC.
func At(start time.Time) Option { return func(c *config) { c.at = start } }

// Strict resolves what is not known of Azure to the refusing side.
func Strict() Option { return func(c *config) { c.strict = true } }

// ClientCertificate is what clients show where the gateway asks for a certificate
// (negotiateClientCertificate), in process and over TLS. In process it needs no private
// key.
func ClientCertificate(certificate tls.Certificate) Option {
	return func(c *config) { c.client = []tls.Certificate{certificate} }
}

// ClientAddress is the IP address that policies see clients at, in process and over TLS.
// Without it, it is 127.0.0.1.
func ClientAddress(ip string) Option { return func(c *config) { c.from = ip } }

// New runs a gateway until the test ends. It needs [Policy] or [Service]. A document that
// is wrong, or holds a statement that does not run yet, ends the test with all that was
// found, file:line:col first.
func New(t T, options ...Option) *Gateway {
	t.Helper()
	c := config{source: testrun.Source{NamedValues: make(map[string]string), Fragments: make(map[string]string)}, at: testrun.Epoch}
	for _, o := range options {
		o(&c)
	}
	switch {
	case (c.source.Policy == "") == (c.source.Service == ""):
		t.Fatalf("apimtest: New needs either Policy or Service: what the gateway runs")
	case c.source.Service != "" && c.source.Backend != "":
		t.Fatalf("apimtest: Backend goes with Policy; a service names its backends itself")
	}
	if _, err := netip.ParseAddr(c.from); c.from != "" && err != nil {
		t.Fatalf("apimtest: ClientAddress: %v", err)
	}
	subject, err := c.source.Load()
	if err != nil {
		t.Fatalf("apimtest: the gateway can't run this:\n%v", err)
	}
	g := &Gateway{t: t, subject: subject, certificates: c.client, from: c.from}
	g.backend = &Recorder{gateway: g}
	clock := testrun.NewClock(c.at)
	g.clock = &Clock{gateway: g, clock: clock}
	if g.world, err = testrun.NewWorld(subject, testrun.WorldOptions{Clock: clock, Strict: c.strict, Answer: g.backend.answer}); err != nil {
		t.Fatalf("apimtest: %v", err)
	}
	g.inside = edge.NewHandler(g.edge())
	t.Cleanup(g.close)
	return g
}

// shown is the chain that a client shows in process, where it is asked for.
func (g *Gateway) shown() []*x509.Certificate {
	if len(g.certificates) == 0 || !g.subject.AsksForCertificates() {
		return nil
	}
	var chain []*x509.Certificate
	for _, der := range g.certificates[0].Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			g.fail("apimtest: the client's certificate can't be read: %v", err)
			return nil
		}
		chain = append(chain, c)
	}
	return chain
}

// edge is how HTTP comes to the gateway, in process and over TLS.
func (g *Gateway) edge() edge.ServerConfig {
	return edge.ServerConfig{
		Handler: g.handle, OnDone: g.done, Route: g.route, Clock: g.clock.clock,
		Log: slog.New(slog.NewTextHandler(faults{g}, &slog.HandlerOptions{Level: slog.LevelError})),
	}
}

func (g *Gateway) handle(x *exchange.Exchange) {
	if g.from != "" {
		x.Request.ClientIP = g.from
	}
	g.settle()
	g.running.RLock()
	defer g.running.RUnlock()
	g.clock.clock.Enter()
	defer g.clock.clock.Leave()
	g.world.Handle(x)
}

// settle lets what runs in the background end, if no request is under way, so that what
// follows does not depend on how long that takes.
func (g *Gateway) settle() {
	if g.running.TryLock() {
		defer g.running.Unlock()
		g.world.Settle()
	}
}

// route is the emulated party whose host a request names.
func (g *Gateway) route(host string) http.Handler {
	party, err := g.world.Party(host)
	if err != nil {
		g.fail("apimtest: %v", err)
	}
	return party
}

// done completes a request's trace and reports what must not happen.
func (g *Gateway) done(x *exchange.Exchange, result edge.Result) {
	end := trace.End{Status: result.Status, BytesOut: result.BytesOut}
	switch {
	case result.ClientGone:
		end.Cut = "the client went away"
	case result.Err != nil:
		end.Cut = result.Err.Error()
	}
	if record := g.world.Finish(x, end); record != nil {
		g.mu.Lock()
		g.last = record
		g.mu.Unlock()
	}
	g.report()
}

// report fails the test for each call that nobody answered and that was not told yet.
func (g *Gateway) report() {
	unmatched := g.world.Unmatched()
	g.mu.Lock()
	fresh := unmatched[min(g.reported, len(unmatched)):]
	g.reported = max(g.reported, len(unmatched))
	g.mu.Unlock()
	for _, err := range fresh {
		g.fail("apimtest: %s", g.world.Mask(describe(err)))
	}
}

// fail fails the test, unless that is over.
func (g *Gateway) fail(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.t.Errorf(format, args...)
	}
}

// faults fails the test for what is logged: the emulator's own faults, or a stub's.
type faults struct{ gateway *Gateway }

func (f faults) Write(p []byte) (int, error) {
	f.gateway.fail("apimtest: %s", strings.TrimSpace(f.gateway.world.Mask(string(p))))
	return len(p), nil
}

func (g *Gateway) close() {
	g.listener.close()
	g.world.Close()
	g.report()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	if g.last != nil && g.t.Failed() {
		g.t.Logf("apimtest: the last request:\n%s", g.traceOf(g.last))
	}
}

// Key is the key of a subscription, to send in Ocp-Apim-Subscription-Key or what the API
// names instead. It ends the test if there is no such subscription.
func (g *Gateway) Key(subscription string) string {
	g.t.Helper()
	key, ok := g.world.Key(subscription)
	if !ok {
		g.t.Fatalf("apimtest: the service has no subscription %q with a key; it has: %s", subscription, strings.Join(g.subject.Subscriptions(), ", "))
	}
	g.world.Hide(key)
	return key
}

// Backend is what stands in for the backends.
func (g *Gateway) Backend() *Recorder { return g.backend }

// Clock is the time of everything around the gateway.
func (g *Gateway) Clock() *Clock { return g.clock }

// A Clock is a gateway's time, and that of the tokens: it stands still, and leaps where a
// policy or a stub waits.
type Clock struct {
	gateway *Gateway
	clock   *testrun.Clock
}

// Now is where the clock stands.
func (c *Clock) Now() time.Time { return c.clock.Now() }

// Advance moves the clock on by d; what is due on the way happens. It is meant for
// between requests.
func (c *Clock) Advance(d time.Duration) {
	c.clock.Advance(d)
	c.gateway.settle()
}
