package caching

import (
	"fmt"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CacheStoreValue defines <cache-store-value>. A note on its page that a section
// takes it only once is cache-store's: deployed documents have several.
func CacheStoreValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-store-value",
			Doc:  "Puts a value into the cache.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "value", Doc: "The value; what an expression gives keeps its type.", Type: policy.Any, Required: true, MayBeEmpty: true, Expression: true},
				duration(),
				cachingType(),
			},
		},
		Category: "caching",
		Facts:    cacheStoreValueFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			return &cacheStoreValue{cacheOf(n), n.String("key"), n.Any("value"), n.Duration("duration")}, nil
		},
	}
}

type cacheStoreValue struct {
	cacheUse
	key      policy.Operand[string]
	value    policy.Operand[any]
	duration policy.Operand[time.Duration]
}

// Run keeps the value. Azure writes when it comes to it, so what reads the key right
// after may miss it; here it finds it, unless everything open is strict: then the value
// is there once the request is over.
func (s *cacheStoreValue) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	value, err := s.value.Get(r)
	if err != nil {
		return err
	}
	life, err := s.duration.Get(r)
	if err != nil {
		return err
	}
	if value == nil {
		// Chosen: null is no value to keep, and what is there stays.
		r.Note(s.statement, "warning: the value is null, so nothing is kept")
		return nil
	}
	entry, err := packValue(r, value, time.Time{})
	if err != nil {
		return err
	}
	key = policy.CachedValue + key
	if r.Env.Strict {
		if _, err := s.cache(r); err != nil {
			return err
		}
		r.OnDone(func(exchange.End) { _ = s.set(r, key, entry, life) })
	} else if err := s.set(r, key, entry, life); err != nil {
		return err
	}
	if r.Observed() {
		r.Note(s.statement, fmt.Sprintf("Value was stored in the cache for %g seconds.", life.Seconds()))
	}
	return nil
}
