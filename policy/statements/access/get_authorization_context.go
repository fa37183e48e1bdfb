package access

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	identityManaged = "managed"
	identityJWT     = "jwt"
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
					Values: []string{identityManaged, identityJWT}, Default: identityManaged, Expression: true},
				{Name: "identity", Doc: "An Entra ID token; looked at with identity-type jwt only.", Type: policy.String, Expression: true},
				{Name: "ignore-error", Doc: "Set the variable to null where no token is to be had, and go on.", Type: policy.Bool, Default: "false", Expression: true},
			},
		},
		Category: "access",
		Facts:    getAuthorizationContextFacts,
		Sections: policy.InboundOnly,
		Compile:  compileGetAuthorizationContext,
	}
}

func compileGetAuthorizationContext(n *policy.Node) (policy.Step, error) {
	s := &getAuthorizationContext{
		provider: n.String("provider-id"), authorization: n.String("authorization-id"), variable: n.String("context-variable-name"),
		identityType: n.String("identity-type"), identity: n.String("identity"), ignoreError: n.Bool("ignore-error"),
	}
	switch kind, known := s.identityType.Constant(); {
	case known && kind == identityJWT:
		for _, address := range callerConfigs {
			u, err := exchange.ParseURL(address)
			if err != nil {
				return nil, n.Fault(policy.Error, nil, "%s", err)
			}
			n.Refer(n.Attr("identity-type"), u)
		}
		if !n.Has("identity") {
			n.Warn(n.Attr("identity-type"), `identity-type="jwt" without identity: there is no token to take the caller from`)
		}
	case known && n.Has("identity"):
		n.Warn(n.Attr("identity"), `identity is looked at with identity-type="jwt" only`)
	}
	return s, nil
}

type getAuthorizationContext struct {
	provider, authorization, variable, identityType, identity policy.Operand[string]
	ignoreError                                               policy.Operand[bool]
}

// callerConfigs and callerAudience are what a token in identity has to be of and
// for. Any tenant's may be: an access policy names tenant and object.
var callerConfigs = []string{
	"https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
	"https://login.microsoftonline.com/common/.well-known/openid-configuration",
}

const callerAudience = "https://azure-api.net/authorization-manager"

var callerRules, strictCallerRules = callerTokenRules(false), callerTokenRules(true)

func callerTokenRules(strict bool) *jwtvalidate.Rules {
	return &jwtvalidate.Rules{
		OpenIDConfigs: callerConfigs, Audiences: []string{callerAudience}, RequireExpiration: true, RequireSigned: true, Strict: strict,
		RequiredClaims: []jwtvalidate.RequiredClaim{{Name: "oid"}, {Name: "tid"}},
	}
}

func (s *getAuthorizationContext) Run(r *policy.Run) error {
	named, err := policy.All(r, []policy.Operand[string]{s.provider, s.authorization, s.variable, s.identityType, s.identity})
	if err != nil {
		return err
	}
	ignoreError, err := s.ignoreError.Get(r)
	if err != nil {
		return err
	}
	id, variable := exchange.ConnectionID{Provider: named[0], Authorization: named[1]}, named[2]
	authorization, err := authorize(r, id, named[3], named[4])
	switch {
	case err == nil:
		r.Variables.Set(variable, authorization)
		if r.Observed() {
			r.Note("get-authorization-context", fmt.Sprintf("The connection %s of %s gave a token.", id.Authorization, id.Provider))
		}
		return nil
	case r.Context.Err() != nil:
		return context.Cause(r.Context)
	case ignoreError:
		r.Variables.Set(variable, nil)
		r.Note("get-authorization-context", "No token, which ignore-error lets pass: "+err.Error())
		return nil
	}
	// That it is a 500 is documented; no source has the texts.
	f := &exchange.Failure{Status: 500, Detail: err.Error(), Err: err}
	f.Reason = exchange.ReasonAuthorizationContext
	f.Message = fmt.Sprintf("The connection '%s' of the credential provider '%s' gave no token.", id.Authorization, id.Provider)
	return f
}

// authorize gives what the connection holds, if whoever asks may have it.
func authorize(r *policy.Run, id exchange.ConnectionID, identityType, identity string) (*exchange.Authorization, error) {
	if r.Deployment == nil {
		return nil, errors.New("there is no credential manager")
	}
	c := r.Deployment.Connections[id]
	if c == nil {
		return nil, fmt.Errorf("there is no authorization %q of a provider %q: list it under credentialProviders in apim.yaml", id.Authorization, id.Provider)
	}
	if identityType == identityManaged {
		if !c.Managed {
			return nil, errors.New("no access policy of the connection is for the gateway's managed identity")
		}
	} else if err := admit(r, c, identity); err != nil {
		return nil, err
	}
	switch {
	case c.Fault != "":
		return nil, errors.New(c.Fault)
	case !c.ExpiresOn.IsZero() && !r.Clock.Now().Before(c.ExpiresOn):
		return nil, fmt.Errorf("its token has expired at %s", c.ExpiresOn.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return &c.Authorization, nil
}

// admit holds the token of who asks against the access policies of a connection.
func admit(r *policy.Run, c *exchange.Connection, identity string) error {
	identity = strings.TrimSpace(identity)
	if scheme, token, found := strings.Cut(identity, " "); found && strings.EqualFold(scheme, "Bearer") {
		identity = strings.TrimSpace(token)
	}
	if identity == "" {
		return errors.New("identity holds no token")
	}
	rules := callerRules
	if r.Env.Strict {
		rules = strictCallerRules
	}
	token, err := r.Env.Tokens.Validate(r.Context, identity, rules)
	if err != nil {
		return fmt.Errorf("the token in identity is refused: %w", err)
	}
	if _, delegated := token.Claims["scp"]; delegated {
		return errors.New("the token in identity is a user's: only those of applications, of a /.default scope, are taken")
	}
	tenant, _ := token.Claims["tid"].(string)
	object, _ := token.Claims["oid"].(string)
	if !c.Allows(tenant, object) {
		return fmt.Errorf("no access policy of the connection is for the object %s of the tenant %s", object, tenant)
	}
	return nil
}
