package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheLookupValue defines <cache-lookup-value>.
func CacheLookupValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-lookup-value",
			Doc:  "Sets a variable to a value of the cache; without one, to the default or not at all.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "variable-name", Doc: "Variable that gets the value.", Type: policy.String, Required: true},
				{Name: "default-value", Doc: "Value where the cache has none.", Type: policy.Any, Expression: true},
				cachingType(),
			},
		},
		Category: "caching",
		Facts:    cacheLookupValueFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &cacheLookupValue{cacheUse: cacheOf(n), key: n.String("key"), fallback: n.Any("default-value"), hasFallback: n.Has("default-value")}
			s.variable, _ = n.String("variable-name").Constant()
			return s, nil
		},
	}
}

type cacheLookupValue struct {
	cacheUse
	key         policy.Operand[string]
	variable    string
	fallback    policy.Operand[any]
	hasFallback bool
}

// Run sets the variable to what was kept, of the type that it had then. After a miss
// without default-value the variable is not touched: the page says both that and null,
// and official samples ask ContainsKey.
func (s *cacheLookupValue) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	value, _, found, err := s.lookupValue(r, key)
	if err != nil {
		return err
	}
	r.LookedUp(s.statement, found)
	switch {
	case found:
		s.tell(r, "Value was found in the cache: it is now in variable")
	case s.hasFallback:
		if value, err = s.fallback.Get(r); err != nil {
			return err
		}
		s.tell(r, "Value was not found in the cache: the default is now in variable")
	default:
		s.tell(r, "Value was not found in the cache: nothing is set to variable")
		return nil
	}
	r.Variables.Set(s.variable, value)
	return nil
}

// tell notes what became of the variable. Key and value may be secret.
func (s *cacheLookupValue) tell(r *policy.Run, what string) {
	if r.Observed() {
		r.Note(s.statement, what+" '"+s.variable+"'.")
	}
}
