package statements_test

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
	"github.com/apimulator/apimulator/policy/statements"
)

const docs = "../../docs/"

// TestDocs holds docs/policies.md and the tables of docs/fidelity.md against the
// catalogue. With the flag -update, which the cases define, it writes them.
func TestDocs(t *testing.T) {
	current(t, "policies.md", policiesPage(t))
	current(t, "fidelity.md", fidelityPage(t))
}

// current fails if a page is not want.
func current(t *testing.T, page string, want []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(docs+page, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs + page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/%s is not what the catalogue says; run go test ./policy/statements -run '^TestDocs$' -update (-catalogue +page):\n%s", page, diff)
	}
}

// policiesPage is docs/policies.md.
func policiesPage(t *testing.T) []byte {
	catalogue := statements.Catalogue()
	definitions, pending := make(map[string][]*policy.Definition), make(map[string][]string)
	waiting := 0
	for _, name := range catalogue.Names() {
		d := catalogue.Lookup(name)
		definitions[d.Category] = append(definitions[d.Category], d)
		if !d.Runs() {
			pending[d.Category] = append(pending[d.Category], fmt.Sprintf("[`%s`](#%[1]s)", name))
			waiting++
		}
	}
	w := &page{cases: casesOf(t)}
	w.line("<!-- Made of the statements' definitions: go test ./policy/statements -run '^TestDocs$' -update -->")
	w.line("")
	w.line("# Statements")
	w.line("")
	w.line("The %d statements of policy documents: %d run, %d [don't yet](#not-yet). A document is held against this page when it is", len(catalogue.Names()), len(catalogue.Names())-waiting, waiting)
	w.line("loaded; what doesn't fit is reported with file:line:col, all findings at once. What doesn't run is checked like the rest.")
	w.line("")
	w.line("*expression* marks where APIM takes a policy expression, `@(...)` or `@{...}`.%s", expressions(t, catalogue))
	w.line("Every statement may have an `id`. *expression?* and *required?* mark what no source says, or sources differ in: it is")
	w.line("accepted both ways.")
	w.line("")
	w.line("What a statement does is *documented* (a page of Microsoft says so), *observed* (a recorded answer of the real service")
	w.line("shows it), *chosen* (nobody says, and we decided) or *different* from Azure on purpose. [fidelity.md](fidelity.md) has the")
	w.line("reasons of the last two.")
	for _, category := range slices.Sorted(maps.Keys(definitions)) {
		w.line("")
		w.line("## %s", category)
		for _, d := range definitions[category] {
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

type page struct {
	bytes.Buffer
	cases map[string][]string // the files that show a statement
}

func (w *page) line(format string, args ...any) {
	w.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (w *page) definition(d *policy.Definition) {
	w.line("")
	w.line("### %s", d.Name)
	w.line("")
	about := d.Doc + " " + place(d)
	if d.Scopes != nil && len(d.Sections) > 0 {
		about += " In documents of the scope " + words(d.Scopes) + "."
	}
	if d.Once {
		about += " Once in a section."
	}
	if !d.Runs() {
		about += " **Does not run yet.**"
	}
	w.line("%s", about)
	before := w.Len()
	w.line("")
	w.element(&d.Element, "")
	if content := contentOf(&d.Element); content != "" {
		w.line("- Content: %s.", content)
	}
	if w.Len() == before+len("\n") {
		w.Truncate(before)
	}
	w.facts(d)
}

// place says where the statement stands.
func place(d *policy.Definition) string {
	switch {
	case d.Root:
		return "The root of a GraphQL resolver's document."
	case len(d.Sections) == 0:
		return "In a GraphQL resolver's document."
	case len(d.Sections) == len(policy.AnySection):
		return "In every section."
	}
	return "In " + words(d.Sections) + "."
}

func words[T ~string](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	return strings.Join(texts, ", ")
}

// contentOf says what an element holds besides its children, "" for nothing.
func contentOf(e *policy.Element) string {
	switch {
	case e.Foreign:
		return "taken as it is"
	case e.Only != nil:
		return "the statements " + names(e.Only)
	case e.Statements:
		return "statements"
	case e.Text == policy.NoText:
		return ""
	case e.Text == policy.MarkupText:
		return "text or markup, taken as it is written, *expression*"
	}
	kind := "text"
	if e.TextType != policy.String {
		kind = e.TextType.String()
	}
	switch {
	case e.Text == policy.LiteralText:
	case e.TextOpen:
		kind += ", *expression?*"
	default:
		kind += ", *expression*"
	}
	return kind
}

// element lists what may stand in an element.
func (w *page) element(e *policy.Element, indent string) {
	for _, a := range e.Attributes {
		w.attribute(&a, indent)
	}
	for _, c := range e.Children {
		w.child(&c, indent)
	}
	for _, group := range e.OneOf {
		w.line("%s- Exactly one of %s has to be there.", indent, names(group))
	}
	for _, group := range e.AtLeastOne {
		w.line("%s- At least one of %s has to be there.", indent, names(group))
	}
	for _, group := range e.AtMostOne {
		w.line("%s- At most one of %s may be there.", indent, names(group))
	}
	for _, group := range e.Together {
		w.line("%s- %s go together.", indent, names(group))
	}
	switch {
	case e.Ordered:
		w.line("%s- The elements stand in this order.", indent)
	case e.OrderOpen:
		w.line("%s- The elements should stand in this order; whether Azure insists is not known.", indent)
	}
}

func (w *page) child(c *policy.Child, indent string) {
	is := count(c.Min, c.Max)
	if c.MinOpen {
		is += ", *required?*"
	}
	if c.Statement {
		w.line("%s- `<%s>` (%s): [the statement](#%[2]s).", indent, c.Name, is)
		return
	}
	if content := contentOf(&c.Element); content != "" {
		is += ", " + content
	}
	w.line("%s- `<%s>` (%s): %s", indent, c.Name, is, c.Doc)
	w.element(&c.Element, indent+"  ")
}

func (w *page) attribute(a *policy.Attribute, indent string) {
	kind := []string{a.Type.String()}
	switch {
	case a.Type == policy.Enum:
		kind[0] = strings.ReplaceAll(names(a.Values), " and ", " or ")
	case a.Max != 0:
		kind[0] += fmt.Sprintf(" from %d to %d", a.Min, a.Max)
	case a.Min != 0:
		kind[0] += fmt.Sprintf(" from %d", a.Min)
	}
	switch {
	case a.Required:
		kind = append(kind, "required")
	case a.RequiredOpen:
		kind = append(kind, "*required?*")
	}
	if a.Default != "" {
		kind = append(kind, "default `"+a.Default+"`")
	}
	switch {
	case a.Expression:
		kind = append(kind, "*expression*")
	case a.ExpressionOpen:
		kind = append(kind, "*expression?*")
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
