package part

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// identityEdit puts a managed identity's token into a message.
type identityEdit struct {
	resource    policy.Operand[string]
	ignoreError policy.Operand[bool]
	clientID    string
	variable    string
}

// CompileManagedIdentity makes the edit of an authentication-managed-identity that was
// checked.
func CompileManagedIdentity(n *policy.Node) Edit {
	e := &identityEdit{resource: n.String("resource"), ignoreError: n.Bool("ignore-error")}
	e.clientID, _ = n.String("client-id").Constant()
	e.variable, _ = n.String("output-token-variable-name").Constant()
	return e
}

func (e *identityEdit) Apply(r *policy.Run, m Message) error {
	resource, err := e.resource.Get(r)
	if err != nil {
		return err
	}
	ignoreError, err := e.ignoreError.Get(r)
	if err != nil {
		return err
	}
	token, err := r.Env.Identity.Token(r.Context, resource, e.clientID)
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
	if e.variable != "" {
		r.Variables.Set(e.variable, token.Value)
	} else {
		m.Header.Set("Authorization", token.Authorization)
	}
	if r.Observed() {
		r.Note("authentication-managed-identity", "Managed identity token for "+resource+" is used.")
	}
	return nil
}
