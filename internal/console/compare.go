package console

import (
	"net/http"

	"github.com/apimulator/apimulator/internal/trace"
)

type comparePage struct {
	base
	Before, After       *trace.Record
	BeforeWhy, AfterWhy explanation
	BeforePath          string
	Rows                []pair
	Same                bool
}

// pair is a step of both traces, or of one.
type pair struct {
	Before, After *stepRow
	// Differs says that both have it and it ended in another way.
	Differs bool
	Section string // that begins here
}

// compare shows two traces side by side.
func (p *Page) compare(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	one, other := p.Recorder.Find(q.Get("before")), p.Recorder.Find(q.Get("after"))
	if one == nil || other == nil {
		p.fail(w, r, http.StatusNotFound, "One of the two requests is not kept any more.")
		return
	}
	page := comparePage{
		base: p.base(r, "requests", "Replay"), Before: one, After: other, BeforeWhy: explain(one), AfterWhy: explain(other), BeforePath: pathOf(one),
	}
	page.Rows = align(rowsOf(one), rowsOf(other))
	page.Same = one.Status == other.Status
	for _, row := range page.Rows {
		page.Same = page.Same && row.Before != nil && row.After != nil && !row.Differs
	}
	show(w, http.StatusOK, "compare", page)
}

func rowsOf(r *trace.Record) []stepRow {
	var rows []stepRow
	for _, p := range timeline(r, newSources(r)) {
		rows = append(rows, p.Rows...)
	}
	return rows
}

// alike reports whether two steps are the same statement. Its line may have moved by an
// edit, so that says nothing.
func alike(a, b *stepRow) bool {
	return a.Name == b.Name && a.Document == b.Document && a.Section == b.Section && a.Depth == b.Depth
}

// align puts the rows of two traces beside one another, by their longest common
// subsequence.
func align(a, b []stepRow) []pair {
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			if alike(&a[i], &b[k]) {
				longest[i][k] = longest[i+1][k+1] + 1
			} else {
				longest[i][k] = max(longest[i+1][k], longest[i][k+1])
			}
		}
	}
	var rows []pair
	i, k, section := 0, 0, "none"
	for i < len(a) || k < len(b) {
		var row pair
		switch {
		case i < len(a) && k < len(b) && alike(&a[i], &b[k]):
			row = pair{Before: &a[i], After: &b[k], Differs: a[i].Outcome != b[k].Outcome || a[i].Reason != b[k].Reason}
			i, k = i+1, k+1
		case k == len(b) || i < len(a) && longest[i+1][k] >= longest[i][k+1]:
			row = pair{Before: &a[i]}
			i++
		default:
			row = pair{After: &b[k]}
			k++
		}
		if s := row.section(); s != section {
			section, row.Section = s, sectionTitle(s)
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *pair) section() string {
	if p.Before != nil {
		return p.Before.Section
	}
	return p.After.Section
}

func sectionTitle(name string) string {
	for _, t := range sectionTitles {
		if t.name == name {
			return t.title
		}
	}
	return name
}
