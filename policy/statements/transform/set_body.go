package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetBody defines <set-body>.
func SetBody() *policy.Definition {
	return &policy.Definition{
		Element:  part.SetBody(),
		Category: "transform",
		Facts:    setBodyFacts,
		// The page leaves on-error out; that it works there is observed
		// (observed.md 5.13).
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			edit, err := part.CompileSetBody(n, false)
			if err != nil {
				return nil, err
			}
			return part.Step(edit, n.Site().Section), nil
		},
	}
}
