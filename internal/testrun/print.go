package testrun

import (
	"fmt"
	"io"
	"strings"
)

// Printer writes results for a person.
type Printer struct {
	W io.Writer
	// Command is how a person runs one test of a file alone, without the file and the
	// pattern: "gateway test".
	Command string

	passed, failed, skipped, unusable int
}

// mostRecords is how many traces of one test are shown.
const mostRecords = 2

// File writes a file's results: a line, and more of what failed.
func (p *Printer) File(f *SuiteFile) error {
	var b strings.Builder
	passed, failed, skipped := f.Counts()
	p.passed, p.failed, p.skipped = p.passed+passed, p.failed+failed, p.skipped+skipped
	switch {
	case f.Unusable != nil:
		p.unusable++
		fmt.Fprintf(&b, "unusable  %s\n%s\n", f.Path, indent(f.Unusable.Error(), "    "))
	case f.Unloadable != nil && len(f.Results) > 0:
		fmt.Fprintf(&b, "FAIL  %s  %d failed: what they are about can't be loaded\n%s\n", f.Path, failed, indent(f.Unloadable.Error(), "    "))
	case failed > 0:
		fmt.Fprintf(&b, "FAIL  %s  %s\n", f.Path, counted(passed, failed, skipped))
		for _, r := range f.Results {
			if len(r.Failures) > 0 {
				p.result(&b, r)
			}
		}
	case skipped > 0:
		fmt.Fprintf(&b, "skip  %s  %s\n", f.Path, counted(passed, failed, skipped))
	case passed > 0:
		fmt.Fprintf(&b, "ok    %s  %s\n", f.Path, counted(passed, failed, skipped))
	}
	_, err := io.WriteString(p.W, printable(b.String()))
	return err
}

func (p *Printer) result(b *strings.Builder, r *Result) {
	fmt.Fprintf(b, "\n  --- %s\n", r.Test.Name)
	for _, f := range r.Failures {
		fmt.Fprintf(b, "      %s:%d:%d: %s\n", f.File, f.Line, f.Col, f.Message)
		for _, line := range f.Diff {
			fmt.Fprintf(b, "          %s\n", line)
		}
	}
	records := r.Records
	if more := len(records) - mostRecords; more > 0 {
		fmt.Fprintf(b, "      (%d earlier requests of the step are not shown)\n", more)
		records = records[more:]
	}
	for _, record := range records {
		var trace strings.Builder
		if record.Write(&trace) == nil {
			fmt.Fprintf(b, "\n%s\n", indent(strings.TrimRight(trace.String(), "\n"), "      "))
		}
	}
	fmt.Fprintf(b, "\n      run it alone: %s %s --run %s\n\n", p.Command, quoted(r.File.Path), quoted(r.Test.Alone()))
}

// Summary writes how it all went.
func (p *Printer) Summary() error {
	line := counted(p.passed, p.failed, p.skipped)
	if p.unusable > 0 {
		line += fmt.Sprintf(", %d files unusable", p.unusable)
	}
	_, err := fmt.Fprintf(p.W, "%s\n", line)
	return err
}

// Failed reports whether any test failed.
func (p *Printer) Failed() bool { return p.failed > 0 }

// Unusable reports whether any file can't be run.
func (p *Printer) Unusable() bool { return p.unusable > 0 }

// Ran is how many tests there were.
func (p *Printer) Ran() int { return p.passed + p.failed + p.skipped }

func counted(passed, failed, skipped int) string {
	line := fmt.Sprintf("%d passed", passed)
	if failed > 0 {
		line += fmt.Sprintf(", %d failed", failed)
	}
	if skipped > 0 {
		line += fmt.Sprintf(", %d skipped", skipped)
	}
	return line
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}

// printable keeps what a policy answered from moving the terminal's cursor or worse.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// quoted is s as one word of a shell's command line.
func quoted(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
