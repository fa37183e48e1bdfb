package syntax

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readShared reads a file of JSON lines that lies beside the checkout; a clone
// does not have it.
func readShared[T any](t testing.TB, path ...string) []T {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "..", "shared"}, path...)...)
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("%s is not here (../%s beside the checkout)", path[len(path)-1], strings.Join(path, "/"))
	}
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v: %s", name, err, lines.Text())
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// vector is a conformance vector; see the README beside them.
type vector struct {
	ID, Expr string
	Expect   struct {
		CompileError  string
		CompileErrors []string
	}
}

// What a compiler compiles is read here; what it refuses for its syntax is
// refused.
func TestVectors(t *testing.T) {
	for _, v := range readShared[vector](t, "conformance", "expressions.jsonl") {
		tree, errs := Parse(v.Expr)
		switch refused := isSyntaxCode(v.Expect.CompileError); {
		case refused && tree != nil:
			t.Errorf("%s: %s\ngot %s\nwant %s", v.ID, v.Expr, show(tree), v.Expect.CompileError)
		case refused && errs[0].Code != v.Expect.CompileError:
			t.Errorf("%s: %s\ngot %v\nwant %s", v.ID, v.Expr, errs[0], v.Expect.CompileError)
		case !refused && tree == nil && !binderToo[errs[0].Code]:
			t.Errorf("%s: %s\ngot %v", v.ID, v.Expr, errs[0])
		case tree != nil:
			checkTree(t, tree)
			checkSpans(t, tree)
		}
	}
}

// isSyntaxCode reports whether the compiler says that of the syntax of a vector.
func isSyntaxCode(code string) bool {
	switch code {
	case "CS1002", "CS1021", "CS1026", "CS1524", "CS1525", "CS1733", "CS8076", "CS8370":
		return true
	}
	return false
}

// binderToo are the codes of what the compiler finds after parsing, and this
// package already while it does.
var binderToo = map[string]bool{"CS0201": true}

// namedValue is a {{name}} that stands as code; another text takes its place
// before an expression is read.
var namedValue = regexp.MustCompile(`\{\{[A-Za-z0-9-_.]+\}\}`)

// Every expression of real policies is read but those in
// testdata/corpus-refused.txt, which are no C# (or not C# 7).
func TestCorpus(t *testing.T) {
	expressions := readShared[struct{ File, Text string }](t, "corpus", "expressions-training.jsonl")
	list, err := os.ReadFile(filepath.Join("testdata", "corpus-refused.txt"))
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			refused[line] = false
		}
	}
	for _, x := range expressions {
		text := namedValue.ReplaceAllString(x.Text, "1")
		tree, errs := Parse(text)
		if tree != nil {
			checkTree(t, tree)
			if len(text) < 2000 {
				checkSpans(t, tree)
			}
			continue
		}
		key := x.File + " " + showErrors(text, errs[:1])
		if _, ok := refused[strings.TrimSpace(key)]; !ok {
			t.Errorf("%s\n%s", strings.TrimSpace(key), x.Text)
		}
		refused[strings.TrimSpace(key)] = true
	}
	for key, found := range refused {
		if !found {
			t.Errorf("testdata/corpus-refused.txt lists what is not refused: %s", key)
		}
	}
}
