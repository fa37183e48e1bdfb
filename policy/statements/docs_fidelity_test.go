package statements_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements"
)

// The part of docs/fidelity.md that is made of the statements' facts stands between these
// lines; the rest is written by hand.
const (
	generatedBegins = "<!-- begin generated: go test ./policy/statements -run '^TestDocs$' -update -->\n"
	generatedEnds   = "<!-- end generated -->\n"
)

// fidelityPage is docs/fidelity.md with the part anew that is made of facts.
func fidelityPage(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(docs + "fidelity.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := bytes.Cut(text, []byte(generatedBegins))
	_, after, ends := bytes.Cut(rest, []byte(generatedEnds))
	if !begins || !ends {
		t.Fatalf("docs/fidelity.md has lost one of the lines\n%s%s", generatedBegins, generatedEnds)
	}
	w := &page{}
	w.Write(before)
	w.WriteString(generatedBegins)
	w.fidelity(t)
	w.WriteString(generatedEnds)
	w.Write(after)
	return w.Bytes()
}

func (w *page) fidelity(t *testing.T) {
	all := byFact()
	w.factTable("Observed: statements", "what recorded answers of the real service show, the page's word or not", all, policy.Observed)
	w.factTable("Chosen: statements", "nobody says, and we decided", all, policy.Chosen)
	w.factTable("Statements that differ from Azure", "on purpose", all, policy.Difference)
	w.line("")
	w.line("## Rows of the reference without a case")
	w.line("")
	w.line("The pages' sentences on the statements that run are numbered by statement (b1 is the first of its behaviour, f1 of its")
	w.line("failures), and tests name the ones that they show. No test shows these:")
	w.line("")
	w.line("| row | why |")
	w.line("| --- | --- |")
	excused := listed(t, "rows.txt")
	for _, row := range slices.Sorted(maps.Keys(excused)) {
		w.line("| %s | %s |", row, cell(excused[row]))
	}
}

// stated is a fact with the statements that it is of.
type stated struct {
	policy.Fact
	statements []string
}

// byFact is the facts of all statements in the catalogue's order; one that several share
// stands once.
func byFact() []*stated {
	catalogue := statements.Catalogue()
	var all []*stated
	for _, name := range catalogue.Names() {
		for _, fact := range catalogue.Lookup(name).Facts {
			i := slices.IndexFunc(all, func(s *stated) bool { return s.Is == fact.Is && s.Text == fact.Text && s.Why == fact.Why })
			if i < 0 {
				i = len(all)
				all = append(all, &stated{Fact: fact})
			}
			all[i].statements = append(all[i].statements, fmt.Sprintf("[%s](policies.md#%[1]s)", name))
		}
	}
	return all
}

func (w *page) factTable(heading, about string, all []*stated, is policy.Fidelity) {
	w.line("")
	w.line("## %s", heading)
	w.line("")
	w.line("Here is %s.", about)
	w.line("")
	w.line("| statement | what it does | why |")
	w.line("| --- | --- | --- |")
	for _, s := range all {
		if s.Is == is {
			w.line("| %s | %s | %s |", strings.Join(s.statements, ", "), cell(s.Text), cell(s.Why))
		}
	}
}

// cell is a text in a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
