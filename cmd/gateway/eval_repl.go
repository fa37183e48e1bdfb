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
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

const (
	prompt     = "> "
	promptMore = ". "
)

const replHelp = `An expression, with or without @( ), or @{ statements }, gives its type and value. It may
span lines as long as a bracket is open; Ctrl-C gives it up.

  :type EXPRESSION   its static type, without evaluating it
  :var NAME=VALUE    set a variable, as --var does
  :vars              the variables
  :help              this text
  :quit              leave, as Ctrl-D does
`

// repl evaluates what a person types at the terminal.
func repl(ctx context.Context, p *program, s *evalSession) error {
	in, out := p.stdin.(*os.File), p.stdout.(*os.File)
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return err
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }()
	c := newConsole(in, out)
	c.size = func() (width, height int, err error) { return term.GetSize(int(out.Fd())) }
	return c.run(ctx, s)
}

// console is a terminal in raw mode with the session behind it.
type console struct {
	*term.Terminal
	keys *keys
	size func() (width, height int, err error) // nil: it never changes
}

func newConsole(in io.Reader, out io.Writer) *console {
	k := &keys{Reader: in}
	return &console{Terminal: term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{k, out}, prompt), keys: k}
}

// keys reads from a terminal. Ctrl-C, which would end the terminal's input, ends
// the line and is remembered.
type keys struct {
	io.Reader
	interrupted bool
}

func (k *keys) Read(b []byte) (int, error) {
	n, err := k.Reader.Read(b)
	for i, c := range b[:n] {
		if c == 3 {
			b[i], k.interrupted = '\r', true
		}
	}
	return n, err
}

// run reads and evaluates until the person leaves.
func (c *console) run(ctx context.Context, s *evalSession) error {
	// What the session prints goes by way of the terminal, which is in raw mode.
	shown := *s.p
	shown.stdout, shown.stderr = c, c
	s.p = &shown
	fmt.Fprintln(c, "Policy expressions, one after another; :help tells more, :quit leaves.")
	for ctx.Err() == nil {
		text, err := c.read()
		if errors.Is(err, io.EOF) {
			fmt.Fprintln(c)
			return nil
		}
		if err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		switch {
		case text == ":quit" || text == ":q":
			return nil
		case strings.HasPrefix(text, ":"):
			c.command(ctx, s, text)
		case text != "":
			s.evaluate(ctx, "expression", text)
		}
	}
	return nil
}

// read reads lines until they are a whole expression.
func (c *console) read() (string, error) {
	text := ""
	c.SetPrompt(prompt)
	for {
		if c.size != nil {
			if width, height, err := c.size(); err == nil && width > 0 { // it is 0 where nobody knows
				_ = c.SetSize(width, height)
			}
		}
		line, err := c.ReadLine()
		if err != nil {
			return "", err
		}
		if c.keys.interrupted {
			c.keys.interrupted = false
			return "", nil
		}
		text += line + "\n"
		expression := strings.TrimPrefix(text, ":type")
		if strings.HasPrefix(expression, ":") || !syntax.Unfinished(expression) {
			return text, nil
		}
		c.SetPrompt(promptMore)
	}
}

// command does what a line that begins with a colon says.
func (c *console) command(ctx context.Context, s *evalSession, text string) {
	name, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case name == ":help":
		fmt.Fprint(c, replHelp)
	case name == ":vars":
		s.printVariables()
	case name == ":var" && rest != "":
		if _, err := s.setVariable(ctx, rest); err != nil {
			fmt.Fprintf(c, "%v\n", err)
		}
	case name == ":type" && rest != "":
		s.printType(rest)
	default:
		fmt.Fprintf(c, "There is no %s; :help tells what there is.\n", text)
	}
}

// printType prints an expression's static type.
func (s *evalSession) printType(text string) {
	source, found := evaluate.NewSource("expression", text, s.named)
	a := unbound(found)
	if a == nil {
		a = evaluate.StaticType(source.Expression, s.options)
	}
	if a.Type != "" {
		fmt.Fprintln(s.p.stdout, a.Type)
		return
	}
	s.print(source, a, found)
}

// printVariables prints the variables, each with its type and value.
func (s *evalSession) printVariables() {
	none := true
	for name, value := range s.subject.Variables.All() {
		none = false
		a := evaluate.Describe(value)
		text := ""
		switch {
		case a.String != nil && !isTypeName(*a.String, a.Type):
			text = *a.String
		case a.JSON != nil:
			text = string(a.JSON)
		}
		fmt.Fprintf(s.p.stdout, "%s (%s) %s\n", name, a.Type, strings.Join(strings.Fields(text), " "))
	}
	if none {
		fmt.Fprintln(s.p.stdout, "There is none; :var NAME=VALUE sets one.")
	}
}
