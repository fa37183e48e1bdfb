package trace

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
)

// Line is the record on one line: method, path, status, time, and what decided.
func (r *Record) Line() string {
	line := fmt.Sprintf("%s %s %s %d %s", r.Time.Format("15:04:05"), r.Method, r.path(), r.Status, round(r.Elapsed))
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
	return line
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
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s %s -> %d in %s\n", r.ID, r.Method, r.URL, r.Status, round(r.Elapsed))
	for _, f := range []struct{ name, value string }{{"api", r.API}, {"operation", r.Operation}, {"product", r.Product}, {"subscription", r.Subscription}} {
		if f.value != "" {
			fmt.Fprintf(&b, "  %s %s", f.name, f.value)
		}
	}
	b.WriteString("\n")
	section := ""
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Section != section && s.Section != "" {
			section = s.Section
			fmt.Fprintf(&b, "  %s\n", section)
		}
		s.write(&b)
	}
	if e := r.LastError; e != nil {
		fmt.Fprintf(&b, "  LastError: source=%s reason=%s section=%s scope=%s path=%s\n             %s\n", e.Source, e.Reason, e.Section, e.Scope, e.Path, indent(e.Message))
	}
	if r.Cut != "" {
		fmt.Fprintf(&b, "  the response was cut: %s\n", r.Cut)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Step) write(b *strings.Builder) {
	margin := strings.Repeat("  ", s.Depth+2)
	fmt.Fprintf(b, "%s%-10s %s", margin, s.Outcome, s.Name)
	if s.Document != "" {
		fmt.Fprintf(b, "  %s (%s)", s.place(), s.Scope)
	}
	fmt.Fprintf(b, "  %s\n", round(s.Elapsed))
	for _, n := range s.Notes {
		fmt.Fprintf(b, "%s           %s\n", margin, indent(n))
	}
	if s.Reason != "" || s.Message != "" {
		fmt.Fprintf(b, "%s           %s: %s\n", margin, s.Reason, indent(s.Message))
	}
	if s.Detail != "" {
		fmt.Fprintf(b, "%s           -> %s\n", margin, indent(s.Detail))
	}
}

// place is file:line, the file without its folders.
func (s *Step) place() string {
	return fmt.Sprintf("%s:%d", filepath.Base(s.Document), s.Line)
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", " ") }

func round(d time.Duration) time.Duration {
	switch {
	case d > time.Second:
		return d.Round(time.Millisecond)
	case d > time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Microsecond)
}
