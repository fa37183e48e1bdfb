package lint

import "github.com/apimulator/apimulator/policy"

// jwt judges a validate-jwt.
func (o *outcome) jwt(st *statement) {
	n := st.node
	if n.Name != "validate-jwt" {
		return
	}
	if n.Child("audiences") == nil && !claimed(n, "aud") {
		o.at(Warning, ruleJWTAudience, n, nil, "<validate-jwt> checks no audience")
	}
	if n.Child("issuers") == nil && n.Child("openid-config") == nil && !claimed(n, "iss") {
		o.at(Warning, ruleJWTIssuer, n, nil, "<validate-jwt> checks no issuer and has no <openid-config> that names one")
	}
	for _, name := range []string{"require-signed-tokens", "require-expiration-time"} {
		if text, ok := literal(n, name); ok && isFalse(text) {
			o.at(Warning, ruleJWTChecksOff, n, n.Attr(name), "%s is turned off", name)
		}
	}
	for _, list := range []string{"issuer-signing-keys", "decryption-keys"} {
		keys := n.Child(list)
		if keys == nil {
			continue
		}
		for _, k := range keys.ChildrenNamed("key") {
			if v := k.Body(); v != nil && !v.Expression && !k.Open(v) && !written(v) {
				o.at(Warning, ruleJWTKey, k, v, "a symmetric key stands in the document")
			}
		}
	}
}

// claimed reports whether <required-claims> ask for a claim.
func claimed(n *policy.Node, claim string) bool {
	claims := n.Child("required-claims")
	if claims == nil {
		return false
	}
	for _, c := range claims.ChildrenNamed("claim") {
		if name, ok := literal(c, "name"); ok && name == claim {
			return true
		}
	}
	return false
}

func isFalse(text string) bool { return text == "false" || text == "False" || text == "0" }

// written reports whether a value came of a named value, as secrets should.
func written(v *policy.Value) bool { return policy.NamedValue().MatchString(v.Written()) }
