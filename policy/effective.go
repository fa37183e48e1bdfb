package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Level is the bound document of one scope.
type Level struct {
	Scope exchange.Scope
	Root  *Node
}

// EffectivePolicy is what the documents of the scopes come to for a request: the
// statements that <base/> and include-fragment lead to stand in their places.
// What is shown of it is the documents' text, in which a named value is {{name}}.
type EffectivePolicy struct {
	Sections []EffectiveSection // inbound, backend, outbound, on-error
}

// EffectiveSection is the statements of a section in the order in which they run.
type EffectiveSection struct {
	Name  exchange.Section
	Parts []*Part
}

// Part is an element of an effective policy, with its origin.
type Part struct {
	Node  *Node
	Scope exchange.Scope // of the document that has it, or includes the fragment that does
	Parts []*Part        // the elements in it

	changed bool // something in it is not as it was written
}

// errEffectiveSize refuses documents that come to far more than they hold, by
// <base/> that stands many times in each.
var errEffectiveSize = errors.New("the effective policy has more than " + fmt.Sprint(MaxPieces) + " elements: see how often <base /> and include-fragment stand in the documents")

// Effective is the policy that the documents make together, narrow to wide, as
// [Link] does of compiled ones. An include-fragment whose fragment is not known
// stays. It fails if the policy has more than [MaxPieces] elements.
func Effective(narrowToWide ...Level) (*EffectivePolicy, error) {
	e := &EffectivePolicy{}
	room := MaxPieces
	for _, name := range sectionNames {
		f := flattening{section: name, levels: narrowToWide, room: &room}
		e.Sections = append(e.Sections, EffectiveSection{exchange.Section(name), f.level()})
		if room < 0 {
			return nil, errEffectiveSize
		}
	}
	return e, nil
}

// flattening is one section's way from level to level.
type flattening struct {
	section string
	levels  []Level // the one at hand and those that are wider
	room    *int    // elements that may still come
}

// level is the section at the level at hand. A document without the section has
// nothing there, not even <base/>.
func (f flattening) level() []*Part {
	if len(f.levels) == 0 {
		return nil
	}
	n := f.levels[0].Root.Child(f.section)
	if n == nil {
		return nil
	}
	parts, _ := f.parts(n.Children)
	return parts
}

// parts are the elements that come of those of a document; changed tells that they
// are others, or hold others.
func (f flattening) parts(nodes []*Node) (parts []*Part, changed bool) {
	for _, n := range nodes {
		if *f.room--; *f.room < 0 {
			return nil, false // Effective reports it
		}
		switch {
		case n.Name == baseName:
			wider := flattening{f.section, f.levels[1:], f.room}
			parts, changed = append(parts, wider.level()...), true
		case n.Name == includeFragment && n.fragment != nil:
			included, _ := f.parts(n.fragment.Children)
			parts, changed = append(parts, included...), true
		default:
			p := &Part{Node: n, Scope: f.levels[0].Scope}
			p.Parts, p.changed = f.parts(n.Children)
			parts, changed = append(parts, p), changed || p.changed
		}
	}
	return parts, changed
}

// Line is a line of an effective policy.
type Line struct {
	// Document and Number, 1-based, are where it was written; "" and 0 for the tags
	// around sections, which no document has as they are.
	Document string
	Number   int
	// Text is the line as written: from the tag on in the first line of an element,
	// whole in those that follow.
	Text string
	// Depth is how many elements the line's element stands in.
	Depth int
	// First says that an element begins here.
	First bool

	follows bool // a line after an element's or tag's first one
	margin  int  // bytes at the beginning of Text that only move the element to the right
}

// Indented is the line without the margin that it had in its document, but behind
// four blanks for each level of depth, and for each tab that it begins with then.
func (l *Line) Indented() string {
	text := strings.TrimRight(l.Text[l.margin:], whiteSpace)
	if text == "" {
		return ""
	}
	rest := strings.TrimLeft(text, " \t")
	own := strings.ReplaceAll(text[:len(text)-len(rest)], "\t", oneLevel)
	return strings.Repeat(oneLevel, l.Depth) + own + rest
}

const oneLevel = "    "

// Lines are those of the whole document, from <policies> to </policies>.
func (e *EffectivePolicy) Lines() []Line {
	lines := []Line{{Text: "<" + policiesRoot + ">"}}
	for _, s := range e.Sections {
		if len(s.Parts) == 0 {
			lines = append(lines, Line{Text: "<" + string(s.Name) + " />", Depth: 1})
			continue
		}
		lines = append(lines, Line{Text: "<" + string(s.Name) + ">", Depth: 1})
		for _, p := range s.Parts {
			lines = append(lines, p.lines(2)...)
		}
		lines = append(lines, Line{Text: "</" + string(s.Name) + ">", Depth: 1})
	}
	return append(lines, Line{Text: "</" + policiesRoot + ">"})
}

// lines are those of an element that stands in depth others. Where all in it is as
// written, so is its text; else comments around the elements in it are left out.
func (p *Part) lines(depth int) []Line {
	n := p.Node
	start := n.at - len("<")
	if !p.changed {
		lines := n.doc.linesOf(span{start, n.marks.end}, depth)
		lines[0].First = true
		return lines
	}
	lines := n.doc.linesOf(span{start, n.marks.content.start}, depth)
	lines[0].First = true
	for _, inner := range p.Parts {
		lines = append(lines, inner.lines(depth+1)...)
	}
	return append(lines, n.doc.linesOf(span{n.marks.content.end, n.marks.end}, depth)...)
}

// Source is the element's text, as written but for what <base/> and
// include-fragment lead to.
func (p *Part) Source() string { return asWritten(p.lines(0)) }

// XML is the policy as a document that [Read] takes: each value in it is, byte for
// byte, the one of the document that it comes from, which a comment names.
func (e *EffectivePolicy) XML() string {
	var lines []Line
	for _, l := range e.Lines() {
		if l.First {
			lines = append(lines, Line{Depth: l.Depth, Text: "<!-- " + inComment.Replace(fmt.Sprintf("%s:%d", l.Document, l.Number)) + " -->"})
		}
		lines = append(lines, l)
	}
	return asWritten(lines)
}

// inComment makes a file's name fit for a comment, which can't hold "--".
var inComment = strings.NewReplacer("--", "- -", "\n", " ", "\r", " ")

// asWritten is the lines with the first ones of elements indented, and the rest,
// which may be part of a value, as it is.
func asWritten(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		if !l.follows {
			b.WriteString(strings.Repeat(oneLevel, l.Depth))
		}
		b.WriteString(l.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// linesOf are the lines of a piece of the document.
func (d *Document) linesOf(s span, depth int) []Line {
	number, _ := d.lineCol(s.start)
	whole := d.text[d.lines[number-1]:]
	margin := whole[:len(whole)-len(strings.TrimLeft(whole, " \t"))]
	var lines []Line
	for i, text := range strings.Split(d.text[s.start:s.end], "\n") {
		l := Line{Document: d.Name, Number: number + i, Text: text, Depth: depth, follows: i > 0}
		if l.follows {
			l.margin = commonPrefix(text, margin)
		}
		lines = append(lines, l)
	}
	return lines
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
