package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTestPage runs what docs/test.md shows: its tests, on its documents, pass, and its
// commands print what is below them.
func TestTestPage(t *testing.T) {
	needs(t, "sh")
	dir := t.TempDir()
	name := regexp.MustCompile(`^(?:# |<!-- )(\S+\.(?:test\.yaml|xml))( -->)?\n`)
	tests := 0
	for _, language := range []string{"xml", "yaml"} {
		for _, text := range blocks(t, "test.md", language) {
			match := name.FindStringSubmatch(text)
			if match == nil {
				continue
			}
			if language == "yaml" {
				tests++
			}
			if err := os.WriteFile(filepath.Join(dir, match[1]), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if tests < 8 {
		t.Fatalf("only %d files of tests are found on the page", tests)
	}
	run := exec.Command("gateway", "test")
	run.Dir = dir
	if printed, err := run.CombinedOutput(); err != nil || strings.Count(string(printed), "\nok ")+1 != tests {
		t.Errorf("%v:\n%s", err, printed)
	}
	for _, block := range append(blocks(t, "test.md", "console"), blocks(t, "test.md", "sh")...) {
		command, want, shown := strings.Cut(strings.TrimPrefix(block, "$ "), "\n")
		c := exec.Command("sh", "-c", command)
		c.Dir = dir
		got, err := c.CombinedOutput()
		if err != nil || shown && want != "" && string(got) != want {
			t.Errorf("%s\nprints (%v)\n%s\nwant\n%s", command, err, got, want)
		}
	}
}
