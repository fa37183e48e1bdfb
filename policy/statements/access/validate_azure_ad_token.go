package access

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// publicCloud is where Entra ID is unless authentication-endpoint says otherwise; no
// page that could be read names a default.
const publicCloud = "https://login.microsoftonline.com"

// ValidateAzureADToken defines <validate-azure-ad-token>.
func ValidateAzureADToken() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-azure-ad-token",
			Doc:  "Refuses a request without a valid token of Entra ID; without a place for it, it is the one in Authorization.",
			Attributes: append(tokenAttributes(),
				policy.Attribute{Name: "tenant-id", Doc: "The tenant: its id, domain or address.", Type: policy.String, Required: true, Expression: true},
				policy.Attribute{Name: "authentication-endpoint", Doc: "Entra ID's address in another cloud.", Type: policy.URL, ExpressionOpen: true},
			),
			AtMostOne: [][]string{tokenPlaces},
			// Editions of the page differ in the order of the first two, and in
			// whether client-application-ids has to be there.
			Children: []policy.Child{
				{Element: applicationIDs("client-application-ids", "Applications that may call; one has to match."), Max: 1, MinOpen: true},
				{Element: applicationIDs("backend-application-ids", "Applications that the token may be for; one has to match."), Max: 1},
				{Element: audiencesElement(), Max: 1},
				{Element: requiredClaimsElement(true), Max: 1},
			},
		},
		Category: "access",
		Facts:    validateAzureADTokenFacts,
		Sections: policy.InboundOnly,
		Compile:  compileValidateAzureADToken,
	}
}

func applicationIDs(name, doc string) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{
		{Min: 1, Element: policy.Element{Name: "application-id", Doc: "An application's id.", Text: policy.LiteralText}}}}
}

func compileValidateAzureADToken(n *policy.Node) (policy.Step, error) {
	s := newTokenCheck(n, tokenTexts{element: n.Name, absent: jwtvalidate.MessageAzureTokenNotPresent, invalid: jwtvalidate.MessageAzureClientInvalid})
	rules := s.rules
	rules.set(func(rules *jwtvalidate.Rules) { rules.RequireExpiration, rules.RequireSigned = true, true })
	tenant, endpoint := n.String("tenant-id"), n.String("authentication-endpoint")
	if values, known := constants([]policy.Operand[string]{tenant, endpoint}); known {
		configs := tenantConfigs(values[0], values[1])
		for _, address := range configs {
			u, err := exchange.ParseURL(address)
			if err != nil {
				return nil, n.Fault(policy.Error, n.Attr("tenant-id"), "tenant-id is a tenant's id, domain or address: %s", err)
			}
			n.Refer(n.Attr("tenant-id"), u)
		}
		rules.set(func(rules *jwtvalidate.Rules) { rules.OpenIDConfigs = configs })
	} else {
		rules.dynamic = append(rules.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
			values, err := policy.All(r, []policy.Operand[string]{tenant, endpoint})
			if err == nil {
				rules.OpenIDConfigs = tenantConfigs(values[0], values[1])
			}
			return err
		})
	}
	rules.readAudiences(n.Child("audiences"))
	rules.readClaims(n.Child("required-claims"))
	s.also = &applications{listed(n, "client-application-ids"), listed(n, "backend-application-ids")}
	return s, nil
}

// tenantConfigs are the discovery documents of a tenant. Both have its keys; the
// issuer of v2.0 tokens stands in the first, that of v1.0 tokens in the second.
func tenantConfigs(tenant, endpoint string) []string {
	if scheme, rest, isAddress := strings.Cut(tenant, "://"); isAddress {
		host, path, _ := strings.Cut(rest, "/")
		tenant, _, _ = strings.Cut(path, "/")
		if endpoint == "" {
			endpoint = scheme + "://" + host
		}
	}
	if endpoint == "" {
		endpoint = publicCloud
	}
	base := strings.TrimSuffix(endpoint, "/") + "/" + strings.Trim(tenant, "/")
	return []string{base + "/v2.0/.well-known/openid-configuration", base + "/.well-known/openid-configuration"}
}

func listed(n *policy.Node, list string) []string {
	ids := n.Child(list)
	if ids == nil {
		return nil
	}
	values, _ := constants(ids.Contents("application-id")) // which may be no expressions
	return values
}

// applications are those that a token may come from and be for; empty: any.
type applications struct{ clients, backends []string }

// check looks at both; a nil applications lets all pass.
func (a *applications) check(t *jwtvalidate.Token) *jwtvalidate.Error {
	if a == nil {
		return nil
	}
	if fault := a.checkClient(t); fault != nil {
		return fault
	}
	return a.checkBackend(t)
}

func (a *applications) checkBackend(t *jwtvalidate.Token) *jwtvalidate.Error {
	if len(a.backends) == 0 || slices.ContainsFunc(t.Audiences, a.isBackend) {
		return nil
	}
	return jwtvalidate.AudienceNotAllowed(t, a.backends)
}

// isBackend takes an audience as v2.0 tokens have it, and as v1.0 tokens do with an
// application's first URI.
func (a *applications) isBackend(audience string) bool {
	return has(a.backends, strings.TrimPrefix(audience, "api://"))
}

func (a *applications) checkClient(t *jwtvalidate.Token) *jwtvalidate.Error {
	if len(a.clients) == 0 {
		return nil
	}
	client, name := clientOf(t)
	switch {
	case name == "":
		return jwtvalidate.ClaimMissing("azp")
	case !has(a.clients, client):
		return jwtvalidate.ClaimNotAllowed(name, client, a.clients)
	}
	return nil
}

// clientOf is who asked for the token, and the claim that says so: azp in v2.0 tokens,
// appid in v1.0; "" if there is neither.
func clientOf(t *jwtvalidate.Token) (client, claim string) {
	for _, name := range []string{"azp", "appid"} {
		if client, ok := t.Claims[name].(string); ok {
			return client, name
		}
	}
	return "", ""
}

// has looks for an id, which is a GUID, so that case does not count.
func has(ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return strings.EqualFold(other, id) })
}
