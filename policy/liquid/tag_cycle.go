package liquid

import "strings"

// cycleNode is cycle: each time the next of its values.
type cycleNode struct {
	place
	name   expression
	values []expression
}

func parseCycle(_ *parser, t *token) (node, error) {
	k := markupOf(t)
	n := &cycleNode{place: place(t.open)}
	list := k.text
	if m := cycleNamePattern().FindStringSubmatch(k.text); m != nil {
		n.name, list = parseExpression(m[1]), m[2]
	}
	if fragmentPattern().FindString(list) == "" {
		return nil, &Error{t.open, "Syntax Error in 'cycle' tag - Valid syntax: cycle [name :] var [, var2, var3 ...]"}
	}
	var names strings.Builder
	for piece := range strings.SplitSeq(list, ",") {
		value := fragmentPattern().FindString(piece)
		names.WriteString(value)
		n.values = append(n.values, parseExpression(value))
	}
	if n.name == nil {
		n.name = constant{names.String()}
	}
	return n, nil
}

func (n *cycleNode) render(r *run, w *strings.Builder) error {
	name, err := n.name.eval(r)
	if err != nil {
		return err
	}
	key, err := r.text(name)
	if err != nil {
		return err
	}
	if r.cycles == nil {
		r.cycles = make(map[string]int)
	}
	i := r.cycles[key]
	if i >= len(n.values) { // another cycle of this name has more values
		return &problem{message: "Index was outside the bounds of the array."}
	}
	v, err := n.values[i].eval(r)
	if err != nil {
		return err
	}
	s, err := r.text(v)
	if err != nil {
		return err
	}
	r.cycles[key] = (i + 1) % len(n.values)
	if err := r.m.Allocate(len(key)); err != nil {
		return err
	}
	return r.write(w, s)
}

// ifChangedNode is ifchanged: what it renders is written if it is not what the
// last one wrote, of whichever place in the template.
type ifChangedNode struct {
	place
	nodes []node
}

func parseIfChanged(p *parser, t *token) (node, error) {
	nodes, _, err := p.block(t)
	return &ifChangedNode{place(t.open), nodes}, err
}

func (n *ifChangedNode) render(r *run, w *strings.Builder) error {
	var inner strings.Builder
	if err := r.all(&inner, n.nodes); err != nil {
		return err
	}
	text := inner.String()
	if r.changed != nil && *r.changed == text {
		return nil
	}
	r.changed = &text
	return r.write(w, text)
}
