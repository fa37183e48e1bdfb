package policy

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"base", "set-header", "set-body", "set-status", "set-variable", "validate-jwt", "id"}
	for word, want := range map[string]string{
		"bsae":                         "base", // two letters swapped
		"bas":                          "base",
		"bases":                        "base",
		"Base":                         "base",
		"set-heade":                    "set-header",
		"setheader":                    "set-header",
		"validate-azure-ad-token":      "",
		"x":                            "",
		"":                             "",
		"ID":                           "id",
		"set-bod":                      "set-body",
		strings.Repeat("set-body", 99): "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "adc", 1}, {"abc", "acb", 1},
		{"abcd", "badc", 2}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDiagnostics(t *testing.T) {
	ds := Diagnostics{
		{Severity: Error, Document: "b", Line: 1, Col: 1, Message: "fourth"},
		{Severity: Warning, Document: "a", Line: 2, Col: 9, Message: "second"},
		{Severity: Unsupported, Document: "a", Line: 2, Col: 10, Message: "third"},
		{Severity: Error, Document: "a", Line: 1, Col: 20, Message: "first"},
		{Severity: Error, Document: "b", Line: 1, Col: 1, Message: "fifth"},
	}
	ds.Sort()
	want := "a:1:20: error: first\na:2:9: warning: second\na:2:10: unsupported: third\nb:1:1: error: fourth\nb:1:1: error: fifth"
	if got := ds.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := ds.Of(Warning); len(got) != 1 || got[0].Error() != "a:2:9: warning: second" {
		t.Errorf("warnings: %v", got)
	}
}

func TestCatalogue(t *testing.T) {
	made := 0
	named := func(name string) func() *Definition {
		return func() *Definition { made++; return &Definition{Element: Element{Name: name}} }
	}
	c := NewCatalogue(map[string]func() *Definition{"z": named("z"), "a": named("a"), "m": named("n")})
	if got, want := strings.Join(c.Names(), " "), "a base include-fragment m z"; got != want {
		t.Errorf("names: got %s, want %s", got, want)
	}
	if c.Lookup("z") == nil || c.Lookup("Z") != nil || c.Lookup("a").Runs() || !c.Lookup("base").Runs() {
		t.Error("Lookup does not find what is there, or finds what is not")
	}
	if z := c.Lookup("z"); z != c.Lookup("z") || made != 2 {
		t.Errorf("%d definitions were made, of which two were looked up", made)
	}
	for name, mistake := range map[string]func(){
		"two definitions of one name":       func() { NewCatalogue(map[string]func() *Definition{"base": named("base")}) },
		"a definition under another's name": func() { c.Lookup("m") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			mistake()
		}()
	}
}
