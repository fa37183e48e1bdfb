package expr

import (
	"slices"
	"testing"
)

// TestDeclarations reads parents and signatures of all types, which else are read when an
// expression needs them, and finds each member by its name, and extension methods among
// those of all types.
func TestDeclarations(t *testing.T) {
	l := table()
	extensions := 0
	for _, d := range l.all() {
		if base, _ := d.parents(); (base == nil) != (d.Kind == Interface || d.Name == "System.Object") {
			t.Errorf("%s: its base class is %v", d.Name, base)
		}
		for _, name := range d.MemberNames() {
			for _, m := range d.MembersNamed(name) {
				if m.Name != name {
					t.Errorf("%s of %s is found as %s", m.Signature, d.Name, name)
				}
				if !m.Extension {
					continue
				}
				extensions++
				if !slices.Contains(l.extensionsNamed(m.Name), m) {
					t.Errorf("%s of %s is not found as an extension method", m.Signature, d.Name)
				}
			}
		}
	}
	if extensions == 0 {
		t.Error("there is no extension method")
	}
}

// all are all types, as they are declared.
func (l *library) all() []*Def {
	var all []*Def
	for _, d := range declarations {
		if !d.extends {
			all = append(all, l.made(d))
		}
	}
	return all
}
