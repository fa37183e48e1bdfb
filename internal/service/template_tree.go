package service

import (
	"slices"
	"strings"
	"unicode"
)

// A TemplateTree finds, of many URL templates, the few that a path may match, without a
// look at the others.
type TemplateTree struct{ root templateNode }

// templateNode is what follows some segments.
type templateNode struct {
	literals map[string]*templateNode // by folded text
	hole     *templateNode
	ends     []int // templates that end here
	rests    []int // templates whose wildcard takes what follows
}

// NewTemplateTree makes a tree of templates, which it calls by their index.
func NewTemplateTree(templates []*Template) *TemplateTree {
	t := &TemplateTree{}
	for i, template := range templates {
		t.add(template, i)
	}
	return t
}

func (t *TemplateTree) add(template *Template, index int) {
	n := &t.root
	for i, s := range template.segments {
		switch {
		case template.rank(i) == 2:
			n.rests = append(n.rests, index)
			return
		case s.name != "":
			if n.hole == nil {
				n.hole = &templateNode{}
			}
			n = n.hole
		default:
			next := n.literals[folded(s.literal)]
			if next == nil {
				if n.literals == nil {
					n.literals = make(map[string]*templateNode)
				}
				next = &templateNode{}
				n.literals[folded(s.literal)] = next
			}
			n = next
		}
	}
	if len(template.segments) > 0 { // else it is one that was wrong, and takes nothing
		n.ends = append(n.ends, index)
	}
}

// Candidates adds to found the indexes, ascending, of all templates that a path may match:
// [Template.Match] decides.
func (t *TemplateTree) Candidates(path string, found []int) []int {
	found = t.root.candidates(strings.TrimPrefix(path, "/"), true, found)
	slices.Sort(found)
	return found
}

// candidates goes on with the rest of a path; more tells that there is one, if perhaps an
// empty one.
func (n *templateNode) candidates(rest string, more bool, found []int) []int {
	if more {
		found = append(found, n.rests...)
	}
	if !more || rest == "" { // a slash at the end does not count
		found = append(found, n.ends...)
	}
	if !more {
		return found
	}
	segment, after, more := strings.Cut(rest, "/")
	if n.literals != nil {
		if next := n.literal(segment); next != nil {
			found = next.candidates(after, more, found)
		}
	}
	if n.hole != nil {
		found = n.hole.candidates(after, more, found)
	}
	return found
}

// literal is the node of a segment of a request's path.
func (n *templateNode) literal(segment string) *templateNode {
	text := decoded(segment)
	var room [64]byte
	upper := room[:0]
	for i := range len(text) {
		c := text[i]
		if c >= 0x80 || len(text) > len(room) {
			return n.literals[folded(text)]
		}
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper = append(upper, c)
	}
	return n.literals[string(upper)]
}

// folded is the same for texts that strings.EqualFold takes for equal: of each letter the
// first of its spellings.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		first := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			first = min(first, other)
		}
		return first
	}, s)
}
