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
		// The reference lists inbound alone; deployed documents that are known to
		// work have it in outbound too.
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			if section := n.Site().Section; section != exchange.Inbound {
				n.Warn(nil, "the reference lists <authentication-managed-identity> for inbound only; here it stands in %s", section)
			}
			s := &managedIdentity{resource: n.String("resource"), ignoreError: n.Bool("ignore-error")}
			s.clientID, _ = n.String("client-id").Constant()
			s.variable, _ = n.String("output-token-variable-name").Constant()
			return s, nil
		},
	}
}

type managedIdentity struct {
	resource    policy.Operand[string]
	ignoreError policy.Operand[bool]
	clientID    string
	variable    string
}

func (s *managedIdentity) Run(r *policy.Run) error {
	resource, err := s.resource.Get(r)
	if err != nil {
		return err
	}
	ignoreError, err := s.ignoreError.Get(r)
	if err != nil {
		return err
	}
	token, err := r.Env.Identity.Token(r.Context, resource, s.clientID)
	switch {
	case err != nil && ignoreError:
		r.Note("authentication-managed-identity", "No token, which ignore-error lets pass: "+err.Error())
		return nil
	case err != nil:
		// No record has the texts; that the caller gets the general 500 is
		// observed (observed.md 2.1).
		f := &exchange.Failure{Status: 500, Detail: err.Error(), Err: err}
		f.Reason, f.Message = exchange.ReasonManagedIdentity, "The managed identity gave no token for resource '"+resource+"'."
		return f
	}
	if s.variable != "" {
		r.Variables.Set(s.variable, token.Value)
	} else {
		r.Request.Header.Set("Authorization", token.Authorization)
	}
	if r.Observed() {
		r.Note("authentication-managed-identity", "Managed identity token for "+resource+" is used.")
	}
	return nil
}
