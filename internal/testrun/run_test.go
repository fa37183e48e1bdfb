package testrun

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the files of testdata that hold what is printed")

// runSuite runs all tests below paths and gives what is printed.
func runSuite(t *testing.T, o Options, paths ...string) (*Suite, string) {
	t.Helper()
	s, err := Find(paths)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	p := &Printer{W: &b, Command: "gateway test"}
	if err := s.Run(o, p.File); err != nil {
		t.Fatal(err)
	}
	if err := p.Summary(); err != nil {
		t.Fatal(err)
	}
	return s, b.String()
}

// The tests in testdata/pass pass, in any order.
func TestPass(t *testing.T) {
	for seed := range uint64(5) {
		if _, printed := runSuite(t, Options{Shuffle: seed > 0, Seed: seed}, "testdata/pass"); strings.Contains(printed, "FAIL") || strings.Contains(printed, "unusable") {
			t.Fatalf("with seed %d:\n%s", seed, printed)
		}
	}
}

// What the tests in testdata/fail print is as it was when somebody read it.
func TestFail(t *testing.T) {
	paths, err := filepath.Glob("testdata/fail/*" + suffix)
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no samples: %v", err)
	}
	for _, path := range paths {
		_, got := runSuite(t, Options{}, path)
		golden(t, strings.TrimSuffix(path, suffix)+".txt", filepath.ToSlash(got))
	}
}

// Every fault of a file of tests is told with its place.
func TestBad(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*" + suffix)
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no samples: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Read(filepath.Base(path), data)
		if err == nil {
			t.Errorf("%s is accepted", path)
			continue
		}
		golden(t, strings.TrimSuffix(path, suffix)+".txt", err.Error()+"\n")
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (- want, + got):\n%s", path, strings.Join(Diff(string(want), got), "\n"))
	}
}

func TestOnly(t *testing.T) {
	s, printed := runSuite(t, Options{Run: regexp.MustCompile("^keys")}, "testdata/pass")
	if !strings.HasSuffix(printed, "\n1 passed\n") {
		t.Errorf("with a pattern that one test matches this is printed:\n%s", printed)
	}
	for _, f := range s.Files {
		if len(f.Results) > 1 {
			t.Errorf("%s: %d tests ran", f.Path, len(f.Results))
		}
	}
}

func TestFailFast(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p.xml"), busyPolicy)
	var b strings.Builder
	b.WriteString("policy: p.xml\ntests:\n")
	for i := range 100 {
		b.WriteString("  - {name: t" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ", expect: {status: 200}}\n")
	}
	write(t, filepath.Join(dir, "a.test.yaml"), b.String())
	s, _ := runSuite(t, Options{FailFast: true}, dir)
	if _, failed, skipped := s.Files[0].Counts(); failed == 0 || skipped == 0 {
		t.Errorf("%d failed and %d were skipped, want some of both", failed, skipped)
	}
}
