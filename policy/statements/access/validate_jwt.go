package access

import (
	"errors"
	"slices"
	"strings"
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
			{Element: keysElement("issuer-signing-keys", "Keys of the signature, tried one by one.", checkKey), Max: 1},
			{Element: keysElement("decryption-keys", "Keys of encrypted tokens.", nil), Max: 1},
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

func keysElement(name, doc string, check func(*policy.Node) policy.Diagnostics) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{{Min: 1, Element: policy.Element{
		Name: "key", Doc: "A key: Base64 text, a certificate, or an RSA key's n and e.", Text: policy.TrimmedText, TextOpen: true,
		Attributes: []policy.Attribute{
			{Name: "id", Doc: "Compared with the token's kid.", Type: policy.String, ExpressionOpen: true},
			{Name: "certificate-id", Doc: "A certificate of the service.", Type: policy.String, ExpressionOpen: true},
			{Name: "n", Doc: "RSA modulus, Base64url.", Type: policy.String},
			{Name: "e", Doc: "RSA exponent, Base64url.", Type: policy.String},
		},
		AtMostOne: [][]string{{"certificate-id", "n"}, {"certificate-id", "e"}},
		Together:  [][]string{{"n", "e"}},
		Check:     check,
	}}}}
}

// checkKey tells of a key that can't be used, as far as it is known.
func checkKey(k *policy.Node) policy.Diagnostics {
	for _, o := range []policy.Operand[string]{k.Content(), k.String("certificate-id"), k.String("n"), k.String("e")} {
		if _, known := o.Constant(); !known {
			return nil
		}
	}
	_, err := readKey(k)
	var fault policy.Diagnostic
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fault):
		return policy.Diagnostics{fault}
	}
	return policy.Diagnostics{k.Fault(policy.Error, nil, "this key can't be used: %s", err)}
}

type validateJWT struct {
	source   tokenSource
	status   policy.Operand[int]
	message  policy.Operand[string]
	variable string
	// rules are those that are the same for all requests; dynamic adds what
	// expressions say, to a copy.
	rules, strict *jwtvalidate.Rules
	dynamic       []func(r *policy.Run, rules *jwtvalidate.Rules) error
}

func compileValidateJWT(n *policy.Node) (policy.Step, error) {
	if d := n.Child("decryption-keys"); d != nil {
		return nil, d.Fault(policy.Unsupported, nil, "<decryption-keys> does not run in this version of the emulator: encrypted tokens come with a later one")
	}
	s := &validateJWT{
		source:  compileTokenSource(n),
		status:  n.Int("failed-validation-httpcode"),
		message: n.String("failed-validation-error-message"),
		rules:   &jwtvalidate.Rules{},
	}
	s.variable, _ = n.String("output-token-variable-name").Constant()
	setRule(s, n.Bool("require-expiration-time"), func(rules *jwtvalidate.Rules, v bool) { rules.RequireExpiration = v })
	setRule(s, n.Bool("require-signed-tokens"), func(rules *jwtvalidate.Rules, v bool) { rules.RequireSigned = v })
	setRule(s, n.Duration("clock-skew"), func(rules *jwtvalidate.Rules, v time.Duration) { rules.ClockSkew = v })
	var configs []policy.Operand[string]
	for _, c := range n.ChildrenNamed("openid-config") {
		url := c.String("url")
		if address, ok := url.Constant(); ok {
			u, _ := exchange.ParseURL(address) // Check has accepted it
			n.Refer(c.Attr("url"), u)
		}
		configs = append(configs, url)
	}
	setRuleList(s, configs, func(rules *jwtvalidate.Rules, v []string) { rules.OpenIDConfigs = v })
	if audiences := n.Child("audiences"); audiences != nil {
		setRuleList(s, audiences.Contents("audience"), func(rules *jwtvalidate.Rules, v []string) { rules.Audiences = v })
	}
	if issuers := n.Child("issuers"); issuers != nil {
		setRuleList(s, issuers.Contents("issuer"), func(rules *jwtvalidate.Rules, v []string) { rules.Issuers = v })
	}
	if err := s.readKeys(n.Child("issuer-signing-keys")); err != nil {
		return nil, err
	}
	s.readClaims(n.Child("required-claims"))
	strict := *s.rules
	strict.Strict = true
	s.strict = &strict
	return s, nil
}

