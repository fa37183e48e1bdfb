package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/apimulator/apimulator/internal/entra"
)

const (
	exitOK       = 0
	exitFindings = 1
	exitUsage    = 2
	exitInternal = 3
)

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the gateway and the emulated parties until interrupted (the default)."`
	Demo    demoCommand    `cmd:"" help:"Run the whole flow in this process and say what happens: sign-in, calls, streams, refusals."`
	Eval    evalCommand    `cmd:"" help:"Evaluate a policy expression: print its type and value, or what is wrong with it."`
	Explain explainCommand `cmd:"" help:"Show the policy that applies to a request, each line with the file and line it comes from."`
	Lint    lintCommand    `cmd:"" help:"Tell what is wrong with policy documents: what Azure would refuse, what can't work, what is not meant."`
	Page    pageCommand    `cmd:"" help:"Print a link that opens a running emulator's page in a browser, once."`
	Test    testCommand    `cmd:"" help:"Run tests of policies: requests, what they have to lead to, in *.test.yaml files."`
	Token   tokenCommand   `cmd:"" help:"Print an access token of a running emulator's Entra ID."`
	Trace   traceCommand   `cmd:"" help:"Show what happened to a request at a running emulator."`
	Health  healthCommand  `cmd:"" help:"Tell whether an emulator is running: exit status 0 or 1."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

const description = `apimulator runs Azure API Management on this machine: your policy documents unchanged, with an emulated Entra ID, managed identity and Azure OpenAI around them. Not affiliated with Microsoft.

Each flag can also be set in the environment: --listen as APIMULATOR_LISTEN.`

// program is one run: the process's surroundings, which tests replace.
type program struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// statusError is an error with the exit status it leads to.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// unusable marks an error as the input's fault.
func unusable(err error) error { return &statusError{exitUsage, err} }

// errFindings ends a command whose findings have been printed.
var errFindings = &statusError{exitFindings, errors.New("")}

func main() {
	p := &program{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}
	os.Exit(p.run(context.Background()))
}

// run does everything and gives the exit status.
func (p *program) run(ctx context.Context) (status int) {
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(p.stderr, "gateway: internal error: %v\n", v)
			status = exitInternal
		}
	}()
	// The first interrupt ends the work in hand, a second one the process.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	cli := namedCommand(p.args)
	if cli == nil {
		cli = new(commands)
	}
	parsed, exited, err := p.parse(ctx, cli)
	if _, all := cli.(*commands); err != nil && !all {
		parsed, exited, err = p.parse(ctx, new(commands)) // whose message counts
	}
	if exited {
		return exitOK // --help has been printed
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "gateway: %s (see gateway --help)\n", err)
		return exitUsage
	}
	if err = parsed.Run(); err == nil {
		return exitOK
	}
	var se *statusError
	if !errors.As(err, &se) {
		se = &statusError{exitFindings, err}
	}
	if message := err.Error(); message != "" {
		fmt.Fprintf(p.stderr, "gateway: %s\n", message)
	}
	return se.status
}

// parse reads the command line by cli: commands, or a struct of some of its fields.
func (p *program) parse(ctx context.Context, cli any) (parsed *kong.Context, exited bool, err error) {
	vars := kong.Vars{"state": defaultState()}
	if reflect.ValueOf(cli).Elem().FieldByName("Token").IsValid() {
		vars["faults"] = strings.Join(entra.TokenFaults(), ", ") // kong goes over them for each flag
	}
	parser, err := kong.New(cli, kong.Name("gateway"), kong.Description(description), kong.DefaultEnvars("APIMULATOR"),
		kong.Writers(p.stdout, p.stderr), kong.Exit(func(int) { exited = true }), vars,
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err)
	}
	parsed, err = parser.Parse(p.args)
	return parsed, exited, err
}

// namedCommand is a struct of the one field of commands that a command line begins with;
// nil if it begins with none or asks for help. To prepare all of them takes each start
// milliseconds.
func namedCommand(args []string) any {
	if len(args) == 0 || slices.ContainsFunc(args, func(a string) bool { return a == "-h" || strings.HasPrefix(a, "--help") }) {
		return nil
	}
	for field := range reflect.TypeFor[commands]().Fields() {
		if strings.ToLower(field.Name) == args[0] {
			return reflect.New(reflect.StructOf([]reflect.StructField{field})).Interface()
		}
	}
	return nil
}

// folder is the path of a state folder.
type folder string

// Validate is asked by kong once the command line is read.
func (f folder) Validate() error {
	if f == "" {
		return errors.New("it is empty: name a folder, or leave the flag (and APIMULATOR_STATE) out")
	}
	return nil
}

// defaultState is the state folder where none is named.
func defaultState() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "apimulator")
}

// self is how a person calls this program again, as he called it now.
func self() string {
	if strings.Contains(filepath.ToSlash(os.Args[0]), "/go-build") {
		return "go run ./cmd/gateway"
	}
	return quoted(os.Args[0])
}

// quoted is s as one word of a shell's command line.
func quoted(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
