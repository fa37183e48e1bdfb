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
	extensions := make(map[string][]string)
	var conversions []string
	for _, d := range l.all() {
		if base, _ := d.parents(); (base == nil) != (d.Kind == Interface || d.Name == "System.Object") {
			t.Errorf("%s: its base class is %v", d.Name, base)
		}
		if len(d.MembersNamed("implicit"))+len(d.MembersNamed("explicit")) > 0 {
			conversions = append(conversions, d.Name)
		}
		for _, name := range d.MemberNames() {
			for _, m := range d.MembersNamed(name) {
				if m.Name != name {
					t.Errorf("%s of %s is found as %s", m.Signature, d.Name, name)
				}
				if !m.Extension {
					continue
				}
				if !slices.Contains(extensions[d.Name], name) {
					extensions[d.Name] = append(extensions[d.Name], name)
				}
				if !slices.Contains(l.extensionsNamed(m.Name), m) {
					t.Errorf("%s of %s is not found as an extension method", m.Signature, d.Name)
				}
			}
		}
	}
	if slices.Sort(conversions); !slices.Equal(conversions, withConversions) {
		t.Errorf("%q declare conversion operators, withConversions has %q", conversions, withConversions)
	}
	for _, e := range extending {
		declared := extensions[e.of]
		slices.Sort(declared)
		if !slices.Equal(declared, e.methods) {
			t.Errorf("%s declares the extension methods %q, extending has %q", e.of, declared, e.methods)
		}
		delete(extensions, e.of)
	}
	for of, methods := range extensions {
		t.Errorf("%s declares the extension methods %q, extending lacks it", of, methods)
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
