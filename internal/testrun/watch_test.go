package testrun

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestWatchMissesNothing: an edit counts whenever it happens, also while tests run for the
// first time, and of a file in another folder than the tests'.
func TestWatchMissesNothing(t *testing.T) {
	const good, bad = `<policies><inbound><base /><return-response><set-status code="200" /></return-response></inbound></policies>`,
		`<policies><inbound><base /><return-response><set-status code="404" /></return-response></inbound></policies>`
	tests, policies := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	policy := write(policies, "policy.xml", good)
	write(tests, "a.test.yaml", "policy: "+policy+"\ntests: [{name: a, expect: {status: 200}}]\n")
	write(tests, "b.test.yaml", "policy: "+write(policies, "other.xml", good)+"\ntests: [{name: b, expect: {status: 200}}]\n")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var runs [][]string
	err := Watch(ctx, []string{tests}, func(some *Suite) {
		var run []string
		if err := some.Run(Options{}, func(f *SuiteFile) error {
			passed, _, _ := f.Counts()
			run = append(run, filepath.Base(f.Path)+map[int]string{0: " fails", 1: " passes"}[passed])
			return nil
		}); err != nil {
			t.Error(err)
		}
		switch runs = append(runs, run); len(runs) {
		case 1: // the first, while it is under way
			write(policies, "policy.xml", bad)
		case 2: // while tests run
			write(policies, "policy.xml", good)
			write(tests, "c.test.yaml", "policy: "+policy+"\ntests: [{name: c, expect: {status: 200}}]\n")
		default:
			cancel()
		}
	})
	want := [][]string{{"a.test.yaml passes", "b.test.yaml passes"}, {"a.test.yaml fails"}, {"a.test.yaml passes", "c.test.yaml passes"}}
	if err != nil || !slices.EqualFunc(runs, want, slices.Equal) {
		t.Errorf("the runs are %q, %v; want %q", runs, err, want)
	}
}
