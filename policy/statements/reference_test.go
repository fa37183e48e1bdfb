package statements

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// reference is what Microsoft's pages say of a policy, or of an element of one, in
// the form of ../shared/spec/policies-*.yaml.
type reference struct {
	Name           string
	Variant        string
	Sections       []string
	Scopes         any // a list, or unknown
	Multiple       any
	OncePerSection bool `yaml:"once_per_section"`
	Attributes     []referenceAttribute
	Children       []reference
	Occurs         string
	Text           string
	Example        string `yaml:"example_minimal"`
}

type referenceAttribute struct {
	Name        string
	Required    any // true, false, or a condition
	Default     any
	Type        string
	Values      []string
	Min, Max    any
	Expressions any // true, false, or unknown
}

// references reads the pages' facts; a clone does not have them. The variants of a
// policy are one.
func references(t *testing.T) []reference {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "spec", "policies-*.yaml"))
	if len(files) == 0 {
		t.Skip("the catalogue of policies is not here (../shared/spec beside the checkout)")
	}
	var all []reference
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []reference
		if err := yaml.Unmarshal(text, &some); err != nil {
			t.Fatalf("%s: %s", file, err)
		}
		for _, r := range some {
			i := slices.IndexFunc(all, func(other reference) bool { return other.Name == r.Name })
			if i < 0 {
				all = append(all, r)
				continue
			}
			for _, a := range r.Attributes {
				if !slices.ContainsFunc(all[i].Attributes, func(other referenceAttribute) bool { return other.Name == a.Name }) {
					if a.Required == true {
						a.Required = r.Variant // a condition
					}
					all[i].Attributes = append(all[i].Attributes, a)
				}
			}
		}
	}
	return all
}

// TestReference holds the definitions against the pages. Where they differ on
// purpose, testdata/differences.txt has it with the reason.
func TestReference(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("testdata", "differences.txt"))
	if err != nil {
		t.Fatal(err)
	}
	listed := regexp.MustCompile(`(?m)^.+: the page: .*; here: .*$`).FindAllString(string(list), -1)
	catalogue := Catalogue()
	all := references(t)
	c := comparison{policies: make(map[string]bool)}
	for _, r := range all {
		c.policies[r.Name] = true
	}
	for _, r := range all {
		if d := catalogue.Lookup(r.Name); d != nil { // TestCatalogueIsWhole tells of others
			c.definition(&r, d)
		}
	}
	for _, f := range c.found {
		if !slices.Contains(listed, f) {
			t.Errorf("not listed: %s", f)
		}
	}
	for _, l := range listed {
		if !slices.Contains(c.found, l) {
			t.Errorf("listed, but not found: %s", l)
		}
	}
}

// TestExamples checks the examples of the pages, in the section that suits them.
func TestExamples(t *testing.T) {
	catalogue := Catalogue()
	named := regexp.MustCompile(`\{\{[\w-]+\}\}`)
	for _, r := range references(t) {
		d := catalogue.Lookup(r.Name)
		var documents []string
		if d.Root {
			documents = append(documents, r.Example)
		}
		for _, section := range d.Sections {
			documents = append(documents, fmt.Sprintf("<policies><%s>%s</%[1]s></policies>", section, r.Example))
		}
		var wrong policy.Diagnostics
		for i, text := range documents {
			document, fault := policy.Read(r.Name+".xml", []byte(named.ReplaceAllString(text, "value")))
			if fault != nil {
				t.Fatalf("%s: %s", r.Name, fault)
			}
			b := policy.Bindings{Fragment: func(string) (*policy.Document, bool) {
				f, _ := policy.Read("fragment.xml", []byte("<fragment />"))
				return f, true
			}, Certificate: anyCertificate}
			if found := findings(document, "", b, catalogue).Of(policy.Error); i == 0 || len(found) < len(wrong) {
				wrong = found
			}
		}
		if len(wrong) > 0 {
			t.Errorf("%s\nof\n%s", wrong, r.Example)
		}
	}
}

