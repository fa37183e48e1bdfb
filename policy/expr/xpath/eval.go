package xpath

import (
	"math"
	"slices"
)

type kind uint8

const (
	kindNumber kind = iota
	kindString
	kindBoolean
	kindNodes
)

// expr is a node of the expression's tree.
type expr interface {
	kind() kind
	eval(e *evaluation, at position) (any, error)
}

// position is the context of XPath: a node, its place and how many there are.
type position struct {
	node        Node
	place, size int
}

// evaluation is one evaluation of an expression.
type evaluation struct {
	spend func(int) error
	order map[Node]int
	from  Node
}

// Evaluate gives a float64, a string, a bool or a []Node in document order. It
// tells spend of its steps, whose error stops it.
func (x *Expr) Evaluate(n Node, spend func(int) error) (any, error) {
	e := &evaluation{spend: spend, from: n}
	v, err := x.tree.eval(e, position{n, 1, 1})
	if err != nil {
		return nil, err
	}
	if set, ok := v.(nodeSet); ok {
		set, err = e.sort(set)
		return set.nodes, err
	}
	return v, nil
}

// Nodes tells whether the expression gives nodes.
func (x *Expr) Nodes() bool { return x.tree.kind() == kindNodes }

// sort puts a set in document order, each node once.
func (e *evaluation) sort(set nodeSet) (nodeSet, error) {
	if set.sorted || len(set.nodes) < 2 {
		return nodeSet{set.nodes, true}, nil
	}
	if e.order == nil {
		e.order = make(map[Node]int)
		top := rootOf(e.from)
		for n := top; n != nil; n = follow(n, top) {
			if err := e.spend(2); err != nil {
				return set, err
			}
			e.order[n] = 1 << 20 * (len(e.order) + 1)
		}
	}
	nodes := slices.Clone(set.nodes)
	if err := e.spend(4 * len(nodes)); err != nil {
		return set, err
	}
	slices.SortStableFunc(nodes, func(a, b Node) int { return e.rank(a) - e.rank(b) })
	return nodeSet{slices.Compact(nodes), true}, nil
}

// rank is where a node stands: attributes after their element, namespaces before
// them.
func (e *evaluation) rank(n Node) int {
	if r, ok := e.order[n]; ok {
		return r
	}
	p := n.Parent()
	if p == nil {
		return 0
	}
	r := e.order[p] + 1
	if n.NodeType() == Attribute {
		r += 1 << 10
		if i := slices.Index(p.Attributes(), n); i >= 0 {
			r += min(i, 1<<18)
		}
	} else if i := slices.Index(p.Namespaces(), n); i >= 0 {
		r += min(i, 1<<10-2)
	}
	e.order[n] = r
	return r
}

type constant struct{ value any }

func (c *constant) kind() kind {
	if _, ok := c.value.(string); ok {
		return kindString
	}
	return kindNumber
}

func (c *constant) eval(*evaluation, position) (any, error) { return c.value, nil }

type root struct{}

func (*root) kind() kind { return kindNodes }

func (*root) eval(_ *evaluation, at position) (any, error) {
	return nodeSet{[]Node{rootOf(at.node)}, true}, nil
}

// context is where a relative path begins.
type context struct{}

func (*context) kind() kind { return kindNodes }

func (*context) eval(_ *evaluation, at position) (any, error) {
	return nodeSet{[]Node{at.node}, true}, nil
}

type negation struct {
	x   expr
	odd bool
}

func (*negation) kind() kind { return kindNumber }

func (n *negation) eval(e *evaluation, at position) (any, error) {
	v, err := n.x.eval(e, at)
	if err != nil {
		return nil, err
	}
	f, err := e.number(v)
	if n.odd {
		f = -f
	}
	return f, err
}

type binary struct {
	op          string
	left, right expr
}

func (b *binary) kind() kind {
	switch b.op {
	case "+", "-", "*", "div", "mod":
		return kindNumber
	}
	return kindBoolean
}

