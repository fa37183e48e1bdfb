package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const offDocument = `<policies>
    <inbound>
        <base />
        <!-- lint off: base-doubled because of this -->
        <base />
        <!-- lint off: * -->
        <choose>
            <when condition="@(true)" />
        </choose>
        <base />
    </inbound>
</policies>
`

func rulesIn(t *testing.T, dir string, paths ...string) []string {
	t.Helper()
	for i, p := range paths {
		paths[i] = filepath.Join(dir, filepath.FromSlash(p))
	}
	r, err := Run(Options{Paths: paths, Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range r.Findings {
		rules = append(rules, f.Rule)
	}
	return rules
}

func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestComments(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{
		"on.xml":    strings.NewReplacer("lint off", "lint, off").Replace(offDocument),
		"off.xml":   offDocument,
		"whole.xml": "<!-- lint off: base-doubled, condition-constant -->\n" + strings.NewReplacer("lint off", "lint, off").Replace(offDocument),
		"last.xml":  "<policies>\n    <inbound>\n        <base />\n        <base />\n        <!-- lint off: base-doubled -->\n    </inbound>\n</policies>\n",
	})
	for file, want := range map[string][]string{
		"on.xml": {ruleBaseDoubled, ruleCondition}, "off.xml": nil, "whole.xml": nil, "last.xml": nil,
	} {
		if got := rulesIn(t, dir, file); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
}

// A comment in a fragment counts where the fragment is included, too.
func TestCommentInFragment(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{
		"apim.yaml":  "fragments: {f: f.xml}\napis:\n  - {name: a, path: a, backend: 'http://localhost:1', policy: policy.xml}\n",
		"policy.xml": "<policies>\n    <inbound>\n        <base />\n        <include-fragment fragment-id=\"f\" />\n    </inbound>\n</policies>\n",
		"f.xml":      "<fragment>\n    <!-- lint off: condition-constant -->\n    <choose>\n        <when condition=\"@(true)\" />\n    </choose>\n</fragment>\n",
	})
	if got := rulesIn(t, dir, "apim.yaml"); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestConfiguration(t *testing.T) {
	document := "<policies>\n    <inbound>\n        <base />\n        <base />\n    </inbound>\n</policies>\n"
	dir := write(t, t.TempDir(), map[string]string{
		".apimulator.yaml": "lint:\n  off:\n    - rule: base-doubled\n      paths: [legacy/**, new/one.xml]\n      reason: later\n",
		"legacy/a/b.xml":   document, "new/one.xml": document, "new/two.xml": document,
		"all/.apimulator.yaml": "lint: {off: [{rule: '*'}]}\n", "all/x.xml": document,
	})
	for file, want := range map[string]int{"legacy/a/b.xml": 0, "new/one.xml": 0, "new/two.xml": 1, "all/x.xml": 0} {
		if got := rulesIn(t, dir, file); len(got) != want {
			t.Errorf("%s: got %v, want %d", file, got, want)
		}
	}
	for text, want := range map[string]string{
		"lint: {off: [{rule: base-dubled}]}": "there is no rule base-dubled",
		"lint: {of: []}":                     "of",
		"lint: {off: [{paths: [x]}]}":        "name the rule",
		"[]":                                 "an .apimulator.yaml is a mapping",
	} {
		dir := write(t, t.TempDir(), map[string]string{ConfigurationName: text, "x.xml": document})
		_, err := Run(Options{Paths: []string{dir}, Catalogue: catalogue})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ConfigurationName) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	document := `<policies>
    <inbound>
        <base />
        %{ if secure }
        <rate-limit-by-key calls="${calls}" renewal-period="60" counter-key="@(context.Request.IpAddress + ${suffix} + "${text}")" />
        <set-header name="{header-name}" exists-action="${action}">
            <value>@(string.Join("", new[] {"a"}))</value>
        </set-header>
        %{ endif }
    </inbound>
</policies>
`
	dir := write(t, t.TempDir(), map[string]string{"x.xml": document})
	run := func(forms string) int {
		r, err := Run(Options{Paths: []string{dir}, Catalogue: catalogue, Placeholders: SplitPlaceholders(forms)})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range r.Findings {
			if f.Severity == Error {
				n++
				if forms != "" {
					t.Logf("%s: %+v", forms, f)
				}
			}
		}
		return n
	}
	if n := run(""); n == 0 {
		t.Error("without --placeholders nothing is wrong")
	}
	if n := run("${*},{name},%{*}"); n != 0 {
		t.Errorf("with placeholders %d errors are left", n)
	}
	if _, err := Run(Options{Placeholders: []string{"*"}}); err == nil {
		t.Error("the placeholder * is accepted")
	}
}
