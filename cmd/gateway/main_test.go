package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// broken panics instead of taking what is printed.
type broken struct{}

func (broken) Write([]byte) (int, error) { panic("out of paper") }

func TestInternalError(t *testing.T) {
	var stderr bytes.Buffer
	p := &program{[]string{"version"}, nil, broken{}, &stderr}
	if status := p.run(t.Context()); status != exitInternal || stderr.String() != "gateway: internal error: out of paper\n" {
		t.Errorf("a panic ends with status %d and %q, want %d and one line", status, stderr.String(), exitInternal)
	}
}

// TestNamedCommand holds what is prepared for one command against the same in all of them.
func TestNamedCommand(t *testing.T) {
	prepared := func(cli any) map[string]string {
		parser, err := kong.New(cli, kong.DefaultEnvars("APIMULATOR"), kong.Vars{"state": "/state", "faults": "none"})
		if err != nil {
			t.Fatal(err)
		}
		all := make(map[string]string)
		for _, command := range parser.Model.Children {
			var text strings.Builder
			fmt.Fprintln(&text, command.Summary(), command.Help)
			for _, argument := range command.Positional {
				fmt.Fprintln(&text, argument.Summary(), argument.Help)
			}
			for _, flag := range command.Flags {
				fmt.Fprintln(&text, flag.String(), flag.Default, flag.Enum, flag.Envs, flag.Help)
			}
			all[command.Name] = text.String()
		}
		return all
	}
	all := prepared(new(commands))
	for name, want := range all {
		cli := namedCommand([]string{name, "--state", "x"})
		if cli == nil {
			t.Errorf("%s is not found", name)
			continue
		}
		if got := prepared(cli); len(got) != 1 || got[name] != want {
			t.Errorf("%s alone is\n%s\nwant\n%s", name, got[name], want)
		}
	}
	for _, args := range [][]string{nil, {"--state", "x"}, {"apim.yaml"}, {"serve", "--help"}, {"serve", "-h"}, {"Serve"}} {
		if cli := namedCommand(args); cli != nil {
			t.Errorf("%q gives %T, want all commands", args, cli)
		}
	}
}

func TestQuoted(t *testing.T) {
	for word, want := range map[string]string{
		"":                  "''",
		"./bin/gateway":     "./bin/gateway",
		"/home/a b/state":   "'/home/a b/state'",
		"it's":              `'it'\''s'`,
		"$HOME":             "'$HOME'",
		`C:\Users\a\gw.exe`: `'C:\Users\a\gw.exe'`,
	} {
		if got := quoted(word); got != want {
			t.Errorf("quoted(%q) = %s, want %s", word, got, want)
		}
	}
}

// TestInterruptDrains interrupts serve while a request is at the backend: the
// request ends as if nothing had happened, and then serve does.
func TestInterruptDrains(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		fmt.Fprint(w, "done")
	}))
	t.Cleanup(backend.Close)
	dir := t.TempDir()
	state, policy := filepath.Join(dir, "state"), filepath.Join(dir, "policy.xml")
	if err := os.WriteFile(policy, []byte("<policies><inbound><base /></inbound><backend><base /></backend></policies>"), 0o600); err != nil {
		t.Fatal(err)
	}

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	s := start(ctx, t, "serve", "--state", state, "--policy", policy, "--backend", backend.URL,
		"--listen", "127.0.0.1:0", "--parties", "127.0.0.1:0", "--management", "127.0.0.1:0", "--proxy", "127.0.0.1:0")
	type answer struct {
		status int
		body   []byte
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		status, body, err := get(state, "/", "")
		answers <- answer{status, body, err}
	}()
	<-arrived
	running, err := findRunning(state)
	if err != nil {
		t.Fatal(err)
	}
	interrupt()
	address := strings.TrimPrefix(running.Gateway, "https://")
	for conn, err := tls.Dial("tcp", address, running.tls); err == nil; conn, err = tls.Dial("tcp", address, running.tls) {
		conn.Close() // it still listens
	}
	close(release)
	if a := <-answers; a.err != nil || a.status != http.StatusOK || string(a.body) != "done" {
		t.Errorf("the request under way ends with %d %q, %v; want 200 \"done\"", a.status, a.body, a.err)
	}
	if status := <-s.status; status != exitOK || s.stderr.Len() > 0 {
		t.Errorf("serve ends with status %d and %q, want 0 and nothing", status, s.stderr.String())
	}
	for _, name := range []string{"running.json", "management.json"} {
		if _, err := os.Stat(filepath.Join(state, name)); err == nil {
			t.Errorf("%s is left in the state folder", name)
		}
	}
}

// serving is a command under way in this process.
type serving struct {
	status chan int
	stderr bytes.Buffer // once status came
}

// start runs a command until ctx ends, and returns once it has greeted.
func start(ctx context.Context, t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{status: make(chan int, 1)}
	r, w := io.Pipe()
	go func() {
		p := &program{args, nil, w, &s.stderr}
		status := p.run(ctx)
		w.Close()
		s.status <- status
	}()
	for lines := bufio.NewScanner(r); lines.Text() != "Try it:"; {
		if !lines.Scan() {
			t.Fatalf("%q ends with status %d before it greets: %s", args, <-s.status, s.stderr.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return s
}
