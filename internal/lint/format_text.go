package lint

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes findings as a person reads them: the place and the message, the
// line with what is meant marked, why, and what would be right. The summary is the
// last line.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s [%s]\n", f.Path, f.Line, f.Column, f.Severity, f.Message, f.Rule)
		b.WriteString(f.excerpt())
		if rule := ruleOf(f.Rule); rule != nil {
			fmt.Fprintf(&b, "  why: %s\n", rule.Why)
			if rule.Remedy != "" {
				fmt.Fprintf(&b, "  fix: %s\n", rule.Remedy)
			}
		}
	}
	b.WriteString(r.Summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// most is the most characters of a line that are shown.
const most = 160

// excerpt is the source line and a mark under what is meant.
func (f *Finding) excerpt() string {
	if f.Source == "" {
		return ""
	}
	line := []rune(strings.ReplaceAll(f.Source, "\t", " "))
	start := min(f.Column-1, len(line))
	end := len(line)
	if f.EndLine == f.Line {
		end = min(max(f.EndColumn-1, start+1), max(len(line), start+1))
	}
	from := 0
	if start > most/2 {
		from = start - most/2
	}
	to := min(len(line), from+most)
	shown := string(line[from:to])
	trimmed := strings.TrimLeft(shown, " ")
	cut := len(shown) - len(trimmed)
	if cut > start-from {
		cut = start - from
		trimmed = shown[cut:]
	}
	number := fmt.Sprint(f.Line)
	marks := max(min(end, max(to, start+1))-start, 1)
	return fmt.Sprintf("  %s | %s\n  %s | %s^%s\n", number, strings.TrimRight(trimmed, " "), strings.Repeat(" ", len(number)),
		strings.Repeat(" ", start-from-cut), strings.Repeat("~", marks-1))
}
