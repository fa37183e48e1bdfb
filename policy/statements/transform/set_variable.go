package transform

import (
	"fmt"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
)

// SetVariable defines <set-variable>.
func SetVariable() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "set-variable",
			Doc:  "Sets a variable of the request: what is written is a string, what an expression gives keeps its type.",
			Attributes: []policy.Attribute{
				{Name: "name", Doc: "Name of the variable.", Type: policy.String, Required: true},
				{Name: "value", Doc: "Its value.", Type: policy.Any, Required: true, MayBeEmpty: true, Expression: true},
			},
		},
		Category: "transform",
		Facts:    setVariableFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			name, _ := n.String("name").Constant()
			value := n.Any("value")
			return policy.StepFunc(func(r *policy.Run) error {
				v, err := value.Get(r)
				if err != nil {
					return err
				}
				r.Variables.Set(name, v)
				if r.Observed() {
					kind := "null"
					if t := expr.DynamicType(v); t != nil {
						kind = "of the type " + t.String()
					}
					r.Note("set-variable", fmt.Sprintf("Context variable was set: %s is %s.", name, kind))
				}
				return nil
			}), nil
		},
	}
}
