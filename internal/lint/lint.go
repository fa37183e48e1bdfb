package lint

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy"
)

// Options say what to lint, and how.
type Options struct {
	// Paths are policy documents, apim.yaml files and folders.
	Paths     []string
	Catalogue *policy.Catalogue
	// Placeholders are the forms of what a script fills in before a document is
	// deployed: "*" is any text, "{name}" an identifier in braces.
	Placeholders []string
	// Strict makes an error of every fact that no source settles.
	Strict bool
	// Workers look at documents side by side; 0: as many as there are processors.
	Workers int
}

// Severity says how bad a finding is.
type Severity uint8

const (
	// Note: worth knowing.
	Note Severity = iota + 1
	// Warning: it runs, but probably not as meant.
	Warning
	// Error: Azure would refuse it, or it cannot work.
	Error
)

func (s Severity) String() string { return [...]string{"", "note", "warning", "error"}[s] }

// Finding is one finding at one place.
type Finding struct {
	Path string
	// Lines and columns are 1-based; columns count characters, and the end is after
	// the last.
	Line, Column, EndLine, EndColumn int
	Severity                         Severity
	Rule                             string
	Message                          string
	// Source is the line of the document, "" where there is none.
	Source string
}

// File is a document that was looked at, or an apim.yaml.
type File struct {
	Path                    string
	Errors, Warnings, Notes int
}

// Report is what was found: by path, and by place in each.
type Report struct {
	Files    []File
	Findings []Finding
	// Skipped counts XML files in folders that are no policy documents.
	Skipped int
}

// Run lints. The error is a path that is not there, or a configuration that can't be
// used.
func Run(o Options) (*Report, error) {
	placeholder, err := placeholders(o.Placeholders)
	if err != nil {
		return nil, err
	}
	c := &collector{catalogue: o.Catalogue, placeholder: placeholder}
	for _, path := range o.Paths {
		if err := c.add(path); err != nil {
			return nil, err
		}
	}
	l := &linter{Options: o, placeholder: placeholder}
	results := make([]result, len(c.targets))
	l.each(len(c.targets), func(i int) { results[i] = l.target(c.targets[i]) })
	results = append(results, c.results...)
	return l.report(results, c.skipped), nil
}

// linter is one run.
type linter struct {
	Options
	placeholder *placeholderForms
}

// result is what one file gave.
type result struct {
	path     string
	skipped  bool
	findings []Finding
}

// each calls do for 0 to n-1, several at a time.
func (l *linter) each(n int, do func(i int)) {
	workers := cmp.Or(l.Workers, runtime.GOMAXPROCS(0))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// report puts results together; a file that was looked at in several scopes is one.
func (l *linter) report(results []result, skipped int) *Report {
	slices.SortStableFunc(results, func(a, b result) int { return strings.Compare(a.path, b.path) })
	r := &Report{Skipped: skipped}
	for _, result := range results {
		if result.skipped {
			r.Skipped++
			continue
		}
		if len(r.Files) == 0 || r.Files[len(r.Files)-1].Path != result.path {
			r.Files = append(r.Files, File{Path: result.path})
		}
		r.Findings = append(r.Findings, result.findings...)
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, a.Column-b.Column, strings.Compare(a.Rule, b.Rule))
	})
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool {
		return a.Path == b.Path && a.Line == b.Line && a.Column == b.Column && a.Rule == b.Rule && a.Message == b.Message
	})
	files := make(map[string]*File, len(r.Files))
	for i := range r.Files {
		files[r.Files[i].Path] = &r.Files[i]
	}
	for _, f := range r.Findings {
		file := files[f.Path]
		if file == nil { // a fragment's, found where it is included
			r.Files = append(r.Files, File{Path: f.Path})
			file = &r.Files[len(r.Files)-1]
			for i := range r.Files { // the slice may have moved
				files[r.Files[i].Path] = &r.Files[i]
			}
		}
		switch f.Severity {
		case Error:
			file.Errors++
		case Warning:
			file.Warnings++
		default:
			file.Notes++
		}
	}
	slices.SortFunc(r.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return r
}

// Worst is the highest severity among the findings, 0 if there are none.
func (r *Report) Worst() Severity {
	var worst Severity
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

// Failed reports whether the linter itself failed on a document.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == ruleInternal })
}

// Summary is the last line of the text form.
func (r *Report) Summary() string {
	var errors, warnings, notes int
	for _, f := range r.Files {
		errors, warnings, notes = errors+f.Errors, warnings+f.Warnings, notes+f.Notes
	}
	s := fmt.Sprintf("%s: %s, %s, %s", count(len(r.Files), "file"), count(errors, "error"), count(warnings, "warning"), count(notes, "note"))
	if r.Skipped > 0 {
		s += fmt.Sprintf(" (%s skipped: no policy documents)", count(r.Skipped, "other XML file"))
	}
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
