package jsonschema

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestErrors holds the errors of testdata/errors.txt against what is told.
func TestErrors(t *testing.T) {
	const golden = "testdata/errors.txt"
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	var schema *Schema
	lines := strings.Split(strings.TrimSuffix(string(want), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch kind, text, _ := strings.Cut(line, " "); kind {
		case "schema":
			fmt.Fprintln(&got, line)
			if schema, err = Compile(decoded(t, []byte(text)), "", Options{Formats: true}); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		case "json":
			fmt.Fprintln(&got, line)
			for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "json  ") { // goes on
				i++
				fmt.Fprintln(&got, lines[i])
				text += "\n" + strings.TrimPrefix(lines[i], "json ")
			}
			found, err := schema.Validate(text)
			if err != nil {
				fmt.Fprintf(&got, "  %s\n", err)
			}
			show(&got, found, "  ")
		default:
			if line == "" || strings.HasPrefix(line, "#") {
				fmt.Fprintln(&got, line)
			}
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if got.String() != string(want) {
		t.Errorf("%s comes to\n%s", golden, got.String())
	}
}

func show(b *strings.Builder, all []Error, indent string) {
	for _, e := range all {
		fmt.Fprintf(b, "%s%d:%d %s: %s\n", indent, e.Line, e.Position, e.Path, e.Message)
		show(b, e.Causes, indent+"  ")
	}
}
