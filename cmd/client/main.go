package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// flags is the command line.
type flags struct {
	Prompt []string `arg:"" optional:"" help:"The question; - reads it from standard input. May be left out with --show-token."`

	System  string        `default:"You are a helpful assistant." placeholder:"TEXT" help:"The system message; empty for none."`
	Stream  *bool         `negatable:"" help:"Print the answer as it comes; the default on a terminal, without --json."`
	JSON    bool          `name:"json" help:"Print the raw answer; of a stream the data of each event, one a line."`
	Timeout time.Duration `default:"2m" help:"Longest time for the call (${default})."`

	DeviceCode bool   `xor:"person" help:"Sign in on another device, by a code."`
	Browser    bool   `xor:"person" help:"Sign in with a browser; the default, but for an emulator that was found running."`
	TokenCache string `placeholder:"FILE" help:"Keep tokens in FILE (mode 0600); without it they stay in memory."`
	ShowToken  bool   `help:"Print the access token's header and payload as JSON, never its signature."`
	Graph      bool   `help:"Sign in for AZURE_SCOPE_GRAPH, to see why such a token is refused."`
	State      string `placeholder:"DIR" help:"State folder of the running emulator (APIMULATOR_STATE; else apimulator in the user's cache folder)."`
}

const description = `Ask a chat model behind Azure API Management one question.

Settings come from the environment, else from .env in the working directory:
AZURE_AUTHORITY or AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SCOPE, AZURE_SCOPE_GRAPH, APIM_SUBSCRIPTION_KEY, OPEN_AI_COMPLETION_ENDPOINT.
When neither of the first two is set, a running emulator is used.`

// maxPrompt is the most that is read from standard input, in bytes.
const maxPrompt = 1 << 20

// program is one run: the process's surroundings, which tests replace.
type program struct {
	args           []string
	lookup         func(name string) (string, bool) // the environment
	dir            string                           // where .env is looked for
	stdin          io.Reader
	stdout, stderr io.Writer
	terminal       bool               // stdout is one
	roots          *x509.CertPool     // trusted authorities; nil for the system's
	openBrowser    func(string) error // shows a URL to the person
}

func main() {
	p := program{
		args: os.Args[1:], lookup: os.LookupEnv, dir: ".",
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		terminal: term.IsTerminal(int(os.Stdout.Fd())), openBrowser: openBrowser,
	}
	os.Exit(p.run(context.Background()))
}

// run does everything and gives the exit status.
func (p *program) run(ctx context.Context) (status int) {
	hidden := &secrets{}
	stdout, stderr := &redactor{w: p.stdout, secrets: hidden}, &redactor{w: p.stderr, secrets: hidden}
	p.stdout, p.stderr = stdout, stderr
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(p.stderr, "client: internal error: %v\n", v)
			status = exitInternal
		}
		stdout.Flush()
		stderr.Flush()
	}()

	cli, helped, err := p.parse()
	if helped {
		return exitOK
	}
	var prompt string
	if err == nil {
		prompt, err = p.prompt(cli)
	}
	if err != nil {
		return p.report(err)
	}

	// From here Ctrl-C ends the work in hand; a second one ends the process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop)
	err = p.ask(ctx, cli, prompt, hidden)
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(p.stderr, "client: interrupted")
		return exitInterrupted
	}
	return p.report(err)
}

// parse reads the command line; helped says that it asked for the help, which
// has been printed.
func (p *program) parse() (cli *flags, helped bool, err error) {
	cli = &flags{}
	parser, err := kong.New(cli, kong.Name("client"), kong.Description(description),
		kong.Writers(p.stdout, p.stderr), kong.Exit(func(int) { helped = true }))
	if err != nil {
		return nil, false, err
	}
	if _, err := parser.Parse(p.args); err != nil {
		return nil, helped, unusable("%v; --help lists the flags", err)
	}
	if cli.Timeout <= 0 {
		return nil, helped, unusable("--timeout %v: it must be more than nothing, as 2m or 30s", cli.Timeout)
	}
	return cli, helped, nil
}

// prompt is the question, from the arguments or from standard input.
func (p *program) prompt(cli *flags) (string, error) {
	text := strings.Join(cli.Prompt, " ")
	if text == "-" {
		data, err := io.ReadAll(io.LimitReader(p.stdin, maxPrompt+1))
		if err != nil {
			return "", unusable("reading the prompt from standard input: %v", err)
		}
		if len(data) > maxPrompt {
			return "", unusable("the prompt on standard input is longer than %d bytes", maxPrompt)
		}
		text = string(data)
	}
	text = strings.TrimSpace(text)
	if text == "" && !(cli.ShowToken && len(cli.Prompt) == 0) {
		return "", unusable(`no prompt: write it as an argument, as in client "I need a reliable and affordable car", or give - to read it from standard input`)
	}
	return text, nil
}

// ask signs in and puts the question.
func (p *program) ask(ctx context.Context, cli *flags, prompt string, hidden *secrets) error {
	s, err := p.settings(cli)
	if err != nil {
		return err
	}
	hidden.add(s.clientSecret)
	hidden.add(s.subscriptionKey)
	if s.note != "" {
		fmt.Fprintln(p.stderr, "note:", s.note)
	}
	if cli.Graph {
		fmt.Fprintln(p.stderr, graphWarning)
	}
	roots, err := p.trusted(s)
	if err != nil {
		return err
	}
	transport := newTransport(roots)
	defer transport.CloseIdleConnections()

	raw, err := p.signIn(ctx, cli, s, transport)
	if err != nil {
		return s.orNotRunning(err)
	}
	hidden.addToken(raw)
	if cli.ShowToken {
		if err := showToken(p.stdout, raw); err != nil {
			return err
		}
	}
	if prompt == "" {
		return nil
	}
	c := call{
		settings: s, token: raw, system: cli.System, prompt: prompt, timeout: cli.Timeout,
		stream: p.terminal && !cli.JSON, raw: cli.JSON, stdout: p.stdout, stderr: p.stderr,
	}
	if cli.Stream != nil {
		c.stream = *cli.Stream
	}
	if err := c.do(ctx, transport); err != nil {
		return s.orNotRunning(err)
	}
	if cli.Graph {
		fmt.Fprintln(p.stderr, graphAccepted)
	}
	return nil
}

// newTransport is what every request of a run goes through; nil roots are the
// system's. A transport of its own, so that nothing outlives the run.
func newTransport(roots *x509.CertPool) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if roots != nil {
		t.TLSClientConfig.RootCAs = roots
	}
	return t
}
