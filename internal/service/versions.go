package service

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// The schemes by which requests name a version (api-management-versions.md,
// Versioning schemes), as the resource manager spells them.
const (
	Segment = "Segment"
	Header  = "Header"
	Query   = "Query"
)

var schemes = []string{Segment, Header, Query}

func (l *loader) versionSets(s *Service, configured []versionSetConfig) {
	for _, c := range configured {
		name := l.name(c.Name, c.Place, "version set", s.versionSet(c.Name.Value) != nil)
		set := &VersionSet{Name: c.Name.Value, Scheme: c.Scheme.Value}
		if !slices.Contains(schemes, c.Scheme.Value) {
			l.fail(c.Scheme.Or(c.Place), "version set %s: scheme is one of %s, not %q", name, strings.Join(schemes, ", "), c.Scheme.Value)
		}
		for _, parameter := range []struct {
			scheme, key string
			name        yamlfile.Text
		}{{Header, "header", c.Header}, {Query, "query", c.Query}} {
			switch {
			case parameter.scheme != c.Scheme.Value && parameter.name.Value != "":
				l.fail(parameter.name.Place, "version set %s: %s is for the scheme %s", name, parameter.key, parameter.scheme)
			case parameter.scheme == c.Scheme.Value && parameter.name.Value == "":
				l.fail(c.Place, "version set %s needs %s: the name of what requests carry the version in", name, parameter.key)
			case parameter.scheme == c.Scheme.Value:
				set.Parameter = parameter.name.Value
			}
		}
		if c.Header.Value != "" && !isHeaderName(c.Header.Value) {
			l.fail(c.Header.Place, "version set %s: %q is not a header's name", name, c.Header.Value)
		}
		s.VersionSets = append(s.VersionSets, set)
	}
}

func (s *Service) versionSet(name string) *VersionSet {
	i := slices.IndexFunc(s.VersionSets, func(v *VersionSet) bool { return strings.EqualFold(v.Name, name) })
	if i < 0 {
		return nil
	}
	return s.VersionSets[i]
}

// versionSetOf is the version set that an API names; nil if it names none. An
// API in a set without a version is the original one, which requests without a
// version reach.
func (l *loader) versionSetOf(s *Service, c *apiConfig, name string) *VersionSet {
	if c.VersionSet.Value == "" {
		if c.Version.Value != "" {
			l.fail(c.Version.Place, "API %s has a version, so it needs a versionSet, which says where requests carry the version", name)
		}
		return nil
	}
	set := s.versionSet(c.VersionSet.Value)
	switch {
	case set == nil:
		var names []string
		for _, v := range s.VersionSets {
			names = append(names, v.Name)
		}
		l.fail(c.VersionSet.Place, "API %s names the version set %q, which is not there%s", name, c.VersionSet.Value, thereAre(names))
	case set.Scheme == Segment && (!isPlainPath(c.Version.Value) || strings.Contains(c.Version.Value, "/")):
		l.fail(c.Version.Place, "the version of API %s is one segment of a path, plain text without semicolons or blanks: %q", name, c.Version.Value)
	}
	return set
}
