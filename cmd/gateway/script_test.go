package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gateway": main, "fetch": fetch})
}

// TestScripts runs the sessions in testdata/script. Besides testscript's own
// commands and gateway they have:
//
//	exits STATUS COMMAND...     runs it, and its exit status has to be that
//	refused PATTERN COMMAND...  its status has to be 2, and it prints one line,
//	                            which begins with "gateway: " and matches
//	await FILE [PATTERN]        waits until the file is there (and matches)
//	json FILE LINES             each line of the file is a JSON object
//	fetch                       a request; see there
//
// $TAKEN is an address that somebody listens on, and $SEED the folder of the demo's files.
func TestScripts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	seed, err := filepath.Abs("../../testdata/seed")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "refused": refused, "await": await, "json": jsonLines,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("TAKEN", taken.Addr().String())
			env.Setenv("SEED", seed)
			// os.UserCacheDir on Linux, macOS and Windows.
			for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
				env.Setenv(name, env.WorkDir)
			}
			// Scripts run beside one another.
			for _, listener := range []string{"LISTEN", "PARTIES", "MANAGEMENT", "PROXY"} {
				env.Setenv("APIMULATOR_"+listener, "127.0.0.1:0")
			}
			return nil
		},
	})
}

// run runs a command of a script and gives its exit status and standard error.
func run(ts *testscript.TestScript, command []string) (status int, stderr string) {
	if len(command) == 0 {
		ts.Fatalf("no command")
	}
	err := ts.Exec(command[0], command[1:]...)
	stderr = ts.ReadFile("stderr")
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%q: %v", command, err)
	}
	if strings.Contains(stderr, "goroutine ") {
		ts.Fatalf("%q prints a stack trace", command)
	}
	return status, stderr
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got, _ := run(ts, args[1:]); got != want {
		ts.Fatalf("%q exits %d, want %d", args[1:], got, want)
	}
}

func refused(ts *testscript.TestScript, _ bool, args []string) {
	status, stderr := run(ts, args[1:])
	line, more, _ := strings.Cut(stderr, "\n")
	switch {
	case status != exitUsage:
		ts.Fatalf("%q exits %d, want %d", args[1:], status, exitUsage)
	case ts.ReadFile("stdout") != "":
		ts.Fatalf("%q is refused and yet prints to stdout", args[1:])
	case more != "" || !strings.HasPrefix(line, "gateway: "):
		ts.Fatalf("%q prints %q, want one line of gateway", args[1:], stderr)
	case !regexp.MustCompile(args[0]).MatchString(line):
		ts.Fatalf("%q prints %q, want %s", args[1:], line, args[0])
	}
}

// patience is how long a script waits for what has to happen.
const patience = 30 * time.Second

func await(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(awaitFile(ts.MkAbs(args[0]), regexp.MustCompile(strings.Join(args[1:], " "))))
}

// awaitFile waits until a file is there and matches.
func awaitFile(file string, pattern *regexp.Regexp) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	dir := filepath.Dir(file)
	for {
		if watcher.Add(dir) != nil { // the folder has to come, too
			if err := watcher.Add(filepath.Dir(dir)); err != nil {
				return err
			}
		}
		data, err := os.ReadFile(file)
		if err == nil && pattern.Match(data) {
			return nil
		}
		select {
		case <-watcher.Events:
		case err := <-watcher.Errors:
			return err
		case <-ctx.Done():
			return fmt.Errorf("%s does not come to match %q; it holds %q (%w)", file, pattern, data, err)
		}
	}
}

func jsonLines(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	if len(lines) != want {
		ts.Fatalf("%s has %d lines, want %d", args[0], len(lines), want)
	}
	for i, line := range lines {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("%s:%d: %v: %s", args[0], i+1, err, line)
		}
	}
}
