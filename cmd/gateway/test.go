package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"

	"github.com/apimulator/apimulator/internal/testrun"
)

// testCommand is `gateway test`.
type testCommand struct {
	Run  testRunCommand  `cmd:"" default:"withargs" help:"Run tests (the default)."`
	Init testInitCommand `cmd:"" help:"Write a first test file for a service or a policy document."`
}

// Help is what --help says of both.
func (testCommand) Help() string {
	return `gateway test [PATH ...] runs tests; gateway test run --help lists its flags.`
}

// testRunCommand is `gateway test PATH...`.
type testRunCommand struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Files of tests, or folders to look for *.test.yaml in; the working folder if there is none."`

	Only     string `name:"run" placeholder:"REGEX" help:"Run the tests whose names match."`
	List     bool   `help:"List the tests, and run none."`
	Watch    bool   `help:"Run again what changes, until interrupted."`
	FailFast bool   `help:"Begin no test after one has failed."`
	Shuffle  bool   `help:"Run the tests in another order."`
	Seed     uint64 `placeholder:"N" help:"The order of --shuffle; one by chance if absent."`
	JUnit    string `name:"junit" placeholder:"FILE" help:"Write the results as JUnit XML, too; - is the standard output."`
	JSON     string `name:"json" placeholder:"FILE" help:"Write the results as JSON, too; - is the standard output."`
	Update   bool   `help:"Write snapshots instead of comparing with them."`
	Strict   bool   `help:"Refuse whatever no source says Azure accepts."`
}

// Help is what --help says below the flags.
func (testRunCommand) Help() string {
	return `Exit status 0: all tests passed; 1: some failed; 2: a file of tests can't be used. No test opens a socket, waits, or loads a credential.`
}

// Run runs the tests.
func (c *testRunCommand) Run(ctx context.Context, p *program) error {
	o := testrun.Options{FailFast: c.FailFast, Shuffle: c.Shuffle, Seed: c.Seed, Update: c.Update, Strict: c.Strict}
	if c.Only != "" {
		var err error
		if o.Run, err = regexp.Compile(c.Only); err != nil {
			return unusable(fmt.Errorf("--run: %w", err))
		}
	}
	if len(c.Paths) == 0 {
		c.Paths = []string{"."}
	}
	if c.JUnit == "-" && c.JSON == "-" {
		return unusable(errors.New("the standard output takes --junit or --json, not both"))
	}
	s, err := testrun.Find(c.Paths)
	if err != nil {
		return unusable(err)
	}
	if c.List {
		return c.list(p, s, &o)
	}
	if c.Shuffle && c.Seed == 0 {
		o.Seed = rand.Uint64N(1_000_000) + 1
	}
	if c.Watch {
		return testrun.Watch(ctx, c.Paths, func(some *testrun.Suite) { _ = c.once(p, some, o) })
	}
	return c.once(p, s, o)
}

// once runs all tests of a suite once.
func (c *testRunCommand) once(p *program, s *testrun.Suite, o testrun.Options) error {
	printer := &testrun.Printer{W: p.stdout, Command: self() + " test"}
	if c.JUnit == "-" || c.JSON == "-" {
		printer.W = p.stderr // the report has the standard output
	}
	if err := s.Run(o, printer.File); err != nil {
		return unusable(err)
	}
	if err := printer.Summary(); err != nil {
		return err
	}
	if o.Shuffle {
		fmt.Fprintf(printer.W, "the order was that of --shuffle --seed %d\n", o.Seed)
	}
	if err := c.report(p, s); err != nil {
		return unusable(err)
	}
	switch {
	case printer.Unusable():
		return &statusError{exitUsage, errors.New("")}
	case printer.Failed():
		return errFindings
	case printer.Ran() == 0:
		return unusable(fmt.Errorf("no test matches --run %s", c.Only))
	}
	return nil
}

// list prints the tests that would run.
func (c *testRunCommand) list(p *program, s *testrun.Suite, o *testrun.Options) error {
	status := error(nil)
	for _, f := range s.Files {
		if f.Unusable != nil {
			fmt.Fprintln(p.stderr, f.Unusable)
			status = &statusError{exitUsage, errors.New("")}
			continue
		}
		for _, t := range f.Tests {
			if o.Run == nil || o.Run.MatchString(t.Name) {
				fmt.Fprintf(p.stdout, "%s:%d: %s\n", f.Path, t.Line, t.Name)
			}
		}
	}
	return status
}
