package console

import (
	"net/http"

	"github.com/apimulator/apimulator/internal/trace"
)

type requestPage struct {
	base
	*trace.Record
	Path    string
	Why     explanation
	Parts   []part
	Sources *sources
	Facts   []fact
	// Curl and Test are the request as texts to copy; "" if it is not kept any more.
	Curl, Test string
	Replayable bool
}

// fact is a name and a value.
type fact struct{ Name, Value string }

// request shows one request.
func (p *Page) request(w http.ResponseWriter, r *http.Request) {
	record := p.Recorder.Find(r.PathValue("id"))
	if record == nil {
		p.fail(w, r, http.StatusNotFound, "No request of this id is kept. The newest %d are, fewer where they are large.", trace.Kept)
		return
	}
	page := requestPage{
		base: p.base(r, "requests", record.Method+" "+pathOf(record)), Record: record, Path: pathOf(record), Why: explain(record),
		Sources: newSources(record), Facts: factsOf(record),
	}
	page.Parts = timeline(record, page.Sources)
	if raw := p.Recorder.Raw(record.ID); raw != nil {
		page.Replayable = true
		page.Curl = p.curl(raw)
		page.Test = p.test(record, raw)
	}
	show(w, http.StatusOK, "request", page)
}

// factsOf are what the request belongs to.
func factsOf(r *trace.Record) []fact {
	all := []fact{
		{"API", r.API}, {"Operation", r.Operation}, {"Product", r.Product}, {"Subscription", r.Subscription},
		{"Client", r.ClientIP}, {"Id", r.ID}, {"Time", r.Time.UTC().Format("2006-01-02 15:04:05.000 UTC")},
	}
	if r.User != nil {
		all = append(all, fact{"User", r.User.ID})
	}
	var shown []fact
	for _, f := range all {
		if f.Value != "" {
			shown = append(shown, f)
		}
	}
	return shown
}
