package access

import (
	"encoding/base64"

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
		Facts:    authenticationBasicFacts,
		Sections: policy.InboundOnly,
		Once:     true,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &authenticationBasic{username: n.String("username"), password: n.String("password")}
			user, userKnown := s.username.Constant()
			password, passwordKnown := s.password.Constant()
			if userKnown && passwordKnown {
				s.credentials = basicCredentials(user, password)
			}
			return s, nil
		},
	}
}

type authenticationBasic struct {
	username, password policy.Operand[string]
	credentials        string // if they are the same for all requests
}

func (s *authenticationBasic) Run(r *policy.Run) error {
	credentials := s.credentials
	if credentials == "" {
		username, err := s.username.Get(r)
		if err != nil {
			return err
		}
		password, err := s.password.Get(r)
		if err != nil {
			return err
		}
		credentials = basicCredentials(username, password)
	}
	r.Request.Header.Set("Authorization", credentials)
	r.Note("authentication-basic", "The user name and password of the policy are used.")
	return nil
}

// basicCredentials are in UTF-8: no source names an encoding, and RFC 7617 section
// 2.1 knows no other.
func basicCredentials(username, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))
}
