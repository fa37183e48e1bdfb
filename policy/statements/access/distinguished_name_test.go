package access

import (
	"slices"
	"strings"
	"testing"
)

func TestNameParts(t *testing.T) {
	for _, c := range []struct {
		name string
		want []string
	}{
		{"", nil},
		{"CN=a", []string{"CN=a"}},
		{`CN=a, O="b, c", C=US`, []string{"CN=a", "O=b, c", "C=US"}},
		{` cn = a ,o=b `, []string{"CN=a", "O=b"}},
		{`O=b\, c`, []string{"O=b, c"}},
		{`O="say ""b"""`, []string{`O=say "b"`}},
		{"a,,", []string{"A="}},
		{`O="open, C=US`, []string{"O=open, C=US"}},
	} {
		if got := nameParts(c.name); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSameName(t *testing.T) {
	dotnet := nameParts(`CN=a, O="b, c", C=US`)
	for _, c := range []struct {
		wanted        string
		plain, strict bool
	}{
		{`CN=a,O="b, c",C=US`, true, true},
		{`C=US, O=b\, c, CN=a`, true, false},
		{`CN=A, O="b, c", C=US`, false, false},
		{`CN=a, C=US`, false, false},
		{"", false, false},
	} {
		wanted := nameParts(c.wanted)
		if plain, strict := sameName(wanted, dotnet, false), sameName(wanted, dotnet, true); plain != c.plain || strict != c.strict {
			t.Errorf("%q: got %t, strict %t; want %t, %t", c.wanted, plain, strict, c.plain, c.strict)
		}
	}
}

// FuzzNameParts: no part is empty, and none holds more than the name.
func FuzzNameParts(f *testing.F) {
	f.Add(`CN=a, O="b, c", C=US`)
	f.Add(`\,"",=`)
	f.Fuzz(func(t *testing.T, name string) {
		for _, part := range nameParts(name) {
			kind, value, ok := strings.Cut(part, "=")
			if !ok || len(value) > len(name) || kind == "" && value == "" && part != "=" {
				t.Fatalf("%q: got the part %q", name, part)
			}
		}
	})
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		text, want string
		ok         bool
	}{
		{"203.0.113.7", "203.0.113.7", true},
		{"::ffff:203.0.113.7", "203.0.113.7", true},
		{"fe80::1%eth0", "fe80::1", true},
		{"2001:DB8::0:1", "2001:db8::1", true},
		{"203.0.113.0/24", "", false},
		{"", "", false},
	} {
		got, ok := parseAddress(c.text)
		if ok != c.ok || ok && got.String() != c.want {
			t.Errorf("%q: got %s, %t", c.text, got, ok)
		}
	}
}

func BenchmarkIPFilter(b *testing.B) {
	s := &ipFilter{}
	for _, text := range []string{"203.0.113.1", "203.0.113.2", "2001:db8::1"} {
		a, _ := parseAddress(text)
		s.known = append(s.known, addressRange{a, a})
	}
	b.ReportAllocs()
	for b.Loop() {
		caller, ok := parseAddress("203.0.113.2")
		if listed, err := s.lists(nil, caller); !ok || !listed || err != nil {
			b.Fatal("the address is not found")
		}
	}
}
