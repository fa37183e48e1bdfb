package testrun

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// lines are header lines, query parameters or the fields of a form, in the order they
// were written. A list gives a name several lines; a name without a value gives none.
type lines []line

type line struct {
	name   string
	values []string
}

func (l *lines) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	eachEntry(d, node, func(name string, value ast.Node) {
		values := []ast.Node{value}
		if list, ok := value.(*ast.SequenceNode); ok {
			values = list.Values
		}
		n := line{name: name}
		for _, v := range values {
			switch {
			case v.Type() == ast.NullType:
			case isScalar(v):
				n.values = append(n.values, yamlfile.ScalarText(v))
			default:
				d.Fail(yamlfile.PlaceOf(v), "a text is wanted here, not %s", yamlfile.Describe(v))
			}
		}
		*l = append(*l, n)
	})
}

// eachEntry calls f with the entries of a mapping, in order.
func eachEntry(d *yamlfile.Decoder, node ast.Node, f func(name string, value ast.Node)) {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		d.Fail(yamlfile.PlaceOf(node), "a mapping is wanted here, not %s", yamlfile.Describe(node))
		return
	}
	seen := make(map[string]bool)
	for _, entry := range mapping.Values {
		name := yamlfile.ScalarText(entry.Key)
		if seen[name] {
			d.Fail(yamlfile.PlaceOf(entry.Key), "the key %q stands here for the second time", name)
			continue
		}
		seen[name] = true
		f(name, entry.Value)
	}
}

// textExpect says what a text has to be: a text itself, or a mapping with contains and
// matches. Null says that there must be none.
type textExpect struct {
	yamlfile.Place
	given    bool // and not null
	equal    *string
	contains []string
	matches  []*regexp.Regexp
}

// textParts is a textExpect that is written as a mapping.
type textParts struct {
	Contains texts `yaml:"contains"`
	Matches  texts `yaml:"matches"`
}

// texts is a text, or a list of them.
type texts []yamlfile.Text

func (t *texts) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		var one yamlfile.Text
		d.Into(node, &one)
		*t = texts{one}
		return
	}
	for _, v := range list.Values {
		var one yamlfile.Text
		d.Into(v, &one)
		*t = append(*t, one)
	}
}

func (t *textExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	t.given = true
	if isScalar(node) {
		text := yamlfile.ScalarText(node)
		t.equal = &text
		return
	}
	var parts textParts
	d.Into(node, &parts)
	for _, c := range parts.Contains {
		t.contains = append(t.contains, c.Value)
	}
	for _, m := range parts.Matches {
		pattern, err := regexp.Compile(m.Value)
		if err != nil {
			d.Fail(m.Place, "this is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			continue
		}
		t.matches = append(t.matches, pattern)
	}
}

// wants reports whether anything is expected, if only that there is nothing.
func (t *textExpect) wants() bool { return t.Line != 0 }

// wanted is what an exact text ought to be, for messages.
func (t *textExpect) wanted() string {
	if t.equal == nil {
		return ""
	}
	return fmt.Sprintf("; expected %q", *t.equal)
}

// misses says what a text lacks; "" if it is as expected. Null is not looked at.
func (t *textExpect) misses(got string) string {
	if t.equal != nil && got != *t.equal {
		return "is different"
	}
	for _, c := range t.contains {
		if !strings.Contains(got, c) {
			return fmt.Sprintf("does not contain %q", c)
		}
	}
	for _, m := range t.matches {
		if !m.MatchString(got) {
			return fmt.Sprintf("does not match %q", m)
		}
	}
	return ""
}

// linesExpect are expectations of header lines or query parameters, in the order they
// were written.
type linesExpect []lineExpect

type lineExpect struct {
	name   string
	values []textExpect // of all its lines; nil: there must be none
	place  yamlfile.Place
}

func (l *linesExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	eachEntry(d, node, func(name string, value ast.Node) {
		e := lineExpect{name: name, place: yamlfile.PlaceOf(value)}
		values := []ast.Node{value}
		if list, ok := value.(*ast.SequenceNode); ok {
			values = list.Values
		}
		for _, v := range values {
			if v.Type() == ast.NullType {
				continue
			}
			var t textExpect
			d.Into(v, &t)
			e.values = append(e.values, t)
		}
		*l = append(*l, e)
	})
}

// glob is a pattern in which * stands for any text. Without regard to case if folded.
type glob struct{ pattern *regexp.Regexp }

func newGlob(written string, folded bool) glob {
	pieces := strings.Split(written, "*")
	for i, p := range pieces {
		pieces[i] = regexp.QuoteMeta(p)
	}
	flags := "(?s)"
	if folded {
		flags = "(?is)"
	}
	return glob{regexp.MustCompile(flags + "^" + strings.Join(pieces, ".*") + "$")}
}

func (g glob) matches(s string) bool { return g.pattern == nil || g.pattern.MatchString(s) }

// rawList is a list that is looked at as YAML.
type rawList struct {
	yamlfile.Place
	nodes []ast.Node
}

func (l *rawList) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.Fail(l.Place, "a list is wanted here, not %s", yamlfile.Describe(node))
		return
	}
	l.nodes = slices.Clone(list.Values)
}
