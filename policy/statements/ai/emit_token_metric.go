package ai

import (
	"fmt"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// emitTokenMetric is a statement that emits how many tokens requests use.
func emitTokenMetric(name string, more ...policy.Attribute) *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: name,
			Doc:  "Emits the tokens of prompt and completion as metrics, once the response is there.",
			Attributes: append([]policy.Attribute{
				{Name: "namespace", Doc: "Namespace of the metrics.", Type: policy.String, Default: "API Management"},
			}, more...),
			Children: []policy.Child{part.Dimensions()},
			Check:    part.CheckDimensions,
		},
		Category: "ai",
		Facts:    tokenMetricFacts,
		Sections: policy.InboundOnly,
		Compile: func(n *policy.Node) (policy.Step, error) {
			namespace, _ := n.String("namespace").Constant()
			return &emitStep{n.Name, namespace, part.CompileDimensions(n)}, nil
		},
	}
}

type emitStep struct {
	statement, namespace string
	dimensions           part.DimensionList
}

// Run has the metrics emitted when the request is over, for a stream's tokens are known
// then. A request that spent nothing, such as one that failed, emits none (chosen). The
// dimensions are what they are when the sections have ended, response and all (chosen).
func (s *emitStep) Run(r *policy.Run) error {
	var last spent
	spendingOf(r).watch(func(now spent) { last = now })
	var dimensions []policy.Dimension
	var failed error
	r.AtEnd(func(r *policy.Run) { dimensions, failed = s.dimensions.Get(r) })
	r.OnDone(func(exchange.End) {
		switch {
		case failed != nil:
			r.Note(s.statement, "Nothing is emitted: "+failed.Error())
		case last.total() > 0:
			s.emit(r, last.usage, dimensions)
		}
	})
	return nil
}

func (s *emitStep) emit(r *policy.Run, u usage, dimensions []policy.Dimension) {
	for _, m := range []struct {
		name  string
		value int
	}{{"Total Tokens", u.total()}, {"Prompt Tokens", u.prompt}, {"Completion Tokens", u.completion}} {
		r.Emit(policy.Metric{Name: m.name, Namespace: s.namespace, Value: float64(m.value), Dimensions: dimensions})
	}
	if r.Observed() {
		r.Note(s.statement, fmt.Sprintf("Total Tokens %d, Prompt Tokens %d, Completion Tokens %d (%s).", u.total(), u.prompt, u.completion, s.namespace))
	}
}
