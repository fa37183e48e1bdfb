package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/internal/cases"
)

func TestBind(t *testing.T) {
	cases.Run(t, "testdata/bind", []string{"want", "found"}, func(t *testing.T, c *cases.Case) map[string]string {
		d, fault := Read("policy.xml", c.Document(t))
		if fault != nil {
			t.Fatal(fault)
		}
		root, found := Bind(d, bindings(t, c))
		got := map[string]string{"want": dumpNode(root, "")}
		if len(found) > 0 {
			got["found"] = found.Error() + "\n"
		}
		if shown := writtenOf(root) + found.Error(); strings.Contains(shown, "SECRET") {
			t.Errorf("what may be shown holds a secret:\n%s", shown)
		}
		return got
	})
}

// bindings are what a case gives: name=value lines in values, and a document for
// each fragment/NAME. Without the part values all named values stay open.
func bindings(t *testing.T, c *cases.Case) Bindings {
	t.Helper()
	fragments := make(map[string]*Document)
	for name, text := range c.Folder("fragment") {
		d, fault := Read("fragment/"+name, []byte(text))
		if fault != nil {
			t.Fatal(fault)
		}
		fragments[name] = d
	}
	b := Bindings{Fragment: func(id string) (*Document, bool) { d, ok := fragments[id]; return d, ok }}
	if values, ok := c.Lines("values"); ok {
		b.NamedValue = func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	}
	return b
}

// dumpNode shows what each value became and, where that differs, how it is shown.
func dumpNode(n *Node, margin string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", margin, n.Name)
	margin += "  "
	show := func(label string, v *Value) {
		if v == nil {
			return
		}
		fmt.Fprintf(&b, "%s%s %s", margin, label, dumpValue(v))
		if v.Written() != v.Text {
			fmt.Fprintf(&b, " written %s", quote(v.Written()))
		}
		b.WriteString("\n")
	}
	for _, v := range n.Attrs {
		show(v.Name+"=", v)
	}
	show("text", n.Text)
	show("markup", n.markup)
	for _, c := range n.Children {
		b.WriteString(dumpNode(c, margin))
	}
	if n.fragment != nil {
		b.WriteString(dumpNode(n.fragment, margin))
	}
	return b.String()
}

// writtenOf is all that may be shown of n's values.
func writtenOf(n *Node) string {
	var all strings.Builder
	for _, v := range append(n.Attrs, n.Text, n.markup) {
		if v != nil {
			all.WriteString(v.Written() + "\n")
		}
	}
	for _, c := range append(n.Children, n.fragment) {
		if c != nil {
			all.WriteString(writtenOf(c))
		}
	}
	return all.String()
}

// Each byte of a bound value comes from its own text or from the whole {{name}}.
func TestPositionsOfBoundValue(t *testing.T) {
	d, fault := Read("policy.xml", []byte("<a b='&lt;{{one}}x{{none}}\n{{two}}y&gt;'/>"))
	if fault != nil {
		t.Fatal(fault)
	}
	values := map[string]string{"one": "1111", "none": "", "two": "2"}
	root, found := Bind(d, Bindings{NamedValue: func(name string) (string, bool) { v, ok := values[name]; return v, ok }})
	if len(found) > 0 {
		t.Fatal(found)
	}
	v := root.Attr("b")
	if want := "<1111x 2y>"; v.Text != want {
		t.Fatalf("got %q, want %q", v.Text, want)
	}
	// One place for each byte, and for the end.
	want := []string{"1:7", "1:11", "1:11", "1:11", "1:11", "1:18", "1:27", "2:1", "2:8", "2:9", "2:10"}
	for i := range want {
		line, col := v.Position(i)
		if got := fmt.Sprintf("%d:%d", line, col); got != want[i] {
			t.Errorf("byte %d: got %s, want %s", i, got, want[i])
		}
	}
	if want := "<{{one}}x{{none}} {{two}}y>"; v.Written() != want {
		t.Errorf("written: got %q, want %q", v.Written(), want)
	}
}

func TestBindBounds(t *testing.T) {
	d, _ := Read("policy.xml", []byte("<policies><inbound><include-fragment fragment-id='f'/><include-fragment fragment-id='f'/></inbound></policies>"))
	fragment, _ := Read("f.xml", []byte("<fragment>"+strings.Repeat("<base/>", MaxPieces/2)+"</fragment>"))
	_, found := Bind(d, Bindings{Fragment: func(string) (*Document, bool) { return fragment, true }})
	if len(found) != 1 || found[0].Message != "with its fragments the document has more than 20000 elements and attributes" {
		t.Errorf("fragments beyond the bound: got %v", found)
	}
	d, _ = Read("policy.xml", []byte("<policies>{{a}}{{a}}</policies>"))
	value := strings.Repeat("x", MaxDocument/2+1)
	_, found = Bind(d, Bindings{NamedValue: func(string) (string, bool) { return value, true }})
	if want := "policy.xml:1:16: error: the document's named values have more than 1048576 bytes together"; len(found) != 1 || found[0].String() != want {
		t.Errorf("named values beyond the bound: got %v, want %s", found, want)
	}
}
