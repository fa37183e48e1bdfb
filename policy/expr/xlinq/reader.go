package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Event is one thing that is read: a start tag, an end tag, a text ...
type Event struct {
	Kind       NodeType
	Prefix     string
	Name       Name // an element's; Local is an instruction's target
	Value      string
	Attributes []EventAttribute
	Empty      bool // <a/>: no end tag follows

	at int // where a start tag's name is

	Declaration  *Declaration
	DocumentType *DocumentType
}

// EventAttribute is an attribute of a start tag.
type EventAttribute struct {
	Prefix string
	Name   Name
	Value  string
}

// Reader reads a text thing by thing, white space too: mistakes show where the
// reading gets to them.
type Reader struct {
	parser  *parser
	pending []Event
	begun   bool
	at      int
}

// NewReader is a reader at the beginning of text.
func NewReader(text string) *Reader {
	r := &Reader{}
	r.parser = newParser(text, true, func(v Event) { r.pending = append(r.pending, v) })
	return r
}

// Read is what comes next, nil at the end.
func (r *Reader) Read() (*Event, error) {
	for len(r.pending) == 0 {
		if !r.begun {
			r.begun = true
			if err := r.parser.declaration(); err != nil {
				return nil, err
			}
			continue
		}
		more, err := r.parser.step()
		if err != nil {
			return nil, err
		}
		if !more && len(r.pending) == 0 {
			return nil, nil
		}
	}
	v := r.pending[0]
	r.pending = r.pending[1:]
	if r.at = v.at; r.at == 0 {
		r.at = r.parser.at
	}
	return &v, nil
}

// Line is the number of the line where what was read last stands, and the
// position in it, from 1.
func (r *Reader) Line() (line, position int) {
	line, begin := r.parser.line(r.at)
	return line, 1 + dotnet.Length(r.parser.s[begin:r.at])
}
