package access

import (
	"github.com/apimulator/apimulator/policy"
)

// AuthenticationBasic defines <authentication-basic>.
func AuthenticationBasic() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "authentication-basic",
			Doc:  "Puts user name and password into Authorization, for the backend.",
			Attributes: []policy.Attribute{
				{Name: "username", Doc: "User name.", Type: policy.String, Required: true, Expression: true},
				{Name: "password", Doc: "Password.", Type: policy.String, Required: true, MayBeEmpty: true, Expression: true},
			},
		},
		Category: "access",
		Sections: policy.InboundOnly,
		Once:     true,
	}
}
