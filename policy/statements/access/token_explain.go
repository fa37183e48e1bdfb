package access

import (
	"strings"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// explain is validate for who listens.
func (s *tokenCheck) explain(r *policy.Run, found *tokenFound, rules *jwtvalidate.Rules) (*jwtvalidate.Token, error) {
	valid, e, err := r.Env.Tokens.Explain(r.Context, found.token, rules)
	j := &exchange.Judgement{
		Place: found.String(), Algorithm: e.Algorithm, KeyID: e.KeyID, Type: e.Type, Claims: e.Claims, KeySet: e.KeySet, Key: e.Key,
	}
	for _, c := range e.Checks {
		j.Checks = append(j.Checks, exchange.TokenCheck(c))
		if c.Name == "issuer" && s.also != nil {
			j.Checks = append(j.Checks, tenantCheck(rules, e, c.Passed))
		}
	}
	if err == nil {
		var fault *jwtvalidate.Error
		if j.Checks, fault = s.also.explain(valid, j.Checks); fault != nil {
			valid, err = nil, fault
		}
	}
	r.Observer.Judged(r.Exchange, j)
	return valid, err
}

// String says where the token is, or was to be.
func (f *tokenFound) String() string { return strings.TrimSpace(f.place + " " + f.name) }

// absent is the judgement on a token that is not there.
func absent(f *tokenFound) *exchange.Judgement {
	check := exchange.TokenCheck{Name: "presence", Wanted: "a token", Found: "none"}
	if f.scheme != "" {
		check.Wanted, check.Found = "a token behind the scheme "+f.scheme, "a value without this scheme"
	}
	return &exchange.Judgement{Place: f.String(), Checks: []exchange.TokenCheck{check}}
}

// tenantCheck tells of tenant-id: it is what the accepted issuers come from.
func tenantCheck(rules *jwtvalidate.Rules, e *jwtvalidate.Explanation, passed bool) exchange.TokenCheck {
	base, _, _ := strings.Cut(rules.OpenIDConfigs[0], "/v2.0/.well-known/")
	check := exchange.TokenCheck{Name: "tenant", Wanted: base[strings.LastIndexByte(base, '/')+1:], Found: "none", Passed: passed, Remark: "told by the issuer"}
	if tid, ok := e.Claims["tid"].(string); ok {
		check.Found = tid
	}
	return check
}

// explain is check, and adds what it looked at.
func (a *applications) explain(t *jwtvalidate.Token, checks []exchange.TokenCheck) ([]exchange.TokenCheck, *jwtvalidate.Error) {
	if a == nil {
		return checks, nil
	}
	fault := a.checkClient(t)
	if len(a.clients) > 0 {
		found, name := clientOf(t)
		if name == "" {
			found = "neither azp nor appid"
		}
		checks = append(checks, exchange.TokenCheck{Name: "client application", Wanted: oneOf(a.clients), Found: found, Passed: fault == nil})
	}
	if fault != nil || len(a.backends) == 0 {
		return checks, fault
	}
	fault = a.checkBackend(t)
	found := strings.Join(t.Audiences, ", ")
	if found == "" {
		found = "no aud"
	}
	return append(checks, exchange.TokenCheck{Name: "backend application", Wanted: oneOf(a.backends), Found: found, Passed: fault == nil}), fault
}

func oneOf(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	return "one of " + strings.Join(ids, ", ")
}