// comparison collects what differs between the pages and the definitions.
type comparison struct {
	policies map[string]bool
	found    []string
}

func (c *comparison) differ(path, what string, page, here any) {
	c.found = append(c.found, fmt.Sprintf("%s: %s: the page: %v; here: %s", path, what, page, cmp.Or(fmt.Sprint(here), "nothing")))
}

func (c *comparison) definition(r *reference, d *policy.Definition) {
	if page, here := set(r.Sections), set(d.Sections); page != here {
		c.differ(r.Name, "sections", page, here)
	}
	if scopes, ok := r.Scopes.([]any); ok {
		page := make([]string, len(scopes))
		for i, s := range scopes {
			page[i] = fmt.Sprint(s)
		}
		page = slices.DeleteFunc(page, func(s string) bool { return s == "workspace" }) // the emulator has none
		here := d.Scopes
		if here == nil {
			here = []exchange.Scope{exchange.ScopeGlobal, exchange.ScopeProduct, exchange.ScopeAPI, exchange.ScopeOperation}
		}
		if set(page) != set(here) {
			c.differ(r.Name, "scopes", set(page), set(here))
		}
	}
	if once := r.OncePerSection || r.Multiple == false && !d.Root; once != d.Once {
		c.differ(r.Name, "once in a section", once, d.Once)
	}
	// Every policy may have an id; some entries say so.
	r.Attributes = slices.DeleteFunc(r.Attributes, func(a referenceAttribute) bool { return a.Name == "id" })
	c.element(r.Name, r, &d.Element)
}

func (c *comparison) element(path string, r *reference, e *policy.Element) {
	if e.Foreign {
		return
	}
	c.attributes(path, r, e)
	c.text(path, r, e)
	if e.Statements {
		page, here := childNames(r.Children), "(any policy)"
		if e.Only != nil {
			here = set(e.Only)
		}
		if strings.ReplaceAll(page, "(policies)", "(any policy)") != here {
			c.differ(path, "statements", page, here)
		}
		return
	}
	for _, child := range r.Children {
		i := slices.IndexFunc(e.Children, func(other policy.Child) bool { return other.Name == child.Name })
		if i < 0 {
			c.differ(path, "child "+child.Name, "is there", "is not")
			continue
		}
		below := path + " > " + child.Name
		if occurs := occurrence(&e.Children[i]); child.Occurs != occurs && child.Occurs != "note" {
			c.differ(below, "occurs", child.Occurs, occurs)
		}
		if !c.policies[child.Name] { // or it is compared as a policy of its own
			c.element(below, &child, &e.Children[i].Element)
		}
	}
	for _, child := range e.Children {
		if !slices.ContainsFunc(r.Children, func(other reference) bool { return other.Name == child.Name }) {
			c.differ(path, "child "+child.Name, "is not", "is there")
		}
	}
}

func occurrence(child *policy.Child) string {
	least, most := fmt.Sprint(child.Min), "*"
	if child.Max > 0 {
		most = fmt.Sprint(child.Max)
	}
	text := least + ".." + most
	if least == most {
		text = least
	}
	if child.MinOpen {
		text += "?"
	}
	return text
}

// text compares what may stand between the tags. A page that says nothing of
// expressions leaves it open.
func (c *comparison) text(path string, r *reference, e *policy.Element) {
	if r.Text == "" {
		return // the entry does not say
	}
	page := "an expression may stand"
	switch {
	case r.Text == "none":
		page = "none"
	case strings.Contains(r.Text, "no expressions"):
		page = "no expression"
	case !strings.Contains(r.Text, "expression"):
		page = "it is open whether an expression may stand"
	}
	here := "an expression may stand"
	switch {
	case e.Text == policy.NoText:
		here = "none"
	case e.Text == policy.LiteralText:
		here = "no expression"
	case e.TextOpen:
		here = "it is open whether an expression may stand"
	}
	if page != here {
		c.differ(path, "text", page, here)
	}
}

