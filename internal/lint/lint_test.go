package lint

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/apimulator/apimulator/policy/statements"
)

var catalogue = statements.Catalogue()

// lintCase lints a file of testdata: a document, or a folder in a txtar archive.
func lintCase(t *testing.T, file string) *Report {
	t.Helper()
	path := file
	if text, err := os.ReadFile(file); err != nil {
		t.Fatal(err)
	} else if long := expanded(text); len(long) != len(text) && strings.HasSuffix(file, ".xml") {
		path = filepath.Join(t.TempDir(), filepath.Base(file))
		if err := os.WriteFile(path, long, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasSuffix(file, ".txtar") {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path = t.TempDir()
		for _, f := range archive.Files {
			name := filepath.Join(path, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, expanded(f.Data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := Run(Options{Paths: []string{path}, Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// repeated stands in a case for a text that is too long to be kept.
var repeated = regexp.MustCompile(`\[\[(\d+) times (.+?)\]\]`)

// expanded is a case with what is repeated written out.
func expanded(text []byte) []byte {
	return repeated.ReplaceAllFunc(text, func(piece []byte) []byte {
		m := repeated.FindSubmatch(piece)
		n, err := strconv.Atoi(string(m[1]))
		if err != nil {
			return piece
		}
		return bytes.Repeat(m[2], n)
	})
}

func cases(t *testing.T, folder string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	byRule := make(map[string][]string)
	for _, file := range files {
		name := filepath.Base(file)
		rule := regexp.MustCompile(`-\d+\.(xml|txtar)$`).ReplaceAllString(name, "")
		if ruleOf(rule) == nil {
			t.Errorf("%s: there is no rule %s", file, rule)
		}
		byRule[rule] = append(byRule[rule], file)
	}
	return byRule
}

func of(r *Report, rule string) (found []Finding) {
	for _, f := range r.Findings {
		if f.Rule == rule {
			found = append(found, f)
		}
	}
	return found
}

// untested are the rules that no document can trip: a fault of the linter.
var untested = []string{ruleInternal}

// TestRules holds each rule against three documents that trip it and three near
// misses. A line with the comment "here" is where the first finding has to be.
func TestRules(t *testing.T) {
	wrong, right := cases(t, "err"), cases(t, "ok")
	for _, rule := range Rules {
		if len(wrong[rule.ID]) < 3 || len(right[rule.ID]) < 3 {
			if rule.ID != untested[0] {
				t.Errorf("rule %s has %d documents that trip it and %d near misses, want 3 each", rule.ID, len(wrong[rule.ID]), len(right[rule.ID]))
			}
		}
		for _, file := range wrong[rule.ID] {
			found := of(lintCase(t, file), rule.ID)
			if len(found) == 0 {
				t.Errorf("%s does not trip the rule", file)
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".xml") && strings.Contains(string(text), "<!-- here -->") {
				if !strings.Contains(strings.Split(string(text), "\n")[found[0].Line-1], "<!-- here -->") {
					t.Errorf("%s: the finding is on line %d, %q", file, found[0].Line, found[0].Message)
				}
			}
		}
		for _, file := range right[rule.ID] {
			for _, f := range of(lintCase(t, file), rule.ID) {
				t.Errorf("%s trips the rule: %d:%d: %s", file, f.Line, f.Column, f.Message)
			}
		}
	}
}

// Near misses are good documents: only notes may be left in them, but for what the
// other rules' own documents are about.
func TestNearMissesAreSound(t *testing.T) {
	for rule, files := range cases(t, "ok") {
		for _, file := range files {
			for _, f := range lintCase(t, file).Findings {
				if f.Severity == Error && rule != ruleInternal {
					t.Errorf("%s: %d:%d: %s [%s]", file, f.Line, f.Column, f.Message, f.Rule)
				}
			}
		}
	}
}

// A fault of the linter in one document is a finding, and the rest is linted.
func TestInternalFault(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{"a.xml": "<policies />\n", "b.xml": "<policies />\n"})
	c := &collector{catalogue: catalogue}
	if err := c.add(dir); err != nil {
		t.Fatal(err)
	}
	l := &linter{} // without a catalogue
	var results []result
	for _, target := range c.targets {
		results = append(results, l.target(target))
	}
	if r := l.report(results, 0); len(r.Findings) != 2 || !r.Failed() || r.Worst() != Error {
		t.Errorf("got %+v", r)
	}
}
