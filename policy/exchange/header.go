package exchange

import (
	"iter"
	"slices"
	"strings"
)

// Field is one header line as it came or will go: the name's spelling is kept.
type Field struct {
	Name  string
	Value string
}

// Header is a message's header lines in their order. Names compare without
// regard to ASCII case. The zero value is empty and ready.
type Header struct {
	fields []Field
}

// NewHeader takes over fields.
func NewHeader(fields ...Field) Header { return Header{fields: fields} }

// Len is the number of lines.
func (h *Header) Len() int { return len(h.fields) }

// All yields name and value of each line, in order.
func (h *Header) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := range h.fields {
			if !yield(h.fields[i].Name, h.fields[i].Value) {
				return
			}
		}
	}
}

// Get is the value of the first line of that name.
func (h *Header) Get(name string) (string, bool) {
	if i := h.index(name); i >= 0 {
		return h.fields[i].Value, true
	}
	return "", false
}

// Joined is the values of all lines of that name with sep between them.
func (h *Header) Joined(name, sep string) (string, bool) {
	i := h.index(name)
	if i < 0 {
		return "", false
	}
	for j := i + 1; j < len(h.fields); j++ {
		if equalName(h.fields[j].Name, name) {
			return strings.Join(h.Values(name), sep), true
		}
	}
	return h.fields[i].Value, true
}

// Values are the values of all lines of that name, in order; nil if there are
// none.
func (h *Header) Values(name string) []string {
	var vs []string
	for i := range h.fields {
		if equalName(h.fields[i].Name, name) {
			vs = append(vs, h.fields[i].Value)
		}
	}
	return vs
}

// Has reports whether there is a line of that name.
func (h *Header) Has(name string) bool { return h.index(name) >= 0 }

// Add appends a line.
func (h *Header) Add(name, value string) {
	h.fields = append(h.fields, Field{name, value})
}

// Set puts values, a line each, in place of all lines of that name: where the
// first of them stood, or at the end. With no values it is Del.
func (h *Header) Set(name string, values ...string) {
	i := h.index(name)
	switch {
	case i < 0:
		for _, v := range values {
			h.Add(name, v)
		}
		return
	case len(values) == 1:
		h.fields[i] = Field{name, values[0]}
		h.deleteFrom(i+1, name)
		return
	}
	h.deleteFrom(i, name)
	lines := make([]Field, len(values))
	for j, v := range values {
		lines[j] = Field{name, v}
	}
	h.fields = slices.Insert(h.fields, i, lines...)
}

// Del removes all lines of that name.
func (h *Header) Del(name string) { h.deleteFrom(0, name) }

// Clone is a copy that shares no lines.
func (h *Header) Clone() Header { return Header{fields: slices.Clone(h.fields)} }

// Equal reports whether the lines are these, spelt alike and in this order.
func (h *Header) Equal(fields []Field) bool { return slices.Equal(h.fields, fields) }

// Fields are a copy of the lines.
func (h *Header) Fields() []Field { return slices.Clone(h.fields) }

// Reset empties the header and keeps its memory.
func (h *Header) Reset() { h.fields = h.fields[:0] }

func (h *Header) index(name string) int {
	for i := range h.fields {
		if equalName(h.fields[i].Name, name) {
			return i
		}
	}
	return -1
}

func (h *Header) deleteFrom(start int, name string) {
	kept := slices.DeleteFunc(h.fields[start:], func(f Field) bool { return equalName(f.Name, name) })
	h.fields = h.fields[:start+len(kept)]
}

func equalName(a, b string) bool {
	return len(a) == len(b) && (a == b || strings.EqualFold(a, b))
}
