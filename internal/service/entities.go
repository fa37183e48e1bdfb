package service

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// name is how messages call an entity. It reports a name that is missing or
// taken.
func (l *loader) name(name yamlfile.Text, owner yamlfile.Place, kind string, taken bool) string {
	switch {
	case name.Value == "":
		l.fail(name.Or(owner), "this %s has no name", kind)
		return "(without a name)"
	case taken:
		l.fail(name.Place, "there are two of %s %s", kind, name.Value)
	}
	return name.Value
}

// api is the API of that name, in its current revision.
func (s *Service) api(name string) *API {
	i := slices.IndexFunc(s.APIs, func(a *API) bool { return a.View.IsCurrentRevision && strings.EqualFold(a.View.ID, name) })
	if i < 0 {
		return nil
	}
	return s.APIs[i]
}

func (s *Service) product(name string) *Product {
	i := slices.IndexFunc(s.Products, func(p *Product) bool { return strings.EqualFold(p.View.ID, name) })
	if i < 0 {
		return nil
	}
	return s.Products[i]
}

func (s *Service) apiNames() string {
	var names []string
	for _, a := range s.APIs {
		if a.RevisionOf == nil {
			names = append(names, a.View.ID)
		}
	}
	return thereAre(names)
}

// thereAre ends a message on a name that is not there with those that are.
func thereAre(names []string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if len(names) == 0 {
		return ""
	}
	return " (there are: " + strings.Join(names, ", ") + ")"
}

func orTrue(b *bool) bool { return b == nil || *b }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
