package access

import (
	"slices"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
)

// tokenRules are the rules for a token: those that are the same for all requests, and
// what expressions add to a copy of them.
type tokenRules struct {
	plain, strict jwtvalidate.Rules
	dynamic       []func(r *policy.Run, rules *jwtvalidate.Rules) error
}

func newTokenRules() *tokenRules {
	return &tokenRules{strict: jwtvalidate.Rules{Strict: true}}
}

// of are the rules for a request.
func (t *tokenRules) of(r *policy.Run) (*jwtvalidate.Rules, error) {
	rules := &t.plain
	if r.Env.Strict {
		rules = &t.strict
	}
	if t.dynamic == nil {
		return rules, nil
	}
	dynamic := *rules
	for _, set := range t.dynamic {
		if err := set(r, &dynamic); err != nil {
			return nil, err
		}
	}
	return &dynamic, nil
}

// set changes the rules of all requests.
func (t *tokenRules) set(change func(rules *jwtvalidate.Rules)) {
	change(&t.plain)
	change(&t.strict)
}

// setRule puts what an operand gives into the rules: now if it is the same for all
// requests, else for each.
func setRule[T any](t *tokenRules, o policy.Operand[T], set func(rules *jwtvalidate.Rules, v T)) {
	if v, ok := o.Constant(); ok {
		t.set(func(rules *jwtvalidate.Rules) { set(rules, v) })
		return
	}
	t.dynamic = append(t.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
		v, err := o.Get(r)
		set(rules, v)
		return err
	})
}

// setRuleList is setRule for a list.
func setRuleList(t *tokenRules, operands []policy.Operand[string], set func(rules *jwtvalidate.Rules, v []string)) {
	if v, ok := constants(operands); ok {
		t.set(func(rules *jwtvalidate.Rules) { set(rules, v) })
		return
	}
	t.dynamic = append(t.dynamic, func(r *policy.Run, rules *jwtvalidate.Rules) error {
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

// readAudiences reads <audiences>; nil: there are none.
func (t *tokenRules) readAudiences(audiences *policy.Node) {
	if audiences != nil {
		setRuleList(t, audiences.Contents("audience"), func(rules *jwtvalidate.Rules, v []string) { rules.Audiences = v })
	}
}

// readClaims reads <required-claims>; nil: there are none.
func (t *tokenRules) readClaims(claims *policy.Node) {
	if claims == nil {
		return
	}
	for i, c := range claims.ChildrenNamed("claim") {
		t.set(func(rules *jwtvalidate.Rules) {
			rules.RequiredClaims = append(rules.RequiredClaims, jwtvalidate.RequiredClaim{})
		})
		// What an expression gives is for one request: it goes into a copy.
		claim := func(rules *jwtvalidate.Rules) *jwtvalidate.RequiredClaim {
			rules.RequiredClaims = slices.Clone(rules.RequiredClaims)
			return &rules.RequiredClaims[i]
		}
		setRule(t, c.String("name"), func(rules *jwtvalidate.Rules, v string) { claim(rules).Name = v })
		setRule(t, c.String("separator"), func(rules *jwtvalidate.Rules, v string) { claim(rules).Separator = v })
		setRule(t, c.String("match"), func(rules *jwtvalidate.Rules, v string) {
			claim(rules).Match = map[string]jwtvalidate.Match{"all": jwtvalidate.MatchAll, "any": jwtvalidate.MatchAny}[v]
		})
		setRuleList(t, c.Contents("value"), func(rules *jwtvalidate.Rules, v []string) { claim(rules).Values = v })
	}
}
