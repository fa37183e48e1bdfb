package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetHeader defines <set-header>.
func SetHeader() *policy.Definition {
	return &policy.Definition{
		Element:  part.SetHeader(),
		Category: "transform",
		Facts:    setHeaderFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return part.Step(part.CompileSetHeader(n), n.Site().Section), nil
		},
	}
}
