package liquid

import (
	"strings"
)

// loop is what for, JSONArrayFor and tablerow have in common: a variable, what
// it goes through, and which part of that.
type loop struct {
	place
	variable   string
	collection expression
	name       string // variable-collection: for offset:continue and forloop.name
	reversed   bool
	skip       expression // offset: nil is 0
	resumes    bool       // offset:continue
	limit      expression // nil: all
	where      string     // of JSONArrayFor: the name of the XML elements; "": all
	nodes      []node
}

// forNode is for and JSONArrayFor.
type forNode struct {
	loop
	commas bool
}

func parseFor(p *parser, t *token) (node, error) {
	n := &forNode{}
	return n, n.parse(p, t)
}

// parseJSONArrayFor reads API Management's own loop, which writes commas between
// its rounds and may take the XML elements of one name only. How that is written
// is not documented; where 'name', where: 'name' and where item = 'name' are
// taken.
func parseJSONArrayFor(p *parser, t *token) (node, error) {
	n := &forNode{commas: true}
	if m := wherePattern().FindStringSubmatch(t.text); m != nil {
		n.where = strings.Trim(m[1], `"'`)
	}
	return n, n.parse(p, t)
}

func (n *forNode) parse(p *parser, t *token) error {
	k := markupOf(t)
	m := loopPattern().FindStringSubmatchIndex(k.text)
	if m == nil {
		return &Error{t.open, "Syntax Error in '" + t.name + "' tag - Valid syntax: " + t.name + " [item] in [collection]"}
	}
	variable, _ := k.group(m, 1)
	collection, _ := k.group(m, 2)
	_, n.reversed = k.group(m, 3)
	n.begin(t, variable.text, collection.text)
	for _, a := range attributePattern().FindAllStringSubmatch(k.text, -1) {
		switch a[1] {
		case "offset":
			if n.resumes = a[2] == "continue"; !n.resumes {
				n.skip = parseExpression(a[2])
			}
		case "limit":
			n.limit = parseExpression(a[2])
		}
	}
	var err error
	n.nodes, _, err = p.block(t)
	return err
}

func (l *loop) begin(t *token, variable, collection string) {
	l.place, l.variable, l.collection = place(t.open), variable, parseExpression(collection)
	l.name = variable + "-" + collection
}

// bounds are the indexes of the first element and of the one after the last; a
// negative end is the end of the collection.
func (l *loop) bounds(r *run) (from, to int64, err error) {
	var offset, limit int32
	switch {
	case l.resumes:
		offset = r.progress[l.name]
	case l.skip != nil:
		if offset, err = r.integer(l.skip); err != nil {
			return 0, 0, err
		}
	}
	if l.limit == nil {
		return int64(offset), -1, nil
	}
	if limit, err = r.integer(l.limit); err != nil {
		return 0, 0, err
	}
	return int64(offset), max(0, int64(offset)+int64(limit)), nil
}

// part are the elements that the loop goes through, and the index of the first;
// it is nil of a value that is no collection.
func (l *loop) part(r *run) (part sequence, from int64, err error) {
	collection, err := l.collection.eval(r)
	if err != nil || !isEnumerable(collection) {
		return nil, 0, err
	}
	from, to, err := l.bounds(r)
	if err != nil {
		return nil, 0, err
	}
	if e, ok := collection.(*xmlElement); ok && l.where != "" {
		collection = e.named(l.where)
	}
	if s, ok := collection.(sequence); ok {
		n := int64(s.Len())
		if to < 0 || to > n {
			to = n
		}
		first := min(max(0, from), n)
		return view{s, int(first), int(max(0, to-first))}, from, nil
	}
	elements := list{}
	index := int64(0)
	_, err = r.each(collection, func(x any) (bool, error) {
		if to >= 0 && index >= to {
			return true, nil
		}
		if index >= from {
			elements = append(elements, x)
		}
		index++
		return false, r.m.Allocate(16)
	})
	return elements, from, err
}

func (n *forNode) render(r *run, w *strings.Builder) error {
	part, from, err := n.part(r)
	if err != nil || part == nil || part.Len() == 0 {
		return err
	}
	if r.progress == nil {
		r.progress = make(map[string]int32)
	}
	length := part.Len()
	r.progress[n.name] = int32(from + int64(length))
	state := &loopState{name: n.name, length: length}
	depth := len(r.locals)
	r.locals = append(r.locals, local{n.variable, nil}, local{"forloop", state})
	defer func() { r.locals = r.locals[:depth] }()
	for i := range length {
		state.index = i
		at := i
		if n.reversed {
			at = length - 1 - i
		}
		if r.locals[depth].value, err = r.element(part, at); err != nil {
			return err
		}
		if n.commas && i > 0 {
			if err := r.write(w, ","); err != nil {
				return err
			}
		}
		switch err := r.all(w, n.nodes); err {
		case nil, nextRound:
		case leaveLoop:
			return nil
		default:
			return err
		}
	}
	return nil
}

// element is an element of a loop's collection; each counts as a step.
func (r *run) element(part sequence, i int) (any, error) {
	if err := r.m.Spend(1); err != nil {
		return nil, err
	}
	return r.value(part.At(i))
}

// loopState is forloop.
type loopState struct {
	name          string
	index, length int
}

func (s *loopState) member(_ *run, name string) (any, bool, error) {
	i, n := int32(s.index), int32(s.length)
	switch strings.ToLower(name) { // Microsoft's pages write forloop.Last too
	case "name":
		return s.name, true, nil
	case "length":
		return n, true, nil
	case "index":
		return i + 1, true, nil
	case "index0":
		return i, true, nil
	case "rindex":
		return n - i, true, nil
	case "rindex0":
		return n - i - 1, true, nil
	case "first":
		return i == 0, true, nil
	case "last":
		return i == n-1, true, nil
	}
	return nil, false, nil
}

func (s *loopState) pairs(r *run) ([]pair, error) {
	return pairsOf(r, s, "name", "length", "index", "index0", "rindex", "rindex0", "first", "last")
}

// pairsOf are the members of those names.
func pairsOf(r *run, o object, names ...string) ([]pair, error) {
	pairs := make([]pair, len(names))
	for i, name := range names {
		v, _, err := o.member(r, name)
		if err != nil {
			return nil, err
		}
		pairs[i] = pair{name, v}
	}
	return pairs, r.m.Allocate(48 * len(names))
}
