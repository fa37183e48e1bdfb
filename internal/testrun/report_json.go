package testrun

import (
	"encoding/json"
	"io"

	"github.com/apimulator/apimulator/internal/trace"
)

// The shape of the JSON report; docs/test.md describes it.
type (
	jsonReport struct {
		Passed   int        `json:"passed"`
		Failed   int        `json:"failed"`
		Skipped  int        `json:"skipped"`
		Unusable int        `json:"unusable"`
		Files    []jsonFile `json:"files"`
	}
	jsonFile struct {
		Path  string     `json:"path"`
		Error string     `json:"error,omitempty"`
		Tests []jsonTest `json:"tests"`
	}
	jsonTest struct {
		Name     string          `json:"name"`
		Line     int             `json:"line"`
		Tags     []string        `json:"tags,omitempty"`
		Status   string          `json:"status"` // passed, failed or skipped
		Seconds  float64         `json:"seconds"`
		Failures []jsonFailure   `json:"failures,omitempty"`
		Trace    []*trace.Record `json:"trace,omitempty"`
	}
	jsonFailure struct {
		Line    int      `json:"line"`
		Column  int      `json:"column"`
		Message string   `json:"message"`
		Diff    []string `json:"diff,omitempty"`
	}
)

// WriteJSON writes the results as one JSON object.
func (s *Suite) WriteJSON(w io.Writer) error {
	report := jsonReport{Files: []jsonFile{}}
	for _, f := range s.Files {
		passed, failed, skipped := f.Counts()
		report.Passed, report.Failed, report.Skipped = report.Passed+passed, report.Failed+failed, report.Skipped+skipped
		file := jsonFile{Path: f.Path, Tests: []jsonTest{}}
		switch {
		case f.Unusable != nil:
			report.Unusable++
			file.Error = f.Unusable.Error()
		case f.Unloadable != nil:
			file.Error = f.Unloadable.Error()
		}
		for _, r := range f.Results {
			file.Tests = append(file.Tests, r.json())
		}
		report.Files = append(report.Files, file)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(report)
}

func (r *Result) json() jsonTest {
	t := jsonTest{Name: r.Test.Name, Line: r.Test.Line, Tags: r.Test.Tags, Status: "passed", Seconds: r.Took.Seconds(), Trace: r.Records}
	if r.Skipped {
		t.Status = "skipped"
	}
	for _, f := range r.Failures {
		t.Status = "failed"
		t.Failures = append(t.Failures, jsonFailure{f.Line, f.Col, f.Message, f.Diff})
	}
	return t
}