func (c *comparison) attributes(path string, r *reference, e *policy.Element) {
	for _, page := range r.Attributes {
		i := slices.IndexFunc(e.Attributes, func(a policy.Attribute) bool { return a.Name == page.Name })
		if i < 0 {
			c.differ(path, "attribute "+page.Name, "is there", "is not")
			continue
		}
		c.attribute(path+"@"+page.Name, &page, &e.Attributes[i], groupsOf(e, page.Name))
	}
	for _, a := range e.Attributes {
		if !slices.ContainsFunc(r.Attributes, func(page referenceAttribute) bool { return page.Name == a.Name }) {
			c.differ(path, "attribute "+a.Name, "is not", "is there")
		}
	}
}

// groupsOf says what groups an attribute belongs to.
func groupsOf(e *policy.Element, name string) (groups string) {
	for kind, list := range map[string][][]string{"needed": slices.Concat(e.OneOf, e.AtLeastOne, e.Together), "exclusive": e.AtMostOne} {
		if slices.ContainsFunc(list, func(group []string) bool { return slices.Contains(group, name) }) {
			groups += kind
		}
	}
	return groups
}

// types are what the entries call the types.
var types = map[policy.Type][]string{
	policy.String: {"string"}, policy.Int: {"int"}, policy.Long: {"int"}, policy.Status: {"int"}, policy.Bool: {"bool"}, policy.Enum: {"enum"},
	policy.URL: {"url"}, policy.Seconds: {"seconds"}, policy.Milliseconds: {"milliseconds"}, policy.Number: {"number"}, policy.DateTime: {"datetime"},
	policy.IPAddress: {"ip"}, policy.Any: {"any", "byte[]"},
}

func (c *comparison) attribute(path string, page *referenceAttribute, here *policy.Attribute, groups string) {
	required := map[bool]string{true: "yes", false: "no"}[here.Required]
	if here.RequiredOpen {
		required = "open"
	}
	condition, conditional := page.Required.(string)
	switch {
	case conditional && strings.HasPrefix(condition, "optional"):
		condition, conditional = "no", false
	case !conditional:
		condition = map[any]string{true: "yes", false: "no"}[page.Required]
	}
	if conditional && required == "no" && groups == "" || !conditional && condition != required {
		c.differ(path, "required", condition, required)
	}
	if !slices.Contains(types[here.Type], page.Type) {
		c.differ(path, "type", page.Type, here.Type)
	}
	// Some defaults are told in words.
	if def := fmt.Sprint(page.Default); page.Default == nil && here.Default != "" ||
		page.Default != nil && def != here.Default && def != "unknown" && (!strings.Contains(def, " ") || here.Default != "") {
		c.differ(path, "default", page.Default, here.Default)
	}
	if here.Type == policy.Enum && set(page.Values) != set(here.Values) {
		c.differ(path, "values", set(page.Values), set(here.Values))
	}
	for bound, values := range map[string][2]any{"min": {page.Min, here.Min}, "max": {page.Max, here.Max}} {
		if values[0] == nil {
			values[0] = 0
		}
		if fmt.Sprint(values[0]) != fmt.Sprint(values[1]) {
			c.differ(path, bound, values[0], values[1])
		}
	}
	expressions := map[bool]string{true: "true", false: "false"}[here.Expression]
	if here.ExpressionOpen {
		expressions = "unknown"
	}
	if fmt.Sprint(page.Expressions) != expressions {
		c.differ(path, "expressions", page.Expressions, expressions)
	}
}

func childNames(children []reference) string {
	names := make([]string, len(children))
	for i, child := range children {
		names[i] = child.Name
	}
	return set(names)
}

// set is a list without its order, as text.
func set[T ~string](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}
