package statements

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// Every policy that the reference has is known, be it that it runs or that it is
// refused by name.
func TestCatalogueIsWhole(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "spec", "policies-*.yaml"))
	if len(files) == 0 {
		t.Skip("the catalogue of policies is not here (../shared/spec beside the checkout)")
	}
	catalogue := Catalogue()
	listed := []string{"base"} // an element of the language, not a policy
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^- name: (\S+)$`).FindAllStringSubmatch(string(text), -1) {
			listed = append(listed, m[1])
			if catalogue.Lookup(m[1]) == nil {
				t.Errorf("%s: no definition of <%s>", filepath.Base(file), m[1])
			}
		}
	}
	if len(listed) < 70 {
		t.Errorf("only %d policies are listed", len(listed))
	}
	for _, name := range catalogue.Names() {
		if !slices.Contains(listed, name) {
			t.Errorf("<%s> is defined but not listed", name)
		}
	}
}

// What runs is documented and says where it may stand.
func TestDefinitionsAreDocumented(t *testing.T) {
	catalogue := Catalogue()
	for _, name := range catalogue.Names() {
		d := catalogue.Lookup(name)
		if d.Category == "" {
			t.Errorf("<%s> has no category", name)
		}
		if d.Runs() && (d.Doc == "" || len(d.Sections) == 0) {
			t.Errorf("<%s> runs but has no documentation or no section", name)
		}
		for _, a := range d.Attributes {
			if a.Doc == "" {
				t.Errorf("%s of <%s> is not documented", a.Name, name)
			}
		}
	}
}
