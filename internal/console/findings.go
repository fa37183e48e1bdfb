package console

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/internal/lint"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
)

// findings are what lint says of the files, until they are read again.
type findings struct {
	mu         sync.Mutex
	known      bool
	generation int
	report     *lint.Report
	err        error
}

func (f *findings) of(path string, catalogue *policy.Catalogue, generation int) (*lint.Report, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.known || f.generation != generation {
		f.report, f.err = lint.Run(lint.Options{Paths: []string{path}, Catalogue: catalogue})
		f.known, f.generation = true, generation
	}
	return f.report, f.err
}

type findingsPage struct {
	base
	Files   []fileFindings
	Summary string
	BuiltIn bool
	Problem string
}

type fileFindings struct {
	Path     string
	Findings []findingView
}

type findingView struct {
	lint.Finding
	Why, Remedy string
}

// lint shows what is wrong with the files that are served.
func (p *Page) lint(w http.ResponseWriter, r *http.Request) {
	page := findingsPage{base: p.base(r, "findings", "Findings"), BuiltIn: p.Subject.path() == ""}
	if page.BuiltIn {
		show(w, http.StatusOK, "findings", page)
		return
	}
	generation, _, _ := p.Reloads.State()
	report, err := p.findings.of(p.Subject.path(), p.Catalogue, generation)
	if err != nil {
		page.Problem = err.Error()
		show(w, http.StatusOK, "findings", page)
		return
	}
	page.Summary = report.Summary()
	secrets := trace.NewSecrets(p.Service().Secrets())
	folder := filepath.Dir(p.Subject.path())
	for _, f := range report.Findings {
		shown := f.Path
		if relative, err := filepath.Rel(folder, f.Path); err == nil {
			shown = filepath.ToSlash(relative)
		}
		if n := len(page.Files); n == 0 || page.Files[n-1].Path != shown {
			page.Files = append(page.Files, fileFindings{Path: shown})
		}
		last := &page.Files[len(page.Files)-1]
		v := findingView{Finding: f}
		v.Source, v.Message = strings.TrimSpace(secrets.Text(f.Source)), secrets.Text(f.Message)
		if strings.Contains(f.Rule, "secret") {
			v.Source = "" // it holds one
		}
		v.Why, v.Remedy = lint.Explain(f.Rule)
		last.Findings = append(last.Findings, v)
	}
	show(w, http.StatusOK, "findings", page)
}
