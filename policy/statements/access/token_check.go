package access

import (
	"strings"
	"time"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenTexts are what the statements for tokens say differently.
type tokenTexts struct {
	element string
	absent  string // LastError.Message, and what a client is told, without a token
	invalid string // what a client is told of any other fault
}

// tokenCheck validates the token of a request: what the statements for tokens share.
type tokenCheck struct {
	tokenTexts
	source   tokenSource
	status   policy.Operand[int]
	message  policy.Operand[string]
	variable string
	rules    *tokenRules
	// also, if set, checks what the rules can't say.
	also *applications
}

func newTokenCheck(n *policy.Node, texts tokenTexts) *tokenCheck {
	s := &tokenCheck{
		tokenTexts: texts,
		source:     compileTokenSource(n),
		status:     n.Int("failed-validation-httpcode"),
		message:    n.String("failed-validation-error-message"),
		rules:      newTokenRules(),
	}
	s.variable, _ = n.String("output-token-variable-name").Constant()
	return s
}

func (s *tokenCheck) Run(r *policy.Run) error {
	found, err := s.source.find(r)
	if err != nil {
		return err
	}
	if found.token == "" {
		if r.Observed() {
			r.Observer.Judged(r.Exchange, absent(&found))
		}
		return s.refuse(r, &jwtvalidate.Error{Reason: jwtvalidate.ReasonTokenNotPresent, Message: s.absent})
	}
	rules, err := s.rules.of(r)
	if err != nil {
		return err
	}
	valid, err := s.validate(r, &found, rules)
	if err != nil {
		refused, ok := err.(*jwtvalidate.Error)
		if !ok {
			return err
		}
		return s.refuse(r, refused)
	}
	if s.variable != "" {
		r.Variables.Set(s.variable, valid.Derived(viewOf))
	}
	s.tell(r, valid)
	return nil
}

// validate holds the token against the rules, and tells who listens what came of it.
func (s *tokenCheck) validate(r *policy.Run, found *tokenFound, rules *jwtvalidate.Rules) (*jwtvalidate.Token, error) {
	if r.Observed() {
		return s.explain(r, found, rules)
	}
	valid, err := r.Env.Tokens.Validate(r.Context, found.token, rules)
	if err != nil {
		return nil, err
	}
	if fault := s.also.check(valid); fault != nil {
		return nil, fault
	}
	return valid, nil
}

// viewOf is a token as policies see it.
func viewOf(t *jwtvalidate.Token) any { return exchange.NewJWT(t.Header, t.Claims) }

func (s *tokenCheck) tell(r *policy.Run, valid *jwtvalidate.Token) {
	if !r.Observed() {
		return
	}
	for _, warning := range valid.Warnings {
		r.Note(s.element, "warning: "+warning)
	}
	r.Note(s.element, "The token is valid: "+signature(valid)+", audience "+strings.Join(valid.Audiences, ", ")+".")
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

func (s *tokenCheck) refuse(r *policy.Run, why *jwtvalidate.Error) error {
	f := &exchange.Failure{Status: why.Status, Err: why.Err}
	f.Reason, f.Message = string(why.Reason), why.Message
	if r.Observed() {
		f.Detail = detail(why)
	}
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
		f.ClientMessage = s.invalid
		if why.Reason == jwtvalidate.ReasonTokenNotPresent {
			f.ClientMessage = s.absent
		}
	}
	return f
}

// detail is the hint for the developer and, for a key that was not found, the
// second from which on the key set may be fetched for it.
func detail(why *jwtvalidate.Error) string {
	if why.RetryAfter.IsZero() {
		return why.Hint()
	}
	from := why.RetryAfter.UTC().Add(time.Second - 1).Truncate(time.Second)
	return why.Hint() + " The key set may be fetched again from " + from.Format(time.RFC3339) + " on."
}
