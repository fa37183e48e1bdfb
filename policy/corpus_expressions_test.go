package policy

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/expr"
)

// TestCorpusExpressions checks the expressions of real policies, which lie beside
// the checkout. Those that are no valid C# are listed in testdata, each with the
// reason.
func TestCorpusExpressions(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "shared", "corpus", "expressions-training.jsonl"))
	if err != nil {
		t.Skip("the corpus of real expressions is not here (../shared/corpus beside the checkout)")
	}
	defer f.Close()
	list, err := os.ReadFile(filepath.Join("testdata", "corpus-expressions.txt"))
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Split(string(list), "\n")
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var found []string
	checked := 0
	for lines.Scan() {
		var v struct{ File, Text string }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		checked++
		var decoded builder
		decoded.addOutsideStrings(v.Text, 0) // as the reader does: the file holds what is written
		source, holes := withHoles(decoded.text.String(), nil)
		if _, mistakes := expr.Compile(source, expr.Options{AnyType: true, Holes: holes}); len(mistakes) > 0 {
			found = append(found, v.File+": "+mistakes[0].String())
		}
	}
	slices.Sort(found)
	for _, m := range slices.Compact(found) {
		if !slices.Contains(listed, m) {
			t.Errorf("not listed: %s", m)
		}
	}
	for _, l := range listed {
		if strings.Contains(l, ".xml: ") && !slices.Contains(found, l) {
			t.Errorf("listed, but not found: %s", l)
		}
	}
	t.Logf("%d expressions, %d of them wrong", checked, len(found))
}
