package access

import (
	"github.com/apimulator/apimulator/policy"
)

// GetAuthorizationContext defines <get-authorization-context>.
func GetAuthorizationContext() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "get-authorization-context",
			Doc:  "Gets the token of a connection that the credential manager keeps.",
			Attributes: []policy.Attribute{
				{Name: "provider-id", Doc: "The credential provider.", Type: policy.String, Required: true, Expression: true},
				{Name: "authorization-id", Doc: "The connection.", Type: policy.String, Required: true, Expression: true},
				{Name: "context-variable-name", Doc: "Variable that gets the Authorization object.", Type: policy.String, Required: true, Expression: true},
				{Name: "identity-type", Doc: "Who asks: the gateway's managed identity, or the token in identity.", Type: policy.Enum,
					Values: []string{"managed", "jwt"}, Default: "managed", Expression: true},
				{Name: "identity", Doc: "An Entra ID token; looked at with identity-type jwt only.", Type: policy.String, Expression: true},
				{Name: "ignore-error", Doc: "Set the variable to null where no token is to be had, and go on.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "access",
		Sections: policy.InboundOnly,
	}
}
