package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/evaluate"
	"github.com/apimulator/apimulator/policy/expr"
)

// evalSession evaluates expressions against one subject and prints what they give.
type evalSession struct {
	p       *program
	subject *evaluate.Subject
	named   map[string]string
	options evaluate.Options
	json    bool
}

// status is the command's error for an answer that has been printed.
func (s *evalSession) status(a *evaluate.Answer) error {
	switch {
	case a.Fault:
		return &statusError{exitInternal, errors.New("")}
	case a.Type == "":
		return errFindings
	}
	return nil
}

// evaluate evaluates an expression and prints what it gives.
func (s *evalSession) evaluate(ctx context.Context, name, text string) *evaluate.Answer {
	source, found := evaluate.NewSource(name, text, s.named)
	a := unbound(found)
	if a == nil {
		a = evaluate.Evaluate(ctx, source.Expression, s.subject, s.options)
	}
	s.print(source, a, found)
	return a
}

// unbound is the answer of a source whose named values have no value, nil if all
// have.
func unbound(found []evaluate.Finding) *evaluate.Answer {
	if len(found) == 0 {
		return nil
	}
	return &evaluate.Answer{CompileError: "refused", Message: found[0].Message}
}

// setVariable sets a variable from NAME=VALUE. Where VALUE is an expression that
// gives no value, that has been printed and ok is false.
func (s *evalSession) setVariable(ctx context.Context, assignment string) (ok bool, err error) {
	name, text, found := strings.Cut(assignment, "=")
	if !found || name == "" {
		return false, fmt.Errorf("%q sets no variable: it is NAME=VALUE", assignment)
	}
	if !evaluate.IsExpression(text) {
		s.subject.Variables.Set(name, evaluate.ParseValue(text))
		return true, nil
	}
	source, missing := evaluate.NewSource("variable "+name, text, s.named)
	a := unbound(missing)
	if a == nil {
		a = s.subject.SetVariable(ctx, name, source, s.options)
	}
	if a.Type == "" {
		s.print(source, a, missing)
	}
	return a.Type != "", nil
}

// print prints an answer; found is what is wrong with the source itself.
func (s *evalSession) print(source *evaluate.Source, a *evaluate.Answer, found []evaluate.Finding) {
	for _, d := range a.Diagnostics {
		found = append(found, source.Find(d))
	}
	switch {
	case s.json:
		s.printJSON(source, a, found)
	case a.Type != "":
		fmt.Fprint(s.p.stdout, valueText(a))
	case a.Error != "":
		fmt.Fprintf(s.p.stderr, "gateway: %s\n", a.Error)
	case a.Thrown != nil:
		fmt.Fprint(s.p.stderr, thrownText(source, a))
	default:
		for _, f := range found {
			fmt.Fprintln(s.p.stderr, f.String())
		}
	}
}

// valueText is a value for a person: its type, what a policy would put into text,
// and JSON where the text is no more than the name of a type.
func valueText(a *evaluate.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "type   %s\n", a.Type)
	if a.String != nil {
		text := strings.ReplaceAll(*a.String, "\r\n", "\n")
		fmt.Fprintf(&b, "value  %s\n", strings.ReplaceAll(text, "\n", "\n       "))
	}
	if a.JSON != nil && (a.String == nil || isTypeName(*a.String, a.Type)) {
		fmt.Fprintf(&b, "json   %s\n", a.JSON)
	}
	return b.String()
}

// isTypeName reports whether a value's text is the name of its type as reflection
// spells it: System.Collections.Generic.List`1[System.Int32].
func isTypeName(text, typ string) bool {
	name, _, _ := strings.Cut(typ, "<")
	return text == typ || strings.HasPrefix(text, name+"`") || typ == "<anonymous>"
}

// thrownText tells of an exception, with what caused it, and shows where it was
// thrown.
func thrownText(source *evaluate.Source, a *evaluate.Answer) string {
	message := a.Exception + ": " + a.Message
	for e := a.Thrown.Inner; e != nil; e = e.Inner {
		message += "\n  caused by " + e.Type + ": " + e.Message
	}
	if a.ThrownAt == nil {
		return message + "\n"
	}
	f := source.Find(expr.Diagnostic{Span: *a.ThrownAt, Message: message})
	return f.String() + "\n"
}

// findingJSON is a diagnostic as JSON has it.
type findingJSON struct {
	evaluate.Position
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
}

// printJSON prints an answer as one object.
func (s *evalSession) printJSON(source *evaluate.Source, a *evaluate.Answer, found []evaluate.Finding) {
	var object struct {
		*evaluate.Answer
		At          *evaluate.Position `json:"at,omitempty"`
		Diagnostics []findingJSON      `json:"diagnostics,omitempty"`
	}
	object.Answer = a
	if a.ThrownAt != nil {
		f := source.Find(expr.Diagnostic{Span: *a.ThrownAt})
		at := f.Start()
		object.At = &at
	}
	for _, f := range found {
		object.Diagnostics = append(object.Diagnostics, findingJSON{f.Start(), f.Code, f.Message})
	}
	e := json.NewEncoder(s.p.stdout)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		fmt.Fprintf(s.p.stderr, "gateway: %v\n", err)
	}
}
