package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/emulator"
	"github.com/apimulator/apimulator/internal/startup"
	"github.com/apimulator/apimulator/policy/exchange"
)

// serveCommand is `gateway serve`.
type serveCommand struct {
	Service string `arg:"" optional:"" env:"APIMULATOR_SERVICE" placeholder:"APIM.YAML" help:"The service to run; without it, and without --policy, a built-in one before the emulated Azure OpenAI."`

	Policy  string `placeholder:"FILE" help:"Run one policy document, before --backend."`
	Backend string `placeholder:"URL" help:"Where the requests of --policy go."`

	State      folder `default:"${state}" placeholder:"DIR" help:"Folder for keys and certificates (${default})."`
	Listen     string `default:"127.0.0.1:8443" placeholder:"ADDRESS" help:"The gateway, HTTPS (${default}); port 0 takes a free one, here and below."`
	HTTP       string `name:"http" placeholder:"ADDRESS" help:"The gateway without TLS, beside it."`
	Parties    string `default:"127.0.0.1:8444" placeholder:"ADDRESS" help:"Entra ID and Azure OpenAI, HTTPS, and managed identity, HTTP (${default})."`
	Management string `default:"127.0.0.1:8445" placeholder:"ADDRESS" help:"Traces, minting, keys, clock; loopback only (${default})."`
	Token      string `name:"management-token-file" placeholder:"FILE" help:"Take the management listener's bearer from a file, instead of a new one at each start."`
	Proxy      string `default:"127.0.0.1:8446" placeholder:"ADDRESS" help:"Forward proxy to the emulated hosts; loopback only (${default})."`

	Strict          bool   `help:"Refuse whatever no source says Azure accepts."`
	SkipUnsupported bool   `help:"Serve although some statements don't run; operations that need them answer 501."`
	Identity        string `default:"emulated" enum:"emulated,environment,azure" help:"Where managed identity tokens come from: emulated, environment or azure (${default})."`
	RealBackend     bool   `help:"Allow real hosts and credentials behind the emulated Entra ID, on loopback only."`
	AutoSignIn      bool   `help:"Sign users in without a page."`
	GatewayOnly     bool   `help:"Run the gateway alone: no emulated parties, management, page or proxy. Their hosts are the real ones."`

	EnvFile     string    `placeholder:"FILE" help:"Write the settings that programs need to use this emulator."`
	PublicNames bool      `help:"Let --env-file name the public hosts, by way of the proxy, instead of localhost."`
	TraceRate   traceRate `default:"200" placeholder:"N" help:"Record at most so many requests a second; 0 records all, off none (${default})."`
	OldTrace    bool      `help:"Take requests of the retired tracing scheme too: Ocp-Apim-Trace: true."`
	ShowSecrets bool      `help:"Leave tokens, keys and secret named values in traces; on loopback only."`
	LogFormat   string    `default:"text" enum:"text,json" help:"How requests and what happens are printed: text or json (${default})."`
	LogLevel    string    `default:"info" enum:"debug,info,warn,error" help:"The least that is printed: debug, info, warn or error (${default}); requests are info."`
	Verbose     bool      `short:"v" help:"Print each request's steps, and what the emulated parties do."`
}

// traceRate is how many requests are recorded in a second; 0 is all, negative none.
type traceRate int

// UnmarshalText is kong's way to read it: a number, or off.
func (r *traceRate) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*r = -1
		return nil
	}
	n, err := strconv.ParseUint(string(text), 10, 31)
	if err != nil {
		return fmt.Errorf("%q is neither a number of requests nor off", text)
	}
	*r = traceRate(n)
	return nil
}

// drain is how long requests under way may take to finish at the end.
const drain = 30 * time.Second

