package integration

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// EmitMetric defines <emit-metric>.
func EmitMetric() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "emit-metric",
			Doc:  "Emits a metric of your own.",
			Attributes: []policy.Attribute{
				{Name: "name", Doc: "Its name.", Type: policy.String, Required: true},
				{Name: "namespace", Doc: "Its namespace.", Type: policy.String, Default: "API Management"},
				{Name: "value", Doc: "Its value.", Type: policy.Number, Default: "1", Expression: true},
			},
			Children: []policy.Child{part.Dimensions()},
			Check:    part.CheckDimensions,
		},
		Category: "integration",
		Facts:    emitMetricFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &emitMetric{value: n.Number("value"), dimensions: part.CompileDimensions(n)}
			s.name, _ = n.String("name").Constant()
			s.namespace, _ = n.String("namespace").Constant()
			return s, nil
		},
	}
}

type emitMetric struct {
	name, namespace string
	value           policy.Operand[float64]
	dimensions      part.DimensionList
}

// Run emits one measurement.
func (s *emitMetric) Run(r *policy.Run) error {
	value, err := s.value.Get(r)
	if err != nil {
		return err
	}
	dimensions, err := s.dimensions.Get(r)
	if err != nil {
		return err
	}
	r.Emit(policy.Metric{Name: s.name, Namespace: s.namespace, Value: value, Dimensions: dimensions})
	if r.Observed() {
		var list strings.Builder
		for _, d := range dimensions {
			fmt.Fprintf(&list, ", %s=%s", d.Name, d.Value)
		}
		r.Note("emit-metric", fmt.Sprintf("Metric '%s' (%s) is %g%s.", s.name, s.namespace, value, list.String()))
	}
	return nil
}
