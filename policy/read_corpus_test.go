package policy

import (
	"os"
	"path/filepath"
	"testing"
)

// corpus is real policy documents; a clone does not have them.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "corpus", "policies", "*", "*.xml"))
	if len(files) == 0 {
		t.Skip("the corpus of real policy documents is not here (../shared/corpus/policies)")
	}
	return files
}

func TestDebugCorpus(t *testing.T) {
	for _, f := range corpusFiles(t) {
		src, _ := os.ReadFile(f)
		d, diag := Read(filepath.Base(f), src)
		if diag != nil {
			t.Log(diag)
			continue
		}
		for e, m := range d.marks {
			if m.text != nil && !m.text.Expression && len(e.ChildElements()) == 0 {
				for i := 0; i+1 < len(m.text.Text); i++ {
					if m.text.Text[i] == '@' && (m.text.Text[i+1] == '(' || m.text.Text[i+1] == '{') {
						l, c := d.Position(e)
						t.Log("embedded", d.Name, l, c, m.text.Text)
						break
					}
				}
			}
		}
	}
}
