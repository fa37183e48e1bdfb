package lint

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLint: whatever the text, the linter ends with findings that lie in it and can
// be printed.
func FuzzLint(f *testing.F) {
	for _, folder := range []string{"err", "ok"} {
		files, _ := filepath.Glob(filepath.Join("testdata", folder, "*.xml"))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && len(text) < 10_000 {
				f.Add(text)
			}
		}
	}
	forms, err := placeholders([]string{"${*}", "{name}"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, forms := range []*placeholderForms{nil, forms} {
			l := &linter{Options: Options{Catalogue: catalogue, Strict: true}, placeholder: forms}
			found := l.text(&target{path: "policy.xml"}, text)
			source := lines(text)
			for _, d := range found.findings {
				if d.Rule == ruleInternal || ruleOf(d.Rule) == nil || d.Message == "" {
					t.Errorf("%+v", d)
				}
				if d.Line < 1 || d.Line > len(source) || d.Column < 1 || d.Column > utf8.RuneCountInString(source[d.Line-1])+1 {
					t.Errorf("lies outside of the text: %+v", d)
				}
				if d.EndLine < d.Line || d.EndLine == d.Line && d.EndColumn < d.Column || strings.Contains(d.Message, "\n") {
					t.Errorf("ends before it begins, or has several lines: %+v", d)
				}
			}
			r := l.report([]result{found}, 0)
			var b bytes.Buffer
			if err := r.WriteText(&b); err != nil {
				t.Error(err)
			}
		}
	})
}
