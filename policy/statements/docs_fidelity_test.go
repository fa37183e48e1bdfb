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
	w.factTable("Observed: statements", "Recorded answers of the real service show it, whatever a page says.", policy.Observed)
	w.factTable("Chosen: statements", "Nobody says, and we decided.", policy.Chosen)
	w.factTable("Different: statements", "Azure does otherwise, and the reason stands beside it.", policy.Difference)
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

// factTable is a table of one kind of facts. The names of statements stand where they
// change; only what was decided has a reason.
func (w *page) factTable(heading, about string, is policy.Fidelity) {
	columns := "| statement | what it does | why |"
	if is == policy.Observed {
		columns = "| statement | what it does |"
	}
	w.line("")
	w.line("## %s", heading)
	w.line("")
	w.line("%s", about)
	w.line("")
	w.line("%s", columns)
	w.line("|%s", strings.Repeat(" --- |", strings.Count(columns, "|")-1))
	last := ""
	for _, s := range byFact() {
		if s.Is != is {
			continue
		}
		names := strings.Join(s.statements, ", ")
		row := "| " + names
		if names == last {
			row = "|"
		}
		last = names
		row += " | " + cell(s.Text) + " |"
		if is != policy.Observed {
			row += " " + cell(s.Why) + " |"
		}
		w.line("%s", row)
	}
}

// cell is a text in a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
