package statements

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
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

// Everything is documented, and says what it means to.
func TestDefinitionsAreDocumented(t *testing.T) {
	catalogue := Catalogue()
	for _, name := range catalogue.Names() {
		d := catalogue.Lookup(name)
		if d.Category == "" {
			t.Errorf("<%s> has no category", name)
		}
		if d.Runs() && len(d.Sections) == 0 {
			t.Errorf("<%s> runs but in no section", name)
		}
		lookAt(t, catalogue, name, &d.Element)
	}
}

// lookAt finds mistakes in the definition of an element.
func lookAt(t *testing.T, catalogue *policy.Catalogue, path string, e *policy.Element) {
	t.Helper()
	if !strings.HasSuffix(e.Doc, ".") {
		t.Errorf("%s: its documentation is no sentence: %q", path, e.Doc)
	}
	var members []string
	for _, a := range e.Attributes {
		members = append(members, a.Name)
		if !strings.HasSuffix(a.Doc, ".") {
			t.Errorf("%s: the documentation of %s is no sentence: %q", path, a.Name, a.Doc)
		}
		if (a.Type == policy.Enum) != (len(a.Values) > 0) {
			t.Errorf("%s: %s is an enum without values, or has values and is none", path, a.Name)
		}
		if a.Type == policy.Enum && a.Default != "" && !slices.Contains(a.Values, a.Default) {
			t.Errorf("%s: the default of %s is none of its values", path, a.Name)
		}
		if a.Expression && a.ExpressionOpen || a.Required && a.RequiredOpen {
			t.Errorf("%s: %s is both sure and open", path, a.Name)
		}
	}
	for _, c := range e.Children {
		members = append(members, "<"+c.Name+">")
		if !c.Statement {
			lookAt(t, catalogue, path+" > "+c.Name, &c.Element)
		} else if catalogue.Lookup(c.Name) == nil {
			t.Errorf("%s: there is no statement <%s>", path, c.Name)
		}
	}
	for i, m := range members {
		if slices.Contains(members[:i], m) {
			t.Errorf("%s: %s is there twice", path, m)
		}
	}
	for _, group := range slices.Concat(e.OneOf, e.AtLeastOne, e.AtMostOne, e.Together) {
		for _, m := range group {
			if !slices.Contains(members, m) {
				t.Errorf("%s: %s of a group is not there", path, m)
			}
		}
	}
	for _, name := range e.Only {
		if catalogue.Lookup(name) == nil {
			t.Errorf("%s: there is no statement <%s>", path, name)
		}
	}
}
