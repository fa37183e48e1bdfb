package service

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Template is an operation's URL template: a path of literal segments, {name}
// holes and a last {*name} or *, and query parameters that have to be there.
type Template struct {
	segments []templateSegment
	query    []queryPattern
	wildcard bool // the last segment takes the rest of the path
}

type templateSegment struct {
	literal string // "" for a hole, compared without regard to case
	name    string // of the hole; "" for a bare *
}

type queryPattern struct{ name, value, hole string }

// ParseTemplate reads a URL template such as /items/{id}?lang={lang}.
func ParseTemplate(s string) (*Template, error) {
	path, query, _ := strings.Cut(s, "?")
	if path != "" && path[0] != '/' {
		return nil, fmt.Errorf("URL template %q does not begin with /", s)
	}
	t := &Template{}
	seen := make(map[string]bool)
	hole := func(name string) error {
		if name == "" || strings.ContainsAny(name, "{}/") {
			return fmt.Errorf("URL template %q has a parameter without a proper name", s)
		}
		if seen[name] {
			return fmt.Errorf("URL template %q names {%s} twice", s, name)
		}
		seen[name] = true
		return nil
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		last := i == len(segments)-1
		name, isHole := cutHole(segment)
		switch {
		case segment == "*" && last:
			t.wildcard = true
			t.segments = append(t.segments, templateSegment{})
		case isHole && strings.HasPrefix(name, "*") && last:
			if err := hole(name[1:]); err != nil {
				return nil, err
			}
			t.wildcard = true
			t.segments = append(t.segments, templateSegment{name: name[1:]})
		case isHole:
			if err := hole(name); err != nil {
				return nil, err
			}
			t.segments = append(t.segments, templateSegment{name: name})
		case strings.ContainsAny(segment, "{}*"):
			return nil, fmt.Errorf("URL template %q: %q is neither text nor one {parameter}; * and {*name} stand last", s, segment)
		default:
			t.segments = append(t.segments, templateSegment{literal: segment})
		}
	}
	return t, t.parseQuery(query, hole)
}

func (t *Template) parseQuery(query string, hole func(string) error) error {
	if query == "" {
		return nil
	}
	for piece := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(piece, "=")
		p := queryPattern{name: name, value: value}
		if parameter, ok := cutHole(value); ok {
			if err := hole(parameter); err != nil {
				return err
			}
			p.value, p.hole = "", parameter
		}
		t.query = append(t.query, p)
	}
	return nil
}

func cutHole(s string) (name string, ok bool) {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return "", false
	}
	return s[1 : len(s)-1], true
}

// QueryNames are the query parameters that the template names.
func (t *Template) QueryNames() []string {
	var names []string
	for _, p := range t.query {
		names = append(names, p.name)
	}
	return names
}

// Match holds a request's path (below the API's, escaped as it came) and raw
// query against the template.
func (t *Template) Match(path, query string) ([]exchange.Parameter, bool) {
	var matched []exchange.Parameter
	rest := strings.TrimPrefix(path, "/")
	for i, s := range t.segments {
		last := i == len(t.segments)-1
		if last && t.wildcard {
			// /foo/* takes /foo/ but not /foo (observed.md 7.8): that has
			// run out of segments before.
			if s.name != "" {
				matched = append(matched, parameter(s.name, rest))
			}
			break
		}
		segment, after, more := strings.Cut(rest, "/")
		if more == last && !(last && more && after == "") {
			return nil, false // too long or too short
		}
		switch {
		case s.literal == "" && s.name != "":
			if segment == "" {
				return nil, false
			}
			matched = append(matched, parameter(s.name, segment))
		case !strings.EqualFold(s.literal, decoded(segment)):
			return nil, false
		}
		rest = after
	}
	for _, p := range t.query {
		values := exchange.QueryValues(query, p.name)
		switch {
		case len(values) == 0, p.hole == "" && p.value != "" && !slices.Contains(values, p.value):
			return nil, false
		case p.hole != "":
			matched = append(matched, exchange.Parameter{Name: p.hole, Value: values[0], Raw: url.QueryEscape(values[0])})
		}
	}
	return matched, true
}

func parameter(name, raw string) exchange.Parameter {
	return exchange.Parameter{Name: name, Value: decoded(raw), Raw: raw}
}

func decoded(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// moreSpecific orders templates: where two fit, the one whose first differing
// segment is literal wins over a hole, a hole over a wildcard, and the one that
// asks for more of the query over the other.
func (t *Template) moreSpecific(o *Template) int {
	for i := range min(len(t.segments), len(o.segments)) {
		if c := t.rank(i) - o.rank(i); c != 0 {
			return c
		}
	}
	if c := len(o.segments) - len(t.segments); c != 0 {
		return c
	}
	return len(o.query) - len(t.query)
}

func (t *Template) rank(i int) int {
	switch {
	case i == len(t.segments)-1 && t.wildcard:
		return 2
	case t.segments[i].literal == "" && t.segments[i].name != "":
		return 1
	}
	return 0
}
