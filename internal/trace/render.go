package trace

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Line is the record on one line: method, path, status, time, and what decided.
func (r *Record) Line() string {
	line := fmt.Sprintf("%s %s %s %d %s", r.Time.Format(time.TimeOnly), r.Method, r.path(), r.Status, round(r.Elapsed))
	if d := r.Deciding(); d != nil {
		line += "  " + d.Name
		if d.Document != "" {
			line += " " + d.place()
		}
		if d.Reason != "" {
			line += ": " + d.Reason
		}
	}
	if r.Cut != "" {
		line += "  (cut: " + r.Cut + ")"
	}
	if r.Unrecorded > 0 {
		line += fmt.Sprintf("  (%d more before it were not recorded)", r.Unrecorded)
	}
	return printable(line)
}

func (r *Record) path() string {
	_, rest, _ := strings.Cut(r.URL, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// Write writes the whole record for a terminal.
func (r *Record) Write(w io.Writer) error {
	p := &printer{}
	p.line(0, fmt.Sprintf("%s  %s %s -> %d in %s", r.ID, r.Method, r.URL, r.Status, round(r.Elapsed)))
	p.members(1, "", " ", []member{{"api", r.API}, {"operation", r.Operation}, {"product", r.Product}, {"subscription", r.Subscription}})
	section := ""
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Section != section && s.Section != "" {
			section = s.Section
			p.line(1, section)
		}
		s.print(p)
	}
	if r.Dropped > 0 {
		p.line(1, fmt.Sprintf("(%d more steps were not kept)", r.Dropped))
	}
	if e := r.LastError; e != nil {
		p.members(1, "LastError: ", "=", []member{
			{"source", e.Source}, {"reason", e.Reason}, {"section", e.Section}, {"scope", e.Scope}, {"path", e.Path}, {"policyId", e.PolicyID},
		})
		p.line(1, strings.Repeat(" ", len("LastError: "))+e.Message)
	}
	if r.Cut != "" {
		p.line(1, "the response was cut: "+r.Cut)
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// beside is as wide as an outcome, to which a step's notes are indented.
const beside = "           "

func (s *Step) print(p *printer) {
	level := s.Depth + 2
	head := fmt.Sprintf("%-10s %s", s.Outcome, s.Name)
	if s.Document != "" {
		head += fmt.Sprintf("  %s (%s)", s.place(), s.Scope)
	}
	p.line(level, head+"  "+round(s.Elapsed).String())
	for i := range s.Evaluations {
		s.Evaluations[i].print(p, level)
	}
	if s.Token != nil {
		s.Token.print(p, level)
	}
	for i := range s.Calls {
		s.Calls[i].print(p, level)
	}
	if s.DroppedCalls > 0 {
		p.line(level, fmt.Sprintf("%s(%d more calls were not kept)", beside, s.DroppedCalls))
	}
	for _, n := range s.Notes {
		p.line(level, beside+n)
	}
	for _, c := range s.Changes {
		p.line(level, beside+c.String())
	}
	if s.Reason != "" && s.Message != "" {
		p.line(level, beside+s.Reason+": "+s.Message)
	} else if why := cmp.Or(s.Reason, s.Message); why != "" {
		p.line(level, beside+why)
	}
	if s.Detail != "" {
		p.line(level, beside+"-> "+s.Detail)
	}
}

// longest is the most characters of a value on a line.
const longest = 200

func (e *Evaluation) print(p *printer, level int) {
	p.line(level, beside+short(e.Source)+e.Seen.String())
	for i := range e.Parts {
		part := &e.Parts[i]
		p.line(level+1, beside+short(part.Source)+part.Seen.String())
	}
}

// String is " = value", or the exception.
func (s *Seen) String() string {
	switch {
	case s.Fault != "":
		return " threw: " + short(s.Fault)
	case s.Type == "string":
		return " = " + strconv.Quote(short(s.Value))
	}
	return " = " + short(s.Value)
}

// String tells the change in a line.
func (c *Change) String() string {
	name := c.Part + " " + c.Name
	switch {
	case c.Before == nil && c.After != nil:
		return name + " is " + short(*c.After)
	case c.After == nil:
		return name + " is gone"
	}
	return name + ": " + short(*c.Before) + " -> " + short(*c.After)
}

// short is a text on one line, cut if it is long.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// place is file:line, the file without its folders.
func (s *Step) place() string {
	return fmt.Sprintf("%s:%d", filepath.Base(s.Document), s.Line)
}

type member struct{ name, value string }

// printer collects lines.
type printer struct{ text strings.Builder }

func (p *printer) line(level int, text string) {
	p.text.WriteString(strings.Repeat("  ", level))
	p.text.WriteString(printable(text))
	p.text.WriteByte('\n')
}

// members prints those that have a value on one line.
func (p *printer) members(level int, head, between string, all []member) {
	var shown []string
	for _, m := range all {
		if m.value != "" {
			shown = append(shown, m.name+between+m.value)
		}
	}
	if len(shown) > 0 {
		p.line(level, head+strings.Join(shown, "  "))
	}
}

// printable keeps what a client or a backend sent from moving the terminal's
// cursor or worse.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

func round(d time.Duration) time.Duration {
	switch {
	case d > time.Second:
		return d.Round(time.Millisecond)
	case d > time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Microsecond)
}
