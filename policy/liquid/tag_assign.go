package liquid

import "strings"

// assignNode is assign. What it sets is seen everywhere after it, outside of the
// block that it stands in too.
type assignNode struct {
	place
	name  string
	value *variable
}

func parseAssign(_ *parser, t *token) (node, error) {
	k := markupOf(t)
	m := assignPattern().FindStringSubmatchIndex(k.text)
	if m == nil {
		return nil, &Error{t.open, "Syntax Error in 'assign' tag - Valid syntax: assign [var] = [source]"}
	}
	name, _ := k.group(m, 1)
	source, _ := k.group(m, 2)
	value, err := parseVariable(source)
	if err != nil {
		return nil, err
	}
	if value == nil {
		value = &variable{value: constant{}}
	}
	return &assignNode{place(t.open), name.text, value}, nil
}

func (n *assignNode) render(r *run, _ *strings.Builder) error {
	v, err := n.value.eval(r)
	if err != nil {
		return err
	}
	return r.assign(n.name, v)
}

func (r *run) assign(name string, v any) error {
	if r.assigned == nil {
		r.assigned = make(map[string]any)
	}
	r.assigned[name] = v
	return r.m.Allocate(len(name) + 32)
}

// captureNode is capture: what it renders becomes a variable.
type captureNode struct {
	place
	name  string
	nodes []node
}

func parseCapture(p *parser, t *token) (node, error) {
	name := namePattern().FindString(t.text)
	if name == "" {
		return nil, &Error{t.open, "Syntax Error in 'capture' tag - Valid syntax: capture [var]"}
	}
	nodes, _, err := p.block(t)
	return &captureNode{place(t.open), name, nodes}, err
}

func (n *captureNode) render(r *run, _ *strings.Builder) error {
	var inner strings.Builder
	if err := r.all(&inner, n.nodes); err != nil {
		return err
	}
	return r.assign(n.name, inner.String())
}