// settled is how long after the start the memory is given back that it needed: the first
// requests, for which somebody waits, are answered by then.
const settled = 200 * time.Millisecond

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	if err := c.complete(); err != nil {
		return unusable(err)
	}
	bearer, err := c.bearer()
	if err != nil {
		return unusable(err)
	}
	out := c.output(p)
	e, err := emulator.Start(emulator.Config{
		Service: c.Service, Policy: c.Policy, Backend: c.Backend, State: string(c.State),
		Listen: c.Listen, HTTP: c.HTTP, Parties: c.Parties, Management: c.Management, Proxy: c.Proxy,
		Strict: c.Strict, SkipUnsupported: c.SkipUnsupported, Identity: c.Identity, RealBackend: c.RealBackend, AutoSignIn: c.AutoSignIn,
		GatewayOnly: c.GatewayOnly, TraceRate: int(c.TraceRate), OldTrace: c.OldTrace, ShowSecrets: c.ShowSecrets, EnvFile: c.EnvFile, PublicNames: c.PublicNames, Watch: true, Getenv: os.LookupEnv,
		Bearer: bearer, OpenTelemetry: true, Log: out.log, PartyLog: out.partyLog, Finished: out.request,
	})
	if err != nil {
		return unusable(err)
	}
	out.greet(func(w io.Writer) { c.greet(w, e) }, e)
	stop := exchange.System.AfterFunc(settled, startup.Done) // real memory, by the real time
	defer stop()
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-e.Failed():
	}
	end, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return errors.Join(failed, e.Close(end))
}

// complete checks what the emulator can't know of the command line, and makes
// the state folder's path one that holds in every working directory: it goes
// into files that other programs read.
func (c *serveCommand) complete() error {
	if _, err := os.Stat(c.Service); c.Service != "" && filepath.Ext(c.Service) == "" && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is neither a command nor a file (see gateway --help)", c.Service)
	}
	state, err := filepath.Abs(string(c.State))
	c.State = folder(state)
	return err
}

// shortestBearer is the fewest characters of a bearer that somebody chose: those of 16
// bytes in hexadecimal.
const shortestBearer = 32

// bearer is what the management listener wants; "": it makes a new one.
func (c *serveCommand) bearer() (string, error) {
	if c.Token == "" {
		return "", nil
	}
	text, err := os.ReadFile(c.Token)
	if err != nil {
		return "", fmt.Errorf("--management-token-file can't be read: %w", err)
	}
	bearer := strings.TrimSpace(string(text))
	if len(bearer) < shortestBearer || strings.ContainsFunc(bearer, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("%s (--management-token-file) has to hold one word of %d characters or more, such as what `openssl rand -hex 32` prints", c.Token, shortestBearer)
	}
	return bearer, nil
}

// greet says where everything is and how to use it.
func (c *serveCommand) greet(w io.Writer, e *emulator.Emulator) {
	for _, warning := range e.Warnings {
		fmt.Fprintln(w, "warning:", warning)
	}
	fmt.Fprintf(w, "apimulator is running; it is an emulator: trust none of its tokens elsewhere.\n\n")
	line := func(what, value string) { fmt.Fprintf(w, "  %-18s %s\n", what, value) }
	line("gateway", e.Gateway())
	if plain := e.GatewayPlain(); plain != "" {
		line("", plain)
	}
	if !e.Alone() {
		line("Entra ID", e.Authority())
		line("managed identity", e.IdentityEndpoint())
		line("Azure OpenAI", e.Parties()+"/openai")
		line("management", e.Management())
		line("page", e.PageLink())
		line("forward proxy", e.Proxy())
	}
	line("certificates", e.Bundle())
	if key := e.Key(""); key != "" {
		line("subscription key", key)
	}
	if !e.Alone() {
		c.example(w, e)
	}
}

// example is a call that can be copied into a shell, and for a chat model the
// client's.
func (c *serveCommand) example(w io.Writer, e *emulator.Emulator) {
	const prompt = "I need a reliable and affordable car"
	fmt.Fprintf(w, "\nTry it:\n  curl --cacert %s -H \"Authorization: Bearer $(%s token%s)\" \\\n", quoted(e.Bundle()), self(), c.stateFlag())
	if key := e.Key(""); key != "" {
		fmt.Fprintf(w, "    -H %s \\\n", quoted(e.Service().APIs[0].View.SubscriptionHeader+": "+key))
	}
	if !e.Chats() {
		fmt.Fprintf(w, "    %s\n\n", quoted(e.Gateway()+"/"+e.Service().APIs[0].Prefix()))
		return
	}
	fmt.Fprintf(w, "    -H 'Content-Type: application/json' -d '{\"messages\":[{\"role\":\"user\",\"content\":%q}]}' \\\n    %s\n", prompt, quoted(e.ChatEndpoint()))
	fmt.Fprintf(w, "  go run ./cmd/client%s %q\n\n", c.stateFlag(), prompt)
}

// stateFlag is what other commands need to find this emulator.
func (c *serveCommand) stateFlag() string {
	if string(c.State) == defaultState() {
		return ""
	}
	return " --state " + quoted(string(c.State))
}
