package service

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var treeTemplates = []string{
	"/", "/a", "/a/", "/A/{x}", "/a/b", "/a/{x}/b", "/{x}", "/{x}/b", "/{x}/{y}", "/*", "/a/*", "/a/{*rest}", "/a/b/{*rest}", "/%C3%A4/b", "/straße/K", "/a%20b", "/a/{x}?q=1", "/a/{x}?q={q}",
}

// TestTemplateTree: the tree finds all templates that match, in their order.
func TestTemplateTree(t *testing.T) {
	for _, path := range []string{
		"", "/", "//", "/a", "/A", "/a/", "/a//", "/a/b", "/a/B/", "/a/x", "/a/x/b", "/a/b/c/d", "/x", "/x/b", "/x/y", "/x/y/z", "/ä/b", "/%c3%84/B", "/STRASSE/k", "/straße/\u212a", "/a%20B", "/a%2Fb", "a/b",
	} {
		checkTree(t, treeTemplates, path, "q=1")
	}
}

func FuzzTemplateTree(f *testing.F) {
	f.Add(strings.Join(treeTemplates, "\n"), "/a/b", "q=1")
	f.Fuzz(func(t *testing.T, templates, path, query string) {
		checkTree(t, strings.Split(templates, "\n"), path, query)
	})
}

func checkTree(t *testing.T, texts []string, path, query string) {
	t.Helper()
	var templates []*Template
	for _, text := range texts {
		if template, err := ParseTemplate(text); err == nil {
			templates = append(templates, template)
		}
	}
	candidates := NewTemplateTree(templates).Candidates(path, nil)
	if !slices.IsSorted(candidates) {
		t.Errorf("the candidates of %q are %v", path, candidates)
	}
	for i, template := range templates {
		if _, fits := template.Match(path, query); fits && !slices.Contains(candidates, i) {
			t.Errorf("%q matches template %d of %q, which is not found", path, i, texts)
		}
	}
}

// TestTemplateTreeSkips: those that can't match are not looked at.
func TestTemplateTreeSkips(t *testing.T) {
	var templates []*Template
	for i := range 1000 {
		template, err := ParseTemplate(fmt.Sprintf("/v1/o%d/{id}", i))
		if err != nil {
			t.Fatal(err)
		}
		templates = append(templates, template)
	}
	if got := NewTemplateTree(templates).Candidates("/V1/o77/x", nil); !slices.Equal(got, []int{77}) {
		t.Errorf("the candidates are %v", got)
	}
}
