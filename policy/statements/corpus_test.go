package statements

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/apimulator/apimulator/policy"
)

// corpus reads real policy documents, by repository and file name; a clone does
// not have them.
func corpus(t testing.TB) map[string]*policy.Document {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", "policies", "*", "*.xml"))
	if len(files) == 0 {
		t.Skip("the corpus of real policy documents is not here (../shared/corpus/policies beside the checkout)")
	}
	documents := make(map[string]*policy.Document)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		if d, fault := policy.Read(name, text); fault == nil { // package policy tests which are unreadable
			documents[name] = d
		}
	}
	return documents
}

// Real documents are checked without named values or scope, as a linter sees them.
// Every error but those of placeholders and of C# is listed with the reason why it
// is one.
func TestCorpus(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("testdata", "corpus-errors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	listed := regexp.MustCompile(`(?m)^.+\.xml:\d+:\d+: error: .*$`).FindAllString(string(list), -1)
	var found []string
	catalogue := Catalogue()
	for _, d := range corpus(t) {
		for _, f := range corpusErrors(t, d, catalogue) {
			if !placeholder.MatchString(f.Message) && !mistake.MatchString(f.Message) {
				found = append(found, f.String())
			}
		}
	}
	for _, f := range found {
		if !slices.Contains(listed, f) {
			t.Errorf("not listed: %s", f)
		}
	}
	for _, l := range listed {
		if !slices.Contains(found, l) {
			t.Errorf("listed, but not found: %s", l)
		}
	}
}

// placeholder tells an error that is due to a placeholder, which a script fills in
// before the document is deployed: #{name}# or {name}.
var placeholder = regexp.MustCompile(`The value '([^']*[^'{])?(#\{\w+\}#|\{[a-z][\w-]*\})`)

// mistake tells an error in an expression's C#. TestCorpusExpressions of package
// policy lists those.
var mistake = regexp.MustCompile(`^(CS\d+: |Usage of )`)

// corpusErrors are the errors in d; a fragment's where it has the fewest.
func corpusErrors(t *testing.T, d *policy.Document, catalogue *policy.Catalogue) policy.Diagnostics {
	t.Helper()
	if d.Root().Tag != "fragment" {
		return findings(d, "", policy.Bindings{Certificate: anyCertificate}, catalogue).Of(policy.Error)
	}
	included := policy.Bindings{Fragment: func(string) (*policy.Document, bool) { return d, true }}
	var fewest policy.Diagnostics
	for i, section := range policy.AnySection {
		host, fault := policy.Read("host.xml", fmt.Appendf(nil, "<policies><%s><include-fragment fragment-id='f'/></%[1]s></policies>", section))
		if fault != nil {
			t.Fatal(fault)
		}
		if found := findings(host, "", included, catalogue).Of(policy.Error); i == 0 || len(found) < len(fewest) {
			fewest = found
		}
	}
	return fewest
}
