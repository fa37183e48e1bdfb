package access

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// ManagedIdentity defines <authentication-managed-identity>.
func ManagedIdentity() *policy.Definition {
	return &policy.Definition{
		Element:  part.ManagedIdentity(),
		Category: "access",
		Facts:    managedIdentityFacts,
		// The reference lists inbound alone; deployed documents that are known to
		// work have it in outbound too.
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			if section := n.Site().Section; section != exchange.Inbound {
				n.Warn(nil, "the reference lists <authentication-managed-identity> for inbound only; here it stands in %s", section)
			}
			edit := part.CompileManagedIdentity(n)
			return policy.StepFunc(func(r *policy.Run) error { return edit.Apply(r, part.RequestMessage(r)) }), nil
		},
	}
}
