package expr

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestCorpus checks the types of expressions of real policies, which lie beside
// the checkout. Those that are no valid C# are listed in testdata.
func TestCorpus(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "corpus", "expressions-training.jsonl"))
	if err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	checked := 0
	for lines.Scan() {
		var v struct{ File, Text string }
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		checked++
		if _, diags := Compile(v.Text, Options{AnyType: true}); len(diags) > 0 {
			t.Errorf("%s\n%s\n%v", v.File, v.Text, diags[0])
		}
	}
	t.Logf("%d expressions", checked)
}
