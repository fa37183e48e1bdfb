package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// corpus reads real policy documents, by repository and file name; a clone does
// not have them.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "corpus", "policies", "*", "*.xml"))
	if len(files) == 0 {
		t.Skip("the corpus of real policy documents is not here (../shared/corpus/policies beside the checkout)")
	}
	documents := make(map[string][]byte)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documents[filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] = text
	}
	return documents
}

// Every document of the corpus is read, or its fault is listed; each value lies
// where it says, and the tree is written as XML.
func TestCorpus(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("testdata", "corpus-unreadable.txt"))
	if err != nil {
		t.Fatal(err)
	}
	expected := make(map[string]string) // by document
	for line := range strings.Lines(string(list)) {
		if name, _, found := strings.Cut(line, ".xml:"); found {
			expected[name+".xml"] = strings.TrimSpace(line)
		}
	}
	for name, text := range corpus(t) {
		d, fault := Read(name, text)
		got := ""
		if fault != nil {
			got = fault.String()
			checkDiagnostic(t, sourceOf(text), *fault)
		}
		if diff := cmp.Diff(expected[name], got); diff != "" {
			t.Errorf("%s (-expected +got)\n%s", name, diff)
		}
		if fault == nil {
			checkSpans(t, d, text)
			checkWritten(t, d)
		}
	}
}
