package statements_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
)

// fidelities are the kinds of facts in the order of the pages, with their headings.
var fidelities = []struct {
	is      policy.Fidelity
	heading string
}{{policy.Documented, "Documented"}, {policy.Observed, "Observed"}, {policy.Chosen, "Chosen"}, {policy.Difference, "Different"}}

// facts lists what a statement does, and the files whose tests show it.
func (w *page) facts(d *policy.Definition) {
	for _, f := range fidelities {
		about := factsOf(d, f.is)
		if len(about) == 0 {
			continue
		}
		w.line("")
		w.line("%s:", f.heading)
		w.line("")
		for _, fact := range about {
			w.line("- %s", fact.Text)
		}
	}
	if files := w.cases[d.Name]; len(files) > 0 {
		links := make([]string, len(files))
		for i, file := range files {
			links[i] = fmt.Sprintf("[%s](../policy/statements/%s)", strings.TrimSuffix(filepath.Base(file), ".test.yaml"), filepath.ToSlash(file))
		}
		w.line("")
		w.line("Cases: %s.", strings.Join(links, ", "))
	}
}

func factsOf(d *policy.Definition, is policy.Fidelity) []policy.Fact {
	return slices.DeleteFunc(slices.Clone(d.Facts), func(f policy.Fact) bool { return f.Is != is })
}

// casesOf are the files whose tests show rows of a statement, by its name.
func casesOf(t *testing.T) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	shown := tags(t)
	for _, row := range slices.Sorted(maps.Keys(shown)) {
		statement, _, _ := strings.Cut(row, "/")
		all[statement] = append(all[statement], shown[row]...)
	}
	for statement, files := range all {
		slices.Sort(files)
		all[statement] = slices.Compact(files)
	}
	return all
}
