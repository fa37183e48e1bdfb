package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/apimulator/apimulator/internal/evaluate"
)

// evalCommand is `gateway eval`.
type evalCommand struct {
	Expression string `arg:"" optional:"" help:"@(...) or @{...}; what does not begin with @ is taken as what stands in @(...)."`

	File       string            `short:"f" placeholder:"FILE" help:"Read the expression from a file; - is the standard input."`
	Request    string            `placeholder:"FILE" help:"The request, as .http files have it: method and URL, headers, an empty line, body."`
	Response   string            `placeholder:"FILE" help:"The response: status line, headers, an empty line, body. Without it there is none."`
	Var        []string          `sep:"none" placeholder:"NAME=VALUE" help:"Set a variable: 3 is an int, 1.5 a double, true a bool, null null, JSON a JObject or JArray, @(...) what it gives, anything else a string, as is what stands in double quotes."`
	NamedValue map[string]string `mapsep:"none" placeholder:"NAME=VALUE" help:"The text of {{NAME}} in the expression."`
	AnyType    bool              `help:"Allow .NET types and members that API Management does not."`
	Format     string            `enum:"text,json" default:"text" help:"How to print: text or json."`

	Vectors  string `placeholder:"FILE" help:"Evaluate many: a JSON object with id, expr and context a line; print an object a line. Implies --any-type."`
	Fixtures string `placeholder:"FILE" help:"The exchanges that the vectors' context names."`
}

// Help is what --help says below the flags.
func (evalCommand) Help() string {
	return `Prints the type and the value. Exit status 0: a value; 1: the expression does not compile, or it throws an exception; 2: unusable arguments or files. Without an expression it is read from the standard input; on a terminal you can try one after another.`
}

// Run evaluates what the command line names.
func (c *evalCommand) Run(ctx context.Context, p *program) error {
	if err := c.validate(); err != nil {
		return unusable(err)
	}
	if c.Vectors != "" {
		return c.vectors(ctx, p)
	}
	s, err := c.session(ctx, p)
	if err != nil {
		return err
	}
	name, text := "expression", c.Expression
	switch {
	case text != "":
	case c.File == "" && interactive(p):
		return repl(ctx, p, s)
	default:
		if name, text, err = p.read(c.File); err != nil {
			return unusable(err)
		}
	}
	if strings.TrimSpace(text) == "" {
		return unusable(fmt.Errorf("%s: there is no expression", name))
	}
	return s.status(s.evaluate(ctx, name, text))
}

// validate refuses flags that mean nothing together.
func (c *evalCommand) validate() error {
	switch {
	case c.Expression != "" && c.File != "":
		return errors.New("name an expression or -f FILE, not both")
	case (c.Vectors == "") != (c.Fixtures == ""):
		return errors.New("--vectors FILE and --fixtures FILE go together")
	case c.Vectors == "":
		return nil
	case c.Expression != "" || c.File != "":
		return errors.New("name an expression or --vectors FILE, not both")
	case c.Request != "" || c.Response != "" || len(c.Var) > 0 || len(c.NamedValue) > 0:
		return errors.New("--vectors takes requests, responses and variables from --fixtures: leave out --request, --response, --var and --named-value")
	}
	return nil
}

// interactive reports whether a person sits at both ends of p.
func interactive(p *program) bool {
	return isTerminal(p.stdin) && isTerminal(p.stdout)
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// read gives what to call a file, and its text. The standard input is "-", or "".
func (p *program) read(file string) (name, text string, err error) {
	if file == "" || file == "-" {
		data, err := io.ReadAll(p.stdin)
		return "stdin", string(data), err
	}
	data, err := os.ReadFile(file)
	return file, string(data), err
}

// session makes what the flags describe.
func (c *evalCommand) session(ctx context.Context, p *program) (*evalSession, error) {
	s := &evalSession{p: p, subject: evaluate.NewSubject(), named: c.NamedValue, json: c.Format == "json"}
	s.options = evaluate.Options{AnyType: c.AnyType, Place: true}
	if c.Request != "" {
		name, text, err := p.read(c.Request)
		if err == nil {
			s.subject.Request, err = evaluate.ReadRequest(name, []byte(text))
		}
		if err != nil {
			return nil, unusable(err)
		}
	}
	if c.Response != "" {
		name, text, err := p.read(c.Response)
		if err == nil {
			s.subject.Response, err = evaluate.ReadResponse(name, []byte(text))
		}
		if err != nil {
			return nil, unusable(err)
		}
	}
	for _, v := range c.Var {
		switch ok, err := s.setVariable(ctx, v); {
		case err != nil:
			return nil, unusable(err)
		case !ok:
			return nil, errFindings
		}
	}
	return s, nil
}

// vectors answers a file of them.
func (c *evalCommand) vectors(ctx context.Context, p *program) error {
	file, err := os.Open(c.Fixtures)
	if err != nil {
		return unusable(err)
	}
	defer file.Close()
	fixtures, err := evaluate.ReadFixtures(file)
	if err != nil {
		return unusable(fmt.Errorf("%s: %w", c.Fixtures, err))
	}
	in := p.stdin
	if c.Vectors != "-" {
		file, err := os.Open(c.Vectors)
		if err != nil {
			return unusable(err)
		}
		defer file.Close()
		in = file
	}
	failed, err := fixtures.AnswerAll(ctx, in, p.stdout)
	switch {
	case err != nil:
		return unusable(fmt.Errorf("%s: %w", c.Vectors, err))
	case failed > 0:
		return fmt.Errorf("%s: %d of the answers tell of an error", c.Vectors, failed)
	}
	return nil
}
