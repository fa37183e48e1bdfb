package expr_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/evaluate"
)

// TestAnswers evaluates what testdata/answers asks, and compares with what a real C#
// compiler and .NET answered. testdata/answers/README.md says how a line looks.
func TestAnswers(t *testing.T) {
	folder := filepath.Join("testdata", "answers")
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers in %s (%v)", folder, err)
	}
	fixtureFile, err := os.Open(filepath.Join(folder, "fixtures.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer fixtureFile.Close()
	fixtures, err := evaluate.ReadFixtures(fixtureFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			answers(t, file, fixtures)
		})
	}
}

func answers(t *testing.T, name string, fixtures evaluate.Fixtures) {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := make(map[string]bool)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var v struct {
			evaluate.Vector
			Expect evaluate.Expect `json:"expect"`
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s:%d: %v", name, n, err)
		}
		if seen[v.ID] {
			t.Errorf("%s:%d: there are two with the id %s", name, n, v.ID)
		}
		seen[v.ID] = true
		if why := v.Expect.Differs(fixtures.Answer(t.Context(), &v.Vector)); why != "" {
			t.Errorf("%s:%d: %s %s\n%s", name, n, v.ID, v.Expr, why)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
