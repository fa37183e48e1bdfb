package evaluate

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

func TestSource(t *testing.T) {
	named := map[string]string{"a": "first", "b.c-d": ""}
	for _, c := range []struct {
		text, want string
		// mark is a piece of the expression, shown what is found of it in the text.
		mark, shown string
	}{
		{"@(x)", "@(x)", "x", "x"},
		{" \n@(x)\n", "@(x)", "x", "x"},
		{"\ufeff@(x)", "@(x)", "@(x)", "@(x)"},
		{" x ", "@(x\n)", "x", "x"},
		{"x", "@(x\n)", ")", ""},
		{"x", "@(x\n)", "@(", ""},
		{"@({{a}} + {{b.c-d}}z)", "@(first + z)", "z", "z"},
		{"@({{a}} + {{b.c-d}}z)", "@(first + z)", "irs", "{{a}}"},
		{"@({{a}} + {{b.c-d}}z)", "@(first + z)", "st + z", "{{a}} + {{b.c-d}}z"},
		{"@({{ a }})", "@({{ a }})", "a", "a"},
		{"{{a}}", "@(first\n)", "first", "{{a}}"},
	} {
		s, found := NewSource("f", c.text, named)
		if found != nil || s.Expression != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, s.Expression, found, c.want)
			continue
		}
		at := strings.Index(s.Expression, c.mark)
		f := s.Find(expr.Diagnostic{Span: syntax.Span{Start: at, End: at + len(c.mark)}})
		if got := c.text[f.start:f.end]; got != c.shown {
			t.Errorf("%q: %q of the expression is found at %q, want %q", c.text, c.mark, got, c.shown)
		}
	}
}

func TestSourceFindsMissing(t *testing.T) {
	_, found := NewSource("f", "@(1 + {{x}} +\n {{a}} + {{y}})", map[string]string{"a": "1"})
	if len(found) != 2 || found[0].Start() != (Position{1, 7}) || found[1].Start() != (Position{2, 10}) {
		t.Fatalf("found %+v", found)
	}
}

// FuzzSource asserts that every place of an expression has one in the text.
func FuzzSource(f *testing.F) {
	f.Add(" @(1 + {{a}})\n")
	f.Add("{{b}}\n{{a}}")
	f.Fuzz(func(t *testing.T, text string) {
		s, _ := NewSource("f", text, map[string]string{"a": "1 +\n2", "b": ""})
		for i := 0; i <= len(s.Expression); i++ {
			for _, end := range []int{i, i + 1, len(s.Expression)} {
				found := s.Find(expr.Diagnostic{Span: syntax.Span{Start: i, End: end}})
				if found.start > found.end || found.end > len(text) {
					t.Fatalf("%q: %d to %d is at %d to %d", text, i, end, found.start, found.end)
				}
				_ = found.String()
			}
		}
	})
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("a", 200)
	for _, c := range []struct {
		text string
		mark string
		want string
	}{
		{"@(x)", "x", "    @(x)\n      ^"},
		{"@{\n\t\tint x = yyy;\n}", "yyy", "    \t\tint x = yyy;\n    \t\t        ^~~"},
		{"@(\r\nx\r\n)", "x", "    x\n    ^"},
		{"@(\"é\" + x)", "x", "    @(\"é\" + x)\n            ^"},
		{"f(1,\n  2)", "f(1,\n  2)", "    f(1,\n    ^~~~"},
		{long + "x" + long, "x", "    ..." + long[:50] + "x" + long[:49] + "...\n       " + strings.Repeat(" ", 50) + "^"},
		{"x" + long + "y", "x" + long + "y", "    x" + long[:99] + "...\n    ^" + strings.Repeat("~", 99)},
		{"a\x1b[31mb", "b", "    a\ufffd[31mb\n          ^"},
	} {
		at := strings.Index(c.text, c.mark)
		if got := excerpt(c.text, at, at+len(c.mark)); got != c.want {
			t.Errorf("%q\n got:\n%s\nwant:\n%s", c.text, got, c.want)
		}
	}
}
