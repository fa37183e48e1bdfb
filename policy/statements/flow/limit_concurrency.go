package flow

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// LimitConcurrency defines <limit-concurrency>.
func LimitConcurrency() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "limit-concurrency",
			Doc:        "Lets only so many requests into its statements at a time; one too many is refused at once.",
			Statements: true,
			Attributes: []policy.Attribute{
				{Name: "key", Doc: "What is counted: each value has places of its own, per API.", Type: policy.String, Required: true, Expression: true},
				{Name: "max-count", Doc: "The most requests inside.", Type: policy.Int, Min: 1, Required: true},
			},
		},
		Category: "flow",
		Facts:    limitConcurrencyFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			most, _ := n.Int("max-count").Constant()
			return &limitConcurrency{n.String("key"), most, n.Block()}, nil
		},
	}
}

type limitConcurrency struct {
	key   policy.Operand[string]
	most  int
	block policy.Block
}

// Run holds a place while the statements run. Places are counted per API, even
// where the element stands in a wider scope (runtime.md).
func (s *limitConcurrency) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	if r.API != nil {
		key = r.API.ID + "\x00" + key
	}
	leave, ok := r.Env.Places.Enter(key, s.most)
	if !ok {
		f := &exchange.Failure{Status: 429}
		f.Reason, f.Message = exchange.ReasonConcurrencyLimit, exchange.MessageConcurrencyLimit
		return f
	}
	defer leave()
	return s.block.Run(r)
}
