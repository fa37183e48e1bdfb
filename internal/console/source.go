package console

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/trace"
)

// sources are the policy documents that a request ran through, with what ran marked.
type sources struct {
	Documents []*document
	byName    map[string]*document
}

// document is a policy document beside the timeline.
type document struct {
	Name  string // file name as the trace has it
	Short string // without folders
	Open  bool
	Ran   int // lines that ran
	Lines []sourceLine

	index int
}

// sourceLine is a line of a document.
type sourceLine struct {
	Number  int
	Anchor  string
	Ran     bool
	Decided bool   // the statement that settled the response begins here
	Step    string // the anchor of the first step that ran it
	Pieces  []piece
}

// piece is a stretch of a line; Value is what an expression gave there.
type piece struct {
	Text   string
	Value  string
	Source string // of the expression
	Fault  bool
}

// newSources marks the documents of a record.
func newSources(r *trace.Record) *sources {
	s := &sources{byName: make(map[string]*document)}
	deciding := r.Deciding()
	for i := range r.Steps {
		step := &r.Steps[i]
		d := s.document(r, step.Document)
		if d == nil || step.Line < 1 || step.Line > len(d.Lines) {
			continue
		}
		l := &d.Lines[step.Line-1]
		d.ran(l, fmt.Sprintf("step-%d", i))
		if step == deciding {
			l.Decided, d.Open = true, true
		}
	}
	s.markValues(r)
	if deciding == nil || deciding.Document == "" {
		if len(s.Documents) > 0 {
			s.Documents[0].Open = true
		}
	}
	return s
}

// ran marks a line that a step ran.
func (d *document) ran(l *sourceLine, step string) {
	if !l.Ran {
		l.Ran, l.Step = true, step
		d.Ran++
	}
}

// document is the one of that name; nil if its text is not known.
func (s *sources) document(r *trace.Record, name string) *document {
	if d := s.byName[name]; d != nil {
		return d
	}
	text, known := r.Documents[name]
	if !known {
		return nil
	}
	d := &document{Name: name, Short: path.Base(strings.ReplaceAll(name, `\`, "/")), index: len(s.Documents)}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		l := sourceLine{Number: i + 1, Anchor: lineAnchor(d.index, i+1), Pieces: []piece{{Text: line}}}
		d.Lines = append(d.Lines, l)
	}
	s.Documents = append(s.Documents, d)
	s.byName[name] = d
	return d
}

func lineAnchor(document, line int) string { return fmt.Sprintf("d%d-l%d", document, line) }

// anchor is that of a line; "" if it is not shown.
func (s *sources) anchor(document string, line int) string {
	if d := s.byName[document]; d != nil && line >= 1 && line <= len(d.Lines) {
		return lineAnchor(d.index, line)
	}
	return ""
}

// mark is an expression, or a part of one, with what it gave.
type mark struct {
	trace.Extent
	source string
	seen   trace.Seen
	runs   int
	step   string // the anchor of the first step that evaluated it
}

// markValues puts what expressions gave to where they stand.
func (s *sources) markValues(r *trace.Record) {
	marks := make(map[string]map[trace.Extent]*mark)
	add := func(step int, document, source string, at trace.Extent, seen trace.Seen) {
		if s.byName[document] == nil {
			return
		}
		if marks[document] == nil {
			marks[document] = make(map[trace.Extent]*mark)
		}
		if m := marks[document][at]; m != nil {
			m.seen, m.runs = seen, m.runs+1
			return
		}
		marks[document][at] = &mark{at, source, seen, 1, fmt.Sprintf("step-%d", step)}
	}
	for i := range r.Steps {
		for k := range r.Steps[i].Evaluations {
			e := &r.Steps[i].Evaluations[k]
			add(i, e.Document, e.Source, e.Extent, e.Seen)
			for j := range e.Parts {
				add(i, e.Document, e.Parts[j].Source, e.Parts[j].Extent, e.Parts[j].Seen)
			}
		}
	}
	for name, found := range marks {
		d := s.byName[name]
		for i := range d.Lines {
			if over := marksOf(found, i+1); len(over) > 0 {
				d.ran(&d.Lines[i], over[0].step)
				d.Lines[i].Pieces = pieces([]rune(d.Lines[i].Pieces[0].Text), i+1, over)
			}
		}
	}
}

// marksOf are those that reach over a line.
func marksOf(all map[trace.Extent]*mark, line int) []*mark {
	var over []*mark
	for at, m := range all {
		if at.Line <= line && line <= at.EndLine {
			over = append(over, m)
		}
	}
	// The innermost first: one that begins later, or ends earlier.
	slices.SortFunc(over, func(a, b *mark) int {
		if a.contains(b) {
			return 1
		}
		if b.contains(a) {
			return -1
		}
		return before(a.Line, a.Column, b.Line, b.Column)
	})
	return over
}

func (m *mark) contains(other *mark) bool {
	return before(m.Line, m.Column, other.Line, other.Column) <= 0 && before(other.EndLine, other.EndColumn, m.EndLine, m.EndColumn) <= 0
}

func before(line, column, otherLine, otherColumn int) int {
	if line != otherLine {
		return line - otherLine
	}
	return column - otherColumn
}

// pieces cuts a line where marks begin and end; each piece has the innermost one.
func pieces(text []rune, line int, marks []*mark) []piece {
	owner := make([]*mark, len(text))
	for _, m := range slices.Backward(marks) { // inner ones over outer ones
		from, to := 0, len(text)
		if m.Line == line {
			from = min(max(m.Column-1, 0), len(text))
		} else {
			for from < len(text) && (text[from] == ' ' || text[from] == '\t') {
				from++ // the margin is not part of it
			}
		}
		if m.EndLine == line {
			to = min(max(m.EndColumn-1, from), len(text))
		}
		for i := from; i < to; i++ {
			owner[i] = m
		}
	}
	var all []piece
	for start := 0; start < len(text); {
		end := start + 1
		for end < len(text) && owner[end] == owner[start] {
			end++
		}
		p := piece{Text: string(text[start:end])}
		if m := owner[start]; m != nil {
			p.Value, p.Source, p.Fault = m.value(), m.source, m.seen.Fault != ""
		}
		all = append(all, p)
		start = end
	}
	return all
}

// value is what a mark gave, as it is shown.
func (m *mark) value() string {
	text := strings.TrimPrefix(m.seen.String(), " ")
	if m.runs > 1 {
		text += fmt.Sprintf("  (the last of %d)", m.runs)
	}
	return text
}
