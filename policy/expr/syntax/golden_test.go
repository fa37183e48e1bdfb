package syntax

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

// A golden file holds cases with empty lines between them: the lines of an input,
// then lines that begin with = or !, which say what comes of it. Lines before an
// input that begin with # are remarks.
type golden struct {
	remark, input, want string
}

const (
	goldenTree  = "= "
	goldenError = "! "
)

func readGolden(t *testing.T, file string) []golden {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return goldens(string(text))
}

// goldens are the cases of a file.
func goldens(text string) []golden {
	var cases []golden
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		var c golden
		for line := range strings.SplitSeq(part, "\n") {
			switch {
			case c.input == "" && strings.HasPrefix(line, "#"):
				c.remark += line + "\n"
			case strings.HasPrefix(line, goldenTree), strings.HasPrefix(line, goldenError):
				c.want += line + "\n"
			default:
				c.input += "\n" + line
			}
		}
		c.input = strings.TrimPrefix(c.input, "\n")
		cases = append(cases, c)
	}
	return cases
}

// checkGolden compares each case of the files with what result makes of it.
func checkGolden(t *testing.T, pattern string, result func(input string) string) {
	files, _ := filepath.Glob(filepath.Join("testdata", pattern))
	if len(files) == 0 {
		t.Fatalf("no testdata/%s", pattern)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			cases := readGolden(t, file)
			for i, c := range cases {
				got := result(c.input)
				if !*update && got != c.want {
					t.Errorf("%s\ngot\n%swant\n%s", c.input, got, c.want)
				}
				cases[i].want = got
			}
			if *update {
				writeGolden(t, file, cases)
			}
		})
	}
}

func writeGolden(t *testing.T, file string, cases []golden) {
	var b strings.Builder
	for i, c := range cases {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(c.remark + c.input + "\n" + c.want)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
