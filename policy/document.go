package policy

import (
	"slices"
	"sort"
	"unicode/utf8"

	"github.com/beevik/etree"
)

// Document is a policy document as it was read: the XML as an etree, and beside
// it what etree does not keep, the place of each piece in the text.
type Document struct {
	// Name is how diagnostics and traces call it: its file name as given.
	Name string
	// Tree is the document model. Attribute values and texts in it are decoded,
	// expressions as written.
	Tree *etree.Document

	text  string
	lines []int // offset of each line's first byte
	marks map[*etree.Element]*marks
}

// marks are the places of one element's pieces, as offsets into the text.
type marks struct {
	name    int // of the first letter of the element's name
	attrs   []*Value
	content span // between the start tag and the end tag
	text    *Value
}

type span struct{ start, end int }

// Value is an attribute's value or an element's text, with its origin.
type Value struct {
	// Name is the attribute's name, "" for text.
	Name string
	// Text is the value: entities decoded, named values put in once it is bound.
	Text string
	// Expression says that Text is a policy expression, @(...) or @{...}.
	Expression bool

	doc      *Document
	nameAt   int       // offset of the attribute's name
	start    int       // offset of the value's first byte
	segments []segment // where the pieces of Text come from
}

// segment says that Text from byte at on comes from the document's text at
// source on; it ends where the next one begins. A segment with named set stands
// for {{named}} as a whole.
type segment struct {
	at, source int
	named      string
}

// Root is the document's root element.
func (d *Document) Root() *etree.Element { return d.Tree.Root() }

// Position gives line and column, both 1-based, of the name of element e.
func (d *Document) Position(e *etree.Element) (line, col int) {
	if m := d.marks[e]; m != nil {
		return d.lineCol(m.name)
	}
	return 1, 1
}

// Values are the attribute values of e, in order, and its text (nil if it has
// none but white space).
func (d *Document) Values(e *etree.Element) (attrs []*Value, text *Value) {
	m := d.marks[e]
	return m.attrs, m.text
}

// lineCol is the 1-based line and column of an offset; columns count characters.
func (d *Document) lineCol(offset int) (line, col int) {
	line = sort.SearchInts(d.lines, offset+1)
	start := d.lines[line-1]
	return line, utf8.RuneCountInString(d.text[start:offset]) + 1
}

// Position is the line and column where byte i of v.Text comes from.
func (v *Value) Position(i int) (line, col int) { return v.doc.lineCol(v.offset(i)) }

// Start is the line and column of the value.
func (v *Value) Start() (line, col int) { return v.doc.lineCol(v.start) }

// NamePosition is the line and column of the attribute's name.
func (v *Value) NamePosition() (line, col int) { return v.doc.lineCol(v.nameAt) }

// Document is the document that v stands in.
func (v *Value) Document() *Document { return v.doc }

func (v *Value) offset(i int) int {
	n := sort.Search(len(v.segments), func(n int) bool { return v.segments[n].at > i }) - 1
	if n < 0 {
		return v.start
	}
	s := v.segments[n]
	if s.named != "" {
		return s.source
	}
	return s.source + i - s.at
}

// Written is the value as its author wrote it, {{name}} and all: what
// diagnostics and traces show, so that a secret named value never leaves by way
// of source text.
func (v *Value) Written() string {
	var written []byte
	for n, s := range v.segments {
		end := len(v.Text)
		if n+1 < len(v.segments) {
			end = v.segments[n+1].at
		}
		if s.named != "" {
			written = append(append(append(written, "{{"...), s.named...), "}}"...)
		} else {
			written = append(written, v.Text[s.at:end]...)
		}
	}
	return string(written)
}

// bound reports whether a named value was put in.
func (v *Value) bound() bool {
	return slices.ContainsFunc(v.segments, func(s segment) bool { return s.named != "" })
}

func newDocument(name, text string) *Document {
	d := &Document{Name: name, Tree: etree.NewDocument(), text: text, lines: []int{0}, marks: make(map[*etree.Element]*marks)}
	for i := range len(text) {
		if text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	return d
}

func (d *Document) diagnostic(s Severity, offset int, message string) Diagnostic {
	line, col := d.lineCol(offset)
	return Diagnostic{Severity: s, Document: d.Name, Line: line, Col: col, Message: message}
}
