package xpath

type testKind uint8

const (
	oneName  testKind = iota // p:name
	anyName                  // *
	anyLocal                 // p:*
	anyNode
	textNode
	commentNode
	instructionNode
)

// test is what a step asks of a node.
type test struct {
	kind         testKind
	principal    NodeType // of the axis: what * stands for
	local, space string
	named        bool // processing-instruction('local')
}

func (t *test) accepts(n Node) bool {
	switch t.kind {
	case anyNode:
		return true
	case textNode:
		return n.NodeType() == Text
	case commentNode:
		return n.NodeType() == Comment
	case instructionNode:
		return n.NodeType() == Instruction && (!t.named || n.LocalName() == t.local)
	}
	if n.NodeType() != t.principal {
		return false
	}
	switch t.kind {
	case anyName:
		return true
	case anyLocal:
		return n.NamespaceURI() == t.space
	}
	return n.LocalName() == t.local && n.NamespaceURI() == t.space
}

// axis gives the nodes of an axis of n, in its direction, until yield returns
// false.
type axis func(n Node, yield func(Node) bool)

// backward are the axes that lead away from the end of the document.
var backward = map[string]bool{"ancestor": true, "ancestor-or-self": true, "preceding": true, "preceding-sibling": true}

var axes = map[string]axis{
	"self": func(n Node, yield func(Node) bool) { yield(n) },
	"child": func(n Node, yield func(Node) bool) {
		for c := n.FirstChild(); c != nil && yield(c); c = c.Next() {
		}
	},
	"parent": func(n Node, yield func(Node) bool) {
		if p := n.Parent(); p != nil {
			yield(p)
		}
	},
	"attribute": func(n Node, yield func(Node) bool) { each(n.Attributes(), yield) },
	"namespace": func(n Node, yield func(Node) bool) { each(n.Namespaces(), yield) },
	"descendant": func(n Node, yield func(Node) bool) {
		for d := n.FirstChild(); d != nil && yield(d); d = follow(d, n) {
		}
	},
	"descendant-or-self": func(n Node, yield func(Node) bool) {
		for d := n; d != nil && yield(d); d = follow(d, n) {
		}
	},
	"ancestor": func(n Node, yield func(Node) bool) {
		for p := n.Parent(); p != nil && yield(p); p = p.Parent() {
		}
	},
	"ancestor-or-self": func(n Node, yield func(Node) bool) {
		for p := n; p != nil && yield(p); p = p.Parent() {
		}
	},
	"following-sibling": func(n Node, yield func(Node) bool) {
		if inTree(n) {
			for s := n.Next(); s != nil && yield(s); s = s.Next() {
			}
		}
	},
	"preceding-sibling": func(n Node, yield func(Node) bool) {
		if inTree(n) {
			for s := n.Previous(); s != nil && yield(s); s = s.Previous() {
			}
		}
	},
	"following": func(n Node, yield func(Node) bool) {
		if !inTree(n) { // what its element holds follows an attribute
			for d := follow(n.Parent(), nil); d != nil && yield(d); d = follow(d, nil) {
			}
			return
		}
		for d := after(n, nil); d != nil && yield(d); d = follow(d, nil) {
		}
	},
	"preceding": preceding,
}

func each(nodes []Node, yield func(Node) bool) {
	for _, n := range nodes {
		if !yield(n) {
			return
		}
	}
}

// inTree tells whether a node has siblings: attributes have none.
func inTree(n Node) bool { return n.NodeType() != Attribute && n.NodeType() != Namespace }

// preceding goes backwards through what ends before n begins.
func preceding(n Node, yield func(Node) bool) {
	if !inTree(n) {
		n = n.Parent()
	}
	for ; n != nil; n = n.Parent() {
		for s := n.Previous(); s != nil; s = s.Previous() {
			if !lastFirst(s, yield) {
				return
			}
		}
	}
}

// lastFirst goes through n and what it holds from the end.
func lastFirst(top Node, yield func(Node) bool) bool {
	for n := lastWithin(top); ; {
		if !yield(n) {
			return false
		}
		if n == top {
			return true
		}
		if p := n.Previous(); p != nil {
			n = lastWithin(p)
		} else {
			n = n.Parent()
		}
	}
}

func lastWithin(n Node) Node {
	for {
		c := n.FirstChild()
		if c == nil {
			return n
		}
		for next := c.Next(); next != nil; next = c.Next() {
			c = next
		}
		n = c
	}
}
