package lint

import (
	"encoding/xml"
	"fmt"
	"io"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure,omitempty"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes a test suite for each file: a failed case for each finding at or
// above failOn, a passed one for each below, and one for a file without any.
func (r *Report) WriteJUnit(w io.Writer, failOn Severity) error {
	var all junitSuites
	next := 0
	for _, file := range r.Files {
		suite := junitSuite{Name: file.Path}
		for ; next < len(r.Findings) && r.Findings[next].Path == file.Path; next++ {
			f := &r.Findings[next]
			text := fmt.Sprintf("%s:%d:%d: %s: %s", f.Path, f.Line, f.Column, f.Severity, f.Message)
			c := junitCase{Name: fmt.Sprintf("%s:%d:%d", f.Rule, f.Line, f.Column), Class: file.Path, File: file.Path, Line: f.Line}
			if failOn != 0 && f.Severity >= failOn {
				c.Failure = &junitFailure{f.Rule, f.Message, text + "\n" + f.excerpt()}
				suite.Failures++
			} else {
				c.Output = text
			}
			suite.Cases = append(suite.Cases, c)
		}
		if suite.Cases == nil {
			suite.Cases = []junitCase{{Name: "lint", Class: file.Path, File: file.Path}}
		}
		suite.Tests = len(suite.Cases)
		all.Tests, all.Failures = all.Tests+suite.Tests, all.Failures+suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
