package evaluate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestConformance evaluates the vectors that lie beside the checkout, and compares by
// the rules of their README.md. It logs how many agree by category; where
// APIMULATOR_VECTORS_OUT names a file, it writes the differences there.
func TestConformance(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "conformance")
	file, err := os.Open(filepath.Join(folder, "expressions.jsonl"))
	if err != nil {
		t.Skip("the conformance vectors are not beside this checkout")
	}
	defer file.Close()
	fixtures := readFixtures(t, filepath.Join(folder, "fixtures.json"))
	differs := readDiffers(t)
	type count struct{ agreed, all int }
	counts := make(map[string]count)
	var different strings.Builder
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxVector)
	for lines.Scan() {
		var v struct {
			Vector
			Expect Expect `json:"expect"`
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		v.Expect.Message = nil // messages change between .NET versions
		category, _, _ := strings.Cut(v.ID, "-")
		n := counts[category]
		n.all++
		why := v.Expect.Differs(fixtures.Answer(t.Context(), &v.Vector))
		if why == "" {
			n.agreed++
		} else {
			fmt.Fprintf(&different, "%s %s\n%s\n\n", v.ID, v.Expr, why)
		}
		counts[category] = n
		switch reason, known := differs[v.ID]; {
		case why == "" && known:
			t.Errorf("%s agrees, but conformance-differs.txt lists it (%s)", v.ID, reason)
		case why != "" && !known:
			t.Errorf("%s %s\n%s", v.ID, v.Expr, why)
		}
		delete(differs, v.ID)
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	for id := range differs {
		t.Errorf("conformance-differs.txt lists %s, which is no vector", id)
	}
	var total count
	for _, category := range slices.Sorted(maps.Keys(counts)) {
		n := counts[category]
		t.Logf("%-6s %d of %d", category, n.agreed, n.all)
		total.agreed, total.all = total.agreed+n.agreed, total.all+n.all
	}
	t.Logf("%d of %d", total.agreed, total.all)
	if out := os.Getenv("APIMULATOR_VECTORS_OUT"); out != "" {
		if err := os.WriteFile(out, []byte(different.String()), 0o600); err != nil {
			t.Error(err)
		}
	}
}

func readFixtures(t *testing.T, name string) Fixtures {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fixtures, err := ReadFixtures(file)
	if err != nil {
		t.Fatal(err)
	}
	return fixtures
}

// readDiffers reads the ids of the vectors that differ, each with its reason.
func readDiffers(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "conformance-differs.txt"))
	if err != nil {
		t.Fatal(err)
	}
	differs := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		id, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case id == "" || strings.HasPrefix(id, "#"):
		case reason == "":
			t.Errorf("conformance-differs.txt gives no reason for %s", id)
		default:
			differs[id] = reason
		}
	}
	return differs
}
