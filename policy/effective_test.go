package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy/exchange"
)

// levelOf is a document in a scope; the fragment "shared" is there, and the named
// value "secret".
func levelOf(t *testing.T, scope exchange.Scope, name, text string) Level {
	t.Helper()
	fragment := readText(t, "shared.xml", "<fragment>\n  <trace source=\"{{secret}}\"><message>m</message></trace>\n  <set-body>@{\n    return \"a < b\";\n  }</set-body>\n</fragment>")
	root, found := Bind(readText(t, name, text), Bindings{
		NamedValue: func(name string) (string, bool) { return "SECRET", name == "secret" },
		Fragment:   func(id string) (*Document, bool) { return fragment, id == "shared" },
	})
	if found != nil {
		t.Fatal(found)
	}
	return Level{scope, root}
}

func readText(t *testing.T, name, text string) *Document {
	t.Helper()
	d, fault := Read(name, []byte(text))
	if fault != nil {
		t.Fatal(fault)
	}
	return d
}

func TestEffective(t *testing.T) {
	global := "<policies><inbound><a/></inbound><backend><forward-request/></backend><outbound><b/></outbound></policies>"
	tests := []struct {
		name      string
		documents []string // narrow to wide
		want      string   // origin and text, a line each, of what is in sections
	}{
		{"no document", nil, ""},
		{"base is the wider document's section", []string{
			"<policies>\n<inbound>\n<x/>\n<base/>\n<y/>\n</inbound>\n<backend><base/></backend>\n</policies>", global},
			"0:3 <x/>\n1:1 <a/>\n0:5 <y/>\n1:1 <forward-request/>\n"},
		{"a section that is missing has no base", []string{"<policies><inbound/></policies>", global}, ""},
		{"base below the widest is nothing", []string{"<policies><on-error><base/><z/></on-error></policies>"}, "0:1 <z/>\n"},
		{"base in a statement opens it; what is beside it keeps its text", []string{
			"<policies><inbound>\n  <choose>\n    <when\n      condition=\"@(a < b)\"><!-- c --><base/></when>\n    <otherwise><!-- d --><x/></otherwise>\n  </choose>\n</inbound></policies>", global},
			"0:2 <choose>\n0:3     <when\n0:4       condition=\"@(a < b)\">\n1:1         <a/>\n0:4     </when>\n0:5     <otherwise><!-- d --><x/></otherwise>\n0:6 </choose>\n"},
		{"a fragment's statements, of which no value is shown", []string{
			"<policies><inbound><include-fragment fragment-id=\"shared\"/></inbound></policies>"},
			"shared.xml:2 <trace source=\"{{secret}}\"><message>m</message></trace>\nshared.xml:3 <set-body>@{\nshared.xml:4   return \"a < b\";\nshared.xml:5 }</set-body>\n"},
		{"markup in a body is text", []string{
			"<policies><inbound><set-body><base/>\n<include-fragment/></set-body><base/></inbound></policies>", global},
			"0:1 <set-body><base/>\n0:2 <include-fragment/></set-body>\n1:1 <a/>\n"},
		{"tabs", []string{"<policies>\n\t<inbound>\n\t\t<a>\n\t\t\t<b/>\n\n\t\t</a></inbound></policies>"}, "0:3 <a>\n0:4     <b/>\n0:5 \n0:6 </a>\n"},
	}
	for _, test := range tests {
		var levels []Level
		for i, text := range test.documents {
			levels = append(levels, levelOf(t, exchange.ScopeAPI, fmt.Sprint(i), text))
		}
		e, err := Effective(levels...)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got strings.Builder
		for _, l := range e.Lines() {
			if l.Document != "" {
				fmt.Fprintf(&got, "%s:%d %s\n", l.Document, l.Number, strings.TrimPrefix(l.Indented(), strings.Repeat(oneLevel, 2)))
			}
		}
		if diff := cmp.Diff(test.want, got.String()); diff != "" {
			t.Errorf("%s: %q (-want +got)\n%s", test.name, test.documents, diff)
		}
		if strings.Contains(e.XML(), "SECRET") {
			t.Errorf("%s: a named value is shown:\n%s", test.name, e.XML())
		}
		checkReadAgain(t, test.name, e)
	}
}

// checkReadAgain reads the XML of a policy, which has to be the same policy.
func checkReadAgain(t *testing.T, name string, e *EffectivePolicy) {
	t.Helper()
	d, fault := Read("again.xml", []byte(e.XML()))
	if fault != nil {
		t.Errorf("%s: its effective policy is no document: %s\n%s", name, fault, e.XML())
		return
	}
	root, _ := Bind(d, Bindings{})
	again, err := Effective(Level{exchange.ScopeAPI, root})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if diff := cmp.Diff(dumpEffective(e), dumpEffective(again)); diff != "" {
		t.Errorf("%s: (-effective policy +the same, read again)\n%s", name, diff)
	}
}

// dumpEffective is the elements and values of a policy.
func dumpEffective(e *EffectivePolicy) string {
	var b strings.Builder
	var dump func(parts []*Part, margin string)
	dump = func(parts []*Part, margin string) {
		for _, p := range parts {
			fmt.Fprintf(&b, "%s%s\n", margin, p.Node.Name)
			for _, v := range p.Node.Attrs {
				fmt.Fprintf(&b, "%s@%s %t %q\n", margin, v.Name, v.Expression, v.Written())
			}
			if v := p.Node.Body(); v != nil {
				fmt.Fprintf(&b, "%s= %t %q\n", margin, v.Expression, v.Written())
			}
			dump(p.Parts, margin+"  ")
		}
	}
	for _, s := range e.Sections {
		fmt.Fprintln(&b, s.Name)
		dump(s.Parts, "  ")
	}
	return b.String()
}

// Each document of the corpus, before a wider one, comes to a policy that is read
// again as the same.
func TestEffectiveCorpus(t *testing.T) {
	wider := levelOf(t, exchange.ScopeGlobal, "wider.xml", "<policies>\n<inbound><w>\n</w></inbound><backend><w/></backend><outbound><w/></outbound><on-error><w/></on-error></policies>")
	n := 0
	for name, text := range corpus(t) {
		d, fault := Read(name, text)
		if fault != nil || d.Root().FullTag() != policiesRoot {
			continue
		}
		root, _ := Bind(d, Bindings{})
		e, err := Effective(Level{exchange.ScopeAPI, root}, wider)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkReadAgain(t, name, e)
		n++
	}
	if n < 100 {
		t.Errorf("only %d documents were looked at", n)
	}
}

// Documents that come to far more than they hold are refused.
func TestEffectiveSize(t *testing.T) {
	text := "<policies><inbound>" + strings.Repeat("<base/>", 200) + "</inbound></policies>"
	var levels []Level
	for range 4 {
		levels = append(levels, levelOf(t, exchange.ScopeAPI, "many.xml", text))
	}
	if _, err := Effective(levels...); err == nil || !strings.Contains(err.Error(), "how often <base /> and include-fragment stand") {
		t.Errorf("200 to the fourth <base/>: error %v", err)
	}
}
