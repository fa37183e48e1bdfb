package testrun

import (
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct{ want, got, diff string }{
		{"a", "b", "- a|+ b"},
		{"a\nb\nc", "a\nc", "  a|- b|  c"},
		{"1\n2\n3\n4\n5\n6\n7", "1\n2\n3\n4\n5\n6\n8", "  ...|  5|  6|- 7|+ 8"},
		{"x\n1\n2\n3\n4\n5\n6\ny", "1\n2\n3\n4\n5\n6", "- x|  1|  2|  ...|  5|  6|- y"},
		{"", "a", "- |+ a"},
	} {
		if got := strings.Join(Diff(c.want, c.got), "|"); got != c.diff {
			t.Errorf("Diff(%q, %q) = %q, want %q", c.want, c.got, got, c.diff)
		}
	}
}

// A long text is shown, not compared line by line.
func TestDiffOfLongTexts(t *testing.T) {
	long := strings.Repeat("line\n", 2*longest)
	if got := Diff(long, "short"); len(got) > longest {
		t.Errorf("the difference of long texts has %d lines", len(got))
	}
}
