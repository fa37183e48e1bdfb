package statements_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/testrun"
)

// The cases of the statements are files of tests beside each category, run by the engine
// of gateway test: CATEGORY/testdata/STATEMENT*.test.yaml. The tag STATEMENT/bN of a test
// says that it shows the N-th row of behaviour that the reference lists for the statement,
// and STATEMENT/fN the N-th of its failures.
const caseFiles = "*/testdata/*.test.yaml"

// suite is all cases, read afresh.
func suite(t *testing.T, paths ...string) *testrun.Suite {
	t.Helper()
	if paths == nil {
		var err error
		if paths, err = filepath.Glob(caseFiles); err != nil || len(paths) == 0 {
			t.Fatalf("there are no cases: %v", err)
		}
	}
	s, err := testrun.Find(paths)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCases(t *testing.T) {
	s := suite(t)
	var out strings.Builder
	p := testrun.Printer{W: &out, Command: "gateway test"}
	if err := s.Run(testrun.Options{}, p.File); err != nil {
		t.Fatal(err)
	}
	if _, failed, _ := counts(s); failed > 0 {
		t.Error(out.String())
	}
}

// counts are how many tests of a suite passed, failed and were skipped; a file that can't
// be used fails.
func counts(s *testrun.Suite) (passed, failed, skipped int) {
	for _, f := range s.Files {
		p, n, k := f.Counts()
		passed, failed, skipped = passed+p, failed+n, skipped+k
		if f.Unusable != nil || f.Unloadable != nil {
			failed++
		}
	}
	return passed, failed, skipped
}

// listed reads a list in testdata: a key, a tab, the reason; lines that begin with # are
// remarks.
func listed(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	reasons := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, reason, ok := strings.Cut(line, "\t")
		if !ok || reason == "" {
			t.Fatalf("testdata/%s: %q gives no reason", file, line)
		}
		if _, twice := reasons[key]; twice {
			t.Errorf("testdata/%s: %s stands there twice", file, key)
		}
		reasons[key] = reason
	}
	return reasons
}

var rowTag = regexp.MustCompile(`^[a-z-]+/[bf][0-9]+$`)

// tags are the rows that some test shows, with the files of these tests.
func tags(t *testing.T) map[string][]string {
	shown := make(map[string][]string)
	for _, f := range suite(t).Files {
		for _, test := range f.Tests {
			for _, tag := range test.Tags {
				if rowTag.MatchString(tag) && !slices.Contains(shown[tag], f.Path) {
					shown[tag] = append(shown[tag], f.Path)
				}
			}
		}
	}
	return shown
}
