package access

import (
	"time"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ValidateJWT defines <validate-jwt>.
func ValidateJWT() *policy.Definition {
	return &policy.Definition{
		Element:  validateJWTElement(),
		Category: "access",
		Facts:    validateJWTFacts,
		Sections: policy.InboundOnly,
		Compile:  compileValidateJWT,
	}
}

func validateJWTElement() policy.Element {
	return policy.Element{
		Name: "validate-jwt",
		Doc:  "Refuses a request without a valid JSON Web Token.",
		Attributes: append(tokenAttributes(),
			policy.Attribute{Name: "require-expiration-time", Doc: "The token has to say when it expires.", Type: policy.Bool, Default: "true", Expression: true},
			policy.Attribute{Name: "require-scheme", Doc: "Scheme that an Authorization header has to begin with.", Type: policy.String, Expression: true},
			policy.Attribute{Name: "require-signed-tokens", Doc: "The token has to be signed.", Type: policy.Bool, Default: "true", Expression: true},
			policy.Attribute{Name: "clock-skew", Doc: "Seconds by which the issuer's clock may differ.", Type: policy.Seconds, Default: "0", Expression: true},
		),
		OneOf:   [][]string{tokenPlaces},
		Ordered: true,
		Children: []policy.Child{
			{Element: policy.Element{Name: "openid-config", Doc: "OpenID configuration document: keys and issuer.",
				Attributes: []policy.Attribute{{Name: "url", Doc: "Its address.", Type: policy.URL, Required: true, ExpressionOpen: true}}}},
			{Element: signingKeysElement(), Max: 1},
			{Element: decryptionKeysElement(), Max: 1},
			{Element: audiencesElement(), Max: 1},
			{Element: policy.Element{Name: "issuers", Doc: "Accepted iss values; one has to match.", Children: []policy.Child{
				{Min: 1, Element: policy.Element{Name: "issuer", Doc: "One value.", Text: policy.TrimmedText, TextOpen: true}}}}, Max: 1},
			{Element: requiredClaimsElement(false), Max: 1},
		},
		Check: func(n *policy.Node) policy.Diagnostics {
			signed, known := n.Bool("require-signed-tokens").Constant()
			if signed && known && n.Child("openid-config") == nil && n.Child("issuer-signing-keys") == nil && n.Child("decryption-keys") == nil {
				return policy.Diagnostics{n.Fault(policy.Error, nil, "<validate-jwt> has no key to verify a signature with: add <openid-config> or <issuer-signing-keys>")}
			}
			return nil
		},
	}
}

func compileValidateJWT(n *policy.Node) (policy.Step, error) {
	s := newTokenCheck(n, tokenTexts{element: n.Name, absent: jwtvalidate.MessageTokenNotPresent, invalid: jwtvalidate.MessageClientInvalid})
	rules := s.rules
	setRule(rules, n.Bool("require-expiration-time"), func(rules *jwtvalidate.Rules, v bool) { rules.RequireExpiration = v })
	setRule(rules, n.Bool("require-signed-tokens"), func(rules *jwtvalidate.Rules, v bool) { rules.RequireSigned = v })
	setRule(rules, n.Duration("clock-skew"), func(rules *jwtvalidate.Rules, v time.Duration) { rules.ClockSkew = v })
	var configs []policy.Operand[string]
	for _, c := range n.ChildrenNamed("openid-config") {
		url := c.String("url")
		if address, ok := url.Constant(); ok {
			u, _ := exchange.ParseURL(address) // Check has accepted it
			n.Refer(c.Attr("url"), u)
		}
		configs = append(configs, url)
	}
	setRuleList(rules, configs, func(rules *jwtvalidate.Rules, v []string) { rules.OpenIDConfigs = v })
	rules.readAudiences(n.Child("audiences"))
	if issuers := n.Child("issuers"); issuers != nil {
		setRuleList(rules, issuers.Contents("issuer"), func(rules *jwtvalidate.Rules, v []string) { rules.Issuers = v })
	}
	if err := rules.readSigningKeys(n.Child("issuer-signing-keys")); err != nil {
		return nil, err
	}
	if err := rules.readDecryptionKeys(n.Child("decryption-keys")); err != nil {
		return nil, err
	}
	rules.readClaims(n.Child("required-claims"))
	return s, nil
}
