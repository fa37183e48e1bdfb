package flow

import (
	"github.com/apimulator/apimulator/policy"
)

// Choose defines <choose>.
func Choose() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:    "choose",
			Doc:     "Runs the statements of the first branch whose condition holds, and of no other.",
			Ordered: true,
			Children: []policy.Child{
				{Min: 1, Element: policy.Element{Name: "when", Doc: "A branch.", Statements: true,
					Attributes: []policy.Attribute{{Name: "condition", Doc: "Whether the branch is taken.", Type: policy.Bool, Required: true, Expression: true}}}},
				{Max: 1, Element: policy.Element{Name: "otherwise", Doc: "The branch that is taken when no condition held.", Statements: true}},
			},
		},
		Category: "flow",
		Facts:    chooseFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			c := &choose{}
			for _, when := range n.ChildrenNamed("when") {
				c.branches = append(c.branches, branch{when.Bool("condition"), when.Attr("condition").Written(), when.Path(), when.Block()})
			}
			if otherwise := n.Child("otherwise"); otherwise != nil {
				c.otherwise = otherwise.Block()
			}
			return c, nil
		},
	}
}

type choose struct {
	branches  []branch
	otherwise policy.Block
}

type branch struct {
	condition policy.Operand[bool]
	written   string
	path      string
	block     policy.Block
}

func (c *choose) Run(r *policy.Run) error {
	for i := range c.branches {
		b := &c.branches[i]
		holds, err := b.condition.Get(r)
		if err != nil {
			return policy.At(b.path, err)
		}
		if r.Observed() {
			r.Note("choose", b.path+": "+b.written+" is "+map[bool]string{true: "true", false: "false"}[holds])
		}
		if holds {
			return b.block.Run(r)
		}
	}
	return c.otherwise.Run(r)
}
