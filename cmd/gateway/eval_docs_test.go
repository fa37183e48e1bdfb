package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalPage runs the commands of docs/eval.md, beside the files that it shows.
func TestEvalPage(t *testing.T) {
	testPage(t, "eval.md", map[string][]string{"http": {"request.http", "response.http"}, "csharp": {"sum.csx"}})
}

// testPage runs the commands of a page, which has to show what they print. files are
// the names of those that its blocks in a language show.
func testPage(t *testing.T, page string, files map[string][]string) {
	t.Helper()
	needs(t, "sh")
	dir := t.TempDir()
	for language, names := range files {
		for i, text := range blocks(t, page, language) {
			if err := os.WriteFile(filepath.Join(dir, names[i]), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, block := range blocks(t, page, "console") {
		for _, session := range strings.Split(strings.TrimPrefix(block, "$ "), "\n$ ") {
			command, want, _ := strings.Cut(session, "\n")
			c := exec.Command("sh", "-c", command)
			c.Dir = dir
			got, _ := c.CombinedOutput()
			if strings.TrimSpace(string(got)) != strings.TrimSpace(want) {
				t.Errorf("%s\nprints\n%s\nwant\n%s", command, got, want)
			}
		}
	}
}
