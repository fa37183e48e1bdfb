package expr

import (
	"slices"
	"testing"
)

// TestDeclarations reads parents and signatures of all types, which else are read when an
// expression needs them, and finds each extension method among those of its name, and what
// converts.
func TestDeclarations(t *testing.T) {
	l := table()
	extensions := 0
	for _, d := range l.all() {
		name := d.Name
		if base, _ := d.parents(); (base == nil) != (d.Kind == Interface || d.Name == "System.Object") {
			t.Errorf("%s: its base class is %v", name, base)
		}
		if m := d.Members(); d.converts() != (len(m["implicit"])+len(m["explicit"]) > 0) {
			t.Errorf("%s: converts is %t, which is not so", name, d.converts())
		}
		for _, members := range d.Members() {
			for _, m := range members {
				if !m.Extension {
					continue
				}
				extensions++
				if !slices.Contains(l.extensionsNamed(m.Name), m) {
					t.Errorf("%s of %s is not found as an extension method", m.Signature, name)
				}
			}
		}
	}
	if extensions == 0 {
		t.Error("there is no extension method")
	}
}
