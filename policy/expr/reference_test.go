package expr

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestReference holds the table against the facts gathered from the reference:
// every member of context, every type and member that API Management allows.
func TestReference(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "spec", "expressions.yaml"))
	if err != nil {
		t.Skip("the facts of the reference are not here (../shared/spec beside the checkout)")
	}
	var facts struct {
		Context []struct {
			Path, Kind, Type string
			Sources          []string
		}
		AllowedTypes []struct {
			Type    string
			Members any
		} `yaml:"allowed_types"`
	}
	if err := yaml.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	for _, c := range facts.Context {
		if !slices.Contains(c.Sources, "docs") && !slices.Contains(c.Sources, "toolkit") {
			continue // GraphQL resolvers, which do not run
		}
		if c.Kind == "property" {
			if _, diags := Compile("@("+c.Path+")", Options{}); diags != nil {
				t.Errorf("%s: %v", c.Path, diags)
			}
		}
	}
	if !slices.IsSortedFunc(allowedTypes, func(a, b allowedType) int { return strings.Compare(a.name, b.name) }) {
		t.Error("allowedTypes are not in the order of their names")
	}
	l := table()
	for _, a := range facts.AllowedTypes {
		name, generics, _ := strings.Cut(a.Type, "<")
		arity := 0
		if generics != "" {
			arity = strings.Count(generics, ",") + 1
		}
		d := l.def(strings.ReplaceAll(name, "TimeZoneInfo.", "TimeZoneInfo+"), arity)
		if d == nil {
			d = l.def(name, arity)
		}
		if d == nil && name == "System.Tuple" {
			d = l.def(name, 2)
		}
		if d == nil {
			t.Errorf("the type %s is not there", a.Type)
			continue
		}
		if !d.allowed() {
			t.Errorf("%s is not allowed", a.Type)
		}
		members, _ := a.Members.([]any)
		for _, m := range members {
			name := strings.NewReplacer("(Constructor)", "new", "Item", "this").Replace(m.(string))
			isValue := slices.ContainsFunc(d.Values, func(v EnumValue) bool { return v.Name == name })
			found := len(d.MembersNamed(name)) > 0 || isValue
			for base := d.self().baseType(); !found && base != nil; base = base.baseType() {
				found = len(base.def.MembersNamed(name)) > 0
			}
			if !found {
				t.Errorf("%s has no %s", a.Type, m)
			}
		}
	}
}
