package console

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/jwtvalidate"
)

// furthest is how far the clock can be moved in all.
const furthest = 100 * 365 * 24 * time.Hour

type statePage struct {
	base
	Now     time.Time
	Offset  string // how far the clock is ahead; "" if it is not
	Steps   []string
	KeySets []jwtvalidate.KeySetState
	Stores  []storeView
	Problem string
}

type storeView struct {
	Name    string
	Entries []Entry
}

// state shows what lasts from one request to another.
func (p *Page) state(w http.ResponseWriter, r *http.Request) { p.showState(w, r, http.StatusOK, "") }

func (p *Page) showState(w http.ResponseWriter, r *http.Request, status int, problem string) {
	page := statePage{base: p.base(r, "state", "State"), Now: p.Clock.Now(), Steps: []string{"1m", "5m", "1h", "24h"}, KeySets: p.KeySets(), Problem: problem}
	if offset := p.Clock.Offset(); offset > 0 {
		page.Offset = offset.String()
	}
	secrets := p.Service().Secrets()
	maps.Copy(secrets, p.Recorder.Secrets()) // by which some policies count
	hidden := trace.NewSecrets(secrets)
	for _, s := range p.Stores {
		v := storeView{s.Name, s.Snapshot()}
		for i := range v.Entries {
			e := &v.Entries[i]
			e.Key, e.Value = hidden.Key(e.Key), hidden.Text(e.Value)
		}
		page.Stores = append(page.Stores, v)
	}
	show(w, status, "state", page)
}

// advance moves the clock forward.
func (p *Page) advance(w http.ResponseWriter, r *http.Request) {
	written := strings.TrimSpace(r.PostFormValue("by"))
	by, err := time.ParseDuration(written)
	switch {
	case err != nil || by < 0:
		p.showState(w, r, http.StatusUnprocessableEntity, "The clock moves forward by a duration such as 90s, 5m or 24h, not by "+written+".")
	case by > furthest-p.Clock.Offset():
		p.showState(w, r, http.StatusUnprocessableEntity, "The clock can be moved a hundred years at most.")
	default:
		p.Clock.Advance(by)
		http.Redirect(w, r, "/state", http.StatusSeeOther)
	}
}

// reset forgets an entry of a store, or all.
func (p *Page) reset(w http.ResponseWriter, r *http.Request) {
	for _, s := range p.Stores {
		if s.Name == r.PathValue("name") {
			s.Reset(r.PostFormValue("id"))
			http.Redirect(w, r, "/state", http.StatusSeeOther)
			return
		}
	}
	p.fail(w, r, http.StatusNotFound, "There is no store %s.", r.PathValue("name"))
}
