package policy

import (
	"sort"
	"strings"
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
	end     int  // after the end tag
	text    *Value
}

type span struct{ start, end int }

// Text is what was read: without a byte order mark, and with newlines as line ends.
func (d *Document) Text() string { return d.text }

// Root is the document's root element.
func (d *Document) Root() *etree.Element { return d.Tree.Root() }

// Position gives line and column, both 1-based, of the name of element e, which
// has to be one of d.
func (d *Document) Position(e *etree.Element) (line, col int) { return d.lineCol(d.marks[e].name) }

// End gives line and column after the content of element e of d.
func (d *Document) End(e *etree.Element) (line, col int) { return d.lineCol(d.marks[e].content.end) }

// Values are the attribute values of element e of d, in order, and its text (nil
// if it has none but white space).
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

func newDocument(name, text string) *Document {
	d := &Document{Name: name, Tree: etree.NewDocument(), text: text, lines: []int{0}, marks: make(map[*etree.Element]*marks)}
	for i := range len(text) {
		if text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	return d
}

// onOneLine is for messages: they may quote values with line ends in them.
var onOneLine = strings.NewReplacer("\n", " ", "\r", " ")

func (d *Document) diagnostic(s Severity, offset int, message string) Diagnostic {
	line, col := d.lineCol(offset)
	return Diagnostic{Severity: s, Document: d.Name, Line: line, Col: col, Message: onOneLine.Replace(message)}
}
