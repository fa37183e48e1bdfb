package crossdomain

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// wildcard stands for all origins, methods or headers.
const wildcard = "*"

// A list is what an element such as allowed-methods lists. What is the same for all
// requests is made ready once.
type list struct {
	known values
	// open are the items; nil where all are known.
	open   []policy.Operand[string]
	normal func(string) string
}

// values are the items of a list in a form that compares, and as they are written.
type values struct {
	any   bool
	items []string
}

// simpleMethods are those of a policy that names none (policies-1.yaml, cors).
var simpleMethods = list{known: values{items: []string{"GET", "POST"}}}

// compileList makes the list of an element's children; n may be nil.
func compileList(n *policy.Node, item string, normal func(string) string) list {
	if n == nil {
		return list{}
	}
	items := n.Contents(item)
	var texts []string
	for _, i := range items {
		text, known := i.Constant()
		if !known {
			return list{open: items, normal: normal}
		}
		texts = append(texts, text)
	}
	return list{known: valuesOf(texts, normal)}
}

func valuesOf(texts []string, normal func(string) string) values {
	v := values{items: make([]string, len(texts))}
	for i, text := range texts {
		v.any = v.any || text == wildcard
		v.items[i] = normal(text)
	}
	return v
}

func (l *list) get(r *policy.Run) (values, error) {
	if l.open == nil {
		return l.known, nil
	}
	texts, err := policy.All(r, l.open)
	if err != nil {
		return values{}, err
	}
	return valuesOf(texts, l.normal), nil
}

// has reports whether an item, in the form that compares, is on the list.
func (l *list) has(r *policy.Run, item string) (bool, error) {
	v, err := l.get(r)
	return v.holds(item), err
}

// all are the items with commas between them.
func (l *list) all(r *policy.Run) (string, error) {
	v, err := l.get(r)
	return strings.Join(v.items, ","), err
}

func (v values) holds(item string) bool { return v.any || slices.Contains(v.items, item) }

func asWritten(s string) string { return s }

// normalOrigin is an origin without the port that its scheme has by itself, in lower
// case.
func normalOrigin(origin string) string {
	origin = strings.ToLower(origin)
	for scheme, port := range defaultPorts {
		if strings.HasPrefix(origin, scheme) {
			return strings.TrimSuffix(origin, port)
		}
	}
	return origin
}

var defaultPorts = map[string]string{"http://": ":80", "https://": ":443"}

// warnOfOrigins tells of origins that no browser sends.
func warnOfOrigins(n *policy.Node) {
	for _, o := range n.ChildrenNamed("origin") {
		text, known := o.Content().Constant()
		if !known || text == wildcard || text == "null" {
			continue
		}
		_, rest, ok := strings.Cut(text, "://")
		if !ok || rest == "" || strings.ContainsAny(rest, "/?#*@ \t\r\n") {
			o.Warn(o.Text, "no browser calls itself %q: an origin is scheme://host or scheme://host:port, without a slash at the end", o.Text.Written())
		}
	}
}
