// Package cases reads tests that stand in testdata as txtar archives: a policy
// document, what it is bound to, what is done with it, and what should come of
// it. A test hands back what did come, part by part; the flag -update writes that
// into the archive, for a person to read the difference.
package cases

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the cases in testdata should want; read the difference")

// Case is an archive. Its comment says what it shows.
type Case struct {
	// Name is the file's name without its ending.
	Name string

	file    string
	archive *txtar.Archive
}

// In gives the cases of a folder.
func In(t testing.TB, folder string) []*Case {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s (%v)", folder, err)
	}
	all := make([]*Case, len(files))
	for i, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = &Case{Name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive}
	}
	return all
}

// Run runs f for each case of a folder, as a test of its own. The parts named in
// wanted are compared with what f returns: part to text, "" for none.
func Run(t *testing.T, folder string, wanted []string, f func(t *testing.T, c *Case) map[string]string) {
	t.Helper()
	for _, c := range In(t, folder) {
		t.Run(c.Name, func(t *testing.T) {
			got := f(t, c)
			if *update {
				c.write(t, wanted, got)
			}
			for _, name := range wanted {
				want, _ := c.Part(name)
				if diff := cmp.Diff(want, got[name]); diff != "" {
					t.Errorf("%s: %s (-want +got)\n%s\nof\n%s", c.file, name, diff, c.Document(t))
				}
			}
		})
	}
}

// write puts got in place of the wanted parts, after the given ones; a part that
// is empty is left out.
func (c *Case) write(t *testing.T, wanted []string, got map[string]string) {
	t.Helper()
	c.archive.Files = slices.DeleteFunc(c.archive.Files, func(f txtar.File) bool { return slices.Contains(wanted, f.Name) })
	for _, name := range wanted {
		if got[name] != "" {
			c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
		}
	}
	if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Part is the text of a part of the archive.
func (c *Case) Part(name string) (text string, ok bool) {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// Folder are the parts below a name with a slash: what follows it, to text.
func (c *Case) Folder(name string) map[string]string {
	parts := make(map[string]string)
	for _, f := range c.archive.Files {
		if rest, ok := strings.CutPrefix(f.Name, name+"/"); ok {
			parts[rest] = string(f.Data)
		}
	}
	return parts
}

// Lines are a part's lines of the form name=value.
func (c *Case) Lines(name string) (values map[string]string, ok bool) {
	text, ok := c.Part(name)
	values = make(map[string]string)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		values[name] = value
	}
	return values, ok
}

// Document is the policy document: the part policy.xml or, where bytes matter,
// policy.quoted, which holds Go strings, one a line.
func (c *Case) Document(t testing.TB) []byte {
	t.Helper()
	quoted, ok := c.Part("policy.quoted")
	if !ok {
		text, _ := c.Part("policy.xml")
		return []byte(text)
	}
	var text strings.Builder
	for line := range strings.Lines(quoted) {
		s, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			t.Fatalf("%s: policy.quoted: %s: %s", c.file, err, line)
		}
		text.WriteString(s)
	}
	return []byte(text.String())
}
