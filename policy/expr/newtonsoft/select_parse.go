package newtonsoft

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// maxQueryDepth is how deep conditions may be nested.
const maxQueryDepth = 500

// ParseQuery reads a JSONPath; one that can't be read is a JsonException.
func ParseQuery(path string) (*Query, error) {
	r := &pathReader{text: path}
	r.space()
	if r.end() || path == "$" {
		return &Query{}, nil
	}
	start := 0
	if r.text[r.at] == '$' {
		if r.at+1 == len(r.text) {
			return nil, dotnet.IndexOutOfRange()
		}
		// Otherwise it is a property whose name begins with $.
		if next := r.text[r.at+1]; next == '.' || next == '[' {
			r.at++
			start = r.at
		}
	}
	filters, atEnd, err := r.steps(start, false)
	if err != nil {
		return nil, err
	}
	if !atEnd {
		last := r.here()
		if r.space(); !r.end() {
			return nil, jsonException("Unexpected character while parsing path: " + last)
		}
	}
	return &Query{filters}, nil
}

// pathReader reads a JSONPath the way JPath does, with the same exceptions.
type pathReader struct {
	text  string
	at    int
	depth int // of nested conditions
}

func (r *pathReader) end() bool { return r.at >= len(r.text) }

func (r *pathReader) space() {
	for !r.end() && r.text[r.at] == ' ' {
		r.at++
	}
}

// here is the character that the reader stands at.
func (r *pathReader) here() string { return (&reader{text: r.text, at: r.at}).here() }

func (r *pathReader) unexpected(where string) error {
	if r.end() {
		return dotnet.IndexOutOfRange()
	}
	return jsonException("Unexpected character while parsing path " + where + ": " + r.here())
}

var (
	errOpenIndexer = "Path ended with open indexer."
	errOpenQuery   = "Path ended with open query."
)

// ensure fails at the end of the path.
func (r *pathReader) ensure(message string) error {
	if r.end() {
		return jsonException(message)
	}
	return nil
}

// steps reads the steps of a path; in a condition the path ends at an operator.
func (r *pathReader) steps(start int, query bool) (filters []pathFilter, atEnd bool, err error) {
	scan, afterIndexer, afterDot := false, false, false
	take := func() {
		if r.at > start {
			filters = append(filters, nameFilter(r.text[start:r.at], scan))
			scan = false
		}
	}
loop:
	for !r.end() {
		switch c := r.text[r.at]; {
		case c == '[' || c == '(':
			take()
			f, err := r.indexer(c, scan)
			if err != nil {
				return nil, false, err
			}
			filters = append(filters, f)
			r.at++
			start, scan, afterIndexer, afterDot = r.at, false, true, false
		case c == ']' || c == ')' || c == ' ':
			break loop
		case c == '.':
			take()
			if strings.HasPrefix(r.text[r.at:], "..") {
				scan = true
				r.at++
			}
			r.at++
			start, afterIndexer, afterDot = r.at, false, true
		case query && strings.IndexByte("=<!>|&", c) >= 0:
			break loop
		case afterIndexer:
			return nil, false, jsonException("Unexpected character following indexer: " + r.here())
		default:
			r.at++
		}
	}
	atEnd = r.at == len(r.text)
	if r.at > start {
		filters = append(filters, nameFilter(strings.TrimRight(r.text[start:r.at], " \t\r\n"), scan))
	} else if afterDot && (atEnd || query) {
		return nil, false, jsonException("Unexpected end while parsing path.")
	}
	return filters, atEnd, nil
}

func nameFilter(name string, scan bool) pathFilter {
	switch {
	case scan && name == "*":
		return scanFilter{}
	case scan:
		return scanFilter{[]string{name}}
	}
	return fieldFilter{name: name, all: name == "*"}
}

