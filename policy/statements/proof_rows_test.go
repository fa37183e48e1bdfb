package statements_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/apimulator/apimulator/policy/statements"
)

// TestRows wants a case for each row of behaviour and failures that the reference has for
// the statements that run. Those without one stand in testdata/rows.txt with the reason.
func TestRows(t *testing.T) {
	rows := rows(t)
	shown := tags(t)
	excused := listed(t, "rows.txt")
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		_, listed := excused[id]
		switch {
		case strings.Contains(id, "/u"): // facts are about these; TestFactsOfRows asks for one
		case shown[id] != nil && listed:
			t.Errorf("%s has a case: take it out of testdata/rows.txt", id)
		case shown[id] == nil && !listed:
			t.Errorf("%s has no case: %s", id, rows[id])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(excused)) {
		if rows[id] == "" {
			t.Errorf("testdata/rows.txt: the reference has no row %s of a statement that runs", id)
		}
		for _, file := range shownBy.FindAllString(excused[id], -1) {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("testdata/rows.txt: %s is shown by a file that is not there: %s", id, err)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shown)) {
		if rows[id] == "" {
			t.Errorf("a test has the tag %s, but the reference has no such row", id)
		}
	}
}

// shownBy is a file that a reason names in place of a case.
var shownBy = regexp.MustCompile(`testdata/\S+\.txtar`)

// rows are the rows of the statements that run, by their ids, those of unknown too; a
// clone does not have them.
func rows(t *testing.T) map[string]string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "spec", "policies-*.yaml"))
	if len(files) == 0 {
		t.Skip("the catalogue of policies is not here (../shared/spec beside the checkout)")
	}
	catalogue := statements.Catalogue()
	found, next := make(map[string]string), make(map[string]int)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var policies []struct {
			Name      string
			Behaviour []string
			Failures  []any
			Unknown   []string
		}
		if err := yaml.Unmarshal(text, &policies); err != nil {
			t.Fatalf("%s: %s", file, err)
		}
		for _, p := range policies {
			if d := catalogue.Lookup(p.Name); d == nil || !d.Runs() {
				continue
			}
			// A policy with variants goes on counting.
			for _, row := range p.Behaviour {
				next[p.Name+"/b"]++
				found[fmt.Sprintf("%s/b%d", p.Name, next[p.Name+"/b"])] = row
			}
			for _, row := range p.Failures {
				next[p.Name+"/f"]++
				found[fmt.Sprintf("%s/f%d", p.Name, next[p.Name+"/f"])] = fmt.Sprint(row)
			}
			for _, row := range p.Unknown {
				next[p.Name+"/u"]++
				found[fmt.Sprintf("%s/u%d", p.Name, next[p.Name+"/u"])] = row
			}
		}
	}
	return found
}
