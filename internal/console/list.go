package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/trace"
)

// pageRows is how many requests one page of the list has.
const pageRows = 100

// filter picks requests. What is empty picks all.
type filter struct {
	Status    string // the first digit of the status
	API       string
	Operation string
	Text      string // in the method, address, names, or why it was refused; in any case
}

func filterOf(q url.Values) filter {
	return filter{q.Get("status"), q.Get("api"), q.Get("operation"), strings.TrimSpace(q.Get("q"))}
}

// Any reports whether it picks out anything at all.
func (f filter) Any() bool { return f != filter{} }

// query is the filter as the query of an address, with a further parameter.
func (f filter) query(name, value string) string {
	q := url.Values{}
	for n, v := range map[string]string{"status": f.Status, "api": f.API, "operation": f.Operation, "q": f.Text, name: value} {
		if v != "" {
			q.Set(n, v)
		}
	}
	return q.Encode()
}

func (f filter) picks(r *trace.Record) bool {
	return (f.Status == "" || statusClass(r.Status) == "s"+f.Status) &&
		(f.API == "" || r.API == f.API) && (f.Operation == "" || r.Operation == f.Operation) &&
		(f.Text == "" || holds(r, strings.ToLower(f.Text)))
}

// holds looks for a text in small letters.
func holds(r *trace.Record, text string) bool {
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	if in(r.Method) || in(r.URL) || in(r.ID) || in(r.API) || in(r.Operation) || in(r.Product) || in(r.Subscription) {
		return true
	}
	if e := r.LastError; e != nil && (in(e.Source) || in(e.Reason) || in(e.Message)) {
		return true
	}
	d := r.Deciding()
	return d != nil && (in(d.Name) || in(place(d)) || in(d.Reason) || in(d.Message) || in(d.Detail))
}

// listRow is a request in the list.
type listRow struct {
	*trace.Record
	Path     string
	Deciding *trace.Step
	Place    string
}

func newListRow(r *trace.Record) listRow {
	row := listRow{Record: r, Path: pathOf(r), Deciding: r.Deciding()}
	if row.Deciding != nil {
		row.Place = place(row.Deciding)
	}
	return row
}

type listPage struct {
	base
	Filter     filter
	Digits     []string // of status classes
	APIs       []string
	Operations []string
	Rows       []listRow
	Total      int // that are kept
	Matching   int
	// Older leads to the next page; "": there is none. First says that this is the first.
	Older  string
	Newest string // the filter, as a query
	First  bool
	Events string // the address of the events that keep the list live
	Try    string // a command that sends a request
}

// list shows the newest requests, or those before one.
func (p *Page) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page := listPage{base: p.base(r, "requests", "Requests"), Filter: filterOf(q), First: q.Get("before") == "", Digits: []string{"2", "3", "4", "5"}}
	page.find(p.Recorder.Newest(trace.Kept), q.Get("before"))
	page.Newest = page.Filter.query("", "")
	page.Events = "/events?" + page.Newest
	s := p.Service()
	for _, a := range s.APIs {
		page.APIs = appendNew(page.APIs, a.View.Name)
		for _, o := range a.Operations {
			if page.Filter.API == "" || page.Filter.API == a.View.Name {
				page.Operations = appendNew(page.Operations, o.View.Name)
			}
		}
	}
	page.Try = "curl --cacert " + p.Bundle + " " + p.Gateway + "/" + s.APIs[0].Prefix()
	show(w, http.StatusOK, "list", page)
}

// find takes a page's rows from all records; those up to the one called before are left
// out.
func (l *listPage) find(all []*trace.Record, before string) {
	l.Total = len(all)
	skip := before != "" && slices.ContainsFunc(all, func(r *trace.Record) bool { return r.ID == before })
	for _, r := range all {
		if skip {
			skip = r.ID != before
			continue
		}
		if !l.Filter.picks(r) {
			continue
		}
		l.Matching++
		switch {
		case len(l.Rows) < pageRows:
			l.Rows = append(l.Rows, newListRow(r))
		case l.Older == "":
			l.Older = "/?" + l.Filter.query("before", l.Rows[pageRows-1].ID)
		}
	}
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