func (b *binary) eval(e *evaluation, at position) (any, error) {
	if err := e.spend(1); err != nil {
		return nil, err
	}
	x, err := b.left.eval(e, at)
	if err != nil {
		return nil, err
	}
	if b.op == "or" || b.op == "and" {
		if truth(x) == (b.op == "or") {
			return b.op == "or", nil
		}
		y, err := b.right.eval(e, at)
		return err == nil && truth(y), err
	}
	y, err := b.right.eval(e, at)
	if err != nil {
		return nil, err
	}
	if b.kind() == kindBoolean {
		return e.compare(b.op, x, y)
	}
	f, err := e.number(x)
	if err != nil {
		return nil, err
	}
	g, err := e.number(y)
	switch b.op {
	case "+":
		f += g
	case "-":
		f -= g
	case "*":
		f *= g
	case "div":
		f /= g
	default:
		f = math.Mod(f, g)
	}
	return f, err
}

type union struct{ left, right expr }

func (*union) kind() kind { return kindNodes }

func (u *union) eval(e *evaluation, at position) (any, error) {
	x, err := u.left.eval(e, at)
	if err != nil {
		return nil, err
	}
	y, err := u.right.eval(e, at)
	if err != nil {
		return nil, err
	}
	return e.sort(nodeSet{nodes: slices.Concat(x.(nodeSet).nodes, y.(nodeSet).nodes)})
}

// group is a path in parentheses: predicates behind count in document order.
type group struct{ x expr }

func (*group) kind() kind { return kindNodes }

func (g *group) eval(e *evaluation, at position) (any, error) {
	v, err := g.x.eval(e, at)
	if err != nil {
		return nil, err
	}
	return e.sort(v.(nodeSet))
}

// filter is a predicate behind an expression that is no step.
type filter struct{ x, condition expr }

func (*filter) kind() kind { return kindNodes }

func (f *filter) eval(e *evaluation, at position) (any, error) {
	v, err := f.x.eval(e, at)
	if err != nil {
		return nil, err
	}
	set, err := e.sort(v.(nodeSet))
	if err != nil {
		return nil, err
	}
	nodes, err := e.keep(set.nodes, f.condition)
	return nodeSet{nodes, true}, err
}

// step is one step of a path.
type step struct {
	from       expr
	axis       string
	test       test
	predicates []expr
}

func (*step) kind() kind { return kindNodes }

func (s *step) eval(e *evaluation, at position) (any, error) {
	v, err := s.from.eval(e, at)
	if err != nil {
		return nil, err
	}
	from := v.(nodeSet)
	var all []Node
	for _, n := range from.nodes {
		var found []Node
		var failed error
		axes[s.axis](n, func(x Node) bool {
			if failed = e.spend(1); failed != nil {
				return false
			}
			if s.test.accepts(x) {
				found = append(found, x)
			}
			return true
		})
		if failed != nil {
			return nil, failed
		}
		for _, p := range s.predicates {
			if found, err = e.keep(found, p); err != nil {
				return nil, err
			}
		}
		all = append(all, found...)
	}
	sorted := len(from.nodes) == 1 && !backward[s.axis] || from.sorted && (s.axis == "self" || s.axis == "attribute")
	return e.sort(nodeSet{all, sorted})
}

// keep are the nodes for which the condition holds; a number is a place.
func (e *evaluation) keep(nodes []Node, condition expr) ([]Node, error) {
	var kept []Node
	for i, n := range nodes {
		if err := e.spend(1); err != nil {
			return nil, err
		}
		v, err := condition.eval(e, position{n, i + 1, len(nodes)})
		if err != nil {
			return nil, err
		}
		if f, ok := v.(float64); ok && f == float64(i+1) || !ok && truth(v) {
			kept = append(kept, n)
		}
	}
	return kept, nil
}
