package caching

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// cacheUse is the cache of a statement. A cache that can't be reached fails no request
// (policies-2.yaml, llm-semantic-cache-store): it is as if nothing were in it.
type cacheUse struct{ statement, cachingType string }

func cacheOf(n *policy.Node) cacheUse {
	kind, _ := n.String("caching-type").Constant()
	return cacheUse{n.Name, kind}
}

// cache is the one in use; nil: there is none. Chosen, since no page tells: with
// caching-type="external" and no external cache nothing is found and nothing kept;
// strictly it is an error.
func (u cacheUse) cache(r *policy.Run) (policy.Cache, error) {
	c := r.Env.CacheFor(u.cachingType)
	switch {
	case c != nil:
		return c, nil
	case r.Env.Strict:
		f := &exchange.Failure{Status: 500}
		f.Reason, f.Message = exchange.ReasonCacheMissing, "The service has no "+u.cachingType+" cache."
		return nil, f
	}
	r.Note(u.statement, "warning: the service has no "+u.cachingType+" cache, so nothing is found in it and nothing kept")
	return nil, nil
}

// get is what is kept under key.
func (u cacheUse) get(r *policy.Run, key string) ([]byte, bool, error) {
	c, err := u.cache(r)
	if c == nil {
		return nil, false, err
	}
	value, ok, err := c.Get(r.Context, key, r.Clock.Now())
	if err != nil {
		r.Note(u.statement, "warning: the cache can't be read, which counts as a miss: "+err.Error())
		return nil, false, nil
	}
	return value, ok, nil
}

// set keeps value under key for that long.
func (u cacheUse) set(r *policy.Run, key string, value []byte, life time.Duration) error {
	c, err := u.cache(r)
	if c == nil {
		return err
	}
	if len(key)+len(value) > policy.MaxCached {
		r.Note(u.statement, "warning: it is too large for the cache, so it is not kept")
		err = c.Remove(r.Context, key) // what was there is no longer true
	} else {
		now := r.Clock.Now()
		err = c.Set(r.Context, key, value, now, now.Add(life))
	}
	if err != nil {
		r.Note(u.statement, "warning: the cache can't be written: "+err.Error())
	}
	return nil
}
