package emulator

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// The addresses on which serve listens by default.
const (
	DefaultListen     = "127.0.0.1:8443"
	DefaultParties    = "127.0.0.1:8444"
	DefaultManagement = "127.0.0.1:8445"
	DefaultProxy      = "127.0.0.1:8446"
)

// DefaultTraceRate is how many requests serve records in a second at most, unless it is
// told another number.
const DefaultTraceRate = 200

// Config says what to run.
type Config struct {
	// Service is the path of an apim.yaml. Without it, Policy and Backend make a
	// service of one API; without those too, Seed is run.
	Service string
	// Policy is the path of one policy document, Backend where its API's
	// requests go.
	Policy, Backend string
	// Seed is the name of the built-in service to run when no other is named:
	// "apim.yaml" or "demo.yaml".
	Seed string

	// State is the folder for keys and certificates; "" keeps them in memory.
	State string
	// Listen, Parties, Management and Proxy are the listeners' addresses; port 0
	// takes a free one. "" means loopback and a free port.
	Listen, Parties, Management, Proxy string
	// HTTP is an address on which the gateway is served without TLS as well; ""
	// means none.
	HTTP string

	Strict          bool
	SkipUnsupported bool
	AutoSignIn      bool
	// Identity is where tokens of managed identities come from: emulated (also
	// if empty), environment or azure.
	Identity string
	// RealBackend allows real hosts and real credentials beside the emulated
	// issuer (see safety.go).
	RealBackend bool
	// GatewayOnly runs nothing but the gateway: no emulated parties, no management and so
	// no page, no forward proxy. The hosts that lead to parties are real ones then.
	GatewayOnly bool
	// Watch reloads the service when its files change.
	Watch bool
	// PublicNames makes what EnvFile writes name the public hosts, reached
	// through the forward proxy, instead of localhost.
	PublicNames bool
	EnvFile     string

	// OldTrace takes requests of the retired tracing scheme, Ocp-Apim-Trace: true.
	OldTrace bool
	// TraceRate is how many requests are recorded in a second at most; 0: all, negative:
	// none.
	TraceRate int
	// ShowSecrets leaves secrets in records; the gateway has to listen on loopback.
	ShowSecrets bool

	// Bearer is that of the management listener; "" makes a new one.
	Bearer string
	// OpenTelemetry sends spans and metrics to where its standard variables say.
	OpenTelemetry bool

	// BodyLimit is the most bytes of one body held in memory; 0 means 10 MB.
	BodyLimit int64
	// Clock is the time of everything; nil is the operating system's.
	Clock *exchange.MovableClock
	// Log takes what happens; nil discards it. Requests go to Finished.
	Log *slog.Logger
	// PartyLog takes what the emulated parties do; nil is Log.
	PartyLog *slog.Logger
	// Finished is called with the record of each request.
	Finished func(*trace.Record)
	// Getenv looks up the environment for named values.
	Getenv func(string) (string, bool)
}

// identities are the values of Config.Identity.
var identities = []string{string(credential.FromEmulated), string(credential.FromEnvironment), string(credential.FromAzure)}

const (
	defaultBodyLimit = 10 << 20
	anyPort          = "127.0.0.1:0"
)

// onLoopback reports whether the gateway and the parties are reached from this machine
// only.
func (c *Config) onLoopback() bool {
	return isLoopback(c.Listen) && isLoopback(c.Parties) && (c.HTTP == "" || isLoopback(c.HTTP))
}

// checkGatewayOnly refuses what goes to, or by way of, something that GatewayOnly leaves out.
func (c *Config) checkGatewayOnly() error {
	if !c.GatewayOnly {
		return nil
	}
	if c.Identity == identities[0] {
		return fmt.Errorf("--gateway-only leaves no emulated managed identity: say --identity %s", strings.Join(identities[1:], " or "))
	}
	for _, l := range []struct{ flag, address, usual string }{
		{"--parties", c.Parties, DefaultParties}, {"--management", c.Management, DefaultManagement}, {"--proxy", c.Proxy, DefaultProxy},
	} {
		if l.address != l.usual && l.address != anyPort {
			return fmt.Errorf("--gateway-only leaves out what listens at %s %s", l.flag, l.address)
		}
	}
	for _, f := range []struct {
		flag  string
		given bool
	}{
		{"--env-file", c.EnvFile != ""}, {"--auto-sign-in", c.AutoSignIn}, {"--old-trace", c.OldTrace}, {"--real-backend", c.RealBackend},
		{"--management-token-file", c.Bearer != ""},
	} {
		if f.given {
			return fmt.Errorf("%s is of no use with --gateway-only", f.flag)
		}
	}
	if c.Service == "" && c.Policy == "" {
		return fmt.Errorf("--gateway-only needs a service, or --policy: the built-in one stands before the emulated Azure OpenAI")
	}
	return nil
}

func (c *Config) complete() error {
	for _, address := range []*string{&c.Listen, &c.Parties, &c.Management, &c.Proxy} {
		if *address == "" {
			*address = anyPort
		}
	}
	if c.Seed == "" {
		c.Seed = "apim.yaml"
	}
	if c.Identity == "" {
		c.Identity = identities[0]
	}
	if !slices.Contains(identities, c.Identity) {
		return fmt.Errorf("--identity is %s, not %q", strings.Join(identities, ", "), c.Identity)
	}
	switch {
	case c.Service != "" && c.Policy != "":
		return fmt.Errorf("name a service or --policy, not both")
	case c.Policy != "" && c.Backend == "":
		return fmt.Errorf("--policy needs --backend URL: where the requests go")
	case c.Policy == "" && c.Backend != "":
		return fmt.Errorf("--backend goes with --policy FILE; a service names its backends itself")
	}
	for _, l := range []struct{ flag, address, why string }{
		{"--management", c.Management, "it mints tokens and shows traces"},
		{"--proxy", c.Proxy, "it leads whoever reaches it into the emulator"},
	} {
		if !isLoopback(l.address) {
			return fmt.Errorf("%s listens on loopback only, such as %s, not on %s: %s", l.flag, anyPort, l.address, l.why)
		}
	}
	if err := c.checkGatewayOnly(); err != nil {
		return err
	}
	if c.ShowSecrets && !c.onLoopback() {
		return fmt.Errorf("--show-secrets goes with a gateway on loopback only, such as %s", anyPort)
	}
	if c.BodyLimit == 0 {
		c.BodyLimit = defaultBodyLimit
	}
	if c.Clock == nil {
		c.Clock = exchange.NewMovableClock(exchange.System)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.PartyLog == nil {
		c.PartyLog = c.Log
	}
	return nil
}
