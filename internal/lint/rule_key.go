package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
)

// identityWords are parts of names of headers that say who somebody is.
var identityWords = []string{"user", "tenant", "client", "subject", "customer", "account", "forwarded", "real-ip", "email", "principal", "role"}

// forgeable finds keys of counters and caches that are made of what a caller can
// write as he likes.
func (f *flow) forgeable(st *statement, s *state) {
	n := st.node
	rule, name := "", ""
	switch {
	case n.Has("counter-key"):
		rule, name = ruleCounterKey, "counter-key"
	case n.Has("key") && strings.HasPrefix(n.Name, "cache-"):
		rule, name = ruleCacheKey, "key"
	default:
		return
	}
	for _, e := range st.expressions() {
		if e.value.Name != name || e.node != n {
			continue
		}
		for _, use := range f.throughVariables(e, s) {
			what, severity := f.forged(rule, use, s)
			if what == "" {
				continue
			}
			f.o.at(severity, rule, n, e.value, "%s of <%s> is made of %s, which a caller can write as he likes", name, n.Name, what)
			break
		}
	}
}

// throughVariables are the inputs of an expression and of the variables it reads.
func (f *flow) throughVariables(e expression, s *state) []expr.Input {
	inputs := slices.Clone(e.uses.Inputs)
	for _, u := range e.uses.Variables {
		for _, one := range s.set[u.Name] {
			if one.node.Name != "set-variable" {
				continue
			}
			if v := one.node.Attr("value"); v != nil && v.Compiled() != nil {
				inputs = append(inputs, v.Compiled().Uses().Inputs...)
			}
		}
	}
	// Claims say more than the header that they come in.
	slices.SortStableFunc(inputs, func(a, b expr.Input) int { return rank(a) - rank(b) })
	return inputs
}

func rank(i expr.Input) int {
	if i.Kind == expr.TokenInput {
		return 0
	}
	return 1
}

// forged says what of the request the input is, "" if it may be used for the rule's
// key.
func (f *flow) forged(rule string, input expr.Input, s *state) (what string, severity Severity) {
	name := canonical(input.Name)
	switch input.Kind {
	case expr.TokenInput:
		switch {
		case s.checkedToken:
			return "", 0
		case s.base && f.around == nil:
			return "a token's claims that nothing in this document has validated", Note // <base/> may
		}
		return "a token's claims before it is validated", Warning
	case expr.HeaderInput:
		switch {
		case s.checkedHeaders[name], name == "ocp-apim-subscription-key", name == "":
			return "", 0
		case name == "authorization":
			if rule == ruleCacheKey || s.checkedToken || s.base && f.around == nil {
				return "", 0 // the secret itself, or a token that was validated
			}
		case rule == ruleCacheKey && !slices.ContainsFunc(identityWords, func(w string) bool { return strings.Contains(name, w) }):
			return "", 0
		}
		return fmt.Sprintf("the header %s", input.Name), Warning
	case expr.QueryInput:
		if rule == ruleCounterKey {
			return fmt.Sprintf("the query parameter %s", input.Name), Warning
		}
	case expr.BodyInput:
		if rule == ruleCounterKey {
			return "the request's body", Warning
		}
	}
	return "", 0
}

func canonical(header string) string { return strings.ToLower(header) }
