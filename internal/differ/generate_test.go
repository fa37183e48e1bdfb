package differ

import (
	"slices"
	"strings"
	"testing"
)

// TestGenerate makes the same expressions of the same seed, and nothing of the
// grammar stays in them.
func TestGenerate(t *testing.T) {
	texts := func() (texts []string) {
		cases, err := Generate(7, 300, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if strings.Contains(c.Expr, "`") {
				t.Errorf("%s has a hole left: %s", c.ID, c.Expr)
			}
			texts = append(texts, c.Expr)
		}
		return texts
	}
	if first, second := texts(), texts(); !slices.Equal(first, second) {
		t.Error("the same seed gives other expressions")
	}
}

// TestRules finds rules that can never be used, mostly misspelt types.
func TestRules(t *testing.T) {
	g, err := readGrammar()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range g.rules {
		if !g.canRule(match{r, bindings{}}, 6) {
			t.Errorf("a rule of %s for %s can't be used: %v", r.topic, r.result, r.parts)
		}
	}
}

func TestParseType(t *testing.T) {
	for _, s := range []string{"int", "int?", "List<int>", "Dictionary<string, List<int?>>[]", "(int, string)", "IEnumerable<(A, B)>"} {
		if got, rest := parseType(s); got.String() != s || rest != "" {
			t.Errorf("%s is read as %s, rest %q", s, got, rest)
		}
	}
}

func TestPrimary(t *testing.T) {
	for s, want := range map[string]bool{`a.B(1 + 2)`: true, `"a b".Length`: true, `a + b`: false, `(int)x`: false, `-1`: false, `'\''`: true, `x => x`: false} {
		if primary(s) != want {
			t.Errorf("primary(%s) is %t", s, !want)
		}
	}
}
