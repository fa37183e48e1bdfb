package flow

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Wait defines <wait>.
func Wait() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "wait",
			Doc:        "Runs its statements side by side, and waits for all of them or for the first.",
			Statements: true,
			Only:       []string{"send-request", "cache-lookup-value", "choose"},
			Attributes: []policy.Attribute{
				{Name: "for", Doc: "What to wait for.", Type: policy.Enum, Values: []string{"all", "any"}, Default: "all", Expression: true},
			},
		},
		Category: "flow",
		Facts:    waitFacts,
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound},
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &wait{what: n.String("for"), branches: n.Block().Each()}, nil
		},
	}
}

type wait struct {
	what     policy.Operand[string]
	branches []policy.Block
}

func (s *wait) Run(r *policy.Run) error {
	what, err := s.what.Get(r)
	if err != nil {
		return err
	}
	return r.Branches(s.branches, what == "any")
}
