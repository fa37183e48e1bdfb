package liquid

import (
	"strings"
)

// ifNode is if or unless.
type ifNode struct {
	place
	negate   bool // unless: the first condition is turned round
	branches []branch
}

// branch is a condition, nil for else, and what is rendered where it holds.
type branch struct {
	condition *condition
	nodes     []node
}

func parseIf(p *parser, t *token) (node, error) {
	n := &ifNode{place: place(t.open), negate: t.name == "unless"}
	for at := t; ; {
		var b branch
		var err error
		if at.name != "else" {
			if b.condition, err = parseCondition(at); err != nil {
				return nil, err
			}
		}
		end, err := p.branch(t, &b, "elsif", "elseif", "else")
		if err != nil {
			return nil, err
		}
		n.branches = append(n.branches, b)
		if end.name == "end"+t.name {
			return n, nil
		}
		at = end
	}
}

// branch reads the nodes of a branch and gives the tag that ends it.
func (p *parser) branch(opener *token, b *branch, between ...string) (*token, error) {
	nodes, end, err := p.block(opener, between...)
	b.nodes = nodes
	return end, err
}

func (n *ifNode) render(r *run, w *strings.Builder) error {
	for i, b := range n.branches {
		holds := true
		if b.condition != nil {
			var err error
			if holds, err = b.condition.holds(r); err != nil {
				return err
			}
		}
		if i == 0 && n.negate {
			holds = !holds
		}
		if holds {
			return r.all(w, b.nodes)
		}
	}
	return nil
}
