package statements_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/testrun"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements"
)

// TestAttributesAct takes each attribute and each child element of the statements that run
// out of the documents of the cases, one at a time, and wants a case to fail for it. What
// has to be there is changed to another value instead. What no case notices stands in
// testdata/silent.txt with the reason.
func TestAttributesAct(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the cases once for each attribute")
	}
	excused := listed(t, "silent.txt")
	parts := parts()
	documents := documents(t)
	noticed := make([]bool, len(parts))
	var next sync.Mutex
	i := 0
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				next.Lock()
				at := i
				i++
				next.Unlock()
				if at >= len(parts) {
					return
				}
				noticed[at] = slices.ContainsFunc(documents, func(d *document) bool { return d.notices(t, &parts[at]) })
			}
		})
	}
	workers.Wait()
	known := make(map[string]bool)
	for i, p := range parts {
		known[p.id] = true
		switch _, listed := excused[p.id]; {
		case noticed[i] && listed:
			t.Errorf("a case notices %s: take it out of testdata/silent.txt", p.id)
		case !noticed[i] && !listed:
			t.Errorf("no case notices when %s is %s", p.id, map[bool]string{true: "changed", false: "left out"}[p.required])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(excused)) {
		if !known[id] {
			t.Errorf("testdata/silent.txt: no statement that runs has %s", id)
		}
	}
}

// part is an attribute or a child of an element, or its text.
type part struct {
	id        string // STATEMENT/CHILD/@ATTRIBUTE
	path      []string
	attribute *policy.Attribute // nil: the element at path itself
	element   *policy.Element   // of path
	required  bool
}

// parts are all of the statements that run, sorted by statement.
func parts() []part {
	catalogue := statements.Catalogue()
	var all []part
	for _, name := range catalogue.Names() {
		if d := catalogue.Lookup(name); d.Runs() {
			all = appendParts(all, &d.Element, []string{name})
		}
	}
	return all
}

func appendParts(all []part, e *policy.Element, path []string) []part {
	id := strings.Join(path, "/")
	for i := range e.Attributes {
		a := &e.Attributes[i]
		if a.Unsupported != "" {
			continue
		}
		inGroup := func(group []string) bool { return slices.Contains(group, a.Name) }
		required := a.Required || slices.ContainsFunc(e.OneOf, inGroup) || slices.ContainsFunc(e.Together, inGroup)
		all = append(all, part{id: id + "/@" + a.Name, path: path, attribute: a, element: e, required: required})
	}
	for i := range e.Children {
		c := &e.Children[i]
		childPath := append(slices.Clone(path), c.Name)
		inGroup := func(group []string) bool { return slices.Contains(group, "<"+c.Name+">") }
		required := c.Min > 0 || slices.ContainsFunc(e.OneOf, inGroup)
		if !required || c.Text != policy.NoText {
			all = append(all, part{id: strings.Join(childPath, "/"), path: childPath, element: &c.Element, required: required})
		}
		if !c.Statement {
			all = appendParts(all, &c.Element, childPath)
		}
	}
	return all
}

// document is a policy document and the file of tests that is about it.
type document struct {
	name, tests string
	text        string
	tree        *etree.Document
	survives    bool // its tests pass when it is written anew
	tried       sync.Once
}

