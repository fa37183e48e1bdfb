package openapi

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

var update = flag.Bool("update", false, "write what documents come to")

// Each document comes to the text beside it.
func TestRead(t *testing.T) {
	for _, name := range []string{"shop.yaml", "shop2.json", "shop31.yaml", "forms2.json", "anchors.yaml", "references31.yaml"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := show(d)
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s comes to\n%s\nwant\n%s", name, got, want)
		}
	}
}

func show(d *Definition) string {
	var b strings.Builder
	for _, o := range d.Operations {
		fmt.Fprintf(&b, "%d:%d %s %q: %s %s\n", o.Line, o.Col, o.ID, o.Name, o.Method, o.URLTemplate)
		showAll(&b, "request", o.Messages.Request)
		for _, r := range o.Messages.Responses {
			fmt.Fprintf(&b, "  %s\n", r.Status)
			showAll(&b, "response", r.Representations)
		}
	}
	return b.String()
}

func showAll(b *strings.Builder, what string, all []exchange.Representation) {
	for _, r := range all {
		fmt.Fprintf(b, "    %s %s\n", what, r.ContentType)
		for _, e := range r.Examples {
			fmt.Fprintf(b, "      example %s\n", e)
		}
		if r.Sample != nil {
			fmt.Fprintf(b, "      sample %s\n", r.Sample)
		}
		if r.Schema != nil {
			fmt.Fprintf(b, "      schema %s at %s: %v\n", r.Schema.Name, r.Schema.Pointer, at(r.Schema.Document.Root, r.Schema.Pointer))
		}
	}
}

// at is what a pointer without escapes leads to.
func at(root any, pointer string) any {
	for _, name := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := root.(type) {
		case map[string]any:
			root = v[name]
		case []any:
			var i int
			fmt.Sscan(name, &i)
			root = v[i]
		}
	}
	return root
}

// The page's own samples.
func TestNormalID(t *testing.T) {
	for id, want := range map[string]string{
		"GET-/foo/{bar}?buzz={quix}":   "get-foo-bar-buzz-quix",
		"getItem":                      "getitem",
		"--":                           "",
		strings.Repeat("a", 80):        strings.Repeat("a", 76),
		strings.Repeat("ä-", 40) + "b": "b",
	} {
		if got := normalID(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
	taken := make(ids)
	for _, want := range []string{"a", "a-1", "a-2"} {
		if got := taken.unique("a"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A schema that holds itself many times over ends.
func TestSampleEnds(t *testing.T) {
	var members, parts []string
	for i := range 30 {
		members = append(members, fmt.Sprintf("p%d: {$ref: '#/components/schemas/A'}", i))
		parts = append(parts, "{type: object, properties: {q: {$ref: '#/components/schemas/A'}}}")
	}
	text := "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n" +
		"components:\n  schemas:\n    A:\n      properties: {" + strings.Join(members, ", ") + "}\n      allOf: [" + strings.Join(parts, ", ") + "]\n"
	d, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if r := d.Operations[0].Messages.Responses[0].Representations[0]; len(r.Sample) > maxSample || r.Schema == nil {
		t.Errorf("got a sample of %d bytes and the schema %v", len(r.Sample), r.Schema)
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.[yj]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read(data)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Line < 1 || e.Col < 1 || strings.Contains(e.Message, "\n") {
				t.Errorf("the error is %#v", err)
			}
			return
		}
		for _, o := range d.Operations {
			if o.ID == "" || o.Method == "" || o.Messages == nil || o.Line < 1 || o.Col < 1 {
				t.Errorf("an operation is %+v", o)
			}
		}
	})
}
