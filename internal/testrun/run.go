package testrun

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Result is what came of one test.
type Result struct {
	File *File
	Test *Test
	// Failures are what was not as expected; none: the test has passed.
	Failures []Failure
	// Records are the traces of the requests of the step that failed, secrets masked.
	Records []*trace.Record
	// Took is how long the test took in real time.
	Took time.Duration
	// Skipped says that the test was not run, because another one failed.
	Skipped bool

	snapshots []snapshot
}

// Passed reports whether the test ran and was as expected.
func (r *Result) Passed() bool { return len(r.Failures) == 0 && !r.Skipped }

// patience is how long one test may take in real time.
const patience = time.Minute

// run runs one test of a subject.
func (f *File) run(s *Subject, t *Test, o *Options) *Result {
	result := &Result{File: f, Test: t}
	began := exchange.System.Now()
	defer func() { result.Took = exchange.System.Now().Sub(began) }()
	ctx, cancel := exchange.WithTimeout(context.Background(), exchange.System, patience)
	defer cancel()
	w, err := NewWorld(s, WorldOptions{Clock: NewClock(t.at), Strict: o.Strict, Context: ctx})
	if err != nil {
		result.Failures = []Failure{{File: f.Path, Line: t.Line, Col: t.Col, Message: err.Error()}}
		return result
	}
	defer w.Close()
	w.file = f
	for i := range t.steps {
		j := &judge{world: w, file: f, test: t}
		records := len(w.records)
		out, err := w.perform(t, &t.steps[i])
		if err != nil {
			j.broke(&t.steps[i], err)
		} else {
			j.judge(&t.steps[i], out, result)
		}
		if len(j.found) > 0 {
			result.Failures, result.Records = j.found, w.records[records:]
			if j.record != nil {
				result.Records = []*trace.Record{j.record}
			}
			break
		}
	}
	w.mask(result)
	return result
}

// judge holds what came of a step against what was expected. Of several requests only
// the first that failed is told.
func (j *judge) judge(s *stepConfig, out *outcome, result *Result) {
	e := s.Expect
	if e == nil {
		return
	}
	for i, d := range out.done {
		if len(out.done) > 1 {
			j.which = fmt.Sprintf("request %d of %d: ", i+1, len(out.done))
		}
		if e.Snapshot {
			result.snapshots = append(result.snapshots, j.snapshot(len(result.snapshots), d))
		}
		if j.response(e, d); len(j.found) > 0 {
			j.record = d.Record
			break
		}
	}
	j.which = ""
	if e.Statuses != nil {
		j.statuses(e, out.done)
	}
	j.calls(&e.Backend, out.calls)
	j.counters(e.Counters)
	j.sinks(e.Sinks, out)
}

// statuses holds the statuses of all requests of a step against a list.
func (j *judge) statuses(e *expectConfig, done []*Done) {
	var got []int
	for _, d := range done {
		got = append(got, d.Status)
	}
	if !slices.Equal(got, e.Statuses) {
		j.failf(e.Place, "statuses: expected %v, got %v", e.Statuses, got)
	}
}

// broke reports what kept a step from being done.
func (j *judge) broke(s *stepConfig, err error) {
	var at policy.Diagnostic
	if errors.As(err, &at) {
		j.fail(yamlfile.Place{Line: at.Line, Col: at.Col}, at.Message)
		return
	}
	j.fail(s.Place, err.Error())
}

// cleaner takes the secrets known so far, and what looks like one, out of texts.
func (w *World) cleaner() func(string) string {
	w.mu.Lock()
	hidden := maps.Clone(w.secrets)
	w.mu.Unlock()
	maps.Copy(hidden, w.subject.secrets)
	return trace.NewSecrets(hidden).Text
}

// mask takes secrets out of a result.
func (w *World) mask(r *Result) {
	if len(r.Failures) == 0 && len(r.snapshots) == 0 {
		return
	}
	clean := w.cleaner()
	for i := range r.Failures {
		f := &r.Failures[i]
		f.Message = clean(f.Message)
		for k := range f.Diff {
			f.Diff[k] = clean(f.Diff[k])
		}
	}
	for i := range r.snapshots {
		r.snapshots[i].got = clean(r.snapshots[i].got)
	}
	for _, record := range r.Records {
		record.Each(clean)
	}
}

// Alone is the pattern that picks this test, and no other, out of its file.
func (t *Test) Alone() string { return "^" + regexp.QuoteMeta(t.Name) + "$" }
