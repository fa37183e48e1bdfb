package statements_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements"
)

var factRows = regexp.MustCompile(`^([bfu][0-9]+( [bfu][0-9]+)*)?$`)

// TestFacts: each statement that runs says what it does, in sentences, and gives a reason
// where it could do otherwise.
func TestFacts(t *testing.T) {
	catalogue := statements.Catalogue()
	for _, name := range catalogue.Names() {
		d := catalogue.Lookup(name)
		if d.Runs() != (len(d.Facts) > 0) {
			t.Errorf("%s: it runs: %t, and has %d facts", name, d.Runs(), len(d.Facts))
		}
		for i, f := range d.Facts {
			decided := f.Is == policy.Chosen || f.Is == policy.Difference
			switch {
			case f.Is < policy.Documented || f.Is > policy.Difference:
				t.Errorf("%s: it is not said how this is known: %s", name, f.Text)
			case !strings.HasSuffix(strings.TrimSuffix(f.Text, "`"), "."):
				t.Errorf("%s: this is no sentence: %s", name, f.Text)
			case decided != (f.Why != ""):
				t.Errorf("%s: what is chosen or differs has a reason, and nothing else: %s", name, f.Text)
			case strings.HasSuffix(f.Why, "."):
				t.Errorf("%s: a reason is a clause without a full stop: %s", name, f.Why)
			case !factRows.MatchString(f.Rows):
				t.Errorf("%s: %q are no rows", name, f.Rows)
			case slices.ContainsFunc(d.Facts[:i], func(other policy.Fact) bool { return other.Text == f.Text }):
				t.Errorf("%s: this stands twice: %s", name, f.Text)
			}
		}
	}
}

// TestFactsOfRows: each row that the reference has for the statements that run, be it of
// their behaviour, their failures, or what it calls unknown, has a fact; those that nothing acts on
// are listed in testdata/rows.txt.
func TestFactsOfRows(t *testing.T) {
	rows := rows(t)
	excused := listed(t, "rows.txt")
	catalogue := statements.Catalogue()
	covered := make(map[string]bool)
	for _, name := range catalogue.Names() {
		for _, f := range catalogue.Lookup(name).Facts {
			for row := range strings.FieldsSeq(f.Rows) {
				covered[name+"/"+row] = true
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if _, listed := excused[id]; !covered[id] && !listed {
			t.Errorf("no fact is about %s: %s", id, rows[id])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(covered)) {
		if rows[id] == "" {
			t.Errorf("a fact is about %s, but the reference has no such row", id)
		}
	}
}