// indexer reads [...] or (...) up to the closing bracket.
func (r *pathReader) indexer(open byte, scan bool) (pathFilter, error) {
	closing := byte(']')
	if open == '(' {
		closing = ')'
	}
	r.at++
	if err := r.ensure(errOpenIndexer); err != nil {
		return nil, err
	}
	r.space()
	switch {
	case r.end():
		return nil, dotnet.IndexOutOfRange()
	case r.text[r.at] == '\'':
		return r.quotedNames(closing, scan)
	case r.text[r.at] == '?':
		return r.query(closing, scan)
	}
	return r.indexes(closing)
}

func (r *pathReader) quotedNames(closing byte, scan bool) (pathFilter, error) {
	var names []string
	for !r.end() {
		name, err := r.quoted()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		r.space()
		if err := r.ensure(errOpenIndexer); err != nil {
			return nil, err
		}
		switch {
		case r.text[r.at] == closing && scan:
			return scanFilter{names}, nil
		case r.text[r.at] == closing && len(names) > 1:
			return fieldsFilter{names}, nil
		case r.text[r.at] == closing:
			return fieldFilter{name: name}, nil
		case r.text[r.at] != ',':
			return nil, r.unexpected("indexer")
		}
		r.at++
		r.space()
	}
	return nil, jsonException(errOpenIndexer)
}

// quoted reads a text in single quotes; the first character is taken for one.
func (r *pathReader) quoted() (string, error) {
	var b strings.Builder
	for r.at++; !r.end(); r.at++ {
		c := r.text[r.at]
		switch {
		case c == '\'':
			r.at++
			return b.String(), nil
		case c == '\\' && r.at+1 < len(r.text):
			r.at++
			plain, ok := escapes[r.text[r.at]]
			if !ok {
				return "", jsonException(`Unknown escape character: \` + r.here())
			}
			c = plain
		}
		b.WriteByte(c)
	}
	return "", jsonException("Path ended with an open string.")
}

// indexes reads [0], [0,2], [*] and [1:2:3].
func (r *pathReader) indexes(closing byte) (pathFilter, error) {
	var list indexFilter
	var slice []*int32
	start, stop := r.at, -1
	for !r.end() {
		c := r.text[r.at]
		if c == ' ' {
			stop = r.at
			r.space()
			continue
		}
		separator := c == closing || c == ',' || c == ':'
		var number *int32
		if separator {
			if stop < 0 {
				stop = r.at
			}
			if stop > start {
				n, err := dotnet.ParseInteger[int32](r.text[start:stop], integerStyle)
				if err != nil {
					return nil, err
				}
				number = &n
			}
		}
		switch {
		case separator && c != ':' && (c == ',' || slice == nil) && number == nil:
			return nil, jsonException("Array index expected.")
		case c == closing && slice != nil && list.indexes == nil:
			slice = append(slice, number)
			return sliceFilter{slice[0], slice[1], lastOf(slice)}, nil
		case c == closing:
			list.indexes = append(list.indexes, *number)
			return list, nil
		case c == ',':
			list.indexes = append(list.indexes, *number)
		case c == ':':
			slice = append(slice, number)
		case c == '*':
			return r.allItems(closing)
		case c != '-' && (c < '0' || c > '9') || stop >= 0:
			return nil, r.unexpected("indexer")
		default:
			r.at++
			continue
		}
		r.at++
		r.space()
		start, stop = r.at, -1
	}
	return nil, jsonException(errOpenIndexer)
}

// lastOf is the step of a slice, if it has one.
func lastOf(slice []*int32) *int32 {
	if len(slice) > 2 {
		return slice[len(slice)-1]
	}
	return nil
}

// allItems reads the rest of [*].
func (r *pathReader) allItems(closing byte) (pathFilter, error) {
	r.at++
	if err := r.ensure(errOpenIndexer); err != nil {
		return nil, err
	}
	r.space()
	if r.end() || r.text[r.at] != closing {
		return nil, jsonException("Unexpected character while parsing path indexer: *")
	}
	return itemsFilter{}, nil
}

// integerStyle is NumberStyles.Integer.
const integerStyle dotnet.NumberStyles = 7
