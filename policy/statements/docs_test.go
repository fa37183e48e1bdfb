package statements

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const docsFile = "../../docs/policies.md"

// TestDocs holds docs/policies.md against the catalogue. With the flag -update,
// which the cases define, it writes the page.
func TestDocs(t *testing.T) {
	want := docs(t)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(docsFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/policies.md is not what the catalogue says; run go test ./policy/statements -run '^TestDocs$' -update (-catalogue +page):\n%s", diff)
	}
}

// docs is the page.
func docs(t *testing.T) []byte {
	catalogue := Catalogue()
	running, pending := make(map[string][]*policy.Definition), make(map[string][]string)
	statements := 0
	for _, name := range catalogue.Names() {
		d := catalogue.Lookup(name)
		if d.Runs() {
			running[d.Category] = append(running[d.Category], d)
			statements++
		} else {
			pending[d.Category] = append(pending[d.Category], "`"+name+"`")
		}
	}
	w := &page{}
	w.line("<!-- Made of the statements' definitions: go test ./policy/statements -run '^TestDocs$' -update -->")
	w.line("")
	w.line("# Statements")
	w.line("")
	w.line("The %d statements that run, and [those that don't yet](#not-yet). A document is held against this page when it is", statements)
	w.line("loaded; what doesn't fit is reported with file:line:col, all findings at once.")
	w.line("")
	w.line("*expression* marks where APIM takes a policy expression, `@(...)` or `@{...}`.%s", expressions(t, catalogue))
	w.line("Every statement may have an `id`.")
	for _, category := range slices.Sorted(maps.Keys(running)) {
		w.line("")
		w.line("## %s", category)
		for _, d := range running[category] {
			w.definition(d)
		}
	}
	w.line("")
	w.line("## Not yet")
	w.line("")
	w.line("A document with one of these is refused by its name and place. With `--skip-unsupported` the rest of the service is")
	w.line("served, and operations that need them answer 501.")
	w.line("")
	for _, category := range slices.Sorted(maps.Keys(pending)) {
		w.line("- %s: %s", category, strings.Join(pending[category], ", "))
	}
	return w.Bytes()
}

// expressions says whether expressions run, by trying one.
func expressions(t *testing.T, catalogue *policy.Catalogue) string {
	t.Helper()
	d, fault := policy.Read("expression.xml", []byte(`<policies><inbound><set-header name="@(&quot;x&quot;)" exists-action="delete" /></inbound></policies>`))
	if fault != nil {
		t.Fatal(fault)
	}
	c, err := policy.Compile(d, exchange.ScopeAPI, policy.Bindings{}, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Unsupported) > 0 {
		return " Expressions are found, but don't run\nin this version: a document with one is refused like a statement that doesn't run yet."
	}
	return ""
}

type page struct{ bytes.Buffer }

func (w *page) line(format string, args ...any) {
	w.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (w *page) definition(d *policy.Definition) {
	w.line("")
	w.line("### %s", d.Name)
	w.line("")
	w.line("%s In %s.", d.Doc, sections(d.Sections))
	before := w.Len()
	w.line("")
	w.element(&d.Element, "")
	if d.Text != policy.NoText {
		w.line("- Content: %s.", content[d.Text])
	}
	if w.Len() == before+len("\n") {
		w.Truncate(before)
	}
}

func sections(in []exchange.Section) string {
	if len(in) == len(policy.AnySection) {
		return "every section"
	}
	words := make([]string, len(in))
	for i, s := range in {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

var content = map[policy.TextKind]string{
	policy.TrimmedText: "text, *expression*",
	policy.MarkupText:  "text or markup, taken as it is written, *expression*",
}

// element lists what may stand in an element.
func (w *page) element(e *policy.Element, indent string) {
	for _, a := range e.Attributes {
		w.attribute(&a, indent)
	}
	for _, group := range e.OneOf {
		w.line("%s- Exactly one of %s has to be there.", indent, names(group))
	}
	for _, group := range e.AtMostOne {
		w.line("%s- At most one of %s may be there.", indent, names(group))
	}
	for _, c := range e.Children {
		is := count(c.Min, c.Max)
		if c.Text != policy.NoText {
			is += ", " + content[c.Text]
		}
		w.line("%s- `<%s>` (%s): %s", indent, c.Name, is, c.Doc)
		w.element(&c.Element, indent+"  ")
	}
	if e.Ordered {
		w.line("%s- The elements stand in this order.", indent)
	}
}

func (w *page) attribute(a *policy.Attribute, indent string) {
	kind := []string{a.Type.String()}
	switch {
	case a.Type == policy.Enum:
		kind[0] = strings.ReplaceAll(names(a.Values), " and ", " or ")
	case a.Min != 0:
		kind[0] += fmt.Sprintf(" from %d", a.Min)
	}
	if a.Required {
		kind = append(kind, "required")
	}
	if a.Default != "" {
		kind = append(kind, "default `"+a.Default+"`")
	}
	if a.Expression {
		kind = append(kind, "*expression*")
	}
	doc := a.Doc
	switch {
	case a.Unsupported != "" && a.Default != "":
		doc += " Only the default runs: " + a.Unsupported + "."
	case a.Unsupported != "":
		doc += " Does not run: " + a.Unsupported + "."
	}
	w.line("%s- `%s` (%s): %s", indent, a.Name, strings.Join(kind, ", "), doc)
}

// names is a list in words.
func names(list []string) string {
	quoted := make([]string, len(list))
	for i, name := range list {
		quoted[i] = "`" + name + "`"
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " and " + quoted[len(quoted)-1]
}

// count says how often a child may be there.
func count(least, most int) string {
	switch {
	case most == 0 && least == 0:
		return "any number"
	case most == 0:
		return fmt.Sprintf("%d or more", least)
	case least == most:
		return fmt.Sprintf("exactly %d", least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}
