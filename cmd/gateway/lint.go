package main

import (
	"errors"
	"fmt"

	"github.com/apimulator/apimulator/internal/lint"
	"github.com/apimulator/apimulator/policy/statements"
)

// lintCommand is `gateway lint PATH...`.
type lintCommand struct {
	Paths []string `arg:"" optional:"" name:"path" placeholder:"PATH" help:"Policy documents, apim.yaml files, and folders; the working folder if there is none."`

	Format       string `enum:"text,json,sarif,github,junit" default:"text" help:"How to print findings: text, json, sarif, github or junit."`
	Placeholders string `placeholder:"FORM,..." help:"What a script fills in before documents are deployed: * is any text, {name} an identifier in braces. Example: '$${*},{name}'."`
	Strict       bool   `help:"Make an error of each fact that no source settles."`
	FailOn       string `enum:"error,warning,note,never" default:"error" help:"The least severity that makes the exit status 1: error, warning, note or never."`
	Rules        bool   `help:"List the rules, and lint nothing."`
}

// Help is what --help says below the flags.
func (lintCommand) Help() string {
	return `Exit status 0: nothing at or above --fail-on was found; 1: something was; 2: a path or .apimulator.yaml can't be used. A comment <!-- lint off: RULE --> turns a rule off for the element that follows. Nothing opens a socket or loads a credential.`
}

// Run lints and prints.
func (c *lintCommand) Run(p *program) error {
	if c.Rules {
		for _, r := range lint.Rules {
			if _, err := fmt.Fprintf(p.stdout, "%-32s %s\n", r.ID, r.Why); err != nil {
				return err
			}
		}
		return nil
	}
	if len(c.Paths) == 0 {
		c.Paths = []string{"."}
	}
	report, err := lint.Run(lint.Options{Paths: c.Paths, Catalogue: statements.Catalogue(), Placeholders: lint.SplitPlaceholders(c.Placeholders), Strict: c.Strict})
	if err != nil {
		return unusable(err)
	}
	if len(report.Files) == 0 {
		return unusable(fmt.Errorf("no policy document is there: %s", report.Summary()))
	}
	failOn := map[string]lint.Severity{"error": lint.Error, "warning": lint.Warning, "note": lint.Note}[c.FailOn]
	switch c.Format {
	case "json":
		err = report.WriteJSON(p.stdout)
	case "sarif":
		err = report.WriteSARIF(p.stdout)
	case "github":
		err = report.WriteGitHub(p.stdout)
	case "junit":
		err = report.WriteJUnit(p.stdout, failOn)
	default:
		err = report.WriteText(p.stdout)
	}
	switch {
	case err != nil:
		return unusable(err)
	case report.Failed():
		return &statusError{exitInternal, errors.New("the linter failed on a document; please report it")}
	case failOn != 0 && report.Worst() >= failOn:
		return errFindings
	}
	return nil
}
