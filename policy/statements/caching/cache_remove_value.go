package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// CacheRemoveValue defines <cache-remove-value>.
func CacheRemoveValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:       "cache-remove-value",
			Doc:        "Takes a value out of the cache.",
			Attributes: []policy.Attribute{key(), cachingType()},
		},
		Category: "caching",
		Facts:    cacheRemoveValueFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &cacheRemoveValue{cacheOf(n), n.String("key")}, nil
		},
	}
}

type cacheRemoveValue struct {
	cacheUse
	key policy.Operand[string]
}

func (s *cacheRemoveValue) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	c, err := s.cache(r)
	if c == nil {
		return err
	}
	if err := c.Remove(r.Context, policy.CachedValue+key); err != nil {
		r.Note(s.statement, "warning: the cache can't be written: "+err.Error())
		return nil
	}
	r.Note(s.statement, "Value was removed from the cache.")
	return nil
}