// documents are those of all cases.
func documents(t *testing.T) []*document {
	var found []*document
	for _, f := range suite(t).Files {
		seen := make(map[string]bool)
		run := suite(t, f.Path)
		collect := func(name string, text []byte) []byte {
			if !seen[name] && strings.Contains(string(text), "<") && !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".pem") {
				seen[name] = true
				found = append(found, &document{name: name, tests: f.Path, text: string(text)})
			}
			return text
		}
		if err := run.Run(testrun.Options{Change: collect}, func(*testrun.SuiteFile) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	kept := found[:0]
	for _, d := range found {
		if read, fault := policy.Read(d.name, []byte(d.text)); fault == nil && read.Root() != nil {
			d.tree = read.Tree
			kept = append(kept, d)
		} else if strings.HasPrefix(strings.TrimSpace(d.text), "<") {
			d.tree = fragmentTree(d)
			if d.tree != nil {
				kept = append(kept, d)
			}
		}
	}
	return kept
}

// fragmentTree is the tree of statements without a root, under one that is not written.
func fragmentTree(d *document) *etree.Document {
	lines := len(d.text) - len(strings.TrimLeft(d.text, "\n"))
	read, fault := policy.Read(d.name, []byte(d.text[:lines]+"<section>"+d.text[lines:]+"</section>"))
	if fault != nil {
		return nil
	}
	return read.Tree
}

// written is the tree as a text, with as many lines before it as it had.
func (d *document) written(t *testing.T, tree *etree.Document) string {
	text, err := tree.WriteToString()
	if err != nil {
		t.Error(err)
	}
	if root := tree.Root(); root != nil && root.Tag == "section" {
		text = strings.TrimSuffix(strings.Replace(text, "<section>", "", 1), "</section>")
	}
	lines := len(d.text) - len(strings.TrimLeft(d.text, "\n"))
	return strings.Repeat("\n", lines) + strings.TrimLeft(text, "\n")
}

// passes reports whether the tests pass with another text of the document.
func (d *document) passes(t *testing.T, text string) bool {
	s := suite(t, d.tests)
	change := func(name string, old []byte) []byte {
		if filepath.Clean(name) == filepath.Clean(d.name) {
			return []byte(text)
		}
		return old
	}
	if err := s.Run(testrun.Options{Change: change, FailFast: true}, func(*testrun.SuiteFile) error { return nil }); err != nil {
		t.Error(err)
	}
	_, failed, skipped := counts(s)
	return failed+skipped == 0
}

// notices reports whether a test fails when the part is taken out of the document, or
// changed, at some place.
func (d *document) notices(t *testing.T, p *part) bool {
	if len(elementsAt(d.tree, p.path)) == 0 {
		return false
	}
	d.tried.Do(func() { d.survives = d.passes(t, d.written(t, d.tree)) })
	if !d.survives {
		t.Errorf("%s: the tests of %s fail when the document is written anew, with nothing changed", d.tests, d.name)
		return false
	}
	for i := range elementsAt(d.tree, p.path) {
		tree := d.tree.Copy()
		e := elementsAt(tree, p.path)[i]
		if p.change(e) && !d.passes(t, d.written(t, tree)) {
			return true
		}
	}
	return false
}

// elementsAt are the elements of a statement, or of a child of it, wherever it stands.
func elementsAt(tree *etree.Document, path []string) []*etree.Element {
	found := tree.FindElements("//" + path[0])
	for _, name := range path[1:] {
		var inside []*etree.Element
		for _, e := range found {
			inside = append(inside, e.SelectElements(name)...)
		}
		found = inside
	}
	return found
}

// change takes the part out of e, or changes it; false if it is not there.
func (p *part) change(e *etree.Element) bool {
	if p.attribute == nil {
		if p.required {
			e.SetText("changed" + e.Text())
			return true
		}
		e.Parent().RemoveChild(e)
		return true
	}
	a := e.SelectAttr(p.attribute.Name)
	if a == nil {
		return false
	}
	if p.required {
		a.Value = other(p.attribute, a.Value)
		return true
	}
	e.RemoveAttr(p.attribute.Name)
	return true
}

// other is another valid value of an attribute.
func other(a *policy.Attribute, value string) string {
	switch a.Type {
	case policy.Bool:
		return strconv.FormatBool(value != "true")
	case policy.Enum:
		for _, v := range a.Values {
			if v != value {
				return v
			}
		}
	case policy.Status:
		if value != "418" {
			return "418"
		}
		return "417"
	case policy.Int, policy.Long, policy.Seconds, policy.Milliseconds, policy.Number:
		n, err := strconv.Atoi(value)
		if err != nil {
			n = a.Min
		}
		if a.Max != 0 && n+1 > a.Max {
			return strconv.Itoa(n - 1)
		}
		return strconv.Itoa(n + 1)
	case policy.URL:
		return "https://changed.example/changed"
	case policy.DateTime:
		return "2001-02-03T04:05:06Z"
	case policy.IPAddress:
		return "192.0.2.77"
	}
	if strings.HasPrefix(value, "@") {
		return "changed"
	}
	return value + "-changed"
}

// TestSilentReasons keeps the reasons in order, so that the list is read.
func TestSilentReasons(t *testing.T) {
	for _, file := range []string{"silent.txt", "rows.txt"} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for line := range strings.Lines(string(text)) {
			if key, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
				keys = append(keys, key)
			}
		}
		if !slices.IsSorted(keys) {
			t.Errorf("testdata/%s is not in the order of its keys: %s", file, fmt.Sprint(keys))
		}
	}
}
