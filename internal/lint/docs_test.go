package lint

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy"
)

var update = flag.Bool("update", false, "write the outputs in docs/lint.md anew")

var (
	pageHeading = regexp.MustCompile("(?m)^### ([a-z0-9-]+)$")
	pageFile    = regexp.MustCompile("(?ms)^```[a-z]+ ([^\n`]+)\n(.*?)^```$")
	pageSession = regexp.MustCompile("(?ms)^```console\n\\$ gateway lint ([^\n]*)\n(.*?)^```$")
)

// TestPage runs the examples of docs/lint.md: each rule has a section with files, a
// command and exactly what it prints.
func TestPage(t *testing.T) {
	page, err := filepath.Abs(filepath.Join("..", "..", "docs", "lint.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	rest := string(text)
	headings := pageHeading.FindAllStringSubmatchIndex(rest, -1)
	if len(headings) == 0 {
		t.Fatal("the page has no rules")
	}
	out.WriteString(rest[:headings[0][0]])
	told := make(map[string]bool)
	for i, h := range headings {
		end := len(rest)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		rule, section := rest[h[2]:h[3]], rest[h[0]:end]
		told[rule] = true
		out.WriteString(runSection(t, rule, section))
	}
	for _, rule := range Rules {
		if !told[rule.ID] {
			t.Errorf("docs/lint.md does not tell of the rule %s", rule.ID)
		}
	}
	if len(headings) != len(Rules) {
		t.Errorf("docs/lint.md has %d rules, want %d", len(headings), len(Rules))
	}
	if *update {
		if err := os.WriteFile(page, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runSection runs a rule's example and gives the section with what it printed.
func runSection(t *testing.T, rule, section string) string {
	t.Helper()
	r := ruleOf(rule)
	if r == nil {
		t.Errorf("docs/lint.md tells of a rule %s, which there is not", rule)
		return section
	}
	for _, sentence := range []string{r.Why, r.Remedy} {
		if !strings.Contains(strings.ReplaceAll(section, "`", ""), sentence) {
			t.Errorf("docs/lint.md does not say of %s: %s", rule, sentence)
		}
	}
	session := pageSession.FindStringSubmatchIndex(section)
	if session == nil {
		if rule != ruleInternal && rule != policy.RuleDocumentSize { // a long one
			t.Errorf("docs/lint.md has no example of %s", rule)
		}
		return section
	}
	dir := t.TempDir()
	for _, f := range pageFile.FindAllStringSubmatch(section, -1) {
		name := filepath.Join(dir, filepath.FromSlash(f[1]))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	report, err := Run(Options{Paths: strings.Fields(section[session[2]:session[3]]), Catalogue: catalogue})
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	var printed bytes.Buffer
	if err := report.WriteText(&printed); err != nil {
		t.Fatal(err)
	}
	if len(of(report, rule)) == 0 {
		t.Errorf("the example of %s does not trip it:\n%s", rule, printed.String())
	}
	if diff := cmp.Diff(section[session[4]:session[5]], printed.String()); diff != "" && !*update {
		t.Errorf("the example of %s prints something else (-page +printed)\n%s", rule, diff)
	}
	return section[:session[4]] + printed.String() + section[session[5]:]
}
