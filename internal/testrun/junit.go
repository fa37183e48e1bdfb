package testrun

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The shape of JUnit's XML that CI systems read: a suite for each file.
type (
	junitReport struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Time    string        `xml:"time,attr"`
		Tags    *junitTags    `xml:"properties"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
		Skipped *struct{}     `xml:"skipped"`
	}
	junitTags struct {
		Tags []junitTag `xml:"property"`
	}
	junitTag struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the results as JUnit XML.
func (s *Suite) WriteJUnit(w io.Writer) error {
	var report junitReport
	var all time.Duration
	for _, f := range s.Files {
		suite, took := f.junit()
		report.Tests += suite.Tests
		report.Failures += suite.Failures
		report.Errors += suite.Errors
		report.Skipped += suite.Skipped
		report.Suites = append(report.Suites, suite)
		all += took
	}
	report.Time = seconds(all)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (f *SuiteFile) junit() (junitSuite, time.Duration) {
	passed, failed, skipped := f.Counts()
	suite := junitSuite{Name: f.Path, Tests: passed + failed + skipped, Failures: failed, Skipped: skipped}
	if f.Unusable != nil {
		suite.Tests, suite.Errors = 1, 1
		suite.Cases = []junitCase{{Name: "(the file)", Class: f.Path, File: f.Path, Time: seconds(0), Error: &junitFailure{"the file can't be used", printable(f.Unusable.Error())}}}
	}
	var all time.Duration
	for _, r := range f.Results {
		c := junitCase{Name: r.Test.Name, Class: f.Path, File: f.Path, Line: r.Test.Line, Time: seconds(r.Took)}
		if len(r.Test.Tags) > 0 {
			c.Tags = &junitTags{}
			for _, tag := range r.Test.Tags {
				c.Tags.Tags = append(c.Tags.Tags, junitTag{"tag", printable(tag)})
			}
		}
		if r.Skipped {
			c.Skipped = &struct{}{}
		}
		if len(r.Failures) > 0 {
			c.Failure = &junitFailure{printable(r.Failures[0].Message), printable(f.explain(r))}
		}
		suite.Cases = append(suite.Cases, c)
		all += r.Took
	}
	suite.Time = seconds(all)
	return suite, all
}

// explain is everything that is known of a test that failed.
func (f *SuiteFile) explain(r *Result) string {
	var b strings.Builder
	for _, failure := range r.Failures {
		fmt.Fprintf(&b, "%s:%d:%d: %s\n", failure.File, failure.Line, failure.Col, failure.Message)
		for _, line := range failure.Diff {
			b.WriteString("    " + line + "\n")
		}
	}
	if f.Unloadable != nil {
		b.WriteString(f.Unloadable.Error() + "\n")
	}
	for _, record := range r.Records[max(len(r.Records)-mostRecords, 0):] {
		b.WriteByte('\n')
		_ = record.Write(&b) // a Builder takes everything
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
