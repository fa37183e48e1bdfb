package service_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// What a template takes, and the parameters it gives: name=value, and the raw
// text behind a bar where it differs. "no" is no match.
func TestTemplateMatch(t *testing.T) {
	tests := []struct {
		template, path, query string
		want                  string
	}{
		{"/", "", "", ""},
		{"/", "/", "", ""},
		{"/", "//", "", "no"},
		{"/", "/items", "", "no"},

		{"/items", "/items", "", ""},
		{"/items", "/ITEMS", "", ""}, // chosen: letter case does not count
		{"/items", "/items/", "", ""},
		{"/items", "/items//", "", "no"},
		{"/items", "/item", "", "no"},
		{"/items", "/items/all", "", "no"},
		{"/items", "", "", "no"},
		{"/items", "/%69tems", "", ""},
		{"/my items", "/my%20items", "", ""},
		{"/my%20items", "/my%20items", "", ""},
		{"/items/", "/items/", "", ""},
		{"/items/", "/items", "", "no"},

		{"/items/{id}", "/items/7", "", "id=7"},
		{"/items/{id}", "/items/7/", "", "id=7"},
		{"/items/{id}", "/items/", "", "no"},
		{"/items/{id}", "/items", "", "no"},
		{"/items/{id}", "/items/7/8", "", "no"},
		{"/items/{id}", "/items//8", "", "no"},
		{"/items/{id}", "/items/a%2Fb", "", "id=a/b|a%2Fb"},
		{"/items/{id}", "/items/a%20b+c", "", "id=a b+c|a%20b+c"},
		{"/items/{id}", "/items/50%", "", "id=50%"}, // no escape: it stays as it came
		{"/{kind}/{id}", "/items/7", "", "kind=items id=7"},
		{"/{kind}/items", "//items", "", "no"},
		{"/a//b", "/a//b", "", ""},
		{"/a//b", "/a/b", "", "no"},

		{"/*", "", "", ""}, // observed.md 7.9
		{"/*", "/", "", ""},
		{"/*", "/a/b/", "", ""},
		{"/foo/*", "/foo/", "", ""}, // observed.md 7.8
		{"/foo/*", "/foo", "", "no"},
		{"/foo/*", "/foo/a//b%2Fc", "", ""},
		{"/foo/*", "/bar/a", "", "no"},
		{"/foo/{*rest}", "/foo/", "", "rest="},
		{"/foo/{*rest}", "/foo", "", "no"},
		{"/foo/{*rest}", "/foo/a//b%2Fc/", "", "rest=a//b/c/|a//b%2Fc/"},
		{"/{kind}/*", "/items/", "", "kind=items"},
		{"/{kind}/*", "//x", "", "no"},

		{"/find?q={text}", "/find", "q=a%20b", "text=a b|a%20b"},
		{"/find?q={text}", "/find", "Q=a+b&x=y", "text=a b|a%20b"}, // raw is fit for a path
		{"/find?q={text}", "/find", "q=", "text="},
		{"/find?q={text}", "/find", "q=1&q=2", "text=1"},
		{"/find?q={text}", "/find", "x=y", "no"},
		{"/find?q={text}", "/find", "", "no"},
		{"/find?view=all", "/find", "view=all", ""},
		{"/find?view=all", "/find", "view=none&view=all", ""},
		{"/find?view=all", "/find", "view=ALL", "no"},
		{"/find?view", "/find", "view=anything", ""},
		{"/find?view", "/find", "view", ""},
		{"/find?view", "/find", "review=x", "no"},
		{"?q={text}", "", "q=x", "text=x"},
	}
	for _, test := range tests {
		template, err := service.ParseTemplate(test.template)
		if err != nil {
			t.Errorf("ParseTemplate(%q): %v", test.template, err)
			continue
		}
		parameters, ok := template.Match(test.path, test.query)
		got := "no"
		if ok {
			got = showParameters(parameters)
		}
		if got != test.want {
			t.Errorf("template %q, path %q, query %q: got %q, want %q", test.template, test.path, test.query, got, test.want)
		}
	}
}

func showParameters(parameters []exchange.Parameter) string {
	var shown []string
	for _, p := range parameters {
		s := p.Name + "=" + p.Value
		if p.Raw != p.Value {
			s += "|" + p.Raw
		}
		shown = append(shown, s)
	}
	return strings.Join(shown, " ")
}

// Which of several operations takes a request. They are listed from the least
// specific, so that their order in the file cannot be what decides.
func TestMostSpecificOperation(t *testing.T) {
	var file strings.Builder
	file.WriteString("apis:\n  - name: orders\n    backend: http://localhost:9000\n    operations:\n")
	for i, operation := range []string{
		"* /*", "GET /{a}/*", "GET /{a}/{b}", "GET /items/*", "* /items/{id}", "GET /items/{id}", "GET /items/all",
		"GET /items/{id}?v={v}", "GET /items/{id}?v={v}&w={w}", "GET /{a}/{b}/{c}", "GET /",
	} {
		method, template, _ := strings.Cut(operation, " ")
		fmt.Fprintf(&file, "      - {name: o%d, method: %q, urlTemplate: %q}\n", i, method, template)
	}
	s, err := service.Parse("apim.yaml", []byte(file.String()), (&sample{}).options())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ method, path, query, want string }{
		{"GET", "", "", "/"},
		{"GET", "/", "", "/"},
		{"POST", "/", "", "/*"},
		{"GET", "/x", "", "/*"},
		{"GET", "/x/", "", "/{a}/*"},
		{"GET", "/x/y", "", "/{a}/{b}"},
		{"GET", "/x/y/z", "", "/{a}/{b}/{c}"},
		{"GET", "/x/y/z/a", "", "/{a}/*"},
		{"GET", "/items/all", "", "/items/all"},
		{"GET", "/items/7", "", "/items/{id}"},
		{"GET", "/items/7", "w=1", "/items/{id}"},
		{"GET", "/items/7", "v=1", "/items/{id}?v={v}"},
		{"GET", "/items/7", "w=2&v=1", "/items/{id}?v={v}&w={w}"},
		{"GET", "/items/7/parts", "", "/items/*"},
		{"PUT", "/items/7", "", "/items/{id}"},
		{"PUT", "/items/7/parts", "", "/*"},
	} {
		operations := s.APIs[0].Operations
		i := slices.IndexFunc(operations, func(o *service.Operation) bool {
			_, fits := o.Template.Match(test.path, test.query)
			return fits && (o.View.Method == test.method || o.View.Method == "*")
		})
		if i < 0 || operations[i].View.URLTemplate != test.want {
			t.Errorf("%s %q ? %q is taken by operation %d of %v; want %s", test.method, test.path, test.query, i, urlTemplates(operations), test.want)
		}
	}
}

func urlTemplates(operations []*service.Operation) []string {
	var list []string
	for _, o := range operations {
		list = append(list, o.View.Method+" "+o.View.URLTemplate)
	}
	return list
}

func TestQueryNames(t *testing.T) {
	template, err := service.ParseTemplate("/find?q={text}&view=all")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := template.QueryNames(), []string{"q", "view"}; !slices.Equal(got, want) {
		t.Errorf("QueryNames() = %q; want %q", got, want)
	}
}
