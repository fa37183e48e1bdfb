package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// isJSON tells a document in JSON, which is a mapping, by its first character.
func isJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '{'
}

// readJSON reads a document in JSON. That it is JSON encoding/json has found out before, so
// that little is left to look for: its stream of tokens takes three times as long.
func readJSON(data []byte) (*node, error) {
	if !json.Valid(data) {
		return nil, jsonFault(data)
	}
	r := &jsonReader{rest: string(data), at: start}
	return r.value(0)
}

type jsonReader struct {
	builder
	rest string // that is to be read
	at   place  // of its first character
}

// pass goes past so many bytes.
func (r *jsonReader) pass(n int) {
	for _, c := range []byte(r.rest[:n]) {
		switch {
		case c == '\n':
			r.at = place{r.at.line + 1, 1}
		case utf8.RuneStart(c):
			r.at.col++
		}
	}
	r.rest = r.rest[n:]
}

// next goes to where something begins.
func (r *jsonReader) next() byte {
	n := 0
	for strings.IndexByte(" \t\r\n:,", r.rest[n]) >= 0 {
		n++
	}
	r.pass(n)
	return r.rest[0]
}

func (r *jsonReader) value(depth int) (*node, error) {
	first, at := r.next(), r.at
	switch first {
	case '{':
		return r.within(mapping, at, depth)
	case '[':
		return r.within(list, at, depth)
	case '"':
		written, err := r.string()
		if err != nil {
			return nil, err
		}
		return r.node(text, at, written)
	}
	written := r.rest
	if end := strings.IndexAny(written, " \t\r\n,]}"); end >= 0 {
		written = written[:end]
	}
	r.pass(len(written))
	switch first {
	case 't', 'f':
		return r.node(boolean, at, written)
	case 'n':
		return r.node(null, at, "")
	}
	return r.number(at, written)
}

// within reads what stands in a mapping or a list.
func (r *jsonReader) within(k kind, at place, depth int) (*node, error) {
	n, err := r.enter(k, at, depth)
	if err != nil {
		return nil, err
	}
	height := len(r.stack)
	r.pass(1)
	for c := r.next(); c != '}' && c != ']'; c = r.next() {
		var m member
		if k == mapping {
			m.at = r.at
			written, err := r.string()
			if err != nil {
				return nil, err
			}
			m.name = r.name(written)
		}
		if m.value, err = r.value(depth + 1); err != nil {
			return nil, err
		}
		r.stack = append(r.stack, m)
	}
	r.pass(1)
	r.take(n, height)
	if k == mapping {
		err = repeated(n.members)
	}
	return n, err
}

// string reads a text.
func (r *jsonReader) string() (string, error) {
	end, escaped := 1, false
	for ; r.rest[end] != '"'; end++ {
		if r.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	written := r.rest[:end+1]
	at := r.at
	r.pass(len(written))
	if !escaped {
		return written[1:end], nil
	}
	var s string
	if err := json.Unmarshal([]byte(written), &s); err != nil {
		return "", faultAt(at, "%s", err)
	}
	return s, nil
}

// jsonFault is what makes a text no JSON, at its place.
func jsonFault(data []byte) *Error {
	var whole json.RawMessage
	err := json.Unmarshal(data, &whole)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return faultAt(start, "this is not JSON")
	}
	return faultAt(placeAt(data, int(syntax.Offset)-1), "%s", err)
}

// placeAt is the place of a byte.
func placeAt(data []byte, offset int) place {
	before := data[:min(max(offset, 0), len(data))]
	line := bytes.Count(before, []byte("\n"))
	return place{int32(line + 1), int32(utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1)}
}
