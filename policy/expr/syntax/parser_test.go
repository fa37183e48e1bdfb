package syntax

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// What testdata/ok says of each production is what Roslyn makes of it.
func TestTrees(t *testing.T) {
	checkGolden(t, "ok/*.txt", func(input string) string {
		tree, errs := Parse(input)
		if len(errs) > 0 {
			return showErrors(input, errs)
		}
		checkTree(t, tree)
		checkSpans(t, tree)
		return goldenTree + show(tree) + "\n"
	})
}

// testdata/err holds what is refused: code, place and sentence of every error.
func TestErrors(t *testing.T) {
	checkGolden(t, "err/*.txt", func(input string) string {
		tree, errs := Parse(input)
		if tree != nil {
			return goldenTree + show(tree) + "\n"
		}
		return showErrors(input, errs)
	})
}

func showErrors(source string, errs []*Error) string {
	var b strings.Builder
	for _, e := range errs {
		code := e.Code
		if code == "" {
			code = "-"
		}
		before := source[:e.Span.Start]
		line := strings.Count(before, "\n") + 1
		col := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		fmt.Fprintf(&b, "%s%s %d:%d %s\n", goldenError, code, line, col, e.Message)
	}
	return b.String()
}
