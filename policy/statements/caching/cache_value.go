package caching

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CacheValue defines <cache-value>, which the policy toolkit has and no page
// describes.
func CacheValue() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cache-value",
			Doc:  "Sets a variable to a value of the cache, which its statements compute where there is none or it is old.",
			Attributes: []policy.Attribute{
				key(),
				{Name: "variable-name", Doc: "Variable that gets the value.", Type: policy.String, Required: true},
				{Name: "expires-after", Doc: "Seconds that the value lives.", Type: policy.Seconds, Default: "28800", Expression: true},
				{Name: "refresh-after", Doc: "Seconds after which it is computed anew; 0: each time.", Type: policy.Seconds, Expression: true},
				{Name: "default-value", Doc: "Value where neither cache nor statements give one.", Type: policy.Any, Expression: true},
				cachingType(),
			},
			Children: []policy.Child{{Min: 1, Max: 1, Element: policy.Element{Name: "value", Doc: "The statements that set the variable.", Statements: true}}},
		},
		Category: "caching",
		Facts:    cacheValueFacts,
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &cacheValue{
				cacheUse: cacheOf(n), key: n.String("key"), expires: n.Duration("expires-after"), refresh: n.Duration("refresh-after"),
				hasRefresh: n.Has("refresh-after"), fallback: n.Any("default-value"), hasFallback: n.Has("default-value"), block: n.Child("value").Block(),
			}
			s.variable, _ = n.String("variable-name").Constant()
			return s, nil
		},
	}
}

type cacheValue struct {
	cacheUse
	key              policy.Operand[string]
	variable         string
	expires, refresh policy.Operand[time.Duration]
	hasRefresh       bool
	fallback         policy.Operand[any]
	hasFallback      bool
	block            policy.Block
}

// pause is how long a request waits before it looks again whether another one has
// computed the value.
const pause = 10 * time.Millisecond

// Run sets the variable to the value of the cache, as the policy toolkit's emulator does
// (CacheValueHandler). Of several requests that find none one computes it and the others
// wait; where there is an old one, they take that.
func (s *cacheValue) Run(r *policy.Run) error {
	key, err := s.key.Get(r)
	if err != nil {
		return err
	}
	always := false
	if s.hasRefresh {
		refresh, err := s.refresh.Get(r)
		if err != nil {
			return err
		}
		always = refresh == 0
	}
	for {
		old, fresh, err := s.take(r, key, always)
		if err != nil || fresh {
			return err
		}
		if always {
			return s.compute(r, key, old)
		}
		if leave, ok := r.Env.Places.Enter("cache-value:"+key, 1); ok {
			defer leave()
			// Another request may have computed it in the meantime.
			if old, fresh, err = s.take(r, key, always); err != nil || fresh {
				return err
			}
			return s.compute(r, key, old)
		}
		if old != nil {
			r.LookedUp(s.statement, true)
			r.Note(s.statement, "The value is old, and another request computes it: the old one is taken.")
			r.Variables.Set(s.variable, old)
			return nil
		}
		if err := exchange.Sleep(r.Context, r.Clock, pause); err != nil {
			return err
		}
	}
}

// take sets the variable if the cache has a value that is good; otherwise it gives the
// old value, nil if there is none.
func (s *cacheValue) take(r *policy.Run, key string, always bool) (old any, fresh bool, err error) {
	value, refresh, found, err := s.lookupValue(r, key)
	if err != nil || !found || always || !refresh.IsZero() && !r.Clock.Now().Before(refresh) {
		return value, false, err
	}
	r.LookedUp(s.statement, true)
	r.Note(s.statement, "Value was found in the cache.")
	r.Variables.Set(s.variable, value)
	return nil, true, nil
}

// compute runs the statements and keeps the value that the variable gets; old is the one
// that is kept so far, nil if there is none. A failure stands only where there is none.
func (s *cacheValue) compute(r *policy.Run, key string, old any) error {
	r.LookedUp(s.statement, false)
	before := s.version(r)
	err := s.block.Run(r)
	if err == policy.ErrResponded || r.Context.Err() != nil {
		return err
	}
	var value any
	if s.version(r) != before {
		value, _ = r.Variables.Get(s.variable)
	}
	switch {
	case err == nil && value != nil:
		return s.keep(r, key, value)
	case old != nil:
		r.Note(s.statement, "The statements gave no value: the old one is taken.")
		r.Variables.Set(s.variable, old)
		return nil
	case err != nil || !s.hasFallback:
		return err
	}
	r.Note(s.statement, "The statements gave no value: the default is taken.")
	if value, err = s.fallback.Get(r); err == nil {
		r.Variables.Set(s.variable, value)
	}
	return err
}

// keep puts the value into the cache. How long it is good is asked now: it may depend on
// what the statements have found.
func (s *cacheValue) keep(r *policy.Run, key string, value any) error {
	expires, err := s.expires.Get(r)
	if err != nil {
		return err
	}
	refresh := expires
	if s.hasRefresh {
		if refresh, err = s.refresh.Get(r); err != nil {
			return err
		}
	}
	entry, err := packValue(r, value, r.Clock.Now().Add(refresh))
	if err != nil {
		return err
	}
	r.Note(s.statement, "The value was computed and stored in the cache.")
	return s.set(r, policy.CachedValue+key, entry, expires)
}

// version tells settings of the variable apart.
func (s *cacheValue) version(r *policy.Run) int {
	for _, v := range r.Variables.Snapshot() {
		if v.Name == s.variable {
			return v.Version
		}
	}
	return 0
}
