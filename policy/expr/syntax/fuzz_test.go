package syntax

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzParse: any text is either a tree, of which all that checkTree says is true,
// or errors, in order and inside the text; and it is so each time.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*", "*.txt"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range goldens(string(text)) {
			f.Add(c.input)
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		tree, errs := Parse(source)
		if (tree == nil) != (len(errs) > 0) {
			t.Fatalf("%q: a tree %v and errors %v", source, tree, errs)
		}
		again, _ := Parse(source)
		if tree != nil {
			checkTree(t, tree)
			if got, want := show(again), show(tree); got != want {
				t.Errorf("%q is once\n%s\nand then\n%s", source, want, got)
			}
			if len(source) < 500 {
				checkSpans(t, tree)
			}
			return
		}
		for i, e := range errs {
			if e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > len(source) {
				t.Errorf("%q: the error %v is at %v", source, e, e.Span)
			}
			if i > 0 && errs[i-1].Span.Start >= e.Span.Start {
				t.Errorf("%q: the error %v at %v comes after that at %v", source, e, e.Span, errs[i-1].Span)
			}
			if e.Message == "" {
				t.Errorf("%q: the error at %v has no message", source, e.Span)
			}
		}
	})
}
