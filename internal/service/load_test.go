package service_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// What a good file makes.
func TestLoad(t *testing.T) {
	for name, s := range samples(t, "good") {
		t.Run(name, func(t *testing.T) {
			loaded, err := s.load()
			if err != nil {
				t.Fatalf("%s does not load:\n%v\n-- apim.yaml --\n%s", s.file, err, s.section(apimYAML))
			}
			s.compare(t, show(loaded))
		})
	}
}

// faultLine is how each line of an error begins: at a place that exists.
var faultLine = regexp.MustCompile(`^[\w./-]+:[1-9]\d*:[1-9]\d*: (error|unsupported): \S`)

// What a malformed file is told: everything that is wrong with it, exactly.
func TestLoadRefuses(t *testing.T) {
	for name, s := range samples(t, "malformed") {
		t.Run(name, func(t *testing.T) {
			_, err := s.load()
			if err == nil {
				t.Fatalf("%s loads, and should not:\n%s", s.file, s.section(apimYAML))
			}
			got := err.Error() + "\n"
			for line := range strings.Lines(got) {
				if !faultLine.MatchString(line) && !strings.HasPrefix(line, "(") {
					t.Errorf("%s: this line of the error does not begin with file:line:col: %q", s.file, line)
				}
			}
			s.compare(t, got)
		})
	}
}

// From a disk, with paths relative to apim.yaml and absolute ones.
func TestLoadFromDisk(t *testing.T) {
	dir := t.TempDir()
	absolute := filepath.Join(dir, "absolute.xml")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "apim.yaml")
	write(file, fmt.Sprintf("policy: %q\napis: [{name: a, backend: \"http://localhost:9000\", policy: policies/a.xml}]\n", absolute))
	write(absolute, onePolicy)
	write(filepath.Join(dir, "policies", "a.xml"), onePolicy)

	s, err := service.Load(file, service.Options{Catalogue: statements.Catalogue()})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{file, absolute, filepath.Join(dir, "policies", "a.xml")}
	if !slices.Equal(s.Files, want) {
		t.Errorf("Files = %q; want %q", s.Files, want)
	}
	_, err = service.Load(filepath.Join(dir, "none.yaml"), service.Options{Catalogue: statements.Catalogue()})
	if err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, "none.yaml")+": ") || strings.Count(err.Error(), dir) != 1 {
		t.Errorf("Load of a file that is not there: %v; want the path once, and why", err)
	}
}

const onePolicy = `<policies><inbound /><backend><forward-request /></backend><outbound /></policies>`

func files(contents map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		text, ok := contents[filepath.ToSlash(name)]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file")}
		}
		return []byte(text), nil
	}
}

func TestSingle(t *testing.T) {
	backend := exchange.URL{Scheme: "http", Host: "localhost", Port: 9000, Path: "/base"}
	o := service.Options{Catalogue: statements.Catalogue(), ReadFile: files(map[string]string{"policy.xml": onePolicy, "bad.xml": "<policies>"})}

	s, err := service.Single("policy.xml", backend, o)
	if err != nil {
		t.Fatal(err)
	}
	a := s.APIs[0]
	if len(s.APIs) != 1 || a.View.Path != "" || a.Backend != backend || a.Policy == nil || a.View.ServiceURL != "http://localhost:9000/base" {
		t.Errorf("Single makes the API %+v before %+v; want one at the root before %+v with the policy", a.View, a.Backend, backend)
	}
	if len(s.Subscriptions) != 1 || s.Subscriptions[0].View.Name != "default" || !s.Subscriptions[0].Active || !s.Subscriptions[0].Opens(a) {
		t.Errorf("Single makes the subscriptions %+v; want an active one named default that opens the API", s.Subscriptions)
	}

	for file, want := range map[string]string{
		"none.xml": "none.xml: no such file",
		"bad.xml":  "bad.xml:1:2: error: Unexpected end of file has occurred. The following elements are not closed: policies.",
	} {
		if _, err := service.Single(file, backend, o); err == nil || err.Error() != want {
			t.Errorf("Single(%q)\n got %v\nwant %s", file, err, want)
		}
	}
	backend.RawQuery = "a=b"
	if _, err := service.Single("policy.xml", backend, o); err == nil || !strings.HasPrefix(err.Error(), "policy.xml:1:1: error: backend of API api: a query is not taken over") {
		t.Errorf("Single with a backend that has a query: %v", err)
	}
}

// What is missing, or more than can be read, is told in a line.
func TestLoadLimits(t *testing.T) {
	const api = "apis: [{name: a, backend: \"http://localhost:9000\"}]\n"
	o := service.Options{Catalogue: statements.Catalogue(), ReadFile: files(map[string]string{
		"large/apim.yaml": "# " + strings.Repeat("x", yamlfile.MaxSize) + "\n" + api,
		"long/apim.yaml":  api + "hosts: {" + strings.Repeat("a: b,", 26_000) + "}\n",
		"wrong/apim.yaml": api + "products:\n" + strings.Repeat("  - nam: a\n", 120),
	})}
	tests := []struct{ file, first, last string }{
		{"none/apim.yaml", "none/apim.yaml: no such file", ""},
		{"large/apim.yaml", "large/apim.yaml:1:1: error: the file has 1048631 bytes; the most that is read is 1048576", ""},
		{"long/apim.yaml", "long/apim.yaml:1:1: error: the file holds more than 100000 keys and values", ""},
		{"wrong/apim.yaml", "wrong/apim.yaml:3:5: error: there is no key \"nam\" here; there are name, displayName, apis, policy, subscriptionRequired, approvalRequired, subscriptionLimit, state, groups", "(and 20 more)"},
	}
	for _, test := range tests {
		_, err := service.Load(test.file, o)
		if err == nil {
			t.Errorf("Load(%q) succeeds; want %s", test.file, test.first)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if lines[0] != test.first || test.last == "" && len(lines) > 1 || test.last != "" && lines[len(lines)-1] != test.last {
			t.Errorf("Load(%q)\n got %s\n ... %s\nwant %s\n ... %s", test.file, lines[0], lines[len(lines)-1], test.first, test.last)
		}
	}
}
