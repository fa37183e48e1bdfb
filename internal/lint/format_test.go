package lint

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// twoFindings is a report with an error, a note and a file without findings.
func twoFindings() *Report {
	return &Report{
		Files: []File{{Path: "a b.xml", Errors: 1, Notes: 1}, {Path: "c.xml"}},
		Findings: []Finding{
			{Path: "a b.xml", Line: 3, Column: 10, EndLine: 3, EndColumn: 13, Severity: Error, Rule: "statement-unknown", Message: "50% of <foo>, it's\nunknown", Source: "\t\t<x />   <foo>&amp;"},
			{Path: "a b.xml", Line: 9, Column: 1, EndLine: 9, EndColumn: 2, Severity: Note, Rule: "open-fact", Message: "nobody knows"},
		},
		Skipped: 1,
	}
}

func print(t *testing.T, write func(r *Report, b *bytes.Buffer) error, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(r, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	want := `a b.xml:3:10: error: 50% of <foo>, it's
unknown [statement-unknown]
  3 | <x />   <foo>&amp;
    |        ^~~
  why: Azure refuses elements that it does not know.
  fix: Look the name up in docs/policies.md.
a b.xml:9:1: note: nobody knows [open-fact]
  why: No source says whether Azure accepts it. It is accepted here, and refused with --strict.
2 files: 1 error, 0 warnings, 1 note (1 other XML file skipped: no policy documents)
`
	if diff := cmp.Diff(want, print(t, func(r *Report, b *bytes.Buffer) error { return r.WriteText(b) }, twoFindings())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Lines of any length are shown around the place.
func TestExcerpt(t *testing.T) {
	f := Finding{Line: 1, Column: 1001, EndLine: 1, EndColumn: 1004, Source: strings.Repeat("x", 1000) + "abc" + strings.Repeat("y", 1000)}
	lines := strings.Split(f.excerpt(), "\n")
	at := strings.IndexByte(lines[1], '^')
	if got := lines[0][at : at+3]; got != "abc" || len(lines[0]) > 200 || !strings.HasSuffix(lines[1], "^~~") {
		t.Errorf("%q is marked in\n%s", got, f.excerpt())
	}
	for _, f := range []Finding{{Line: 1, Column: 9, Source: "ab"}, {Line: 1, Column: 1, EndLine: 3, EndColumn: 1, Source: "é\tü"}, {}, {Line: 1, Column: 2, EndLine: 1, EndColumn: 1, Source: "  "}} {
		f.excerpt() // whatever the place, it is no panic
	}
}

func TestJSON(t *testing.T) {
	want := `{"files":[{"path":"a b.xml","errors":1,"warnings":0,"notes":1},{"path":"c.xml","errors":0,"warnings":0,"notes":0}],` +
		`"diagnostics":[{"path":"a b.xml","line":3,"column":10,"endLine":3,"endColumn":13,"severity":"error","rule":"statement-unknown","message":"50% of <foo>, it's\nunknown"},` +
		`{"path":"a b.xml","line":9,"column":1,"endLine":9,"endColumn":2,"severity":"note","rule":"open-fact","message":"nobody knows"}]}`
	compact := func(s string) string {
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(s)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	write := func(r *Report, b *bytes.Buffer) error { return r.WriteJSON(b) }
	if diff := cmp.Diff(want, compact(print(t, write, twoFindings()))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := compact(print(t, write, &Report{})); got != `{"files":[],"diagnostics":[]}` {
		t.Errorf("an empty report is %s", got)
	}
}

func TestGitHub(t *testing.T) {
	want := "::error file=a b.xml,line=3,col=10,endLine=3,endColumn=13,title=statement-unknown::50%25 of <foo>, it's%0Aunknown\n" +
		"::notice file=a b.xml,line=9,col=1,endLine=9,endColumn=2,title=open-fact::nobody knows\n"
	if diff := cmp.Diff(want, print(t, func(r *Report, b *bytes.Buffer) error { return r.WriteGitHub(b) }, twoFindings())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSARIF holds a log against what the SARIF 2.1.0 schema asks of the parts that
// are written (testdata/sarif.schema.json), and its references against each other.
func TestSARIF(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Report{twoFindings(), {}} {
		text := print(t, func(r *Report, b *bytes.Buffer) error { return r.WriteSARIF(b) }, r)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		var log sarifLog
		if err := json.Unmarshal([]byte(text), &log); err != nil {
			t.Fatal(err)
		}
		for _, result := range log.Runs[0].Results {
			if rule := log.Runs[0].Tool.Driver.Rules[result.RuleIndex].ID; rule != result.RuleID {
				t.Errorf("the rule %s has the index of %s", result.RuleID, rule)
			}
		}
		if len(r.Findings) > 0 && log.Runs[0].Results[0].Locations[0].Physical.Artifact.URI != "a%20b.xml" {
			t.Errorf("the path is not a URI: %+v", log.Runs[0].Results[0].Locations)
		}
	}
}

func TestJUnit(t *testing.T) {
	for failOn, failures := range map[Severity]int{Error: 1, Note: 2, 0: 0} {
		text := print(t, func(r *Report, b *bytes.Buffer) error { return r.WriteJUnit(b, failOn) }, twoFindings())
		var suites junitSuites
		if err := xml.Unmarshal([]byte(text), &suites); err != nil {
			t.Fatal(err)
		}
		if suites.Tests != 3 || suites.Failures != failures || len(suites.Suites) != 2 || suites.Suites[1].Cases[0].Failure != nil {
			t.Errorf("with %s as what fails there are %d failures in %d tests, want %d in 3:\n%s", failOn, suites.Failures, suites.Tests, failures, text)
		}
	}
}

// Every rule that a finding may have is in the table.
func TestRuleTable(t *testing.T) {
	seen := make(map[string]bool)
	for _, r := range Rules {
		if seen[r.ID] || r.Why == "" || !strings.HasSuffix(r.Why, ".") || r.Remedy != "" && !strings.HasSuffix(r.Remedy, ".") && !strings.HasSuffix(r.Remedy, "}}") && !strings.HasSuffix(r.Remedy, "/>.") {
			t.Errorf("rule %+v is there twice, or has no sentences", r)
		}
		seen[r.ID] = true
	}
}
