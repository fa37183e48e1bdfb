package console

import (
	"fmt"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

const forwardRequest = "forward-request"

// part is a section of the timeline.
type part struct {
	Name, Title string
	Rows        []stepRow
	// Skipped says that nothing of it ran.
	Skipped bool
}

// stepRow is a statement in the timeline.
type stepRow struct {
	*trace.Step
	Anchor string
	Place  string
	// Line is the anchor of its line in the source; "" if that is not shown.
	Line     string
	Indent   int
	Deciding bool
	// From and Width are where its time lies in the request's, in percent.
	From, Width string
}

// More reports whether there is anything to unfold.
func (s stepRow) More() bool {
	return len(s.Evaluations)+len(s.Notes)+len(s.Changes)+len(s.Calls) > 0 || s.Token != nil || s.Reason != "" || s.Message != "" || s.Detail != ""
}

// deepest is how far rows are indented at most.
const deepest = 8

// sectionTitles are the parts of the timeline in order; the first is what the gateway does
// before any policy.
var sectionTitles = []struct{ name, title string }{
	{"", "Gateway"}, {"inbound", "Inbound"}, {"backend", "Backend"}, {"outbound", "Outbound"}, {"on-error", "On error"},
}

// timeline is the steps of a record, section by section.
func timeline(r *trace.Record, lines *sources) []part {
	parts := make([]part, len(sectionTitles))
	for i, s := range sectionTitles {
		parts[i] = part{Name: s.name, Title: s.title}
	}
	deciding := r.Deciding()
	for i := range r.Steps {
		s := &r.Steps[i]
		p := &parts[sectionOf(s)]
		p.Rows = append(p.Rows, stepRow{
			Step: s, Anchor: fmt.Sprintf("step-%d", i), Place: place(s), Line: lines.anchor(s.Document, s.Line), Indent: min(s.Depth, deepest),
			Deciding: s == deciding, From: percent(s.Start, r.Elapsed), Width: percent(s.Elapsed, r.Elapsed),
		})
	}
	var shown []part
	for _, p := range parts {
		p.Skipped = len(p.Rows) == 0
		// The four sections always show, so that it is seen which did not run.
		if !p.Skipped || p.Name != "" && (p.Name != string(exchange.OnError) || r.LastError != nil) {
			shown = append(shown, p)
		}
	}
	return shown
}

// sectionOf is the index of a step's part.
func sectionOf(s *trace.Step) int {
	for i, t := range sectionTitles {
		if t.name == s.Section {
			return i
		}
	}
	return 0
}

func percent(d, of time.Duration) string {
	if of <= 0 {
		return "0"
	}
	return fmt.Sprintf("%.2f", max(0, min(100, 100*float64(d)/float64(of))))
}
