package policy

import (
	"slices"
	"sort"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
)

// Value is an attribute's value or an element's text, with its origin.
type Value struct {
	// Name is the attribute's name, "" for text.
	Name string
	// Text is the value: entities decoded, named values put in once it is bound.
	Text string
	// Expression says that Text is a policy expression, @(...) or @{...}.
	Expression bool

	compiled *expr.Expression // of an expression that Check accepted
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

// Position is the line and column where byte i of v.Text comes from.
func (v *Value) Position(i int) (line, col int) { return v.doc.lineCol(v.offset(i)) }

// Start is the line and column of the value.
func (v *Value) Start() (line, col int) { return v.doc.lineCol(v.start) }

// NamePosition is the line and column of the attribute's name.
func (v *Value) NamePosition() (line, col int) { return v.doc.lineCol(v.nameAt) }

// Document is the document that v stands in.
func (v *Value) Document() *Document { return v.doc }

// End is the line and column after the value's last byte.
func (v *Value) End() (line, col int) {
	if v.Text == "" {
		return v.Start()
	}
	return v.doc.lineCol(min(v.offset(len(v.Text)-1)+1, len(v.doc.text)))
}

// Compiled is the expression that Check made of v; nil of other values and of
// expressions with mistakes. Of one with open named values it can't be evaluated.
func (v *Value) Compiled() *expr.Expression { return v.compiled }

// Written is the value as its author wrote it, {{name}} and all: what
// diagnostics and traces show, so that a secret named value never leaves by way
// of source text.
func (v *Value) Written() string {
	var written strings.Builder
	for n, s := range v.segments {
		if s.named != "" {
			written.WriteString("{{" + s.named + "}}")
		} else {
			written.WriteString(v.Text[s.at:v.segmentEnd(n)])
		}
	}
	return written.String()
}

func (v *Value) offset(i int) int {
	n := v.segmentAt(i)
	if n < 0 {
		return v.start
	}
	s := v.segments[n]
	if s.named != "" {
		return s.source
	}
	return s.source + i - s.at
}

// segmentAt is the index of the segment that byte i of v.Text lies in, -1 if
// there is none.
func (v *Value) segmentAt(i int) int {
	return sort.Search(len(v.segments), func(n int) bool { return v.segments[n].at > i }) - 1
}

func (v *Value) segmentEnd(n int) int {
	if n+1 < len(v.segments) {
		return v.segments[n+1].at
	}
	return len(v.Text)
}

// bound reports whether a named value was put in.
func (v *Value) bound() bool {
	return slices.ContainsFunc(v.segments, func(s segment) bool { return s.named != "" })
}

// cut keeps v.Text[from:to].
func (v *Value) cut(from, to int) {
	var b builder
	b.addPart(v, from, to)
	v.start = v.offset(from)
	b.finish(v)
}

// trim drops the white space around v.Text.
func (v *Value) trim() {
	from := len(v.Text) - len(strings.TrimLeft(v.Text, whiteSpace))
	v.cut(from, max(from, len(strings.TrimRight(v.Text, whiteSpace))))
}

// markExpression sets Expression if the value as a whole is one, and drops the
// white space around it.
func (v *Value) markExpression() {
	if at, f := v.expressionFault(); at < 0 || f != nil {
		return
	}
	v.trim()
	v.Expression = true
}

// expressionFault tells where in v.Text an expression begins, -1 if it does not
// begin with one, and why the value as a whole is none. The fault is an offset
// into v.Text.
func (v *Value) expressionFault() (begin int, f *fault) {
	begin = len(v.Text) - len(strings.TrimLeft(v.Text, whiteSpace))
	expression := v.Text[begin:]
	if !beginsExpression(expression) {
		return -1, nil
	}
	end, f := expressionEnd(expression, false)
	switch {
	case f != nil:
		return begin, &fault{begin + f.at, f.message}
	case !isSpace(expression[end:]):
		return begin, &fault{begin + end, "an expression has to be the whole value, but it ends before this"}
	}
	return begin, nil
}

// builder puts a Value together piece by piece.
type builder struct {
	text     strings.Builder
	segments []segment
}

// add appends text that stands in the document at source.
func (b *builder) add(text string, source int) {
	if text == "" {
		return
	}
	b.segments = append(b.segments, segment{at: b.text.Len(), source: source})
	b.text.WriteString(text)
}

// addNamed appends the text that {{name}} at source stands for.
func (b *builder) addNamed(text, name string, source int) {
	b.segments = append(b.segments, segment{at: b.text.Len(), source: source, named: name})
	b.text.WriteString(text)
}

// addPart appends v.Text[from:to] with its origin.
func (b *builder) addPart(v *Value, from, to int) {
	for n := max(0, v.segmentAt(from)); n < len(v.segments) && v.segments[n].at < to; n++ {
		s := v.segments[n]
		text := v.Text[max(s.at, from):min(v.segmentEnd(n), to)]
		if s.named != "" {
			b.addNamed(text, s.named, s.source)
		} else {
			b.add(text, s.source+max(from-s.at, 0))
		}
	}
}

// addDecoded appends text with its entities decoded.
func (b *builder) addDecoded(raw string, source int) { b.addExcept(raw, source, nil) }

// addOutsideStrings appends an expression that was written raw: an entity stands
// for its character, but not in the expression's string literals.
func (b *builder) addOutsideStrings(raw string, source int) {
	b.addExcept(raw, source, stringLiterals(raw))
}

// addExcept appends raw with its entities decoded where they are not in one of
// the spans.
func (b *builder) addExcept(raw string, source int, spans []span) {
	done := 0
	for i := 0; i < len(raw); i++ {
		for len(spans) > 0 && i >= spans[0].end {
			spans = spans[1:]
		}
		if raw[i] != '&' || len(spans) > 0 && i >= spans[0].start {
			continue
		}
		if character, n := entity(raw[i:]); n > 0 {
			b.add(raw[done:i], source+done)
			b.add(character, source+i)
			done = i + n
			i = done - 1
		}
	}
	b.add(raw[done:], source+done)
}

// finish gives v what was put together.
func (b *builder) finish(v *Value) *Value {
	v.Text, v.segments = b.text.String(), b.segments
	return v
}
