package service

import (
	"cmp"
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
	literal string // decoded, compared without regard to case; "" for a hole
	name    string // of the hole; "" for a bare *
}

type queryPattern struct{ name, value, hole string }

// anyPath is /*.
var anyPath = &Template{segments: []templateSegment{{}}, wildcard: true}

// ParseTemplate reads a URL template such as /items/{id}?lang={lang}.
func ParseTemplate(s string) (*Template, error) {
	p := &templateParser{source: s}
	path, query, _ := strings.Cut(s, "?")
	if path != "" && path[0] != '/' {
		return nil, fmt.Errorf("URL template %q does not begin with /", s)
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		if err := p.segment(segment, i == len(segments)-1); err != nil {
			return nil, err
		}
	}
	if query != "" {
		for piece := range strings.SplitSeq(query, "&") {
			if err := p.parameter(piece); err != nil {
				return nil, err
			}
		}
	}
	return &p.Template, nil
}

type templateParser struct {
	Template
	source string
	holes  []string
}

func (p *templateParser) segment(segment string, last bool) error {
	name, isHole := cutHole(segment)
	rest, takesRest := strings.CutPrefix(name, "*")
	switch {
	case segment == "*" && last:
		p.wildcard = true
		p.segments = append(p.segments, templateSegment{})
		return nil
	case isHole && !takesRest:
		p.segments = append(p.segments, templateSegment{name: name})
		return p.hole(name)
	case isHole && last:
		p.wildcard = true
		p.segments = append(p.segments, templateSegment{name: rest})
		return p.hole(rest)
	case strings.ContainsAny(segment, "{}*"):
		return fmt.Errorf("URL template %q: %q is neither text nor one {parameter}; * and {*name} stand last", p.source, segment)
	}
	p.segments = append(p.segments, templateSegment{literal: decoded(segment)})
	return nil
}

// parameter reads name=value or name={hole} of the query.
func (p *templateParser) parameter(piece string) error {
	name, value, _ := strings.Cut(piece, "=")
	if hole, ok := cutHole(value); ok && name != "" {
		p.query = append(p.query, queryPattern{name: name, hole: hole})
		return p.hole(hole)
	}
	if name == "" || strings.ContainsAny(piece, "{}") {
		return fmt.Errorf("URL template %q: %q is neither name=text nor name={parameter}", p.source, piece)
	}
	p.query = append(p.query, queryPattern{name: name, value: value})
	return nil
}

// hole checks a parameter's name.
func (p *templateParser) hole(name string) error {
	if name == "" || strings.ContainsAny(name, "{}*/?&=") {
		return fmt.Errorf("URL template %q has a parameter without a proper name", p.source)
	}
	if slices.Contains(p.holes, name) {
		return fmt.Errorf("URL template %q names {%s} twice", p.source, name)
	}
	p.holes = append(p.holes, name)
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
// query against the template. A slash at the path's end does not count.
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
		if more == last && !(last && after == "" && segment != "") {
			return nil, false // too long or too short
		}
		switch {
		case s.name != "":
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
			matched = append(matched, exchange.Parameter{Name: p.hole, Value: values[0], Raw: url.PathEscape(values[0])})
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

// requests is the same text for templates that take the same requests, whatever their
// parameters are called.
func (t *Template) requests() string {
	var b strings.Builder
	for i, s := range t.segments {
		fmt.Fprintf(&b, "/%d%q", t.rank(i), folded(s.literal))
	}
	for _, p := range t.query {
		fmt.Fprintf(&b, "&%q=%t%q", folded(p.name), p.hole == "", p.value)
	}
	return b.String()
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
	return cmp.Or(len(o.segments)-len(t.segments), len(o.query)-len(t.query))
}

func (t *Template) rank(i int) int {
	switch {
	case i == len(t.segments)-1 && t.wildcard:
		return 2
	case t.segments[i].name != "":
		return 1
	}
	return 0
}
