package newtonsoft

import (
	"errors"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// FuzzParse reads any text: it is an exception, or a token that is written as a
// text which reads as the same token again.
func FuzzParse(f *testing.F) {
	for _, a := range answers(f, "tokens.jsonl") {
		f.Add(a.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text, ParseOptions{KeepDates: true})
		if err != nil {
			if e := (*dotnet.Exception)(nil); !errors.As(err, &e) {
				t.Fatalf("%q: %v is no exception", text, err)
			}
			return
		}
		if strings.Contains(text, "/") || strings.Contains(text, "new") {
			return // comments, and names of constructors that are not written as they were
		}
		written := Write(got, Compact)
		again, err := Parse(written, ParseOptions{KeepDates: true})
		if err != nil {
			t.Fatalf("%q is written as %q, which is: %v", text, written, err)
		}
		if rewritten := Write(again, Compact); rewritten != written {
			t.Fatalf("%q is written as %q, and that as %q", text, written, rewritten)
		}
	})
}

// FuzzQuery searches a document with any path.
func FuzzQuery(f *testing.F) {
	for _, a := range answers(f, "paths.jsonl") {
		f.Add(a.Path)
	}
	document, err := Parse(`{"a":[1,2.5,"x",{"b":null,"c":[true,{"d":"2024-01-15T10:30:00Z"}]}],"e f":{}}`, ParseOptions{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		q, err := ParseQuery(path)
		steps := 0
		if err == nil {
			_, err = q.Select(document, len(path)%2 == 0, func(n int) error {
				if steps += n; steps > 100_000 {
					return dotnet.InvalidOperation("enough")
				}
				return nil
			})
		}
		if e := (*dotnet.Exception)(nil); err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: %v is no exception", path, err)
		}
	})
}

// order is a document of 2 kB.
var order = `{"id":"o-1","customer":{"name":"Ada","tags":["a","b","c"]},"lines":[` +
	strings.TrimSuffix(strings.Repeat(`{"sku":"abc-123","qty":2,"price":19.95,"note":"a line of an order","ok":true},`, 25), ",") + `]}`

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(order)))
	for b.Loop() {
		if _, err := ParseObject(order, ParseOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProperty(b *testing.B) {
	o, err := ParseObject(order, ParseOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if o.Get("lines").(*Array).Children()[20].(*Object).Get("price") == nil {
			b.Fatal("the property is missing")
		}
	}
}
