package lint

import (
	"encoding/json"
	"io"
)

type jsonFile struct {
	Path     string `json:"path"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
	Notes    int    `json:"notes"`
}

type jsonDiagnostic struct {
	Path      string `json:"path"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Severity  string `json:"severity"`
	Rule      string `json:"rule"`
	Message   string `json:"message"`
}

// WriteJSON writes files and findings as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	out := struct {
		Files       []jsonFile       `json:"files"`
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
	}{[]jsonFile{}, []jsonDiagnostic{}}
	for _, f := range r.Files {
		out.Files = append(out.Files, jsonFile(f))
	}
	for _, f := range r.Findings {
		out.Diagnostics = append(out.Diagnostics, jsonDiagnostic{f.Path, f.Line, f.Column, f.EndLine, f.EndColumn, f.Severity.String(), f.Rule, f.Message})
	}
	return writeJSON(w, out)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