// setRule puts what an operand gives into the rules: now if it is the same for all
// requests, else for each.
func setRule[T any](s *validateJWT, o policy.Operand[T], set func(rules *jwtvalidate.Rules, v T)) {
	if v, ok := o.Constant(); ok {
		set(s.rules, v)
		return
	}
	s.dynamic = append(s.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
		v, err := o.Get(r)
		set(rules, v)
		return err
	})
}

// setRuleList is setRule for a list.
func setRuleList(s *validateJWT, operands []policy.Operand[string], set func(rules *jwtvalidate.Rules, v []string)) {
	if v, ok := constants(operands); ok {
		set(s.rules, v)
		return
	}
	s.dynamic = append(s.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
		v, err := policy.All(r, operands)
		set(rules, v)
		return err
	})
}

// constants are the values of operands that are the same for all requests.
func constants(operands []policy.Operand[string]) (values []string, ok bool) {
	for _, o := range operands {
		v, ok := o.Constant()
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

func (s *validateJWT) readKeys(keys *policy.Node) error {
	if keys == nil {
		return nil
	}
	for _, k := range keys.ChildrenNamed("key") {
		for _, name := range []string{"id", "certificate-id"} {
			if v := k.Attr(name); v != nil && v.Expression {
				return k.Fault(policy.Unsupported, v, "%s of <key> does not run as an expression in this version of the emulator", name)
			}
		}
		if text, ok := k.Content(), false; !k.Has("certificate-id") && !k.Has("n") {
			if _, ok = text.Constant(); !ok {
				s.addDynamicKey(k, text)
				continue
			}
		}
		key, err := readKey(k)
		if err != nil {
			return err // a fault, which checkKey has told
		}
		key.ID, _ = k.String("id").Constant()
		s.rules.Keys = append(s.rules.Keys, key)
	}
	return nil
}

// addDynamicKey adds a symmetric key whose text is an expression.
func (s *validateJWT) addDynamicKey(k *policy.Node, text policy.Operand[string]) {
	id, _ := k.String("id").Constant()
	s.dynamic = append(s.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
		v, err := text.Get(r)
		if err != nil {
			return err
		}
		key, err := jwtvalidate.ParseSymmetricKey(v)
		if err != nil {
			f := &exchange.Failure{Status: 500, Err: err}
			f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("What it gave is no key in Base64.")
			return f
		}
		key.ID = id
		rules.Keys = append(slices.Clip(rules.Keys), key)
		return nil
	})
}

func readKey(k *policy.Node) (jwtvalidate.Key, error) {
	text, _ := k.Content().Constant()
	switch {
	case text != "" && (k.Has("certificate-id") || k.Has("n") || k.Has("e")):
		return jwtvalidate.Key{}, errors.New("it is either Base64 text, or a certificate-id, or n and e")
	case k.Has("certificate-id"):
		id, _ := k.String("certificate-id").Constant()
		public, ok := k.Certificate(id)
		if !ok {
			return jwtvalidate.Key{}, k.Fault(policy.Error, k.Attr("certificate-id"), "Certificate with id '%s' could not be found.", k.Attr("certificate-id").Written()).Under(policy.RuleCertificateUnknown)
		}
		return jwtvalidate.NewPublicKey(public)
	case k.Has("n") || k.Has("e"):
		modulus, _ := k.String("n").Constant()
		exponent, _ := k.String("e").Constant()
		return jwtvalidate.ParseRSAKey(modulus, exponent)
	}
	return jwtvalidate.ParseSymmetricKey(text)
}

func (s *validateJWT) readClaims(claims *policy.Node) {
	if claims == nil {
		return
	}
	for i, c := range claims.ChildrenNamed("claim") {
		s.rules.RequiredClaims = append(s.rules.RequiredClaims, jwtvalidate.RequiredClaim{})
		// What an expression gives is for one request: it goes into a copy.
		claim := func(rules *jwtvalidate.Rules) *jwtvalidate.RequiredClaim {
			rules.RequiredClaims = slices.Clone(rules.RequiredClaims)
			return &rules.RequiredClaims[i]
		}
		setRule(s, c.String("name"), func(rules *jwtvalidate.Rules, v string) { claim(rules).Name = v })
		setRule(s, c.String("separator"), func(rules *jwtvalidate.Rules, v string) { claim(rules).Separator = v })
		setRule(s, c.String("match"), func(rules *jwtvalidate.Rules, v string) {
			claim(rules).Match = map[string]jwtvalidate.Match{"all": jwtvalidate.MatchAll, "any": jwtvalidate.MatchAny}[v]
		})
		setRuleList(s, c.Contents("value"), func(rules *jwtvalidate.Rules, v []string) { claim(rules).Values = v })
	}
}

func (s *validateJWT) Run(r *policy.Run) error {
	token, err := s.source.token(r)
	if err != nil {
		return err
	}
	if token == "" {
		return s.refuse(r, &jwtvalidate.Error{Reason: jwtvalidate.ReasonTokenNotPresent, Message: jwtvalidate.MessageTokenNotPresent})
	}
	rules := s.rules
	if r.Env.Strict {
		rules = s.strict
	}
	if s.dynamic != nil {
		dynamic := *rules
		rules = &dynamic
		for _, set := range s.dynamic {
			if err := set(r, rules); err != nil {
				return err
			}
		}
	}
	valid, err := r.Env.Tokens.Validate(r.Context, token, rules)
	if err != nil {
		var refused *jwtvalidate.Error
		if !errors.As(err, &refused) {
			return err
		}
		return s.refuse(r, refused)
	}
	if s.variable != "" {
		r.Variables.Set(s.variable, exchange.NewJWT(valid.Header, valid.Claims))
	}
	for _, warning := range valid.Warnings {
		r.Note("validate-jwt", "warning: "+warning)
	}
	if r.Observed() {
		r.Note("validate-jwt", "The token is valid: "+signature(valid)+", audience "+strings.Join(valid.Audiences, ", ")+".")
	}
	return nil
}

// signature tells who signed a token.
func signature(t *jwtvalidate.Token) string {
	switch {
	case t.Algorithm == "none":
		return "not signed"
	case t.KeySet == "":
		return "signed with a key of the policy"
	}
	return "signed with key " + t.KeyID + " of " + t.KeySet
}

func (s *validateJWT) refuse(r *policy.Run, why *jwtvalidate.Error) error {
	f := &exchange.Failure{Status: why.Status, Detail: detail(why), Err: why.Err}
	f.Reason, f.Message = string(why.Reason), why.Message
	if f.Status != 0 {
		return f // Azure fails here instead of refusing; see jwtvalidate.Error
	}
	// LastError is there when the message is evaluated (observed.md 1.10).
	r.LastError = &f.LastError
	var err error
	if f.Status, err = s.status.Get(r); err != nil {
		return err
	}
	if f.ClientMessage, err = s.message.Get(r); err != nil {
		return err
	}
	if f.ClientMessage == "" {
		f.ClientMessage = jwtvalidate.MessageClientInvalid
		if why.Reason == jwtvalidate.ReasonTokenNotPresent {
			f.ClientMessage = jwtvalidate.MessageTokenNotPresent
		}
	}
	return f
}

// detail is the hint for the developer and, for a key that was not found, the
// second from which on the key set may be fetched for it.
func detail(why *jwtvalidate.Error) string {
	if why.RetryAfter.IsZero() {
		return why.Hint
	}
	from := why.RetryAfter.UTC().Add(time.Second - 1).Truncate(time.Second)
	return why.Hint + " The key set may be fetched again from " + from.Format(time.RFC3339) + " on."
}
