package integration

import (
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
		Sections: policy.AnySection,
	}
}
